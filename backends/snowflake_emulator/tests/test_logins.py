"""Logins: what proves a user, what does not, and what becomes of a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import snowflake.connector
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from snowflake.connector import SnowflakeConnection
from snowflake.connector.errors import DatabaseError, ProgrammingError
from snowflake.snowpark import Session

from onefold_snowflake_emulator import Emulator


def _one(connection: SnowflakeConnection, text: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text, *arguments)
        return cursor.fetchone()


def _all(connection: SnowflakeConnection, text: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text, *arguments)
        return cursor.fetchall()


@pytest.fixture
def server() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _public(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _private(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _options(server: Emulator, **changed: Any) -> dict[str, Any]:
    without_password = {name: value for name, value in server.connection.items() if name != "password"}
    return {**without_password, **changed}


def _user(options: dict[str, Any]) -> Any:
    with snowflake.connector.connect(**options) as connection:
        return _one(connection, "SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE()")


def test_a_password_is_proof(server: Emulator) -> None:
    assert _user(server.connection) == ("EMULATOR", "EMULATOR_ROLE", "EMULATOR_WH")


def test_a_wrong_password_is_refused(server: Emulator) -> None:
    with pytest.raises(DatabaseError) as raised:
        _user(_options(server, password="wrong"))
    assert raised.value.errno in (250001, 390100)
    assert "Incorrect username or password" in str(raised.value)


def test_a_key_pair_is_proof(server: Emulator) -> None:
    key = _key()
    server.register_user("ann", public_key=_public(key))
    assert _user(_options(server, user="ann", private_key=_private(key), authenticator="SNOWFLAKE_JWT"))[0] == "ANN"


def test_another_key_is_refused(server: Emulator) -> None:
    server.register_user("ann", public_key=_public(_key()))
    with pytest.raises(DatabaseError, match="JWT token is invalid"):
        _user(_options(server, user="ann", private_key=_private(_key()), authenticator="SNOWFLAKE_JWT"))


def test_a_key_of_another_account_is_refused(server: Emulator) -> None:
    key = _key()
    server.register_user("ann", public_key=_public(key))
    options = _options(server, user="ann", private_key=_private(key), authenticator="SNOWFLAKE_JWT", account="other")
    with pytest.raises(DatabaseError, match="JWT token is invalid"):
        _user(options)


def test_an_oauth_token_is_proof_and_a_wrong_one_is_not(server: Emulator) -> None:
    server.register_user("bob", oauth_tokens=["right"])
    assert _user(_options(server, user="bob", authenticator="oauth", token="right"))[0] == "BOB"
    with pytest.raises(DatabaseError, match="Invalid OAuth access token"):
        _user(_options(server, user="bob", authenticator="oauth", token="wrong"))


def test_a_programmatic_access_token_is_proof_and_a_wrong_one_is_not(server: Emulator) -> None:
    server.register_user("eve", access_tokens=["right"])
    assert _user(_options(server, user="eve", authenticator="PROGRAMMATIC_ACCESS_TOKEN", token="right"))[0] == "EVE"
    with pytest.raises(DatabaseError, match="Programmatic access token is invalid"):
        _user(_options(server, user="eve", authenticator="PROGRAMMATIC_ACCESS_TOKEN", token="wrong"))


def test_a_token_of_another_user_is_refused(server: Emulator) -> None:
    server.register_user("eve", access_tokens=["right"])
    server.register_user("bob", password="secret")
    with pytest.raises(DatabaseError, match="Programmatic access token is invalid"):
        _user(_options(server, user="bob", authenticator="PROGRAMMATIC_ACCESS_TOKEN", token="right"))


def test_profiles_of_connections_toml_reach_the_server(
    server: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _key()
    server.register_user("ann", public_key=_public(key))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.p8").write_bytes(pem)
    lines = [f"{name} = {value!r}" for name, value in _options(server, user="ann").items()]
    lines += ["authenticator = 'SNOWFLAKE_JWT'", f"private_key_file = '{tmp_path / 'key.p8'}'"]
    profile = tmp_path / "connections.toml"
    profile.write_text("\n".join(["[emulated]", *lines]))
    profile.chmod(0o600)
    with snowflake.connector.connect(connection_name="emulated", connections_file_path=profile) as connection:
        assert _one(connection, "SELECT CURRENT_USER()") == ("ANN",)


def test_an_expired_session_is_renewed_without_a_word(server: Emulator) -> None:
    with snowflake.connector.connect(**server.connection) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TEMPORARY TABLE kept (a INT)")
        server.expire_sessions()
        assert _one(connection, "SELECT COUNT(*) FROM kept") == (0,)


def test_an_expired_master_token_asks_for_a_new_login(server: Emulator) -> None:
    connection = snowflake.connector.connect(**server.connection)
    server.expire_sessions(master=True)
    with pytest.raises(ProgrammingError) as raised:
        connection.cursor().execute("SELECT 1")
    assert raised.value.errno == 390114
    connection.close()


def test_requests_that_fail_on_the_way_are_retried_by_the_client(server: Emulator) -> None:
    with snowflake.connector.connect(**server.connection) as connection:
        server.fail_next([503])
        assert _one(connection, "SELECT 1") == (1,)
    assert [each.text for each in server.statements] == ["SELECT 1"]


def test_a_request_whose_answer_was_lost_is_not_carried_out_again(server: Emulator) -> None:
    with snowflake.connector.connect(**server.connection) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE TABLE once (a INT)")
        server.fail_next((503, 502), late=True)
        cursor.execute("INSERT INTO once VALUES (1)")
        assert cursor.rowcount == 1
        cursor.execute("INSERT INTO once VALUES (1)")  # the same text is not the same request
        cursor.execute("SELECT COUNT(*) FROM once")
        assert cursor.fetchall() == [(2,)]
    assert sum(statement.text.startswith("INSERT INTO once") for statement in server.statements) == 2


def test_a_login_at_a_database_that_does_not_exist_has_no_current_database(server: Emulator) -> None:
    with snowflake.connector.connect(**{**server.connection, "database": "NOWHERE"}) as connection:
        assert _one(connection, "SELECT CURRENT_DATABASE(), CURRENT_SCHEMA()") == (None, None)


def test_session_parameters_of_the_login_hold(server: Emulator) -> None:
    options = {**server.connection, "session_parameters": {"WEEK_START": 7, "QUERY_TAG": "mine"}}
    with snowflake.connector.connect(**options) as connection:
        row = _one(connection, "SELECT DATE_TRUNC('WEEK', '2024-01-10'::DATE)::VARCHAR")
    assert row == ("2024-01-07",)  # a Sunday


def test_a_session_parameter_that_does_not_exist_is_refused(server: Emulator) -> None:
    with pytest.raises(DatabaseError, match="invalid property 'NONSENSE'"):
        snowflake.connector.connect(**{**server.connection, "session_parameters": {"NONSENSE": 1}})


def test_emulators_share_nothing() -> None:
    with Emulator() as one, Emulator() as other:
        with snowflake.connector.connect(**one.connection) as connection:
            connection.cursor().execute("CREATE TABLE t (a INT)")
            connection.cursor().execute("CREATE STAGE st")
        with snowflake.connector.connect(**other.connection) as connection:
            for text in ("SELECT * FROM t", "LIST @st"):
                with pytest.raises(ProgrammingError, match="does not exist"):
                    connection.cursor().execute(text)
        assert [each.text for each in other.statements] == ["SELECT * FROM t", "LIST @st"]


def test_sessions_share_tables_and_not_what_is_temporary(server: Emulator) -> None:
    with (
        snowflake.connector.connect(**server.connection) as one,
        snowflake.connector.connect(**server.connection) as other,
    ):
        one.cursor().execute("CREATE TABLE shared (a INT)")
        one.cursor().execute("CREATE TEMPORARY TABLE own (a INT)")
        other.cursor().execute("INSERT INTO shared VALUES (7)")
        assert _all(one, "SELECT a FROM shared") == [(7,)]
        with pytest.raises(ProgrammingError, match="does not exist"):
            other.cursor().execute("SELECT * FROM own")


def test_snowpark_opens_a_session(server: Emulator) -> None:
    session = Session.builder.configs(server.connection).create()
    try:
        assert session.get_current_database() == '"DB1"'
        assert session.get_current_schema() == '"S1"'
        assert session.sql("SELECT 1 AS A").collect()[0]["A"] == 1
    finally:
        session.close()
