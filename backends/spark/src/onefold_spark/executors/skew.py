"""Keys with very many rows, cut in time into pieces that executors compute side by side.

A piece is a span of time: the rows of the spine in it, and the events that they can see, which begin as long before it
as the longest window reaches back. Pieces are at least as long as that, so that no event is read more than twice.

Only windows with a start can be cut like that. What reaches back without an end (lifetime windows, the last n rows, as-of
joins without a greatest age) needs all events before a row: pieces of it would each read the whole past, and the last
one would be no smaller than the key. Such a key stays whole, on one executor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyspark.sql.types import LongType, StructField, StructType

from onefold.kernel import TemporalNode
from onefold.kernel.events import seen
from onefold.types import INT64, Field
from onefold_spark.executors.frames import key_text, united
from onefold_spark.executors.timeline import Part
from onefold_spark.schemas import spark_type

__all__ = ["HeavyKey", "Piece", "cut", "cut_keys", "heavy_keys"]

MOST_KEYS = 64
"""How many keys are cut at most: those with most rows."""

MOST_PIECES = 32
"""Into how many pieces a key is cut at most."""

SAMPLED = 0.02
"""The share of rows that is looked at to find such keys."""

FIRST, LAST = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of time of one key.

    Args:
        key: The values of the key.
        number: The number of the piece, from 1.
        start: The first instant of its rows of the spine, in microseconds.
        end: The last one.
        first: The time of the first event that these can see.
        last: The time of the last one.
    """

    key: tuple[Any, ...]
    number: int
    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class HeavyKey:
    """A key with very many rows.

    Args:
        key: Its values.
        times: Instants in microseconds that cut its rows into parts of about one size.
    """

    key: tuple[Any, ...]
    times: tuple[int, ...]


def heavy_keys(parts: Sequence[Part], share: float) -> list[HeavyKey]:
    """Return the keys with more than a share of all rows, from a sample of them.

    Args:
        parts: The sides to look at, each with its clock.
        share: The share of all rows that a key is cut for, and that pieces should have.
    """
    rows = []
    for part in parts:
        key = ", ".join(f"'k{number}', {value}" for number, value in enumerate(_keys(part)))
        rows.append(part.frame.selectExpr(f"named_struct({key}) AS key", f"{part.clock} AS time"))
    sample = united(rows).where("time IS NOT NULL").sample(SAMPLED)
    places = ", ".join(str(number / MOST_PIECES) for number in range(1, MOST_PIECES))
    found = sample.sparkSession.sql(
        f"""SELECT key, grouping(key) AS everything, count(*) AS number, percentile_approx(time, array({places})) AS times
        FROM {{sample}} GROUP BY ROLLUP (key) ORDER BY everything DESC, number DESC LIMIT {MOST_KEYS + 1}""",
        sample=sample,
    ).collect()
    heavy = []
    for row in found[1:]:
        wanted = min(MOST_PIECES, round(row["number"] / found[0]["number"] / share))
        if wanted > 1 and None not in row["key"]:
            times = [row["times"][MOST_PIECES * number // wanted - 1] for number in range(1, wanted)]
            heavy.append(HeavyKey(tuple(row["key"]), tuple(times)))
    return heavy


def cut_keys(nodes: Sequence[TemporalNode], heavy: Sequence[HeavyKey]) -> list[Piece]:
    """Return the pieces of keys; none of a key that is too short for its windows.

    Args:
        nodes: The nodes; all their windows have a start.
        heavy: The keys.
    """
    found: list[Piece] = []
    for one in heavy:
        cuts = list(_cuts(nodes, one.times))
        starts, ends = [FIRST, *cuts], [*(time - 1 for time in cuts), LAST]
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
            first = FIRST if start == FIRST else max(FIRST, _first(nodes, start))
            last = LAST if end == LAST else seen(nodes, (end, end))[1]
            found.append(Piece(one.key, number, start, end, first, last))
    return found


def _cuts(nodes: Sequence[TemporalNode], times: Sequence[int]) -> Iterator[int]:
    """Yield times that are further apart than any window reaches back."""
    last = None
    for time in times:
        if last is None or _first(nodes, time) >= last:
            yield time
            last = time


def _first(nodes: Sequence[TemporalNode], time: int) -> int:
    first = seen(nodes, (time, time))[0]
    assert first is not None
    return first


def cut(part: Part, found: Sequence[Piece], *, events: bool, name: str) -> Part:
    """Return the rows of a side with one more key, the number of their piece; 0 for keys that are whole.

    Args:
        part: The side, with its clock.
        found: All pieces.
        events: Whether the rows are events, which come out once for each piece that can see them.
        name: What the key is called.
    """
    names = [f"p{number}" for number in range(len(part.keys))]
    types = [spark_type(part.fields[at].dtype) for at in part.keys]
    columns = [*zip(names, types, strict=True), *((name, LongType()) for name in ("piece", "since", "until"))]
    rows = [
        (*piece.key, piece.number, *((piece.first, piece.last) if events else (piece.start, piece.end)))
        for piece in found
    ]
    schema = StructType([StructField(name, dtype) for name, dtype in columns])
    spark = part.frame.sparkSession
    table = spark.createDataFrame(rows, schema).hint("broadcast")
    same = [f"{key} = {name}" for name, key in zip(names, _keys(part), strict=True)]
    at = len(part.fields)
    own = ", ".join(f"c{number}" for number in range(at))
    joined = spark.sql(
        f"""SELECT {own}, coalesce(piece, 0L) AS c{at} FROM {{rows}} LEFT JOIN {{pieces}}
        ON {" AND ".join(same)} AND {part.clock} BETWEEN since AND until""",
        rows=part.frame,
        pieces=table,
    )
    return replace(
        part,
        frame=joined,
        fields=(*part.fields, Field(name, INT64, False)),
        keys=(*part.keys, at),
    )


def _keys(part: Part) -> list[str]:
    return [key_text(at, part.fields[at]) for at in part.keys]
