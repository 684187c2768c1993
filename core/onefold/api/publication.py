"""Features as tables: what views compute, written where analysts and other tools read it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from onefold.api.engines import chosen_engines
from onefold.api.feature_table import FeatureTable, Published, TableForm
from onefold.api.moments import Moment, moments_of
from onefold.api.placements import placements
from onefold.api.project import ProjectFile
from onefold.api.views import Views, flattened
from onefold.choosing import engine_name
from onefold.errors import ConfigurationError
from onefold.types import Duration

__all__ = ["Publication", "publication"]

_VIEW = "{view}"


def publication(
    views: Views,
    *,
    to: str,
    table: str = _VIEW,
    start: Moment | None = None,
    end: Moment | None = None,
    every: Duration | None = None,
    spine: Any = None,
    time: str | None = None,
    time_zone: str | None = None,
    overwrite: bool = False,
    engine: str | None = None,
    engines: Mapping[str, str] | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    project: ProjectFile | None = None,
    scratch: str | Path | None = None,
) -> Publication:
    """Return what publishes feature views: a table for each, of its keys, the time ``as_of``, and its features.

    Nothing runs yet: ``run()`` writes the tables, ``explain()`` shows what would run where. A row holds what was known as
    of its time, strictly before it: the values that a training set has for the same keys and time. An event therefore
    does not count in the row of its own time, unless its view says ``include_exact``. Rows without a key or a time are
    left out. Static views have one row per key, and no time.

    Publishing again changes nothing, and another span of time adds its rows. In tables whose engine merges rows (it
    states ``sink.merge``, as ``snowflake`` does), a row takes the place of the one with the same keys and time. Elsewhere
    the column ``as_of_date`` says which day in UTC a row belongs to, and whole days are replaced. What is not written
    again stays: a row whose events are gone from the source, or a day without any. A failure leaves a table as it was,
    as far as the engine's sinks do.

    Args:
        views: Feature views and services.
        to: The engine that gets the tables. It writes tables where it has some, and directories of Parquet otherwise.
            What a view computes on the same engine never leaves it; any other rows are loaded.
        table: The name of each table as the engine's SQL has it, or the directory; ``{view}`` stands for the view's name.
        start: The first time that is published, such as ``"2025-01-01"`` or a ``datetime`` with a zone; midnight of a
            date is that in UTC. None: there is no first.
        end: The time before which all of them lie.
        every: Publish each key of the view from its first event on, at ``start`` and then every so often, such as
            ``"1d"``. Left out: each key at the times of its own events.
        spine: Publish the keys and times of these rows instead: whatever a training set takes as its spine.
        time: The spine's time column.
        time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC.
        overwrite: Whether the tables are made anew, with the rows of this call alone.
        engine: The engine that computes all views, whatever they name themselves.
        engines: Engines by view name, over ``engine``.
        options: Options per engine; those of a view go before them.
        project: What the project file of a repository says; see :func:`onefold.training_set`.
        scratch: The directory for rows that wait between engines.

    Raises:
        DefinitionError: If the views, the times or the spine do not fit; the message says what to do.
        ConfigurationError: If an engine does not exist, or two views would be written into one table.
        UnsupportedOperation: If the engine has no tables and writes no Parquet.

    Examples:
        >>> import datetime as dt, tempfile
        >>> from onefold.features import ArrowSource, Entity, FeatureView, sum
        >>> hour = lambda h: dt.datetime(2025, 1, 1, h, tzinfo=dt.timezone.utc)
        >>> orders = ArrowSource(
        ...     "orders", {"user": ["a", "a"], "at": [hour(1), hour(3)], "amount": [10.0, 5.0]}, time="at"
        ... )
        >>> user = Entity("user", keys=["user"])
        >>> spend = FeatureView("spend", source=orders, entity=user, features=[sum("amount").over("1d")])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     print(publication(spend, to="rift", table=f"{folder}/{{view}}").run()[0].rows)
        2
    """
    flat = flattened(views, what="A publication")
    project = project or ProjectFile()
    options = project.with_options(options)
    target = engine_name(to, what="to=", auto=False)
    chosen = chosen_engines(flat, engine=engine, engines=engines, project=project.engine, options=options)
    moments = moments_of(start=start, end=end, every=every, spine=spine, time=time, time_zone=time_zone)
    form = TableForm.of(target)
    if not form.merges:
        moments.check_whole_days(target)
    if len(flat) > 1 and _VIEW not in table:
        raise ConfigurationError(
            f"{len(flat)} views would be published into one table, {table!r}. Let the name hold {_VIEW}, such as "
            f"'{table}_{_VIEW}'."
        )
    placed = placements(flat, chosen, options)
    return Publication(
        tuple(
            FeatureTable(
                view,
                form,
                table.replace(_VIEW, view.name),
                moments,
                placed[view.name],
                overwrite=overwrite,
                scratch=scratch,
            )
            for view in flat
        )
    )


class Publication:
    """Feature views that are ready to be published; made by :func:`publication`.

    Args:
        tables: A table for each view, which can also be run alone.
    """

    def __init__(self, tables: tuple[FeatureTable, ...]) -> None:
        self.tables = tables

    def run(self) -> tuple[Published, ...]:
        """Write all tables, one after another; when one fails, those before it are complete, and it is as it was."""
        return tuple(table.run() for table in self.tables)

    def explain(self, *, queries: bool = True) -> str:
        """Return what would be written, and what would run where for it; nothing is computed.

        Args:
            queries: Whether the engines' own queries are shown.
        """
        return "\n\n".join(f"{table.title}\n{table.explain(queries=queries)}" for table in self.tables)

    def __repr__(self) -> str:
        return f"Publication({', '.join(table.title for table in self.tables)})"
