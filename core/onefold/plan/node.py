"""What every node of a plan is: frozen, validated when built, equal and hashed by content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from onefold.errors import PlanError
from onefold.types import Schema

__all__ = ["Node", "canonical_json"]


def canonical_json(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no blanks, plain ASCII, no NaN or infinity tokens."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


class Node(BaseModel):
    """A frozen, typed node of a plan with one discriminating ``kind``.

    Children are other nodes, held in fields (alone or in tuples, also inside of plain parts of the node).
    A node that is wrong can not be built: construction raises :class:`~onefold.errors.PlanError`.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        arbitrary_types_allowed=False,
        defer_build=True,
        ignored_types=(cached_property,),
    )

    kind: ClassVar[str]

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise _plan_error(type(self), error) from None

    @cached_property
    def children(self) -> tuple[Node, ...]:
        """The nodes directly below this one, in field order."""
        return tuple(_nodes_in(tuple(self.__dict__[name] for name in type(self).model_fields)))

    def fields_document(self, reference: Any) -> dict[str, Any]:
        """Return the node's own fields as JSON values, with each child replaced by ``reference(child)``."""
        fields: dict[str, Any] = {"kind": self.kind}
        for name, info in type(self).model_fields.items():
            value = self.__dict__[name]
            if info.is_required() or value != info.get_default(call_default_factory=True):
                fields[name] = _as_json(value, reference)
        return fields

    @cached_property
    def fingerprint(self) -> str:
        """A SHA-256 over the content of the node and all below it; stable across processes and machines."""
        # Children first, on a stack of our own: plans may be nested deeper than Python's stack allows.
        pending: list[Node] = [self]
        while pending:
            node = pending[-1]
            missing = [child for child in node.children if "fingerprint" not in child.__dict__]
            if missing:
                pending.extend(missing)
                continue
            pending.pop()
            document = node.fields_document(lambda child: child.__dict__["fingerprint"])
            node.__dict__["fingerprint"] = hashlib.sha256(canonical_json(document).encode("ascii")).hexdigest()
        found: str = self.__dict__["fingerprint"]
        return found

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Node) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        """Name the node and not what is below it: written out, shared parts could fill any memory."""
        return f"<{type(self).__name__} {self.fingerprint[:12]}>"

    def __str__(self) -> str:
        return repr(self)

    def replace(self, **changes: Any) -> Self:
        """Return a validated copy with some fields changed."""
        fields = {name: self.__dict__[name] for name in type(self).model_fields}
        return type(self)(**{**fields, **changes})


class Part(BaseModel):
    """A plain, frozen piece of a node (a sort key, a window): no ``kind``, no place of its own in a document."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise _plan_error(type(self), error) from None


def _nodes_in(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, Part):
        yield from _nodes_in(tuple(value.__dict__.values()))
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)


def _as_json(value: Any, reference: Any) -> Any:
    if isinstance(value, Node):
        return reference(value)
    if isinstance(value, Part):
        # None is left out only where a reader would fill it in again.
        return {
            name: _as_json(value.__dict__[name], reference)
            for name, info in type(value).model_fields.items()
            if value.__dict__[name] is not None or info.is_required() or info.get_default() is not None
        }
    if isinstance(value, tuple):
        return [_as_json(item, reference) for item in value]
    if isinstance(value, Mapping):
        # Wrapped, so that no key can be taken for a reference or a float.
        return {"map": {str(key): _as_json(item, reference) for key, item in value.items()}}
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return {"float": value.hex()}  # exact, and free of NaN and infinity tokens
    if isinstance(value, Schema):
        return [[field.name, str(field.dtype), field.nullable] for field in value]
    return str(value)  # a DataType


def _plan_error(cls: type[BaseModel], error: ValidationError) -> PlanError:
    """Turn pydantic's report into one sentence per problem; our own errors pass through unchanged."""
    details = error.errors(include_url=False)
    for detail in details:
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, PlanError):
            return cause.within(cls.__name__)
    lines = [
        f"{'.'.join(str(part) for part in detail['loc']) or 'node'}: "
        + detail["msg"].removeprefix("Value error, ")
        + (f" (got {detail['input']!r:.80})" if detail["type"] != "missing" and detail["loc"] else "")
        for detail in details
    ]
    return PlanError("; ".join(lines), path=(cls.__name__,))
