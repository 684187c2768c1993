"""What is repeated after something went wrong on the way, and what is not; Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest

from onefold.errors import EngineError
from onefold.plan import AggCall, Aggregate, Column, Input, Join, Measure, Relation, Sink
from onefold.types import Schema
from onefold_snowflake_emulator import Emulator

LEAF = Input(name="rows", columns=Schema.of(k="int64"))


def rows(count: int) -> pa.Table:
    return pa.table({"k": pa.array(range(count), pa.int64())})


def append(session: Any, data: Any) -> int:
    sink = Sink(format="table", path="kept", mode="append")
    ((report,),) = zip(session.execute(LEAF, {"rows": data}, sink=sink).read_all().to_pylist(), strict=True)
    return int(report["rows"])


@pytest.mark.parametrize("late", [False, True])
def test_a_write_that_is_sent_again_is_done_once(
    server: Emulator, opened: Callable[..., Any], run: Callable[[str], list[Any]], late: bool
) -> None:
    session = opened()
    run("CREATE TABLE kept (k NUMBER(38, 0))")
    for _ in range(2):
        server.fail_next((502, 503), late=late)
        assert append(session, rows(2)) == 2
    assert run("SELECT COUNT(*) FROM kept") == [(4,)]


def test_what_snowflake_says_is_wrong_is_not_tried_again(server: Emulator, opened: Callable[..., Any]) -> None:
    session = opened()
    server.statements.clear()
    with pytest.raises(EngineError, match="Division by zero"), session._connected() as connection:
        connection.rows("SELECT 1 / 0")
    assert [statement.text for statement in server.statements] == ["SELECT 1 / 0"]


def test_a_run_is_not_begun_again_when_its_session_ends_in_the_middle(
    server: Emulator, opened: Callable[..., Any], run: Callable[[str], list[Any]]
) -> None:
    """Its temporary tables are gone, and what it has done already might be done twice."""
    session = opened(inline_limit=0)
    run("CREATE TABLE kept (k NUMBER(38, 0))")

    def batches() -> Iterator[pa.RecordBatch]:
        for _ in range(3):
            yield from rows(2).to_batches()
        made.extend(statement.text for statement in server.statements)
        server.expire_sessions(master=True)

    made: list[str] = []
    server.statements.clear()
    with pytest.raises(EngineError, match=r"the session in Snowflake is over.* Run it again"):
        append(session, pa.RecordBatchReader.from_batches(rows(0).schema, batches()))
    assert made == [statement.text for statement in server.statements]
    assert [text.split()[:3] for text in made] == [["CREATE", "TEMPORARY", "TABLE"], ["CREATE", "TEMPORARY", "STAGE"]]
    assert append(session, rows(3)) == 3


def test_ctrl_c_stops_the_statement_in_snowflake(server: Emulator, opened: Callable[..., Any]) -> None:
    product: Relation = LEAF
    for number in range(4):
        product = Join(left=product, right=LEAF, how="cross", suffix=f"_{number}")
    last = Column(name=[name for name in product.output.names if name != "k"][-1])
    endless = Aggregate(
        input=product, measures=(Measure(name="n", call=AggCall(function="count_distinct", args=(last,))),)
    )
    session = opened()
    server.statements.clear()

    def interrupt() -> None:
        while not server.statements:
            time.sleep(0.01)
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        session.execute(endless, {"rows": rows(300)}).read_all()
    thread.join()
    while server.statements[0].seconds is None:
        assert time.monotonic() - began < 20
        time.sleep(0.01)
    assert server.statements[0].error is not None
    assert session.execute(LEAF, {"rows": rows(2)}).read_all().num_rows == 2
