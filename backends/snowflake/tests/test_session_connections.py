"""How sessions log in, what they keep, and what they never show."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import snowflake.connector
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from snowflake.snowpark import Session

from onefold.errors import ConfigurationError, EngineError
from onefold.plan import Input
from onefold.types import Schema
from onefold_snowflake.backend import SnowflakeBackend
from onefold_snowflake.options import OPTIONS, checked_options
from onefold_snowflake.parameters import PINNED
from onefold_snowflake_emulator import Emulator

SCHEMA = Schema.of(k="int64")
LEAF = Input(name="rows", columns=SCHEMA)
ROWS = pa.table({"k": pa.array([1, 2], pa.int64())})
SECRET = "correct-horse-battery-staple"


def works(session: Any) -> bool:
    return bool(session.execute(LEAF, {"rows": ROWS}).read_all().equals(ROWS))


def without_login(server: Emulator) -> dict[str, Any]:
    return {name: value for name, value in server.connection.items() if name not in ("user", "password")}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize("way", ["pem", "pem with passphrase", "der", "file"])
def test_key_pairs(server: Emulator, tmp_path: Path, key: rsa.RSAPrivateKey, way: str) -> None:
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    server.register_user("KEYED", public_key=public)
    hidden = NoEncryption() if way == "pem" else BestAvailableEncryption(SECRET.encode())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden).decode()
    file = tmp_path / "key.p8"
    file.write_text(pem)
    ways: dict[str, dict[str, Any]] = {
        "pem": {"private_key": pem},
        "pem with passphrase": {"private_key": pem, "private_key_file_pwd": SECRET},
        "der": {"private_key": der(key)},
        "file": {"private_key_file": file, "private_key_file_pwd": SECRET},
    }
    options = ways[way]
    with SnowflakeBackend().open({**without_login(server), "user": "KEYED", **options}) as session:
        assert works(session)


def der(key: rsa.RSAPrivateKey) -> str:
    return base64.b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()


@pytest.mark.parametrize("way", ["oauth", "programmatic_access_token"])
def test_tokens(server: Emulator, tmp_path: Path, way: str) -> None:
    server.register_user("TOKENED", oauth_tokens=[SECRET], access_tokens=[SECRET])
    file = tmp_path / "token"
    file.write_text(SECRET)
    for given in ({"token": SECRET}, {"token_file_path": file}):
        options = {**without_login(server), "user": "TOKENED", "authenticator": way, **given}
        with SnowflakeBackend().open(options) as session:
            assert works(session)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": SECRET},
        {"authenticator": "oauth", "token": SECRET},
        {"authenticator": "programmatic_access_token", "token": SECRET},
        {"private_key": SECRET},
        {"private_key": f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----"},
        {"private_key_file": "/nowhere/key.p8", "private_key_file_pwd": SECRET},
        {"authenticator": "nonsense", "password": SECRET},
    ],
)
def test_a_refused_login_shows_no_secret(server: Emulator, wrong: dict[str, Any]) -> None:
    with pytest.raises((ConfigurationError, EngineError)) as caught:
        SnowflakeBackend().open({**server.connection, **wrong})
    assert SECRET not in shown(caught.value)


def shown(error: BaseException) -> str:
    """Return all that a traceback with its causes would show, variables left out."""
    return "".join(traceback.format_exception(error)) + repr(error)


def test_nobody_there(server: Emulator) -> None:
    with pytest.raises(EngineError, match="can not be reached"):
        SnowflakeBackend().open({**server.connection, "port": 1, "login_timeout": "1s"})


def test_profiles(server: Emulator, tmp_path: Path) -> None:
    """Snowflake's configuration is found when the connector is imported, so another process reads it."""
    profile = "\n".join(f"{name} = {value!r}" for name, value in server.connection.items())
    file = tmp_path / "connections.toml"
    file.write_text(f"[emulated]\n{profile}\n[other]\naccount = 'x'\npassword = '{SECRET}'\n")
    file.chmod(0o600)
    program = """
import pyarrow as pa
from onefold.errors import ConfigurationError
from onefold.plan import Input
from onefold.types import Schema
from onefold_snowflake.backend import SnowflakeBackend

rows = pa.table({"k": pa.array([1], pa.int64())})
for options in ({"connection": "emulated"}, {}, {"connection": "emulated", "role": "ANALYST"}):
    with SnowflakeBackend().open(options) as session:
        assert session.execute(Input(name="rows", columns=Schema.of(k="int64")), {"rows": rows}).read_all() == rows
try:
    SnowflakeBackend().open({"connection": "emulate"})
except ConfigurationError as error:
    print(error)
"""
    environment = {"SNOWFLAKE_HOME": str(tmp_path), "SNOWFLAKE_DEFAULT_CONNECTION_NAME": "emulated"}
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Did you mean 'emulated'?" in done.stdout
    assert SECRET not in done.stdout + done.stderr


def test_without_an_account_or_a_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNOWFLAKE_DEFAULT_CONNECTION_NAME", "nowhere")
    with pytest.raises(ConfigurationError, match="Nothing says which Snowflake account is meant"):
        SnowflakeBackend().open({})


def test_runs_share_a_connection_and_threads_get_their_own(server: Emulator, opened: Callable[..., Any]) -> None:
    session = opened()
    for _ in range(3):
        assert works(session)
    assert len({statement.session for statement in server.statements}) == 1
    readers = [session.execute(LEAF, {"rows": ROWS}) for _ in range(2)]
    assert len({statement.session for statement in server.statements}) == 2
    del readers
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: works(session), range(40)))
    assert len({statement.session for statement in server.statements}) <= 4


