"""The places of spine rows: numbers beside them while they are joined, and an order by these in the end."""

from __future__ import annotations

from onefold.plan import Filter, Input, Limit, Project, Relation, Sort
from onefold.sql.temporal.building import ascending, col, projected
from onefold.sql.temporal.native import Numbered
from onefold.types.naming import fresh

__all__ = ["in_place", "placed"]

_PLACE = "onefold_place"


def placed(rows: Relation, *, inputs: bool, taken: tuple[str, ...] = ()) -> tuple[Relation, str | None]:
    """Return rows with a column that holds their places, and its name; the same rows and None when they have none.

    Rows have places when they are sorted, or those of an input, possibly filtered and projected.

    Args:
        rows: The rows.
        inputs: Whether the rows of inputs have places.
        taken: Names that the column can not have.
    """
    taken = (*taken, *rows.output.names)
    match rows:
        case Filter() | Project():
            below, place = placed(rows.input, inputs=inputs, taken=taken)
            if place is None:
                return rows, None
            if isinstance(rows, Filter):
                return rows.replace(input=below), place
            columns = {item.name: item.expression for item in rows.columns}
            return projected(below, {**columns, place: col(place)}), place
        case Sort() | Limit(input=Sort()):
            return _numbered(rows, taken)
        case Input() if inputs:
            return _numbered(rows, taken)
    return rows, None


def in_place(rows: Project, names: tuple[str, ...], place: str | None) -> Relation:
    """Return some columns of rows, in the order of their places.

    They are sorted where they are projected: engines forget the order of a subquery.
    """
    columns = {item.name: item.expression for item in rows.columns if item.name in names}
    below = rows.input if place is None else Sort(input=rows.input, keys=ascending([place]))
    return projected(below, {name: columns[name] for name in names})


def _numbered(rows: Relation, taken: tuple[str, ...]) -> tuple[Relation, str]:
    place = fresh(_PLACE, taken)
    return Numbered(input=rows, name=place), place
