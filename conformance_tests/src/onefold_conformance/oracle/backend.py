"""The oracle as a backend, so that it runs wherever an engine does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from onefold.contract import Capabilities, Capability, Full, Health, Unsupported, known_capabilities
from onefold.errors import ConfigurationError, listed
from onefold.plan import MapBatches
from onefold_conformance.oracle.interpreter import Oracle
from onefold_conformance.oracle.relations.foreign import REASONS
from onefold_conformance.oracle.session import OracleSession

__all__ = ["OracleBackend", "oracle_statements"]

_NO_TABLES = "it keeps no tables"


def oracle_statements() -> dict[str, Capability]:
    """Return what the oracle states about itself: it offers all that has a meaning of its own."""
    statements: dict[str, Capability] = {name: Full() for name in known_capabilities()}
    statements |= {f"relation.{kind}": Unsupported(reason=reason) for kind, reason in REASONS.items()}
    statements |= {
        f"transform.{format}": Unsupported(reason=REASONS[MapBatches.kind])
        for format in get_args(MapBatches.model_fields["format"].annotation)
    }
    statements |= {f"source.{format}": Full() for format in ("parquet", "csv", "json")}
    statements |= dict.fromkeys(("source.table", "source.delta"), Unsupported(reason=_NO_TABLES))
    statements |= {"sink.parquet": Full(), "sink.overwrite_partitions": Full()}
    statements |= dict.fromkeys(("sink.table", "sink.delta"), Unsupported(reason=_NO_TABLES))
    statements["sink.remote"] = Unsupported(reason="it writes to directories of this machine only")
    return statements


@dataclass(frozen=True, slots=True)
class OracleBackend:
    """A plain interpreter of plans as a backend: slow, and right.

    Args:
        name: The name by which it is chosen; mutants have names of their own.
        oracle: The interpreter.

    Examples:
        >>> OracleBackend().capabilities.offers("function.add"), OracleBackend().capabilities.offers("sink.table")
        (True, False)
    """

    name: str = "oracle"
    oracle: Oracle = field(default_factory=Oracle)

    @property
    def capabilities(self) -> Capabilities:
        """What it offers."""
        return Capabilities(self.name, oracle_statements())

    @property
    def options(self) -> Mapping[str, str]:
        """It has no options."""
        return {}

    def open(self, options: Mapping[str, Any]) -> OracleSession:
        """Return a session.

        Raises:
            ConfigurationError: If there is an option: it has none.
        """
        for name in options:
            raise ConfigurationError(
                f"The backend {self.name!r} has no option {name!r}. {listed(name, (), what='options')}"
            )
        return OracleSession(self.name, self.oracle, self.capabilities)

    def health(self) -> Health:
        """Return that it works: it needs nothing but Python."""
        return Health(ok=True, version="1")
