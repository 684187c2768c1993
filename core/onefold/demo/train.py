"""A small model of late arrivals: trained on the first nine months of 2013, scored on the last three.

It is scored twice: once with what the timetable alone says, once with the features as well. The training set is the
folder of Parquet files that `onefold training-set` wrote:

    python train.py training
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

__all__ = ["LABEL", "TIMETABLE", "columns_of", "matrix", "score"]

LABEL = "late"
TIMETABLE = ("carrier", "origin", "dest", "distance", "local_hour", "weekday")
"""What is known without any feature."""

NO_INPUT = ("scheduled_at", "flight", "tailnum", "month", LABEL)
"""Columns of the spine that the model never sees: times, names, the split, and the label itself."""


def columns_of(table: pa.Table) -> tuple[str, ...]:
    """Return the columns that the model can use: the timetable and all features."""
    return tuple(name for name in table.column_names if name not in NO_INPUT)


def matrix(table: pa.Table, columns: Sequence[str]) -> tuple[npt.NDArray[np.float64], list[int]]:
    """Return columns as numbers, nulls as NaN, and which of them are categories.

    Text becomes the number of its value in alphabetical order. Of a list of numbers, the mean is taken; of a list by
    carrier, the entry of the flight's own carrier.
    """
    made, categories = [], []
    for position, name in enumerate(columns):
        column = table[name].combine_chunks()
        if pa.types.is_string(column.type):
            known = pa.array(sorted(value for value in column.unique().to_pylist() if value is not None))
            column = pc.index_in(column, value_set=known)
            categories.append(position)
        elif pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type):
            column = _own_entry(column, table["carrier"].combine_chunks())
        elif pa.types.is_list(column.type):
            column = _means(column)
        made.append(pc.fill_null(column.cast("float64"), float("nan")).to_numpy(zero_copy_only=False))
    return np.column_stack(made), categories


def _own_entry(lists: pa.ListArray, keys: pa.Array) -> pa.Array:
    """Return from each list of keys and values the value of the row's own key; null when it has none."""
    rows, entries = pc.list_parent_indices(lists), lists.flatten()
    own = pc.equal(pc.struct_field(entries, "key"), keys.take(rows))
    values = np.full(len(lists), np.nan)
    values[rows.filter(own).to_numpy()] = pc.struct_field(entries, "value").filter(own).to_numpy(zero_copy_only=False)
    return pa.array(values)


def _means(lists: pa.ListArray) -> pa.Array:
    """Return the mean of each list; NaN when it is null or empty."""
    rows, values = pc.list_parent_indices(lists).to_numpy(), lists.flatten().to_numpy(zero_copy_only=False)
    counts = np.bincount(rows, minlength=len(lists))
    sums = np.bincount(rows, weights=values, minlength=len(lists))
    return pa.array(np.divide(sums, counts, out=np.full(len(lists), np.nan), where=counts > 0))


def score(table: pa.Table, columns: Sequence[str]) -> float:
    """Return how well a model of these columns ranks the flights of the last three months by lateness.

    Args:
        table: The training set; flights without a label (cancelled, diverted) are left out.
        columns: What the model is given.

    Returns:
        The area under the ROC curve: 0.5 for guessing, 1.0 for a perfect ranking.
    """
    table = table.filter(pc.is_valid(table[LABEL]))
    values, categories = matrix(table, columns)
    late = table[LABEL].to_numpy()
    first_nine_months = table["month"].to_numpy() <= 9
    model = HistGradientBoostingClassifier(
        max_iter=40, learning_rate=0.25, categorical_features=categories, early_stopping=False, random_state=0
    )
    model.fit(values[first_nine_months], late[first_nine_months])
    chance = model.predict_proba(values[~first_nine_months])[:, 1]
    return float(roc_auc_score(late[~first_nine_months], chance))


def main(folder: str = "training") -> None:
    """Train and score with and without the features of a training set."""
    table = pq.read_table(Path(folder))
    columns = columns_of(table)
    sys.stdout.write(f"AUC with the timetable alone: {score(table, TIMETABLE):.4f}\n")
    sys.stdout.write(f"AUC with {len(columns) - len(TIMETABLE)} features as well: {score(table, columns):.4f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
