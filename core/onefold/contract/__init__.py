"""All that the author of a backend implements and uses."""

from onefold.contract.backend import (
    ArrowStream,
    Backend,
    BackendEntry,
    Health,
    MayDie,
    ReportsProgress,
    RunsTransforms,
    Session,
)
from onefold.contract.capabilities import (
    Capabilities,
    Capability,
    Emulated,
    Full,
    NotImplementedYet,
    Since,
    Unsupported,
)
from onefold.contract.estimates import Estimate, KnowsStatistics, Machine, SourceEstimate, TableStatistics, View
from onefold.contract.hookspecs import hookimpl
from onefold.contract.requirements import (
    capabilities_of,
    cast_capability,
    known_capabilities,
    required_capabilities,
    type_capability,
)
from onefold.contract.staged import StagedRows

__all__ = [
    "ArrowStream",
    "Backend",
    "BackendEntry",
    "Capabilities",
    "Capability",
    "Emulated",
    "Estimate",
    "Full",
    "Health",
    "KnowsStatistics",
    "Machine",
    "MayDie",
    "NotImplementedYet",
    "ReportsProgress",
    "RunsTransforms",
    "Session",
    "Since",
    "SourceEstimate",
    "StagedRows",
    "TableStatistics",
    "Unsupported",
    "View",
    "capabilities_of",
    "cast_capability",
    "hookimpl",
    "known_capabilities",
    "required_capabilities",
    "type_capability",
]
