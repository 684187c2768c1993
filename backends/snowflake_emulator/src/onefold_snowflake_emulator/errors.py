"""What Snowflake answers when a statement fails: a code, an SQL state and a message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import duckdb
from snowflake.connector.errors import Error as ConnectorError
from sqlglot.errors import SqlglotError

from onefold_snowflake_emulator.sql.catalogue import FUNCTIONS


class SnowflakeError(Exception):
    """An error as Snowflake reports it.

    Attributes:
        code: Snowflake's number, six digits.
        sqlstate: The SQL state.
        message: What a user reads.
    """

    def __init__(self, code: str, sqlstate: str, message: str) -> None:
        """Make an error.

        Args:
            code: Snowflake's number, six digits.
            sqlstate: The SQL state.
            message: What a user reads.
        """
        super().__init__(f"{code} ({sqlstate}): {message}")
        self.code = code
        self.sqlstate = sqlstate
        self.message = message


def compilation_error(code: str, message: str, sqlstate: str = "42000") -> SnowflakeError:
    """Return an error that Snowflake's compiler finds.

    Args:
        code: Snowflake's number.
        message: What is wrong.
        sqlstate: The SQL state.
    """
    return SnowflakeError(code, sqlstate, f"SQL compilation error:\n{message}")


def syntax_error(message: str) -> SnowflakeError:
    """Return the error of a statement that Snowflake cannot parse.

    Args:
        message: What is wrong.
    """
    return compilation_error("001003", f"syntax error {message}")


def unknown_function(name: str) -> SnowflakeError:
    """Return the error of a call of a function that Snowflake does not have and nobody made.

    Args:
        name: What is called.
    """
    return compilation_error("002140", f"Unknown function {name}", "42601")


def unsupported(what: str) -> SnowflakeError:
    """Return the error of a thing that Snowflake knows and the emulator does not.

    Args:
        what: The thing.
    """
    return SnowflakeError("000002", "0A000", f"Unsupported feature '{what}'. (This is the emulator, not Snowflake.)")


CANCELLED: Final = ("000604", "57014", "SQL execution canceled")

_MISSING_NAME: Final = re.compile(
    r"(?:Table|View|Schema|Database|Catalog)(?: with name)? [\"']?([^\"'!]+?)[\"']? does not exist", re.IGNORECASE
)
_MISSING_FUNCTION: Final = re.compile(
    r"(?:Scalar|Aggregate|Table) Function with name \"?([\w$.]+)\"? does not exist", re.IGNORECASE
)
_MISSING_COLUMN: Final = re.compile(
    r"(?:Referenced (?:column|table)|Values list .* column) \"([^\"]+)\"", re.IGNORECASE
)

_PYTHON: Final = re.compile(r"Python Interpreter Error:\n.*", re.DOTALL)
_STREAMED: Final = re.compile(r"([A-Z][\w ]*) Error: ")
_KINDS: Final[Mapping[str, type[duckdb.Error]]] = {
    "Conversion": duckdb.ConversionException,
    "Out of Range": duckdb.OutOfRangeException,
    "Constraint": duckdb.ConstraintException,
    "INTERRUPT": duckdb.InterruptException,
}


def from_exception(error: Exception) -> SnowflakeError:
    """Return the Snowflake error that stands for what DuckDB, sqlglot or fakesnow said.

    Args:
        error: What was raised. Errors that are already Snowflake's come back as they are.
    """
    if isinstance(error, SnowflakeError):
        return error
    if isinstance(error, ConnectorError):  # fakesnow raises the client's own classes
        return SnowflakeError(f"{error.errno:06d}", error.sqlstate or "42000", str(error.raw_msg or error.msg))
    if isinstance(error, SqlglotError):
        return syntax_error(_plain(str(error)))
    if isinstance(error, duckdb.Error):
        return _from_duckdb(error)
    if isinstance(error, OSError) and (raised := _PYTHON.search(str(error))):
        return SnowflakeError("100357", "P0000", raised[0])
    if isinstance(error, OSError) and (streamed := _STREAMED.match(str(error))):
        # What fails while rows are read comes through Arrow, which keeps the text alone.
        return _from_duckdb(_KINDS.get(streamed[1], duckdb.Error)(str(error)))
    return unsupported(f"{type(error).__name__}: {error}")


def _from_duckdb(error: duckdb.Error) -> SnowflakeError:
    if raised := _PYTHON.search(str(error)):
        return SnowflakeError("100357", "P0000", raised[0])
    text = re.sub(r"^[A-Z][\w ]* Error: ", "", str(error))  # DuckDB's own kind of error, which is not Snowflake's
    if "Division by zero" in text:
        return SnowflakeError("100051", "22012", "Division by zero")
    if "Invalid floating point operation" in text:
        return SnowflakeError("100083", "22003", _first_line(text))
    if "same target row more than once" in text:
        return SnowflakeError("100090", "42P18", "Duplicate row detected during DML action")
    if isinstance(error, duckdb.InterruptException):
        return SnowflakeError(*CANCELLED)
    if isinstance(error, duckdb.CatalogException):
        return _from_catalogue(text)
    if isinstance(error, duckdb.BinderException):
        return _from_binder(text)
    if isinstance(error, duckdb.ParserException | duckdb.SyntaxException):
        return syntax_error(_first_line(text))
    if isinstance(error, duckdb.ConversionException | duckdb.OutOfRangeException):
        return _from_value(text)
    if isinstance(error, duckdb.ConstraintException) and "NOT NULL" in text:
        return SnowflakeError("100072", "22000", f"NULL result in a non-nullable column ({_first_line(text)})")
    if isinstance(error, duckdb.ConstraintException):
        return SnowflakeError("100069", "22000", _first_line(text))
    return SnowflakeError("000002", "0A000", f"The emulator cannot run this statement: {_first_line(text)}")


def _from_catalogue(text: str) -> SnowflakeError:
    if function := _MISSING_FUNCTION.search(text):
        if function[1].upper() in FUNCTIONS:
            return unsupported(f"function {function[1].upper()}")
        return unknown_function(function[1].upper())
    if "already exists" in text:
        return compilation_error("002002", f"{_first_line(text)}", "42710")
    if name := _MISSING_NAME.search(text):
        return compilation_error("002003", f"Object '{name[1]}' does not exist or not authorized.", "42S02")
    return compilation_error("002003", _first_line(text), "42S02")


def _from_binder(text: str) -> SnowflakeError:
    if column := _MISSING_COLUMN.search(text):
        return compilation_error("000904", f"error invalid identifier '{column[1]}' ({_first_line(text)})")
    if name := _MISSING_NAME.search(text):
        return compilation_error("002003", f"Object '{name[1]}' does not exist or not authorized.", "42S02")
    return compilation_error("002043", _first_line(text), "02000")


def _from_value(text: str) -> SnowflakeError:
    if "out of range" in text.lower() or "Overflow" in text or "Could not cast value" in text:
        return SnowflakeError("100046", "22003", f"Number out of representable range: {_first_line(text)}")
    if "timestamp" in text.lower() or "date" in text.lower():
        return SnowflakeError("100035", "22007", _first_line(text))
    return SnowflakeError("100038", "22018", _first_line(text))


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0]


def _plain(text: str) -> str:
    """Return sqlglot's message without its underlining for terminals."""
    return re.sub(r"\x1b\[\d+m", "", text)
