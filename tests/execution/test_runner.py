"""Running: streams between engines and Python functions, read once, closed whatever happens."""

from __future__ import annotations

import gc
from typing import Any

import pyarrow as pa
import pytest
from tests.execution.fakes import Engines, engines
from tests.plan.examples import col, plain
from tests.plan.examples import named as naming

from onefold.errors import EngineError, ExchangeError, PlanError, SourceError, TransformError, UnsupportedOperation
from onefold.execution import FallbackWarning, Placement, Traffic, cancel_all, close_all, explain, prepare, run
from onefold.plan import Filter, Input, Join, Limit, MapBatches, Relation, Scan, Sort, SortKey, Table, Union
from onefold.transforms import BATCH_ROWS, reference
from onefold.types import Schema

__all__ = ["engines"]

COLUMNS = Schema.of(k="string", v="int64")
ROWS = Input(name="rows", columns=COLUMNS)
DATA = pa.table({"k": ["a", "b", "a"], "v": [1, 2, 3]})


def scan() -> Scan:
    return Scan(table=Table(name="t", format="parquet", paths=("t.parquet",), columns=COLUMNS))


def python(input: Relation, function: Any, columns: Schema = COLUMNS, format: Any = "arrow") -> MapBatches:
    return MapBatches(input=input, function=reference(function), columns=columns, format=format)


def same(batch: Any) -> Any:
    return batch


def stream(table: pa.Table = DATA) -> pa.RecordBatchReader:
    return table.to_reader(max_chunksize=1)


def test_a_plan_runs_on_the_named_engine_with_its_options(engines: Engines) -> None:
    result = run(Limit(input=scan(), count=2), engine="quick", options={"speed": 3})
    assert result.read_all().to_pydict() == {"k": ["a", "b"], "v": [1, 2]}
    assert engines.log[0] == "quick opened {'speed': 3}"


def test_sessions_are_kept_for_equal_options_and_closed_together(engines: Engines) -> None:
    for options in ({"speed": 1}, {"speed": 2}, {"speed": 1}):
        run(scan(), engine="quick", options=options).read_all()
    assert engines.log.count("quick opened {'speed': 1}") == 1
    close_all()
    assert engines.log.count("quick session closed") == 2
    run(scan(), engine="quick").read_all()
    assert engines.log.count("quick opened {}") == 1


def test_python_between_two_engines(engines: Engines) -> None:
    def doubled(batch: pa.Table) -> pa.Table:
        return batch.set_column(1, "v", pa.array([2 * v for v in batch["v"].to_pylist()]))

    root = Sort(input=python(Limit(input=ROWS, count=2), doubled), keys=(SortKey(column="v"),))
    with pytest.warns(FallbackWarning):
        result = run(root, inputs={"rows": DATA}, engine="small", fallback="quick")
    assert result.read_all().to_pydict() == {"k": ["a", "b"], "v": [2, 4]}
    assert [entry for entry in engines.log if "executes" in entry] == ["small executes limit", "quick executes sort"]


def test_without_fallback_nothing_is_opened(engines: Engines) -> None:
    with pytest.raises(UnsupportedOperation):
        run(Sort(input=scan(), keys=(SortKey(column="v"),)), engine="small", fallback=None)
    assert engines.log == []


def test_a_result_that_is_read_in_two_places_is_kept(engines: Engines) -> None:
    calls: list[int] = []

    def counted(batch: pa.Table) -> pa.Table:
        calls.append(batch.num_rows)
        return batch

    shared = python(scan(), counted)
    root = Union(relations=(shared, Limit(input=shared, count=2), shared))
    assert run(root, engine="quick").read_all()["v"].to_pylist() == [1, 2, 3, 1, 2, 1, 2, 3]
    assert calls == [3]


def test_a_bound_stream_that_is_read_in_two_places_is_kept(engines: Engines) -> None:
    joined = Join(left=ROWS, right=ROWS, left_on=("k",), right_on=("k",))
    assert run(joined, inputs={"rows": stream()}, engine="quick").read_all()["v_right"].to_pylist() == [1, 3, 2, 1, 3]
    through_shared = Limit(input=ROWS, count=2)
    both = Union(relations=(through_shared, through_shared))
    assert run(both, inputs={"rows": stream()}, engine="quick").read_all()["v"].to_pylist() == [1, 2, 1, 2]


