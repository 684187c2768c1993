"""The options of a session: checked before anything is opened."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onefold.errors import ConfigurationError, DefinitionError, listed
from onefold.types import parse_duration
from onefold_snowflake.transforms.packages import check_package

__all__ = ["OPTIONS", "SECRETS", "Options", "checked_options"]

OPTIONS: Mapping[str, str] = {
    "connection": "A profile in Snowflake's connections.toml; its default one when no account is given either.",
    "account": 'The account, such as "myorg-myaccount"; this and what follows goes before the profile.',
    "user": "The user.",
    "password": "The password; better kept in the profile or in a secret store.",
    "private_key": "The private key of a key pair, as PEM text or as DER in base64.",
    "private_key_file": "The file that holds the private key of a key pair.",
    "private_key_file_pwd": "The passphrase of the private key.",
    "token": "An OAuth or programmatic access token.",
    "token_file_path": "The file that holds the token.",
    "authenticator": 'How to log in, such as "oauth", "programmatic_access_token" or "externalbrowser".',
    "host": "The host, where it does not follow from the account.",
    "port": "The port; 443 when left out.",
    "protocol": '"https", or "http" for an emulator.',
    "database": "The database in which names are looked up and temporary tables are made.",
    "schema": "The schema in which names are looked up and temporary tables are made.",
    "warehouse": "The warehouse that computes.",
    "role": "The role.",
    "session": 'A Snowpark session that is open already: the session itself, or "active" for the one that runs this code.',
    "query_tag": 'What QUERY_TAG says in the history of queries; "onefold" when left out.',
    "timeout": 'How long one statement may take, such as "10m"; as long as Snowflake allows when left out.',
    "login_timeout": 'How long logging in may take, such as "30s"; as long as the connector allows when left out.',
    "inline_limit": "Up to this many bytes of SQL, inputs travel within the query and not as a table; 64 KiB.",
    "transforms": 'Where Python transforms run: "here", in this process, or "warehouse" where that is safe; "here".',
    "packages": 'Packages that transforms in the warehouse use, such as ["scikit-learn==1.5.2"], or with commas.',
}
"""The options that a session takes, each with one sentence about its meaning."""

SECRETS = ("password", "private_key", "private_key_file_pwd", "token")
"""The options whose values are never shown."""

CONNECTING = (
    "account", "user", *SECRETS, "private_key_file", "token_file_path", "authenticator", "host", "port", "protocol",
    "database", "schema", "warehouse", "role",
)  # fmt: skip
"""The options that are handed to the connector, under its own names."""

_MICROSECONDS = 10**6


@dataclass(frozen=True, slots=True)
class Options:
    """Checked options; None stands for Snowflake's own choice.

    Args:
        connection: The profile.
        connecting: What is handed to the connector, by its names; it holds secrets.
        session: A Snowpark session or a connection that is open already, or ``"active"``.
        query_tag: The tag of all statements.
        timeout: Seconds that a statement may take.
        login_timeout: Seconds that logging in may take.
        inline_limit: The largest input, in bytes of SQL, that is a part of the query.
        transforms: Where Python transforms run: ``"here"`` or ``"warehouse"``.
        packages: The packages that they use in the warehouse.
    """

    connection: str | None = None
    connecting: Mapping[str, Any] = field(default_factory=dict, repr=False)
    session: Any = None
    query_tag: str = "onefold"
    timeout: int | None = None
    login_timeout: int | None = None
    inline_limit: int = 2**16
    transforms: str = "here"
    packages: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that no message may show."""
        return tuple(str(self.connecting[name]) for name in SECRETS if name in self.connecting)


def checked_options(given: Mapping[str, Any]) -> Options:
    """Return options after checking them.

    Raises:
        ConfigurationError: If an option is unknown or its value can not be used.

    Examples:
        >>> checked_options({"connection": "dev", "warehouse": "LARGE_WH", "timeout": "10m"}).timeout
        600
    """
    for name in given:
        if name not in OPTIONS:
            raise ConfigurationError(
                f"The engine 'snowflake' has no option {name!r}. {listed(name, OPTIONS, what='options')}"
            )
    values = {name: value for name, value in given.items() if value is not None}
    connecting = {name: _CHECKS.get(name, _text)(name, values[name]) for name in CONNECTING if name in values}
    others = {name: _CHECKS.get(name, _text)(name, values[name]) for name in values if name not in connecting}
    if "session" in values and (clash := [*connecting, *(name for name in ("connection",) if name in values)]):
        raise ConfigurationError(
            f"The options session and {clash[0]} exclude each other: a session that is open already has all that belongs "
            "to its connection, and keeps it."
        )
    return Options(connecting=connecting, **others)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        shown = "something else" if name in SECRETS else f"{value!r:.60}"
        raise ConfigurationError(f"The option {name} is a text, not {shown}.")
    return value if name in SECRETS else value.strip()


def _path(name: str, value: object) -> str:
    return _text(name, os.fspath(value) if isinstance(value, os.PathLike) else value)


def _port(name: str, value: object) -> int:
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 65_535:
        raise ConfigurationError(f"The option {name} is a number from 1 to 65535, not {value!r:.60}.")
    return number


def _protocol(name: str, value: object) -> str:
    text = _text(name, value).lower()
    if text not in ("https", "http"):
        raise ConfigurationError(f'The option {name} is "https" or "http", not {text!r:.60}.')
    return text


def _seconds(name: str, value: object) -> int:
    """Return whole seconds, rounded up: Snowflake counts in them."""
    try:
        micros = parse_duration(value if isinstance(value, str) else "", what=name)
    except DefinitionError as error:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        raise ConfigurationError(
            f'The option {name} is a duration such as "30s" or "10m", or a number of seconds, not {value!r:.60}.'
        ) from error
    return -(-micros // _MICROSECONDS)


def _bytes(name: str, value: object) -> int:
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= 2**19:
        raise ConfigurationError(f"The option {name} is a number of bytes up to 512 KiB, not {value!r:.60}.")
    return number


def _place(name: str, value: object) -> str:
    if value not in ("here", "warehouse"):
        raise ConfigurationError(f'The option {name} is "here" or "warehouse", not {value!r:.60}.')
    return str(value)


def _packages(name: str, value: object) -> tuple[str, ...]:
    given = value.split(",") if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise ConfigurationError(
            f'The option {name} is a list of packages such as ["scikit-learn==1.5.2"], or a text with commas, not {value!r:.60}.'
        )
    texts = tuple(text for one in given if (text := one.strip()))
    for text in texts:
        if not check_package(text):
            raise ConfigurationError(
                f'The option {name} names the package {text!r:.60}; write its name, or its name and version as in "numpy==2.1.3".'
            )
    return texts


def _tag(name: str, value: object) -> str:
    text = _text(name, value)
    if len(text) > 2_000:
        raise ConfigurationError(f"The option {name} has {len(text)} characters; Snowflake takes at most 2000.")
    return text


def _session(name: str, value: object) -> object:
    if value == "active" or hasattr(value, "cursor") or hasattr(value, "connection"):
        return value
    raise ConfigurationError(
        f'The option {name} is a Snowpark session, a connection of the Snowflake connector, or "active", '
        f"not a {type(value).__name__}."
    )


_CHECKS: Mapping[str, Any] = {
    "private_key_file": _path,
    "token_file_path": _path,
    "port": _port,
    "protocol": _protocol,
    "session": _session,
    "query_tag": _tag,
    "timeout": _seconds,
    "login_timeout": _seconds,
    "inline_limit": _bytes,
    "transforms": _place,
    "packages": _packages,
}
