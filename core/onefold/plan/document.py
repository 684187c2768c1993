"""Plans as JSON documents: versioned, canonical, each shared subplan written once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from onefold.display import card, tree
from onefold.errors import DefinitionError, DocumentError, PlanError, listed
from onefold.plan.aggregations import AggCall
from onefold.plan.expressions import Call, Case, Cast, Column, Literal, WhenThen
from onefold.plan.node import Node, canonical_json
from onefold.plan.relations import (
    Aggregate,
    AsOfJoin,
    Deduplicate,
    Distinct,
    Filter,
    Input,
    Join,
    Limit,
    MapBatches,
    NativeSql,
    Project,
    RankCall,
    Relation,
    Scan,
    Sort,
    TimeBuckets,
    TrailingAggregate,
    Union,
    Unnest,
    Window,
    Write,
)
from onefold.types import Schema

__all__ = ["FORMAT_VERSION", "KINDS", "Plan"]

FORMAT_VERSION = 1
"""The version of the document format; a reader refuses every other."""

MAX_BYTES = 32 * 1024 * 1024
MAX_NODES = 100_000
MAX_MESSAGE = 2_000
MAX_SHOWN = 50
"""How deep a plan is drawn."""

KINDS: Mapping[str, type[Node]] = {
    cls.kind: cls
    for cls in (
        Column, Literal, Call, Cast, Case, WhenThen, AggCall, RankCall,
        Scan, Input, Project, Filter, Join, Union, Distinct, Deduplicate, Sort, Limit, Unnest, Aggregate, Window,
        AsOfJoin, TrailingAggregate, TimeBuckets, MapBatches, NativeSql, Write,
    )
}  # fmt: skip
"""Every kind of node that a document can hold."""


class Plan:
    """A complete logical plan: its root relation, and its document form.

    A document is ``{"onefold_plan": 1, "nodes": [...], "root": n}``. Each node is an object with its ``kind``; a child
    is ``{"node": i}``, where i is smaller than the node's own position, so that a document can hold no cycle. Floats are ``{"float": "0x1.8p+1"}``,
    exact, and options are ``{"map": {...}}``.

    Args:
        root: The relation whose rows the plan gives.

    Examples:
        >>> from onefold.plan import Filter, Input, Column
        >>> from onefold.types import Schema
        >>> rows = Input(name="rows", columns=Schema.of(k="string", late="bool"))
        >>> plan = Plan(Filter(input=rows, predicate=Column(name="late")))
        >>> Plan.from_json(plan.to_json()) == plan
        True
        >>> plan.schema.names
        ('k', 'late')
    """

    def __init__(self, root: Relation) -> None:
        if not isinstance(root, Relation):
            raise PlanError(f"The root of a plan is a relation, not {type(root).__name__}.")
        self.root = root

    @property
    def schema(self) -> Schema:
        """The columns of the result."""
        return self.root.output

    @cached_property
    def fingerprint(self) -> str:
        """A SHA-256 over the content; equal plans have equal fingerprints on every machine."""
        return self.root.fingerprint

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return f"Plan({type(self.root).__name__}, {self.fingerprint[:12]})"

    def _repr_html_(self) -> str:
        title = f"{self.fingerprint[:12]}, {len(self.schema):,} columns; a click shows the columns of a step"
        return card("Plan", title, _steps(self.root, set(), 0))

    def to_json(self) -> str:
        """Return the canonical document as JSON text."""
        positions: dict[str, int] = {}
        nodes: list[dict[str, Any]] = []
        stack: list[tuple[Node, bool]] = [(self.root, False)]
        while stack:
            node, children_done = stack.pop()
            if node.fingerprint in positions:
                continue
            if not children_done:
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(node.children))
                continue
            nodes.append(node.fields_document(lambda child: {"node": positions[child.fingerprint]}))
            positions[node.fingerprint] = len(nodes) - 1
        return canonical_json({"onefold_plan": FORMAT_VERSION, "nodes": nodes, "root": len(nodes) - 1})

    @classmethod
    def from_json(cls, text: str | bytes) -> Plan:
        """Return the plan of a document.

        Args:
            text: The JSON text, from any source: nothing in it is ever executed.

        Raises:
            DocumentError: If it is not a document of this version, too large, too deep, or a node in it is wrong.
        """
        document = _parsed(text)
        if not isinstance(document, dict) or "onefold_plan" not in document:
            raise DocumentError("This is not a plan document: it has no 'onefold_plan' version.")
        if type(document["onefold_plan"]) is not int or document["onefold_plan"] != FORMAT_VERSION:
            raise DocumentError(
                f"The document has the format version {document['onefold_plan']!r:.40}; this onefold reads version "
                f"{FORMAT_VERSION}."
            )
        if set(document) != {"onefold_plan", "nodes", "root"}:
            raise DocumentError("A plan document has exactly the members 'onefold_plan', 'nodes' and 'root'.")
        entries, root = document["nodes"], document["root"]
        if not isinstance(entries, list) or not 0 < len(entries) <= MAX_NODES:
            raise DocumentError(f"'nodes' is a list of 1 to {MAX_NODES:,} nodes.")
        nodes: list[Node] = []
        for position, entry in enumerate(entries):
            nodes.append(_node(entry, nodes, position))
        if type(root) is not int or not 0 <= root < len(nodes):
            raise DocumentError(f"'root' is the position of a node, 0 to {len(nodes) - 1}.")
        found = nodes[root]
        if not isinstance(found, Relation):
            raise DocumentError(f"The root is a {found.kind!r}, which is not a relation.")
        return cls(found)


def _steps(relation: Relation, shown: set[str], depth: int) -> str:
    """Return a relation with those below it; what was shown before, and what is very deep, is only named."""
    name = type(relation).__name__
    if relation.inputs and (relation.fingerprint in shown or depth == MAX_SHOWN):
        return tree(name, "as above" if relation.fingerprint in shown else "and what is below it", "", ())
    shown.add(relation.fingerprint)
    columns = relation.output
    subtitle = (
        relation.name if isinstance(relation, Input) else relation.table.name if isinstance(relation, Scan) else ""
    )
    below = [_steps(child, shown, depth + 1) for child in relation.inputs]
    return tree(name, subtitle, "\n".join(f"{field.name}: {field.dtype}" for field in columns), below)


def _parsed(text: str | bytes) -> Any:
    if not isinstance(text, str | bytes):
        raise DocumentError(f"A document is JSON text, not {type(text).__name__}.")
    if len(text) > MAX_BYTES:
        raise DocumentError(f"The document is larger than {MAX_BYTES // 1024 // 1024} MiB.")
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_without_duplicates)
    except RecursionError:
        raise DocumentError("The document is nested too deep to be a plan.") from None
    except (ValueError, UnicodeDecodeError) as error:
        raise DocumentError(f"This is not JSON: {error}.") from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("an object names a member twice")
    return members


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _node(entry: Any, nodes: list[Node], position: int) -> Node:
    where = f"node {position}"
    if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
        raise DocumentError("A node is an object with a 'kind'.", path=(where,))
    cls = KINDS.get(entry["kind"])
    if cls is None:
        raise DocumentError(
            f"There is no node of kind {entry['kind']!r:.60}. {listed(entry['kind'][:60], KINDS, what='kinds')}",
            path=(where,),
        )
    try:
        fields = {name: _value(value, nodes, 0) for name, value in entry.items() if name != "kind"}
        if not all(isinstance(name, str) for name in fields):
            raise DocumentError("Field names are text.")
        return cls(**fields)
    except DocumentError as error:
        raise error.within(where) from None
    except PlanError as error:
        raise DocumentError(_short(error.message), path=(where, *map(_short, error.path))) from None
    except (DefinitionError, TypeError, RecursionError) as error:
        raise DocumentError(f"The node is malformed: {_short(str(error))}", path=(where, cls.__name__)) from None


def _short(message: str) -> str:
    """Return a message of bounded length: it may quote names, and a hostile document has very long ones."""
    return message if len(message) <= MAX_MESSAGE else f"{message[:MAX_MESSAGE]} …"


def _value(value: Any, nodes: list[Node], depth: int) -> Any:
    """Return a field's value: references resolved, lists as tuples, exact floats read."""
    if depth > 64:
        raise DocumentError("A field is nested too deep.")
    if isinstance(value, list):
        return tuple(_value(item, nodes, depth + 1) for item in value)
    if isinstance(value, dict):
        if set(value) == {"node"}:
            index = value["node"]
            if type(index) is not int or not 0 <= index < len(nodes):
                raise DocumentError(f"A reference to node {index!r:.40}: only earlier nodes can be named.")
            return nodes[index]
        if set(value) == {"map"} and isinstance(value["map"], dict):
            return {name: _value(item, nodes, depth + 1) for name, item in value["map"].items()}
        if set(value) == {"float"} and isinstance(value["float"], str):
            try:
                return float.fromhex(value["float"])
            except (ValueError, OverflowError):
                raise DocumentError(f"{value['float']!r:.40} is not a hexadecimal float.") from None
        return {name: _value(item, nodes, depth + 1) for name, item in value.items()}
    return value
