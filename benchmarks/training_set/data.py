"""Generated events and spines: skewed keys, 180 days, a few missing amounts, spine rows at the very time of an event."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["Dataset", "Shape", "generate"]

START: Final = 1_735_689_600_000_000  # 2025-01-01T00:00Z
DAY: Final = 86_400_000_000
SPAN: Final = 180 * DAY
ROW_GROUP: Final = 122_880
_CHUNK: Final = 40 * ROW_GROUP
_INSTANT: Final = pa.timestamp("us", tz="UTC")
_EVENTS: Final = pa.schema(
    [
        ("entity_id", pa.int64()),
        ("ts", _INSTANT),
        ("amount", pa.float64()),
        ("score", pa.float64()),
        ("category", pa.int64()),
    ]
)

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shape:
    """What determines the data, to the last bit.

    Args:
        events: How many events.
        spine: How many spine rows.
        keys: How many entities; the k-th most frequent has a share proportional to ``k ** -skew``.
        seed: Of the random numbers.
        skew: The exponent of Zipf's law; 0 for equal shares.
        nulls: The share of events without an amount.
        heavy: The share of one entity more, which the others share the rest of; 0 for none.
    """

    events: int
    spine: int
    keys: int = 100_000
    seed: int = 1
    skew: float = 1.0
    nulls: float = 0.03
    heavy: float = 0.0


@dataclass(frozen=True, slots=True)
class Dataset:
    """Where the generated files are."""

    shape: Shape
    events: Path
    spine: Path


class _Entities:
    """Draws entity ids: the frequent ones are spread over the whole range of ids."""

    def __init__(self, shape: Shape, random: np.random.Generator) -> None:
        self._ids = random.permutation(shape.keys).astype(np.int64) * 7 + 11
        shares = np.arange(1, shape.keys + 1, dtype=np.float64) ** -shape.skew
        if shape.heavy:
            shares = np.append(shares * ((1 - shape.heavy) / shares.sum()), shape.heavy)
            self._ids = np.append(self._ids, 5)
        self._cumulated = np.cumsum(shares / shares.sum())
        self._cumulated[-1] = 1.0
        self._random = random

    def draw(self, count: int) -> Ints:
        return self._ids[np.searchsorted(self._cumulated, self._random.random(count), side="right")]


def generate(shape: Shape, folder: Path) -> Dataset:
    """Return the dataset of this shape in a folder, made unless it is there already.

    Events lie in the file in the order of time, as logs do. All event times differ, so that "the last amount" means
    the same to every tool. A fifth of the spine rows are at exactly the key and time of an event (which must not
    count); the others are spread over the last 120 days, and one in a hundred of them is of an entity without events.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{shape.events}x{shape.spine}-keys{shape.keys}-skew{shape.skew:g}-nulls{shape.nulls:g}-seed{shape.seed}"
    name += f"-heavy{shape.heavy:g}" if shape.heavy else ""
    dataset = Dataset(shape, folder / f"events-{name}.parquet", folder / f"spine-{name}.parquet")
    # Written last, so that files of an interrupted run are not taken for data.
    done = folder / f"{name}.json"
    if not done.exists():
        _write(dataset)
        done.write_text(json.dumps(asdict(shape)) + "\n")
    return dataset


def _write(dataset: Dataset) -> None:
    shape = dataset.shape
    random = np.random.default_rng(shape.seed)
    entities = _Entities(shape, random)
    at_events: list[tuple[Ints, Ints]] = []
    with pq.ParquetWriter(dataset.events, _EVENTS, compression="snappy") as writer:
        for first in range(0, shape.events, _CHUNK):
            count = min(_CHUNK, shape.events - first)
            low = START + SPAN * first // shape.events
            high = START + SPAN * (first + count) // shape.events
            # Adding 0, 1, 2, ... microseconds makes sorted times distinct.
            ts = np.sort(random.integers(low, high - count, count)) + np.arange(count)
            ids = entities.draw(count)
            amounts = np.round(np.exp(random.normal(3.0, 1.5, count)), 2)
            columns = [
                pa.array(ids),
                pa.array(ts).cast(_INSTANT),
                pa.array(amounts, mask=random.random(count) < shape.nulls),
                pa.array(random.normal(0.0, 1.0, count)),
                pa.array(random.integers(0, 1000, count)),
            ]
            writer.write_table(pa.table(columns, schema=_EVENTS), row_group_size=ROW_GROUP)
            picked = random.choice(count, shape.spine * count // (5 * shape.events), replace=False)
            at_events.append((ids[picked], ts[picked]))
    _write_spine(dataset, random, entities, at_events)


def _write_spine(
    dataset: Dataset, random: np.random.Generator, entities: _Entities, at_events: list[tuple[Ints, Ints]]
) -> None:
    total = dataset.shape.spine
    others = total - sum(len(ids) for ids, _ in at_events)
    drawn = entities.draw(others)
    unknown = random.random(others) < 0.01
    drawn[unknown] = -drawn[unknown]
    times = random.integers(START + 60 * DAY, START + SPAN, others)
    ids = np.concatenate([*(ids for ids, _ in at_events), drawn])
    ts = np.concatenate([*(ts for _, ts in at_events), times])
    order = random.permutation(total)
    table = pa.table(
        {
            "row": pa.array(np.arange(total, dtype=np.int64)),
            "entity_id": pa.array(ids[order]),
            "ts": pa.array(ts[order]).cast(_INSTANT),
        }
    )
    pq.write_table(table, dataset.spine, compression="snappy", row_group_size=ROW_GROUP)