def test_a_bound_stream_that_two_stages_read_is_kept(engines: Engines) -> None:
    root = Join(left=ROWS, right=python(ROWS, same), left_on=("v",), right_on=("v",))
    assert run(root, inputs={"rows": stream()}, engine="quick").read_all()["v"].to_pylist() == [1, 2, 3]


def test_a_stream_is_pulled_only_as_far_as_it_is_read(engines: Engines) -> None:
    pulled: list[int] = []

    def batches() -> Any:
        for number in range(1000):
            pulled.append(number)
            yield pa.record_batch({"k": ["a"], "v": [number]})

    reader = pa.RecordBatchReader.from_batches(pa.schema([("k", pa.string()), ("v", pa.int64())]), batches())
    result = run(Limit(input=ROWS, count=500), inputs={"rows": reader}, engine="quick")
    assert next(result)["v"].to_pylist() == [0]
    assert len(pulled) < 10


def test_inputs_are_normalised_and_checked(engines: Engines) -> None:
    odd = pa.table(
        {"extra": [0.5] * 2, "v": pa.array([1, 2], pa.uint8()), "k": pa.array(["a", "b"]).dictionary_encode()}
    )
    for data in (odd, odd.to_reader()):
        result = run(ROWS, inputs={"rows": data}, engine="quick").read_all()
        assert result.schema.types == [pa.string(), pa.int64()]
    for data in (DATA.drop_columns(["v"]), DATA.drop_columns(["v"]).to_reader()):
        with pytest.raises(SourceError, match="'rows' has no column 'v'"):
            run(ROWS, inputs={"rows": data}, engine="quick")
    with pytest.raises(SourceError, match="without loss"):
        run(ROWS, inputs={"rows": pa.table({"k": ["a"], "v": [0.5]})}, engine="quick")
    with pytest.raises(PlanError, match=r"No data is bound to the input 'rows'. Did you mean 'row'"):
        run(ROWS, inputs={"row": DATA}, engine="quick")


def test_negative_zero_and_nan_are_made_one_also_in_tables(engines: Engines) -> None:
    rows = Input(name="rows", columns=Schema.of(f="float64"))
    result = run(rows, inputs={"rows": pa.table({"f": [-0.0]})}, engine="quick").read_all()
    assert str(result["f"][0].as_py()) == "0.0"


def test_two_inputs_of_one_name_have_the_same_columns(engines: Engines) -> None:
    other = Input(name="rows", columns=Schema.of(k="string"))
    root = Join(left=ROWS, right=other, left_on=("k",), right_on=("k",), how="semi")
    with pytest.raises(PlanError, match="Two inputs of different columns are named 'rows'"):
        run(root, inputs={"rows": DATA}, engine="quick")


def test_everything_is_closed_at_the_end(engines: Engines) -> None:
    run(Limit(input=python(scan(), same), count=3), engine="quick").read_all()
    assert sorted(entry for entry in engines.log if "closed" in entry) == ["quick closed limit", "quick closed scan"]


@pytest.mark.parametrize("read_first", [True, False])
def test_everything_is_closed_when_the_result_is_dropped_early(engines: Engines, read_first: bool) -> None:
    result = run(Limit(input=python(scan(), same), count=3), engine="quick")
    if read_first:
        next(result)
        assert "quick closed limit" not in engines.log
    del result
    gc.collect()
    if read_first:
        assert sorted(entry for entry in engines.log if "closed" in entry) == [
            "quick closed limit",
            "quick closed scan",
        ]
    assert not any("cancelled" in entry for entry in engines.log), "dropping a result is no failure"


def failing(engines: Engines, error: BaseException, *, after: int = 1) -> pa.RecordBatchReader:
    """Return a result whose stages fail when they are read to that row."""
    job = prepare(Limit(input=python(scan(), same), count=3), engine="quick")
    result = job.start()
    engines.backends["quick"].sessions[-1].fails = (after, error)
    return result


