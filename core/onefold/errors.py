"""Every error that onefold raises, in one tree.

::

    OF000 OnefoldError
    ├── OF100 DefinitionError         a feature definition, source or entity that can not be right
    │   ├── OF110 PlanError           a logical plan that can not be built (knows the path of its node)
    │   │   └── OF111 DocumentError   a plan document that is refused
    │   └── OF120 SqlError            a query that can not be read (knows line and column)
    ├── OF200 UnsupportedOperation    an engine was asked for what it does not offer
    ├── OF300 ConfigurationError      options, engines, plugins, project files
    │   └── OF310 PluginError         a backend that can not be loaded
    ├── OF400 SourceError             data that can not be read, or is not what its declaration says
    ├── OF500 EngineError             an engine failed (knows engine, stage and native query)
    ├── OF600 TransformError          a Python function of the user's failed (shows the user's own line)
    ├── OF700 ExchangeError           a stream between stages broke its declared schema
    └── OF800 Cancelled               the work was stopped on purpose

A message says what was asked, what is wrong, what exists instead, and what to do.

Each class has a code, which outlives its name and the wording of its messages: the first digit is the branch of this tree,
the second and the third are the levels below. A code is never given to another class. It stands in a note of each error, so
that tracebacks end with it and messages stay as they are. ``onefold errors CODE`` prints the page of a code, which is the
docstring of its class; ``docs/reference/errors`` holds the same pages.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable
from typing import ClassVar

__all__ = [
    "Cancelled",
    "ConfigurationError",
    "DefinitionError",
    "DocumentError",
    "EngineError",
    "ExchangeError",
    "OnefoldError",
    "PlanError",
    "PluginError",
    "SourceError",
    "SqlError",
    "TransformError",
    "UnsupportedOperation",
    "listed",
    "near_matches",
]


class OnefoldError(Exception):
    """The root: catch this to catch everything that onefold raises on purpose.

    It is never raised itself. Each error below it says what was asked, what is wrong, what exists instead, and what to do;
    the page of its code says more.

    Errors of other kinds are passed on as they are: ``KeyboardInterrupt``, a ``TypeError`` for a call with arguments that do
    not exist, or what a mistake in onefold raises.

    What to do: Read the last line of the traceback, which names the code, and look at the page of that code.

    Attributes:
        error_code: The code of the class, such as ``"OF110"``.

    Examples:
        >>> import onefold as of
        >>> try:
        ...     of.Entity("customer", keys=[])
        ... except of.OnefoldError as error:
        ...     print(error.error_code, error)
        OF100 The entity 'customer' needs the names of its key columns: Entity('customer', keys=['...']).
    """

    error_code: ClassVar[str] = "OF000"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.add_note(f"{self.error_code}: run `onefold errors {self.error_code}` for what it means and what to do.")


class DefinitionError(OnefoldError, ValueError):
    """A feature definition, source, entity or duration that can not be right.

    It is raised where the mistake is written, before any data is read: by the constructors of sources, entities, views and
    services, by the verbs of tables, and when a training set is put together.

    What to do: Change the definition as the message says. It leads from the outside to the place: the view, the feature, the
    function. A time without a zone is the most frequent cause: say ``time_zone="UTC"`` where it is in UTC, and convert it
    where the data is made where it is not.

    Examples:
        >>> import onefold as of
        >>> try:
        ...     of.sum("amount").over("7 days")
        ... except of.DefinitionError as error:
        ...     print(error)
        '7 days' is not a window. Write numbers with units, such as '1h', '7d', '30m' or '1d12h' (units: w, d, h, m, s, ms, \
us), or give a datetime.timedelta.
    """

    error_code = "OF100"


class PlanError(DefinitionError):
    """A plan node that can not be built.

    Every node of a plan checks itself against the schemas of the nodes below it: columns that do not exist, types that do not
    fit, options that a function does not have. A plan that exists is right, whichever engine runs it.

    What to do: Read the message from the left: the path leads to the expression that is wrong. ``print(table.schema)`` shows
    the columns and types that there are at any step of a lazy table, and ``onefold functions NAME`` what a function takes.

    Args:
        message: What is wrong and what could have been meant.
        path: Where in the plan, outermost first, such as ``("Filter", "predicate", "add")``.

    Examples:
        >>> import onefold as of
        >>> orders = of.ArrowSource("orders", {"customer": ["ann"], "amount": [20.0]})
        >>> try:
        ...     of.table(orders).select("amuont")
        ... except of.PlanError as error:
        ...     print(error)
        select > 'amuont': There is no column 'amuont'. Did you mean 'amount'? The columns are: 'customer', 'amount'. A text constant \
