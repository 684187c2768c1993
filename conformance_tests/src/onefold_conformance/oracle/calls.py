"""Aggregations applied to rows: who takes part, in which order, and by which secondary key."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onefold.plan import AggCall, Expression, infer
from onefold.types import Schema
from onefold_conformance.oracle.bounds import bound_of
from onefold_conformance.oracle.context import Context
from onefold_conformance.oracle.interface import Application, Entry
from onefold_conformance.oracle.result import tolerance_of
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Row, Value, canonical

__all__ = ["AppliedCall", "Member"]


@dataclass(frozen=True, slots=True)
class Member:
    """A row of a group, window or frame.

    Args:
        row: The row.
        rank: The position of its time and sequence: equal for rows that only the value tells apart.
        age: How long before the end of the window or group it happened; None where rows have no time.
    """

    row: Row
    rank: int = 0
    age: int | None = None


class AppliedCall:
    """An aggregation over rows of one schema.

    Args:
        context: The run.
        call: The aggregation.
        schema: The columns of the rows.
        tolerances: How far the values of the columns may be off.
        exact_sums: Whether sums of floats are exact and rounded once, as in trailing windows.
    """

    def __init__(
        self,
        context: Context,
        call: AggCall,
        schema: Schema,
        tolerances: Mapping[str, Tolerance],
        *,
        exact_sums: bool = False,
    ) -> None:
        types = tuple(infer(arg, schema).dtype for arg in call.args)
        self._rule = context.aggregations[call.function]
        self._rules = context.rules
        self._application = Application(
            call.function, types, call.entry.result_type(types, call.options), dict(call.options)
        )
        self._keep_nulls = call.options.get("nulls") == "keep"
        self._by_age = call.entry.family == "decay"
        self._exact_sums = exact_sums
        self._args = [context.compile(arg, schema) for arg in call.args]
        self._where = None if call.where is None else context.compile(call.where, schema)
        self._by = None if call.by is None else context.compile(call.by, schema)
        self._by_type = None if call.by is None else infer(call.by, schema).dtype
        parts: list[Expression] = [*call.args, *(part for part in (call.by, call.where) if part is not None)]
        order = [tolerances[key.column] for key in call.order]
        exact = all(tolerance_of(part, tolerances).is_exact for part in parts) and all(t.is_exact for t in order)
        self._tie_keys: list[tuple[Callable[[Row], Value], Any]] = [
            (context.compile(part, schema), infer(part, schema).dtype) for part in parts
        ]
        self.tolerance = Tolerance() if exact else Tolerance.unknown()
        """How far the values that were computed so far may be off."""

    def tie_key(self, row: Row) -> tuple[Any, ...]:
        """Return what orders rows of one time and sequence: all that the call reads, ascending, nulls first."""
        return tuple(self._rules.ascending(compute(row), dtype) for compute, dtype in self._tie_keys)

    def value(self, members: Sequence[Member]) -> Value:
        """Return the value of a group, window or frame."""
        rows = [m for m in members if self._where is None or self._rules.holds(self._where(m.row))]
        if self._by is None:
            return self._aggregated(rows)
        groups: dict[Hashable, tuple[Value, list[Member]]] = {}
        assert self._by_type is not None
        for member in rows:
            key = self._by(member.row)
            if self._rules.has_secondary_key(key):
                groups.setdefault(self._rules.identity(key, self._by_type), (key, []))[1].append(member)
        ordered = sorted(groups.values(), key=lambda group: self._rules.ascending(group[0], self._by_type))  # type: ignore[arg-type]
        return self._rules.no_groups([{"key": key, "value": self._aggregated(mine)} for key, mine in ordered])

    def _aggregated(self, members: Sequence[Member]) -> Value:
        entries = []
        for member in members:
            if self._by_age and not self._rules.has_age(member.age):
                continue
            args = tuple(compute(member.row) for compute in self._args)
            if self._rules.takes_part(args, keep_nulls=self._keep_nulls):
                entries.append(Entry(args, member.rank, member.age))
        types = self._application.arg_types
        entries.sort(
            key=lambda entry: (entry.rank, [*map(self._rules.ascending, entry.args, types)] if entry.args else [])
        )
        value = canonical(self._rule(self._application, entries))
        if self.tolerance.known:
            self.tolerance |= bound_of(self._application, entries, value, exact_sums=self._exact_sums)
        return value
