"""What a notebook shows of definitions: names, types and what is computed. Nothing runs for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from onefold.analysis import describe
from onefold.analysis.describe import measure_text
from onefold.display import card, details, facts, html_table
from onefold.errors import OnefoldError
from onefold.plan import AsOfJoin, Input
from onefold.types import format_duration

if TYPE_CHECKING:
    from onefold.features.entity import Entity
    from onefold.features.service import FeatureService
    from onefold.features.sources.base import Source
    from onefold.features.table import Table
    from onefold.features.view import FeatureView

__all__ = ["computed", "entity_card", "listing", "service_card", "source_card", "table_card", "view_card"]

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
    table = listing([kind, "type", "computed"], rows, hints=[_hint(view, field.name) for field in view.schema])
    return card(view.name, subtitle, facts(_facts(view)), table, details("plan", describe(view.example_plan)))


def entity_card(entity: Entity) -> str:
    """Return the card of an entity: what it is, and the columns that identify it.

    Args:
        entity: The entity.
    """
    about = [("about", [entity.description])] if entity.description else []
    return card(entity.name, "entity", facts([*about, ("keys", [", ".join(entity.keys)])]))


def source_card(source: Source) -> str:
    """Return the card of a source: when its rows become known, and its columns; of its files only the schema is read.

    Args:
        source: The source.
    """
    try:
        schema = source.schema
    except OnefoldError as error:  # a card is shown for what is wrong, too
        return card(source.name, type(source).__name__, facts([*_times(source), ("error", [str(error)])]))
    subtitle = f"{type(source).__name__}, {len(schema):,} column{'s' * (len(schema) != 1)}"
    columns = listing(["column", "type"], [[field.name, str(field.dtype)] for field in schema])
    return card(source.name, subtitle, facts(_times(source)), columns)


def service_card(service: FeatureService) -> str:
    """Return the card of a feature service: its views, and the features of each.

    Args:
        service: The service.
    """
    rows = [
        [view.name, view.entity.name, f"{len(view.feature_names):,}", view.description, ", ".join(view.feature_names)]
        for view in service.views
    ]
    features = len(service.feature_names)
    subtitle = f"{features:,} feature{'s' * (features != 1)} of {len(rows):,} view{'s' * (len(rows) != 1)}"
    table = listing(["view", "entity", "count", "about", "features"], rows)
    return card(service.name, subtitle, facts(_owned(service)), table)


def computed(view: FeatureView) -> dict[str, str]:
    """Return what each feature of a view computes, as text by its name."""
    plan = view.example_plan
    if isinstance(plan, AsOfJoin):
        which = "the row of the key" if view.static else "the latest row"
        return {taken.name: f"{taken.column} of {which}" for taken in plan.columns}
    return {measure.name: measure_text(measure) for measure in plan.measures}


def _facts(view: FeatureView) -> Iterator[tuple[str, Sequence[str]]]:
    yield from _owned(view)
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


def _owned(definition: FeatureView | FeatureService) -> Iterator[tuple[str, Sequence[str]]]:
    if definition.description:
        yield "about", [definition.description]
    if definition.owner:
        yield "owner", [definition.owner]
    if definition.tags:
        yield "tags", [", ".join(f"{name}: {value}" for name, value in definition.tags.items())]


def _times(source: Source) -> Iterator[tuple[str, Sequence[str]]]:
    if source.time is None:
        yield "time", ["none: its rows are true at all times"]
        return
    yield "time", [f"{source.time}{f' + {format_duration(source.delay)} (delay)' if source.delay else ''}"]
    if source.sequence:
        yield "sequence", [f"{', '.join(source.sequence)}: of rows of one time, the greatest is the latest"]
    if source.unique:
        yield "unique", ["no two rows of a key have one time"]


def _hint(view: FeatureView, name: str) -> str:
    """Return what a feature is where there is nothing to compute it of."""
    plan = view.example_plan
    if isinstance(plan, AsOfJoin):
        nothing = "no row of the key" if view.static else "no row of the key yet"
        too_old = f" or the latest is older than {format_duration(view.max_age)}" if view.max_age is not None else ""
        return f"null where there is {nothing}{too_old}, and where the value is null"
    call = next(measure.call for measure in plan.measures if measure.name == name)
    if call.by is None and call.entry.empty == "zero":
        return "0 where no event enters"
    return "null where no event enters"


def listing(names: Sequence[str], rows: Sequence[Sequence[str]], hints: Sequence[str] = ()) -> str:
    """Return a table of definitions, of very many the first and the last.

    Args:
        names: The names of its columns.
        rows: Texts.
        hints: What is shown of each row when it is pointed at; empty: nothing of any.
    """
    half = MOST // 2
    if len(rows) > MOST:
        shown, told = [*rows[:half], *rows[-half:]], [*hints[:half], *hints[-half:]]
        return html_table(names, shown, gap=half, most=WIDEST, hints=told)
    return html_table(names, rows, most=WIDEST, hints=hints)