is written lit('amuont').
    """

    error_code = "OF110"

    def __init__(self, message: str, *, path: tuple[str, ...] = ()) -> None:
        self.message = message
        self.path = path
        super().__init__(message)

    def __str__(self) -> str:
        return f"{' > '.join(self.path)}: {self.message}" if self.path else self.message

    def within(self, *outer: str) -> PlanError:
        """Return the same error, seen from further out in the plan."""
        return type(self)(self.message, path=(*outer, *self.path))


class DocumentError(PlanError):
    """A plan document (JSON) that is refused: malformed, too large, too deep, or of another version.

    Documents are data from elsewhere, so that everything in them is checked before a node is made of it. They hold no code:
    a Python function stands in them by its name and a hash, and must be known to the process that reads them.

    What to do: Write the document again with ``plan.to_json()`` of the version of onefold that reads it. Where a function is
    missing, import the module that defines it first.

    Examples:
        >>> import onefold as of
        >>> try:
        ...     of.Plan.from_json('{"onefold_plan": 99}')
        ... except of.DocumentError as error:
        ...     print(error)
        The document has the format version 99; this onefold reads version 1.
    """

    error_code = "OF111"


class SqlError(DefinitionError):
    """A query that can not be read; the message shows the line and marks the place.

    Queries that define features are read into the plan that the Python interface would build. What SQL leaves to the database,
    such as where nulls are sorted, has to be written, and what has no portable meaning is refused: a query means the same on
    every engine, or it is an error.

    What to do: Write what the message says. The guide "Write features in SQL" lists what a query can hold. What is only for one
    engine can be sent to it as it is, with ``of.native_sql``.

    Args:
        shown: The message with its place, and the line.
        message: What is wrong, and what to write instead.
        line: The line, from 1.
        column: The column, from 1.

    Examples:
        >>> import onefold as of
        >>> payments = of.table(of.ArrowSource("payments", {"customer": ["ann"], "amount": [20.0]}))
        >>> try:
        ...     of.sql("SELECT customer, amount FROM payments ORDER BY amount", payments=payments)
        ... except of.SqlError as error:
        ...     print(error)
        line 1, column 48: amount can be null, and where nulls go by themselves depends on the database. Write NULLS FIRST or \
NULLS LAST behind it.
          1 | SELECT customer, amount FROM payments ORDER BY amount
            |                                                ^
    """

    error_code = "OF120"

    def __init__(self, shown: str, *, message: str = "", line: int = 1, column: int = 1) -> None:
        self.message = message
        self.line = line
        self.column = column
        super().__init__(shown)


class UnsupportedOperation(OnefoldError, NotImplementedError):
    """An engine was asked for something that it does not offer.

    An engine computes the value that the catalogue states, or refuses: it never gives one that is nearly right. What it
    offers is decided before anything runs. It is an error where no other engine may take over (``fallback=None``), and where
    an engine is spoken to directly; elsewhere that part of the plan runs on the fallback, with a ``FallbackWarning``.

    What to do: Choose another engine for the view, allow a fallback, or ask for something else. ``onefold engines NAME`` shows
    what an engine offers, and why not what it does not.

    Args:
        node: The capability or node that was asked for, such as ``"aggregation.quantile"``.
        engine: The name of the engine.
        reason: Why it is not offered.
        way_out: What to do instead.

    Examples:
        >>> import datetime as dt
        >>> import onefold as of
        >>> midnight = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
        >>> orders = of.ArrowSource("orders", {"customer": ["ann"], "at": [midnight], "item": ["tea"]}, time="at")
        >>> items = of.FeatureView(
        ...     "items",
        ...     source=orders,
        ...     entity=of.Entity("customer", keys=["customer"]),
        ...     features=[of.collect("item").over("1d")],
        ...     engine="sqlite",
        ...     fallback=None,
        ... )
        >>> try:
        ...     of.training_set({"customer": ["ann"], "asked": [midnight]}, [items], time="asked").to_arrow()
        ... except of.UnsupportedOperation as error:
        ...     print(error)
        'sqlite' does not offer type.list: SQLite has no lists. Choose another engine for this view, or allow a fallback with \