def test_parameters_are_pinned_whatever_the_profile_says(server: Emulator, opened: Callable[..., Any]) -> None:
    session = opened()
    with session._connected() as connection:
        found = {name: value for name, value, *_ in connection.rows("SHOW PARAMETERS IN SESSION")}
    assert {name: found[name].lower() for name in PINNED if name in found} == {
        name: str(value).lower() for name, value in PINNED.items() if name in found
    }


@pytest.mark.parametrize("kind", ["snowpark", "active", "connector"])
def test_a_session_that_is_handed_over_stays_as_it_was(server: Emulator, kind: str) -> None:
    parameters = {"WEEK_START": 0, "JSON_INDENT": 2}
    theirs = Session.builder.configs({**server.connection, "session_parameters": parameters}).create()
    given = {"snowpark": theirs, "active": "active", "connector": theirs.connection}[kind]

    def found() -> dict[str, Any]:
        cursor = theirs.connection.cursor()
        cursor.execute("SHOW PARAMETERS IN SESSION")
        return {str(row[0]): row[1] for row in cursor.fetchall()}

    before = found()
    with SnowflakeBackend().open({"session": given}) as session:
        assert works(session)
        assert not theirs.connection.arrow_number_to_decimal
    assert found() == before
    assert theirs.sql("SELECT 1 AS ONE").collect()[0]["ONE"] == 1
    assert len({statement.session for statement in server.statements}) == 1
    theirs.close()
    with SnowflakeBackend().open({"session": theirs.connection}) as session, pytest.raises(EngineError, match="closed"):
        works(session)


def test_a_session_in_the_middle_of_a_transaction_is_left_alone(server: Emulator) -> None:
    """A temporary table would commit what its owner may still want to roll back."""
    with snowflake.connector.connect(**server.connection) as theirs:
        theirs.cursor().execute("CREATE TABLE kept (k INT)")
        theirs.cursor().execute("BEGIN")
        theirs.cursor().execute("INSERT INTO kept VALUES (1)")
        with SnowflakeBackend().open({"session": theirs}) as session:
            with pytest.raises(EngineError, match="in the middle of a transaction"):
                works(session)
            theirs.cursor().execute("ROLLBACK")
            assert works(session)
        cursor = theirs.cursor()
        cursor.execute("SELECT COUNT(*) FROM kept")
        assert cursor.fetchall() == [(0,)]


def test_no_session_is_active() -> None:
    with pytest.raises(ConfigurationError, match="no Snowpark session is active"):
        SnowflakeBackend().open({"session": "active"})


def test_expired_tokens_are_renewed(server: Emulator, opened: Callable[..., Any]) -> None:
    session = opened()
    server.expire_sessions()
    assert works(session)
    assert len({statement.session for statement in server.statements if statement.error is None}) == 1


def test_a_session_that_is_over_is_replaced(server: Emulator, opened: Callable[..., Any]) -> None:
    session = opened()
    assert works(session)
    server.expire_sessions(master=True)
    assert works(session)


def test_a_busy_server_is_asked_again(server: Emulator, opened: Callable[..., Any]) -> None:
    session = opened()
    server.statements.clear()
    server.fail_next((503, 502))
    assert works(session)
    assert len(server.statements) == 1


def test_secrets_are_not_part_of_options_that_are_shown() -> None:
    options = checked_options({"account": "a", "user": "u", "password": SECRET, "token": SECRET, "private_key": SECRET})
    assert SECRET not in repr(options)
    for name in ("password", "token", "private_key", "private_key_file_pwd"):
        with pytest.raises(ConfigurationError) as caught:
            checked_options({name: [SECRET]})
        assert SECRET not in str(caught.value)


def test_errors_and_explanations_show_no_secrets(server: Emulator) -> None:
    server.register_user("ME", password=SECRET)
    with SnowflakeBackend().open({**server.connection, "user": "ME", "password": SECRET}) as session:
        assert SECRET not in repr(session) + str(vars(session)["_options"])
        with pytest.raises(EngineError) as caught, session._connected() as connection:
            connection.rows(f"SELECT '{SECRET}' FROM nothing_such")
        assert SECRET not in str(caught.value) + repr(caught.value) + str(caught.value.query)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"acount": "x"}, "Did you mean 'account'"),
        ({"port": "many"}, "number from 1 to 65535"),
        ({"protocol": "ftp"}, '"https" or "http"'),
        ({"timeout": "soon"}, "a duration such as"),
        ({"timeout": 0}, "a duration such as"),
        ({"query_tag": "x" * 2_001}, "at most 2000"),
        ({"inline_limit": -1}, "number of bytes"),
        ({"session": 7}, "Snowpark session"),
        ({"session": "active", "warehouse": "W"}, "exclude each other"),
        ({"session": "active", "connection": "dev"}, "exclude each other"),
        ({"account": ""}, "is a text"),
    ],
)
def test_options_are_checked(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        checked_options(options)


def test_every_option_is_described() -> None:
    assert all(text.endswith(".") for text in OPTIONS.values())
    assert checked_options({"timeout": "90s", "port": "8085", "login_timeout": "1500ms"}).timeout == 90


def test_the_connector_is_not_imported_by_the_plugin() -> None:
    program = "import sys, onefold_snowflake.plugin as p; p.onefold_register_backends(); print('snowflake.connector' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_health_names_the_connector() -> None:
    health = SnowflakeBackend().health()
    assert health.ok
    assert snowflake.connector.__version__ in health.version
