"""What a notebook shows of definitions: names, types and what is computed. Nothing runs for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from onefold.analysis import describe
from onefold.analysis.describe import measure_text
from onefold.display import card, details, facts, html_table
from onefold.plan import AsOfJoin, Input
from onefold.types import format_duration

if TYPE_CHECKING:
    from onefold.features.table import Table
    from onefold.features.view import FeatureView

__all__ = ["computed", "listing", "table_card", "view_card"]

MOST = 200
"""How many columns or features are listed."""

FIRST_ROWS, FIRST_COLUMNS = 5, 20
"""How many rows and columns are shown of a table in memory."""

WIDEST = 160
"""How many characters of what a feature computes are shown."""


def table_card(table: Table) -> str:
    """Return the card of a lazy table: its columns, its first rows where they are in memory, and its plan folded away.

    Args:
        table: The table.
    """
    schema, relation = table.schema, table.relation
    subtitle = f"{len(schema):,} column{'s' * (len(schema) != 1)}, not computed yet"
    data = table.bindings.get(relation.name) if isinstance(relation, Input) else None
    rows = ""
    if isinstance(data, pa.Table):
        subtitle = f"{len(schema):,} column{'s' * (len(schema) != 1)} and {data.num_rows:,} rows in memory"
        shown = data.select(schema.names[:FIRST_COLUMNS]).slice(0, FIRST_ROWS)
        values = zip(*(column.to_pylist() for column in shown.columns), strict=True)
        rows = f'<div style="margin-top:.7em">{html_table(shown.column_names, list(values))}</div>'
    columns = listing(["column", "type"], [[field.name, str(field.dtype)] for field in schema])
    return card("Table", subtitle, columns, rows, details("plan", describe(relation)))


def view_card(view: FeatureView) -> str:
    """Return the card of a feature view: what it is about, its features, and its plan folded away.

    Args:
        view: The view.
    """
    texts = computed(view)
    rows = [[field.name, str(field.dtype), texts[field.name]] for field in view.schema]
    kind = "attribute" if isinstance(view.example_plan, AsOfJoin) else "feature"
    subtitle = f"{len(rows):,} {kind}{'s' * (len(rows) != 1)} of {view.entity.name}"
    table = listing([kind, "type", "computed"], rows)
    return card(view.name, subtitle, facts(_facts(view)), table, details("plan", describe(view.example_plan)))


def computed(view: FeatureView) -> dict[str, str]:
    """Return what each feature of a view computes, as text by its name."""
    plan = view.example_plan
    if isinstance(plan, AsOfJoin):
        which = "the row of the key" if view.static else "the latest row"
        return {taken.name: f"{taken.column} of {which}" for taken in plan.columns}
    return {measure.name: measure_text(measure) for measure in plan.measures}


def _facts(view: FeatureView) -> Iterator[tuple[str, Sequence[str]]]:
    if view.description:
        yield "about", [view.description]
    if view.owner:
        yield "owner", [view.owner]
    if view.tags:
        yield "tags", [", ".join(f"{name}: {value}" for name, value in view.tags.items())]
    yield "keys", [", ".join(view.entity.keys)]
    if not view.static:
        delay = view.order.delay
        yield "time", [f"{view.order.time}{f' + {format_duration(delay)} (delay)' if delay else ''}"]
    if view.max_age is not None:
        yield "max_age", [format_duration(view.max_age)]
    if view.include_exact:
        yield "note", ["a row at exactly the spine's time counts (include_exact=True)"]
    if view.engine is not None:
        yield "engine", [view.engine]


def listing(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of definitions, of very many the first and the last.

    Args:
        names: The names of its columns.
        rows: Texts.
    """
    half = MOST // 2
    if len(rows) > MOST:
        return html_table(names, [*rows[:half], *rows[-half:]], gap=half, most=WIDEST)
    return html_table(names, rows, most=WIDEST)