fallback="rift".
    """

    error_code = "OF200"

    def __init__(self, *, node: str, engine: str, reason: str, way_out: str) -> None:
        self.node = node
        self.engine = engine
        self.reason = reason
        self.way_out = way_out
        super().__init__(f"{engine!r} does not offer {node}: {reason}. {way_out}")


class ConfigurationError(OnefoldError, ValueError):
    """An option, engine name, environment variable or project file that can not be used.

    The definitions can be right; what is wrong is how they are to be run: an engine that is not installed, an option that an
    engine does not have, a value in ``onefold.toml`` or in a variable such as ``ONEFOLD_ENGINE``.

    What to do: Use one of the names that the message lists. ``onefold engines`` shows what is installed, and
    ``onefold engines NAME`` the options of an engine.

    Examples:
        >>> import onefold as of
        >>> orders = of.table(of.ArrowSource("orders", {"customer": ["ann"], "amount": [20.0]}))
        >>> try:
        ...     orders.collect(engine="rift", options={"memory": "8GB"})
        ... except of.ConfigurationError as error:
        ...     print(error)
        The engine 'rift' has no option 'memory'. Did you mean 'memory_limit'? The options are: 'memory_limit', 'threads', \
'spill_directory'.
    """

    error_code = "OF300"


class PluginError(ConfigurationError):
    """An installed backend that can not be loaded, or that clashes with another.

    Backends are distributions of their own, which onefold finds by their entry points. A broken one does not disturb the
    others: it is an error when it is asked for. Two that register the same name are an error at once, since nothing says which
    of them is meant.

    What to do: ``onefold engines`` shows each backend, the distribution that it comes from, and why it is broken. Install what
    is missing, or uninstall what is in the way.

    Examples:
        >>> from importlib.metadata import EntryPoint
        >>> from onefold.errors import PluginError
        >>> from onefold.registry import discover
        >>> points = [EntryPoint("lake", module, "onefold") for module in ("lake_one", "lake_two")]
        >>> try:
        ...     discover(tuple(points))
        ... except PluginError as error:
        ...     print(error)
        More than one installed distribution registers the plugin 'lake': lake_one, lake_two. Uninstall all but one.
    """

    error_code = "OF310"


class SourceError(OnefoldError):
    """Data that can not be read, or that is not what its declaration says.

    A file is not there or is damaged, a column has another type than was declared, or events that the source declares as
    unique are not.

    What to do: Compare the source with its declaration. Where the data is right, change the declaration; where it is wrong, the
    message names the file, the column, or the key and time.

    Examples:
        >>> import datetime as dt
        >>> import onefold as of
        >>> noon = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
        >>> twice = {"customer": ["ann", "ann"], "at": [noon, noon], "amount": [20.0, 5.0]}
        >>> latest = of.FeatureView(
        ...     "latest",
        ...     source=of.ArrowSource("orders", twice, time="at", unique=True),
        ...     entity=of.Entity("customer", keys=["customer"]),
        ...     attributes=["amount"],
        ... )
        >>> try:
        ...     of.training_set({"customer": ["ann"], "asked": [noon + dt.timedelta(hours=1)]}, [latest], time="asked").to_arrow()
        ... except of.SourceError as error:
        ...     print(error)
        The events are declared unique by key and 'at', but two events with customer = 'ann' have the time \