def test_an_engine_that_fails_midway_is_closed_and_other_work_goes_on(engines: Engines) -> None:
    with pytest.raises(EngineError, match=r"engine 'quick' failed in stage \d: OSError: the engine broke"):
        failing(engines, OSError("the engine broke")).read_all()
    gc.collect()
    assert sum("closed" in entry for entry in engines.log) == 2
    assert not any("cancelled" in entry for entry in engines.log)


def test_ctrl_c_cancels_what_the_engines_run(engines: Engines) -> None:
    with pytest.raises(KeyboardInterrupt):
        failing(engines, KeyboardInterrupt()).read_all()
    gc.collect()
    assert "quick cancelled" in engines.log
    assert sum("closed" in entry for entry in engines.log) == 2


def test_an_error_from_below_is_not_hidden_by_the_engine_that_reads_it(engines: Engines) -> None:
    result = run(Limit(input=python(scan(), failing_line), count=3), engine="quick")
    engines.backends["quick"].sessions[-1].hides_errors = True
    with pytest.raises(TransformError, match="the user's own line") as caught:
        result.read_all()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_stage_that_can_not_start_leaves_nothing_open(engines: Engines) -> None:
    shared = python(ROWS, same)
    root = Join(
        left=Union(relations=(shared, shared)),
        right=Input(name="missing", columns=COLUMNS),
        left_on=("k",),
        right_on=("k",),
    )
    with pytest.raises(PlanError, match="missing") as caught:
        run(root, inputs={"rows": stream()}, engine="quick")
    # Its traceback is alive here: streams must not live on in it.
    assert caught.value.__traceback__ is not None
    assert engines.log == ["quick opened {}", "quick executes input", "quick closed input"]


def test_when_a_stage_fails_the_streams_of_the_others_are_closed(engines: Engines) -> None:
    """Though the job knows the error, whose traceback refers to them."""
    on_small = Limit(input=ROWS, count=3)
    root = Union(relations=(Limit(input=on_small, count=1), python(scan(), failing_line)))
    place = dict[Relation, Placement]({on_small: Placement("small")}).get
    job = prepare(root, inputs={"rows": stream()}, engine="quick", place=place)
    with pytest.raises(TransformError) as caught:
        job.start().read_all()
    assert caught.value.__traceback__ is not None
    assert any(traffic.failure is not None for traffic in job.traffic.values())
    assert {"small closed limit", "quick closed union", "quick closed scan"} <= set(engines.log)


def test_traffic_is_counted_per_stage(engines: Engines) -> None:
    seen: list[int] = []

    def watch(traffic: Traffic) -> None:
        seen.append(traffic.rows)

    job = prepare(Limit(input=python(scan(), same), count=2), engine="quick")
    job.start(watch).read_all()
    assert seen == [1, 2]
    assert job.traffic[2].rows == 2
    assert job.traffic[2].done
    assert job.traffic[2].bytes > 0
    text = str(explain(job))
    assert "stage 1 on python (runs the Python function 'same'), reads stage 0: 3 rows" in text
    assert "native query:" in text
    assert "quick QUERY limit" in text


def test_explain_runs_nothing_and_shows_plans_that_can_not_run(engines: Engines) -> None:
    job = prepare(
        Filter(input=Input(name="rows", columns=Schema.of(late="bool")), predicate=col("late")), engine="quick"
    )
    explanation = explain(job, queries=False)
    assert "QUERY" not in str(explanation)
    assert "quick QUERY filter" in explanation._repr_html_()
    assert not any("executes" in entry for entry in engines.log)


def test_html_is_escaped(engines: Engines) -> None:
    rows = Input(name="<script>alert(1)</script>", columns=COLUMNS)
    assert "<script>" not in explain(prepare(rows, engine="quick"))._repr_html_()


def test_cancelling_reaches_every_session(engines: Engines) -> None:
    run(scan(), engine="quick").read_all()
    run(scan(), engine="small").read_all()
    cancel_all()
    assert {"quick cancelled", "small cancelled"} <= set(engines.log)


# Python functions


def failing_line(batch: pa.Table) -> pa.Table:
    values = batch["v"].to_pylist()
    wanted = [1 / (value - 2) for value in values]  # the user's own line
    return batch.append_column("w", pa.array(wanted))


def helper(batch: pa.Table) -> pa.Table:
    return batch["no such column"]


