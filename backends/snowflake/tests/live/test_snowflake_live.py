"""The conformance suite on a Snowflake account: the cases whose SQL has no result there yet.

    pytest -m snowflake_live --snowflake-connection NAME

Each case runs on an emulator first, which shows the SQL that it sends. What has passed before with the same SQL is not run
again, and says so. The golden statements are compiled, over empty tables. A Python function runs there with values of all types,
each time: what it shows depends on the packages that Snowflake has, which are stated without versions. All tables are made in a schema that is dropped at
the end; results go into ``results.json``.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pytest
import snowflake.connector
from backends.snowflake.tests.live.account import Account, own_schema
from backends.snowflake.tests.live.golden import Golden, golden_statements
from backends.snowflake.tests.live.here import Here, here
from backends.snowflake.tests.live.results import Result, Results, file_for
from backends.snowflake.tests.live.sent import key_of, recorded
from backends.snowflake.tests.transforms.rows import ALL, EXTREMES, known
from snowflake.connector import SnowflakeConnection
from snowflake.connector.errors import Error

from onefold.plan import Input, MapBatches
from onefold.transforms import reference
from onefold.types import schema_to_arrow
from onefold_conformance.case.files import stored_cases
from onefold_conformance.case.stored import StoredCase
from onefold_conformance.runner.run import SuiteRun
from onefold_snowflake.backend import SnowflakeBackend
from onefold_snowflake.capabilities import CAPABILITIES

pytestmark = pytest.mark.snowflake_live

NOTHING = pytest.param(None, id="none", marks=pytest.mark.skip("nothing has such a name"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each case that can run, and for each statement; without an account, reading them would be for nothing."""
    asked = metafunc.config.getoption("--snowflake-connection")
    text = metafunc.config.getoption("--snowflake-cases") or ""
    if "case" in metafunc.fixturenames:
        cases = [case for case in stored_cases() if text in case.id and _runs(case)] if asked else []
        metafunc.parametrize("case", [pytest.param(case, id=case.id) for case in cases] or [NOTHING])
    if "golden" in metafunc.fixturenames:
        texts = [each for each in golden_statements() if text in each.name] if asked else []
        metafunc.parametrize("golden", [pytest.param(each, id=each.name) for each in texts] or [NOTHING])
    if "format" in metafunc.fixturenames:
        formats = [each for each in ("arrow", "pandas", "polars") if text in f"functions/{each}"] if asked else []
        metafunc.parametrize("format", formats or [NOTHING])


def _runs(case: StoredCase) -> bool:
    return not case.is_superseded and all(CAPABILITIES.offers(name) for name in case.build().needs)


@dataclass(frozen=True, slots=True)
class Live:
    """A run of the suite on an account.

    Args:
        account: The account.
        suite: The run on it.
        connection: A connection to it, in the schema.
        here: A run on an emulator beside it.
        results: What is known.
    """

    account: Account
    suite: SuiteRun
    connection: SnowflakeConnection
    here: Here
    results: Results

    def skip_what_passed(self, name: str, key: str) -> None:
        """Skip a test that passed before with the same SQL, and say so."""
        known = self.results.of(name, key)
        if known is not None and known.outcome == "pass":
            pytest.skip(f"passed on {known.date} with the same SQL (version {known.version})")

    def note(self, name: str, key: str, outcome: str) -> None:
        """Note how something ended."""
        today = dt.datetime.now(dt.UTC).date().isoformat()
        self.results.note(name, key, Result(outcome, today, self.account.version))


@pytest.fixture(scope="session")
def live(request: pytest.FixtureRequest) -> Iterator[Live]:
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.exit("The live suite has one schema and one file of results: run it without -n.", 4)
    given = request.config.getoption("--snowflake-results")
    with contextlib.ExitStack() as held:
        account = held.enter_context(own_schema(request.config.getoption("--snowflake-connection")))
        path = file_for(account.server, given)
        results = Results(account.server) if path is None else Results.read(path, account.server)
        if path is not None:
            held.callback(results.write, path)
        tag = f"onefold live suite {account.schema}"
        options = {"connection": account.connection, "schema": account.schema, "query_tag": tag, "timeout": "10m"}
        suite = SuiteRun("snowflake", options=options, isolate=False, sample=True)
        held.enter_context(contextlib.closing(suite))
        connection = held.enter_context(
            snowflake.connector.connect(connection_name=account.connection, schema=account.schema)
        )
        yield Live(account, suite, connection, held.enter_context(here()), results)


def test_case(case: StoredCase, live: Live) -> None:
    live.skip_what_passed(case.id, live.here.key(case))
    with recorded() as texts:
        result = live.suite.run(case)
    live.note(case.id, key_of(texts), result.status)
    assert result.status == "pass", f"{result.status} ({result.variant}): {result.message}\n{case.why}"


def test_golden_statement(golden: Golden, live: Live) -> None:
    key = key_of([golden.text])
    live.skip_what_passed(golden.name, key)
    with live.connection.cursor() as cursor:
        for name, columns in golden.tables():
            cursor.execute(f'CREATE OR REPLACE TEMPORARY TABLE "{name}" ({columns})')
        try:
            cursor.describe(golden.text)
        except Error:
            live.note(golden.name, key, "fail")
            raise
    live.note(golden.name, key, "pass")


def _same(batch: Any) -> Any:
    return batch


def test_function(format: str, live: Live) -> None:
    options = {
        "connection": live.account.connection,
        "schema": live.account.schema,
        "transforms": "warehouse",
        "packages": ["cloudpickle", "pandas", "pyarrow", "polars"],
    }
    plan = MapBatches(
        input=Input(name="rows", columns=ALL),
        function=reference(_same),
        columns=ALL,
        format=format,  # type: ignore[arg-type]
    )
    table = pa.table({**EXTREMES, "x": [math.nan, -math.inf, None]}, schema=schema_to_arrow(ALL))
    with SnowflakeBackend().open(options) as session:
        found = session.execute(plan, {"rows": table}).read_all()
    assert sorted(map(str, known(found.to_pylist()))) == sorted(map(str, known(table.to_pylist())))