2025-03-01T12:00:00+00:00. Correct the data, declare sequence columns that order such events, or declare the source not unique.
    """

    error_code = "OF400"


class EngineError(OnefoldError, RuntimeError):
    """An engine failed while it ran a query; the engine's own error is the cause.

    Some failures are what the catalogue demands: an integer that overflows or a text that is no number is an error on every
    engine, and never a null or a wrapped number. Others are the engine's own: no memory, no disk, a connection that was lost.

    What to do: Read the engine's message, and ``error.query`` for what it was running. Where a value is at fault, filter it or
    convert it with ``.cast(..., on_failure="null")``. Where memory is, see the guide on data that is larger than
    memory.

    Args:
        message: The engine's own message.
        engine: The name of the engine.
        query: The native query text that it was running, when there was one.

    Attributes:
        stage: The stage of the run in which it failed, when there are several; :mod:`onefold.execution` sets it.

    Examples:
        >>> import onefold as of
        >>> orders = of.table(of.ArrowSource("orders", {"amount": [9_223_372_036_854_775_807]}))
        >>> try:
        ...     orders.select(more=of.col("amount") + 1).collect()
        ... except of.EngineError as error:
        ...     print(error)
        engine 'rift' failed: Out of Range Error: Overflow in addition of INT64 (9223372036854775807 + 1)!
    """

    error_code = "OF500"

    def __init__(self, message: str, *, engine: str, query: str | None = None) -> None:
        self.engine = engine
        self.query = query
        self.stage: int | None = None
        super().__init__(message)

    def __str__(self) -> str:
        where = "" if self.stage is None else f" in stage {self.stage}"
        return f"engine {self.engine!r} failed{where}: {super().__str__()}"


class TransformError(OnefoldError, RuntimeError):
    """A Python function given by the user failed; the message shows the user's own line.

    The function is one that was decorated with ``of.transform``. Its own error is the cause, also where it ran in another
    process or on another machine.

    What to do: Call the function with a small table: it is an ordinary function, and fails in the same way there. It is given
    some rows at a time, and has to work for any of them, none included.

    Examples:
        >>> import onefold as of
        >>> @of.transform(schema={"amount": "float64"})
        ... def in_euros(batch):
        ...     return batch.select(["amount_eur"])
        >>> orders = of.table(of.ArrowSource("orders", {"amount": [20.0]}))
        >>> try:
        ...     orders.map_batches(in_euros).collect()
        ... except of.TransformError as error:
        ...     print(str(error).splitlines()[0])
        The transform 'in_euros' failed: KeyError: 'Field "amount_eur" does not exist in schema'
    """

    error_code = "OF600"


class ExchangeError(OnefoldError, RuntimeError):
    """A stream between two stages does not have the schema that was declared for it.

    Every boundary between engines, and between an engine and a Python function, checks each batch. Nothing is cast or guessed:
    a column that is missing here would be a column of nulls further on.

    What to do: Where it names a transform, return exactly the columns and types that ``of.transform(schema=...)`` declares.
    Anywhere else it is a mistake in a backend: report it with the plan (``plan.to_json()``).

    Examples:
        >>> import onefold as of
        >>> @of.transform(schema={"amount": "float64"})
        ... def renamed(batch):
        ...     return batch.rename_columns(["amount_eur"])
        >>> orders = of.table(of.ArrowSource("orders", {"amount": [20.0]}))
        >>> try:
        ...     orders.map_batches(renamed).collect()
        ... except of.ExchangeError as error:
        ...     print(error)
        the result of the transform 'renamed' has other columns than declared: missing ['amount'], unexpected ['amount_eur'].
    """

    error_code = "OF700"


class Cancelled(OnefoldError):
    """The work was stopped on purpose, by Ctrl-C, ``cancel()`` or a timeout.

    The engine has stopped, and what the run held is freed: streams, threads, temporary files. What it was writing is as it was
    before.

    What to do: Nothing, or run it again.

    Examples:
        >>> import onefold as of
        >>> from onefold.registry import installed
        >>> numbers = of.table(of.ArrowSource("numbers", {"n": list(range(100_000))}))
        >>> with installed().create("rift").open({}) as session:
        ...     stream = session.execute(numbers.relation, numbers.bindings)
        ...     session.cancel()
        ...     try:
        ...         stream.read_all()
        ...     except of.Cancelled as error:
        ...         print(error)
        The query was stopped.
    """

    error_code = "OF800"


def near_matches(name: str, known: Iterable[str], *, limit: int = 3) -> tuple[str, ...]:
    """Return the known names that look most like a name that was not found.

    Args:
        name: The name that was asked for.
        known: The names that exist.
        limit: How many to return at most.

    Returns:
        The nearest names, best first; empty when nothing is near.

    Examples:
        >>> near_matches("dep_dealy", ["dep_delay", "arr_delay", "carrier"])
        ('dep_delay',)
    """
    if len(name) > 100:  # no slip of the finger, and comparing would take long
        return ()
    folded: dict[str, str] = {}
    for candidate in itertools.islice((known_name for known_name in known if len(known_name) <= 100), 2_000):
        folded.setdefault(candidate.casefold(), candidate)
    return tuple(folded[match] for match in difflib.get_close_matches(name.casefold(), folded, n=limit))


def listed(name: str, known: Iterable[str], *, what: str) -> str:
    """Return the sentence that ends an error about a name which was not found.

    Args:
        name: The name that was asked for.
        known: The names that exist.
        what: What they are, in the plural, such as ``"columns"``.

    Returns:
        A sentence with near matches first, then all names (shortened when there are very many).

    Examples:
        >>> listed("amont", ["amount", "ts"], what="columns")
        "Did you mean 'amount'? The columns are: 'amount', 'ts'."
        >>> listed("x", [], what="columns")
        'There are no columns.'
    """
    names = list(known)
    if not names:
        return f"There are no {what}."
    near = near_matches(name, names)
    shown = ", ".join(repr(known_name) for known_name in names[:40])
    more = f" and {len(names) - 40} more" if len(names) > 40 else ""
    guess = f"Did you mean {' or '.join(repr(match) for match in near)}? " if near else ""
    return f"{guess}The {what} are: {shown}{more}."
