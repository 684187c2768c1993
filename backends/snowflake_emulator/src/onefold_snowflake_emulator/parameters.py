"""The parameters of a session: which exist, their defaults, and which values the emulator can honour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from onefold_snowflake_emulator.errors import SnowflakeError, unsupported

Value = str | int | float | bool

DEFAULTS: Final[Mapping[str, Value]] = {
    "ABORT_DETACHED_QUERY": False,
    "AUTOCOMMIT": True,
    "BINARY_INPUT_FORMAT": "HEX",
    "BINARY_OUTPUT_FORMAT": "HEX",
    "CLIENT_METADATA_REQUEST_USE_CONNECTION_CTX": False,
    "CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False,
    "CLIENT_PREFETCH_THREADS": 4,
    "CLIENT_RESULT_CHUNK_SIZE": 160,
    "CLIENT_SESSION_KEEP_ALIVE": False,
    "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY": 3600,
    "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD": 0,
    "CLIENT_TELEMETRY_ENABLED": False,
    "DATE_INPUT_FORMAT": "AUTO",
    "DATE_OUTPUT_FORMAT": "YYYY-MM-DD",
    "ERROR_ON_NONDETERMINISTIC_MERGE": True,
    "ERROR_ON_NONDETERMINISTIC_UPDATE": False,
    "JSON_INDENT": 2,
    "LOCK_TIMEOUT": 43200,
    "MULTI_STATEMENT_COUNT": 1,
    "PYTHON_CONNECTOR_QUERY_RESULT_FORMAT": "ARROW",
    "PYTHON_SNOWPARK_USE_SCOPED_TEMP_OBJECTS": False,
    "PYTHON_SNOWPARK_USE_SQL_SIMPLIFIER": True,
    "QUERY_TAG": "",
    "QUOTED_IDENTIFIERS_IGNORE_CASE": False,
    "ROWS_PER_RESULTSET": 0,
    "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": 0,
    "STATEMENT_TIMEOUT_IN_SECONDS": 172800,
    "STRICT_JSON_OUTPUT": False,
    "TIMESTAMP_DAY_IS_ALWAYS_24H": False,
    "TIMESTAMP_INPUT_FORMAT": "AUTO",
    "TIMESTAMP_LTZ_OUTPUT_FORMAT": "",
    "TIMESTAMP_NTZ_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3",
    "TIMESTAMP_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM",
    "TIMESTAMP_TYPE_MAPPING": "TIMESTAMP_NTZ",
    "TIMESTAMP_TZ_OUTPUT_FORMAT": "",
    "TIMEZONE": "America/Los_Angeles",
    "TIME_INPUT_FORMAT": "AUTO",
    "TIME_OUTPUT_FORMAT": "HH24:MI:SS",
    "TRANSACTION_ABORT_ON_ERROR": False,
    "TRANSACTION_DEFAULT_ISOLATION_LEVEL": "READ COMMITTED",
    "TWO_DIGIT_CENTURY_START": 1970,
    "UNSUPPORTED_DDL_ACTION": "ignore",
    "USE_CACHED_RESULT": True,
    "WEEK_OF_YEAR_POLICY": 0,
    "WEEK_START": 0,
}

_ONLY: Final[Mapping[str, tuple[Value, ...]]] = {
    "QUOTED_IDENTIFIERS_IGNORE_CASE": (False,),
    "TIMESTAMP_TYPE_MAPPING": ("TIMESTAMP_NTZ",),
    "TIMEZONE": ("UTC", "Etc/UTC"),
    "WEEK_OF_YEAR_POLICY": (0,),
}
"""Where the emulator knows some of the values that Snowflake takes, and refuses the others rather than ignore them."""

_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "JSON_INDENT": (0, 16),
    "STATEMENT_TIMEOUT_IN_SECONDS": (0, 604800),
    "WEEK_START": (0, 7),
}


class Parameters:
    """The values of one session."""

    def __init__(self) -> None:
        """Start with the defaults of an account whose time zone is UTC."""
        self._values: dict[str, Value] = {name: self._default(name) for name in DEFAULTS}

    def __getitem__(self, name: str) -> Value:
        """Return the value of a parameter that exists."""
        return self._values[name]

    def set(self, name: str, value: Value) -> None:
        """Set a parameter.

        Args:
            name: Its name, in any case.
            value: Its value.

        Raises:
            SnowflakeError: There is no such parameter, or the value is none of its values.
        """
        upper = name.upper()
        self._values[upper] = checked(upper, value)

    def unset(self, name: str) -> None:
        """Give a parameter its default again.

        Args:
            name: Its name, in any case.
        """
        upper = name.upper()
        if upper not in DEFAULTS:
            raise _unknown(upper)
        self._values[upper] = self._default(upper)

    def listed(self) -> list[tuple[str, Value, Value]]:
        """Return the name, the value and the default of every parameter."""
        return [(name, value, self._default(name)) for name, value in self._values.items()]

    def _default(self, name: str) -> Value:
        return "UTC" if name == "TIMEZONE" else DEFAULTS[name]  # the one time zone that the emulator knows

    def as_rows(self) -> list[dict[str, Value]]:
        """Return all parameters as an answer lists them."""
        return [{"name": name, "value": value} for name, value in self._values.items()]


def checked(name: str, value: Value) -> Value:
    """Return a value of a parameter with the type that the parameter has.

    Args:
        name: The name, in upper case.
        value: The value, perhaps as text.

    Raises:
        SnowflakeError: There is no such parameter, or the value is none of its values.
    """
    if name not in DEFAULTS:
        raise _unknown(name)
    default = DEFAULTS[name]
    converted = _converted(name, value, default)
    if name in _ONLY and converted not in _ONLY[name]:
        raise unsupported(f"{name} = {value}")
    if name in _RANGES and not _RANGES[name][0] <= int(converted) <= _RANGES[name][1]:
        raise _invalid(name, value)
    return converted


def _converted(name: str, value: Value, default: Value) -> Value:
    if isinstance(default, bool):
        text = str(value).upper()
        if text not in ("TRUE", "FALSE"):
            raise _invalid(name, value)
        return text == "TRUE"
    if isinstance(default, int):
        try:
            return int(value)
        except ValueError:
            raise _invalid(name, value) from None
    return str(value)


def _unknown(name: str) -> SnowflakeError:
    return SnowflakeError("001006", "42601", f"SQL compilation error:\ninvalid property '{name}' for 'SESSION'")


def _invalid(name: str, value: Value) -> SnowflakeError:
    message = f"SQL compilation error:\ninvalid value [{value}] for parameter '{name}'"
    return SnowflakeError("001008", "22023", message)
