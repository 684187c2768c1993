"""Every error that onefold raises, in one tree.

::

    OnefoldError
    ├── DefinitionError         a feature definition, source or entity that can not be right
    │   └── PlanError           a logical plan that can not be built (knows the path of its node)
    │       └── DocumentError   a plan document that is refused
    ├── UnsupportedOperation    an engine was asked for what it does not offer
    ├── ConfigurationError      options, engines, plugins, project files
    │   └── PluginError         a backend that can not be loaded
    ├── SourceError             data that can not be read, or is not what its declaration says
    ├── EngineError             an engine failed (knows engine, stage and native query)
    ├── TransformError          a Python function of the user's failed (shows the user's own line)
    ├── ExchangeError           a stream between stages broke its declared schema
    └── Cancelled               the work was stopped on purpose

A message says what was asked, what is wrong, what exists instead, and what to do.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable

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
    "TransformError",
    "UnsupportedOperation",
    "listed",
    "near_matches",
]


class OnefoldError(Exception):
    """The root: catch this to catch everything that onefold raises on purpose."""


class DefinitionError(OnefoldError, ValueError):
    """A feature definition, source, entity or duration that can not be right."""


class PlanError(DefinitionError):
    """A plan node that can not be built.

    Args:
        message: What is wrong and what could have been meant.
        path: Where in the plan, outermost first, such as ``("Filter", "predicate", "add")``.
    """

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
    """A plan document (JSON) that is refused: malformed, too large, too deep, or of another version."""


class UnsupportedOperation(OnefoldError, NotImplementedError):
    """An engine was asked for something that it does not offer.

    Args:
        node: The capability or node that was asked for, such as ``"aggregation.quantile"``.
        engine: The name of the engine.
        reason: Why it is not offered.
        way_out: What to do instead.
    """

    def __init__(self, *, node: str, engine: str, reason: str, way_out: str) -> None:
        self.node = node
        self.engine = engine
        self.reason = reason
        self.way_out = way_out
        super().__init__(f"{engine!r} does not offer {node}: {reason}. {way_out}")


class ConfigurationError(OnefoldError, ValueError):
    """An option, engine name, environment variable or project file that can not be used."""


class PluginError(ConfigurationError):
    """An installed backend that can not be loaded, or that clashes with another."""


class SourceError(OnefoldError):
    """Data that can not be read, or that is not what its declaration says."""


class EngineError(OnefoldError, RuntimeError):
    """An engine failed while it ran a query; the engine's own error is the cause.

    Args:
        message: The engine's own message.
        engine: The name of the engine.
        query: The native query text that it was running, when there was one.

    Attributes:
        stage: The stage of the run in which it failed, when there are several; :mod:`onefold.execution` sets it.
    """

    def __init__(self, message: str, *, engine: str, query: str | None = None) -> None:
        self.engine = engine
        self.query = query
        self.stage: int | None = None
        super().__init__(message)

    def __str__(self) -> str:
        where = "" if self.stage is None else f" in stage {self.stage}"
        return f"engine {self.engine!r} failed{where}: {super().__str__()}"


class TransformError(OnefoldError, RuntimeError):
    """A Python function given by the user failed; the message shows the user's own line."""


class ExchangeError(OnefoldError, RuntimeError):
    """A stream between two stages does not have the schema that was declared for it."""


class Cancelled(OnefoldError):
    """The work was stopped on purpose, by Ctrl-C, ``cancel()`` or a timeout."""


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
