"""Directories that are written whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from onefold.errors import ConfigurationError, PlanError
from onefold.plan import Sink
from onefold.session.moving import write_directory

COLUMNS = pa.schema([("k", pa.string()), ("n", pa.int64())])


def files(**content: int) -> Callable[[Path], None]:
    """Return what writes files of one row, each into the partition of its name."""

    def write(staging: Path) -> None:
        for name, number in content.items():
            place = staging / f"k={name}"
            place.mkdir(parents=True)
            pq.write_table(pa.table({"n": [number]}), place / f"{number}.parquet")

    return write


def sink(path: Path, mode: str = "overwrite_partitions", partition_by: tuple[str, ...] = ("k",)) -> Sink:
    return Sink(format="parquet", path=str(path), mode=mode, partition_by=partition_by)  # type: ignore[arg-type]


def tree(path: Path) -> list[str]:
    return sorted(str(place.relative_to(path)) for place in path.rglob("*"))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A directory with the partitions a and b."""
    target = tmp_path / "out"
    write_directory(sink(target, "error"), COLUMNS, files(a=1, b=2))
    return target


@pytest.mark.parametrize(
    ("mode", "left"),
    [
        ("overwrite", ["k=b", "k=b/3.parquet", "k=c", "k=c/4.parquet"]),
        ("append", ["k=a", "k=a/1.parquet", "k=b", "k=b/2.parquet", "k=b/3.parquet", "k=c", "k=c/4.parquet"]),
        ("overwrite_partitions", ["k=a", "k=a/1.parquet", "k=b", "k=b/3.parquet", "k=c", "k=c/4.parquet"]),
    ],
)
def test_modes(target: Path, mode: str, left: list[str]) -> None:
    write_directory(sink(target, mode), COLUMNS, files(b=3, c=4))
    assert tree(target) == left
    assert [path.name for path in target.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("mode", ["overwrite", "append", "overwrite_partitions"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_whatever_move_fails_all_are_taken_back(
    target: Path, mode: str, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rename, done = tree(target), Path.rename, 0
    for last in range(100):
        moved = 0

        def failing(place: Path, to: Path, last: int = last) -> Path:
            nonlocal moved
            moved += 1
            if moved == last + 1:
                raise error("now")
            return rename(place, to)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "rename", failing)
            try:
                write_directory(sink(target, mode), COLUMNS, files(b=3, c=4))
            except (KeyboardInterrupt, ConfigurationError):
                done += 1
            else:
                break
        assert tree(target) == before
        assert [path.name for path in target.parent.iterdir()] == ["out"]
    assert done == {"overwrite": 2, "append": 2, "overwrite_partitions": 3}[mode]  # each of the moves has failed once


def test_an_interrupt_right_after_a_move(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, rename = tree(target), Path.rename

    def interrupted(place: Path, to: Path) -> Path:
        rename(place, to)
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_directory(sink(target), COLUMNS, files(b=3, c=4))
    assert tree(target) == before


def test_others_who_write_at_the_same_time_are_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "out"

    def write(staging: Path) -> None:
        files(a=1)(staging)
        files(b=2)(target)

    with pytest.raises(ConfigurationError, match="exists already"):
        write_directory(sink(target, "error"), COLUMNS, write)
    assert tree(target) == ["k=b", "k=b/2.parquet"]
    with pytest.raises(ConfigurationError, match="is there already"):
        write_directory(sink(target, "append"), COLUMNS, files(b=2))
    assert tree(target) == ["k=b", "k=b/2.parquet"]


VALUES: list[tuple[pa.DataType, Any, list[str]]] = [
    (pa.string(), "a b/é%", ["a b%2Fé%25", "a%20b%2F%C3%A9%25"]),
    (pa.bool_(), True, ["true", "True"]),
    (pa.int64(), -5, ["-5"]),
    (pa.float64(), 1.0, ["1", "1.0"]),
    (pa.float64(), 1e20, ["1e%2B20", "1.0E20"]),
    (pa.float64(), float("nan"), ["nan", "NaN"]),
    (pa.float64(), float("-inf"), ["-inf", "-Infinity"]),
    (pa.decimal128(10, 2), Decimal("1.50"), ["1.50", "1.5"]),
    (pa.date32(), dt.date(2024, 1, 2), ["2024-01-02"]),
    (pa.timestamp("us"), dt.datetime.fromisoformat("2024-01-02T03:04:05"), ["2024-01-02 03%3A04%3A05", "2024-01-02%2003%3A04%3A05.000000"]),
    (
        pa.timestamp("us", "UTC"),
        dt.datetime(2024, 1, 2, 3, 4, 5, 500_000, tzinfo=dt.UTC),
        ["2024-01-02 03%3A04%3A05.5", "2024-01-02%2003%3A04%3A05.500000Z", "2024-01-02%2003%3A04%3A05.5%2B00"],
    ),
    (pa.string(), None, ["__HIVE_DEFAULT_PARTITION__"]),
]  # fmt: skip


@pytest.mark.parametrize(("dtype", "value", "names"), VALUES, ids=str)
def test_a_partition_is_known_by_its_value_and_not_by_its_name(
    tmp_path: Path, dtype: pa.DataType, value: Any, names: list[str]
) -> None:
    """The names are those that DuckDB, Arrow and Spark give to one value."""
    target = tmp_path / "out"
    for name in names:
        files(**{name: 1})(target)
    table = pa.table({"k": pa.array([value], dtype), "n": [2]})

    def write(staging: Path) -> None:
        by = ds.partitioning(pa.schema([table.schema.field("k")]), flavor="hive")
        ds.write_dataset(table, staging, format="parquet", partitioning=by)

    write_directory(sink(target), table.schema, write)
    (file,) = target.rglob("*.parquet")
    assert pq.read_table(file, partitioning=None)["n"].to_pylist() == [2]


@pytest.mark.parametrize(
    ("entry", "partition_by"),
    [("k=a/g=1/x.parquet", ("k",)), ("g=1/x.parquet", ("k",)), ("x.parquet", ("k",)), ("k=a/x.parquet", ()), ("k=a/x.parquet", ("n",))],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["append", "overwrite_partitions"])
def test_what_is_partitioned_in_another_way(
    tmp_path: Path, mode: str, entry: str, partition_by: tuple[str, ...]
) -> None:
    if mode == "overwrite_partitions" and not partition_by:
        with pytest.raises(PlanError, match="needs the columns of the partitions"):
            sink(tmp_path, mode, ())
        return
    place = tmp_path / "out" / entry
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    with pytest.raises(ConfigurationError, match="its files are not partitioned by"):
        write_directory(sink(tmp_path / "out", mode, partition_by), COLUMNS, files(a=1))
    assert place.read_text() == "mine"


def test_notes_beside_the_files_are_no_partitions(target: Path) -> None:
    for name in ("_SUCCESS", "._SUCCESS.crc", ".hidden"):
        (target / name).write_text("")
    write_directory(sink(target), COLUMNS, files(a=5))
    assert {"_SUCCESS", ".hidden", "k=a/5.parquet", "k=b/2.parquet"} < set(tree(target))


def test_values_that_are_written_in_no_one_way(tmp_path: Path) -> None:
    columns = pa.schema([("k", pa.binary()), ("n", pa.int64())])
    with pytest.raises(ConfigurationError, match="each in its own way"):
        write_directory(sink(tmp_path / "out"), columns, files(a=1))
    with pytest.raises(ConfigurationError, match="All columns are partitions"):
        write_directory(sink(tmp_path / "out", partition_by=("k", "n")), COLUMNS, files(a=1))
    assert list(tmp_path.iterdir()) == []
