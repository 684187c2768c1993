"""What a backend states about itself: typed, declarative, and closed - undeclared means not implemented.

:mod:`onefold.contract.requirements` lists the names that statements can be made about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from onefold.contract.requirements import required_capabilities
from onefold.errors import UnsupportedOperation
from onefold.plan import Relation

__all__ = ["Capabilities", "Capability", "Emulated", "Full", "NotImplementedYet", "Since", "Unsupported"]


class _Statement(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Full(_Statement):
    """Offered by the engine itself."""

    status: Literal["full"] = "full"


class Emulated(_Statement):
    """Offered, with the portable values, by other means than the engine's own operation."""

    status: Literal["emulated"] = "emulated"
    how: str


class Since(_Statement):
    """Offered from a version of the engine on."""

    status: Literal["since"] = "since"
    version: str


class NotImplementedYet(_Statement):
    """Not offered yet."""

    status: Literal["not implemented"] = "not implemented"
    issue: str = ""


class Unsupported(_Statement):
    """Not offered, and why it can not be."""

    status: Literal["unsupported"] = "unsupported"
    reason: str


Capability = Full | Emulated | Since | NotImplementedYet | Unsupported


class Capabilities:
    """A backend's statements about what it offers.

    Args:
        engine: The backend's name.
        statements: A statement per capability; what is not listed is not implemented.

    Examples:
        >>> offered = Capabilities("toy", {"relation.filter": Full(), "function.md5": Unsupported(reason="no hashes")})
        >>> offered.offers("relation.filter"), offered.offers("function.md5"), offered.offers("relation.sort")
        (True, False, False)
        >>> try:
        ...     offered.require("function.md5")
        ... except UnsupportedOperation as refused:
        ...     print(refused)
        'toy' does not offer function.md5: no hashes. Choose another engine for \
this view, or allow a fallback with fallback="rift".
    """

    def __init__(self, engine: str, statements: Mapping[str, Capability]) -> None:
        self.engine = engine
        self.statements = dict(statements)

    def __iter__(self) -> Iterator[tuple[str, Capability]]:
        return iter(self.statements.items())

    def get(self, name: str) -> Capability:
        """Return the statement about a capability; undeclared ones are not implemented."""
        return self.statements.get(name, NotImplementedYet())

    def offers(self, name: str) -> bool:
        """Return whether a capability is offered, natively or emulated."""
        return isinstance(self.get(name), Full | Emulated | Since)

    def missing(self, plan: Relation) -> tuple[str, ...]:
        """Return the capabilities that a plan needs and that are not offered, sorted."""
        return tuple(sorted(name for name in required_capabilities(plan) if not self.offers(name)))

    def require(self, name: str) -> None:
        """Raise :class:`~onefold.errors.UnsupportedOperation` unless a capability is offered."""
        statement = self.get(name)
        if isinstance(statement, Unsupported):
            reason = statement.reason
        elif isinstance(statement, NotImplementedYet):
            reason = f"it is not implemented{f' ({statement.issue})' if statement.issue else ''}"
        else:
            return
        raise UnsupportedOperation(
            node=name,
            engine=self.engine,
            reason=reason,
            way_out='Choose another engine for this view, or allow a fallback with fallback="rift".',
        )
