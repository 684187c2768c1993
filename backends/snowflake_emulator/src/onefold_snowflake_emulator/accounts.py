"""Who may log in, and with what: passwords, key pairs, OAuth tokens and programmatic access tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from onefold_snowflake_emulator.errors import SnowflakeError

_STATE: Final = "08001"


@dataclass(frozen=True)
class User:
    """Somebody who may log in.

    Attributes:
        name: The login name, in upper case.
        password: The password, None if none is accepted.
        public_key: The public key of a key pair in PEM, None if none is registered.
        oauth_tokens: The OAuth access tokens that stand for this user.
        access_tokens: The programmatic access tokens of this user.
    """

    name: str
    password: str | None = None
    public_key: bytes | None = None
    oauth_tokens: frozenset[str] = frozenset()
    access_tokens: frozenset[str] = frozenset()


class Accounts:
    """The users of one server."""

    def __init__(self, account: str) -> None:
        """Make an account without users.

        Args:
            account: Its name, which the tokens of key pairs must carry.
        """
        self._account = account.upper()
        self._users: dict[str, User] = {}

    def register(
        self,
        name: str,
        *,
        password: str | None = None,
        public_key: bytes | str | None = None,
        oauth_tokens: Iterable[str] = (),
        access_tokens: Iterable[str] = (),
    ) -> None:
        """Let a user log in, or change how.

        Args:
            name: The login name.
            password: The password.
            public_key: The public key of a key pair, in PEM.
            oauth_tokens: OAuth access tokens that stand for the user.
            access_tokens: Programmatic access tokens.
        """
        pem = public_key.encode() if isinstance(public_key, str) else public_key
        upper = name.upper()
        self._users[upper] = User(upper, password, pem, frozenset(oauth_tokens), frozenset(access_tokens))

    def log_in(self, data: Mapping[str, Any]) -> User:
        """Return the user that a login request proves to be.

        Args:
            data: The `data` of the request.

        Returns:
            The user.

        Raises:
            SnowflakeError: The credentials prove nothing.
        """
        name = str(data.get("LOGIN_NAME") or "").upper()
        token = str(data.get("TOKEN") or "")
        match str(data.get("AUTHENTICATOR") or "SNOWFLAKE").upper():
            case "SNOWFLAKE":
                return self._with_password(name, str(data.get("PASSWORD") or ""))
            case "SNOWFLAKE_JWT":
                return self._with_key(name, token)
            case "OAUTH":
                return self._with_oauth(name, token)
            case "PROGRAMMATIC_ACCESS_TOKEN":
                return self._with_access_token(name, token)
            case other:
                raise SnowflakeError("390190", _STATE, f"The emulator does not know the authenticator '{other}'.")

    def _with_password(self, name: str, password: str) -> User:
        user = self._users.get(name)
        if user is None or user.password is None or not _same(user.password, password):
            raise SnowflakeError("390100", _STATE, "Incorrect username or password was specified.")
        return user

    def _with_key(self, name: str, token: str) -> User:
        user = self._users.get(name)
        refused = SnowflakeError("390144", _STATE, f"JWT token is invalid. [{uuid.uuid4()}]")
        if user is None or user.public_key is None:
            raise refused
        key = load_pem_public_key(user.public_key)
        try:
            claims = jwt.decode(token, key, algorithms=["RS256"])  # type: ignore[arg-type]
        except jwt.InvalidTokenError:
            raise refused from None
        digest = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
        subject = f"{self._account}.{user.name}"
        issuer = f"{subject}.SHA256:{base64.b64encode(digest).decode()}"
        if (claims.get("sub"), claims.get("iss")) != (subject, issuer):
            raise refused
        return user

    def _with_oauth(self, name: str, token: str) -> User:
        # An OAuth token names its user; a name in the request must not contradict it.
        for user in self._users.values():
            if any(_same(token, known) for known in user.oauth_tokens) and name in ("", user.name):
                return user
        raise SnowflakeError("390303", _STATE, f"Invalid OAuth access token. [{uuid.uuid4()}]")

    def _with_access_token(self, name: str, token: str) -> User:
        user = self._users.get(name)
        if user is None or not any(_same(token, known) for known in user.access_tokens):
            raise SnowflakeError("394400", _STATE, "Programmatic access token is invalid.")
        return user


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
