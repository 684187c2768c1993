"""All that the author of a backend implements and uses."""

from onefold.contract.backend import ArrowStream, Backend, BackendEntry, Health, Session
from onefold.contract.capabilities import (
    Capabilities,
    Capability,
    Emulated,
    Full,
    NotImplementedYet,
    Since,
    Unsupported,
    capabilities_of,
    required_capabilities,
)
from onefold.contract.hookspecs import hookimpl

__all__ = [
    "ArrowStream",
    "Backend",
    "BackendEntry",
    "Capabilities",
    "Capability",
    "Emulated",
    "Full",
    "Health",
    "NotImplementedYet",
    "Session",
    "Since",
    "Unsupported",
    "capabilities_of",
    "hookimpl",
    "required_capabilities",
]