def calls_a_helper(batch: pa.Table) -> pa.Table:
    return helper(batch)


def test_an_error_of_a_function_shows_the_users_own_line(engines: Engines) -> None:
    with pytest.raises(TransformError) as caught:
        run(python(scan(), failing_line), engine="quick").read_all()
    text = str(caught.value)
    assert "The transform 'failing_line' failed: ZeroDivisionError" in text
    assert "1 / (value - 2) for value in values]  # the user's own line" in text
    assert "test_runner.py" in text
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_an_error_below_the_function_shows_the_last_line_of_the_users_file(engines: Engines) -> None:
    with pytest.raises(TransformError, match=r'in helper\n    return batch\["no such column"\]'):
        run(python(scan(), calls_a_helper), engine="quick").read_all()


@pytest.mark.parametrize(
    ("result", "error", "message"),
    [
        (None, ExchangeError, "returned NoneType; it has to return a table"),
        ({"k": [1]}, ExchangeError, "returned dict"),
        (DATA.drop_columns(["v"]), ExchangeError, r"missing \['v'\]"),
        (DATA.append_column("w", pa.array([1, 2, 3])), ExchangeError, r"unexpected \['w'\]"),
        (DATA.set_column(1, "v", pa.array(["a", "b", "c"])), ExchangeError, "'v' has the Arrow type string"),
    ],
    ids=["nothing", "a mapping", "a column too few", "a column too many", "another type"],
)
def test_a_function_returns_what_it_declares(
    engines: Engines, result: Any, error: type[Exception], message: str
) -> None:
    def odd(batch: pa.Table) -> Any:
        return result

    with pytest.raises(error, match=message):
        run(python(scan(), odd), engine="quick").read_all()


@pytest.mark.parametrize("format", ["arrow", "polars", "pandas"])
def test_functions_get_the_format_they_ask_for(engines: Engines, format: str) -> None:
    seen: list[str] = []

    def look(batch: Any) -> Any:
        seen.append(type(batch).__module__.split(".")[0])
        return batch

    assert run(python(scan(), look, format=format), engine="quick").read_all().to_pydict() == DATA.to_pydict()
    assert set(seen) == {"pyarrow" if format == "arrow" else format}


def test_mixed_objects_of_pandas_are_refused(engines: Engines) -> None:
    def mixed(frame: Any) -> Any:
        return frame.assign(k=[1, "a", b"b"][: len(frame)])

    with pytest.raises(ExchangeError, match="Arrow can not hold"):
        run(python(scan(), mixed, format="pandas"), engine="quick").read_all()


@pytest.mark.parametrize("sizes", [[1] * 10, [BATCH_ROWS * 2 + 5], [BATCH_ROWS - 1, 1, 1], [0, 3, 0], [0], []])
def test_batches_are_cut_anew(engines: Engines, sizes: list[int]) -> None:
    seen: list[int] = []

    def look(batch: pa.Table) -> pa.Table:
        seen.append(batch.num_rows)
        return batch

    values = iter(range(sum(sizes)))
    batches = [pa.record_batch({"v": pa.array([next(values) for _ in range(size)], pa.int64())}) for size in sizes]
    reader = pa.RecordBatchReader.from_batches(pa.schema([("v", pa.int64())]), batches)
    from onefold.transforms import run_transform

    node = python(Input(name="r", columns=Schema.of(v="int64")), look, Schema.of(v="int64"))
    result = run_transform(node, reader).read_all()
    assert result["v"].to_pylist() == list(range(sum(sizes)))
    assert sum(seen) == sum(sizes)
    assert all(size == BATCH_ROWS for size in seen[:-1])
    assert all(0 < size <= BATCH_ROWS for size in seen[-1:]) or sizes in ([0], [])


def test_columns_renamed_by_a_plan_reach_the_function_under_their_new_names(engines: Engines) -> None:
    from onefold.plan import Project

    def look(batch: pa.Table) -> pa.Table:
        assert batch.column_names == ["w", "k"]
        return batch

    shaped = Project(input=scan(), columns=(naming("w", col("v")), *plain("k")))
    result = run(python(shaped, look, Schema.of(w="int64", k="string")), engine="quick").read_all()
    assert result.column_names == ["w", "k"]
