"""Views on several engines over one spine: their stages are independent, and one puts the columns side by side.

A training set is planned as a chain: each view enriches what the one before it gives. That is what it means, on every
engine. Cut as it stands, the rows would travel through all engines, one after another, each carrying what the others
have made. But the links of such a chain only read the keys and times of the spine, so they can be taken apart::

    spine, numbered ──┬── keys, time ──► links on engine A ── number, features ──┐
                      ├── keys, time ──► links on engine B ── number, features ──┤
                      └── all columns ───────────────────────────────────────────┴──► assembled

The assembled rows are written as inner joins on the number. In this process they are not run as joins: every stream is
in the order of the spine, and they are put side by side (:mod:`onefold.execution.assembly`). Where the spine comes out
of a distributed engine, that engine keeps its links beside the spine, runs the joins, and sorts by the number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from onefold.contract import capabilities_of
from onefold.execution.placing import ARROW, Choice, Placement, Placer
from onefold.plan import (
    AsOfJoin,
    Column,
    Input,
    Join,
    NamedExpression,
    Project,
    Relation,
    Sort,
    SortKey,
    TrailingAggregate,
    Write,
)
from onefold.types import Schema

__all__ = ["DISTRIBUTED", "ROW_NUMBERS", "Assembling", "features_of"]

DISTRIBUTED = "exchange.parquet"
"""The capability of engines that read and write rows that are staged as Parquet by themselves."""

ROW_NUMBERS = "exchange.row_numbers"
"""The capability of engines that number staged rows as they read them."""

Temporal = TrailingAggregate | AsOfJoin


@dataclass(frozen=True, slots=True)
class Assembling:
    """How the temporal relations over one spine are taken apart and put together again.

    Args:
        tops: What stands above the chain, outermost first.
        links: The chain, the last link first.
        spine: What it enriches.
        choice: Where the spine comes from.
        groups: The links of each session, in the order of the chain, and where they run.
        number: A column name that is free.
        placer: Chooses where relations run.
    """

    tops: tuple[Write | Project, ...]
    links: tuple[Temporal, ...]
    spine: Relation
    choice: Choice
    groups: tuple[tuple[Choice, tuple[Temporal, ...]], ...]
    number: str
    placer: Placer

    @classmethod
    def of(cls, root: Relation, default: Placement, placer: Placer) -> Self | None:
        """Return how a plan is taken apart; None when one session runs all of the chain."""
        tops: list[Write | Project] = []
        above = placer.asked(root, default)
        node = root
        while isinstance(node, Write | Project):
            tops.append(node)
            node = node.input
            above = placer.asked(node, above)
        links = _independent(node)
        if len(links) < 2:
            return None
        grouped: dict[object, tuple[Choice, list[Temporal]]] = {}
        for link in links:
            choice = placer.choose(link, above)
            above = choice.asked
            grouped.setdefault(choice.session, (choice, []))[1].append(link)
        if len(grouped) < 2:
            return None
        groups = tuple((choice, tuple(members)) for choice, members in grouped.values())
        spine = links[-1].spine
        number = "row"
        while number in node.output:
            number += "_"
        if isinstance(spine, Input):
            chosen = Choice(ARROW, "numbers the rows of the spine", default)
            placer.put(spine, chosen)
        else:
            able = [group for group in groups if placer.offered(spine, group[0].engine)] or groups
            most, _ = max(able, key=lambda group: len(group[1]))
            chosen = placer.choose(spine, replace(most.asked, reason="most of the views are there"))
        return cls(tuple(tops), links, spine, chosen, groups, number, placer)

    def assembled(self, rows: Input) -> Relation:
        """Return the plan over the numbered rows of the spine.

        Args:
            rows: All columns of the spine, and the number.
        """
        with_spine = [links for choice, links in self.groups if choice.session == self.choice.session]
        others = [self._branch(rows, *group) for group in self.groups if group[0].session != self.choice.session]
        chain = self._over(rows, self.choice, with_spine[0] if with_spine else ())
        native = self._joined(chain, others, sort=True)
        if self._offered(native):
            choice = Choice(self.choice.engine, "assembles where the spine is", self.choice.asked)
            return self._finished(native, choice)
        branches = [self._branch(rows, *group) for group in self.groups]
        reason = f"puts the features of {len(branches)} stages beside the rows of the spine"
        return self._finished(self._joined(rows, branches, sort=False), Choice(ARROW, reason, self.choice.asked))

    def _over(self, rows: Relation, choice: Choice, links: tuple[Temporal, ...]) -> Relation:
        for link in reversed(links):
            rows = link.replace(spine=rows)
            self.placer.put(rows, choice)
        return rows

    def _branch(self, rows: Input, choice: Choice, links: tuple[Temporal, ...]) -> Relation:
        """Return the number and the features of some links, over no more of the spine than they need."""
        needed = {self.number}.union(*((*link.spine_keys, link.spine_time) for link in links))
        spine = Input(name=rows.name, columns=Schema(field for field in rows.output if field.name in needed))
        features = [name for link in reversed(links) for name in features_of(link)]
        branch = _selected(self._over(spine, choice, links), (self.number, *features))
        self.placer.put(branch, choice)
        return branch

    def _joined(self, left: Relation, branches: list[Relation], *, sort: bool) -> list[Relation]:
        """Return the relations that put branches beside other rows, the last one above all others."""
        made: list[Relation] = []
        for branch in branches:
            left = Join(left=left, right=branch, left_on=(self.number,), right_on=(self.number,))
            made.append(left)
        if sort:
            made.append(Sort(input=made[-1], keys=(SortKey(column=self.number),)))
        return [*made, _selected(made[-1], self.links[0].output.names)]

    def _offered(self, made: list[Relation]) -> bool:
        """Return whether the engine of the spine is a distributed one that can put the rows together."""
        if self.choice.engine == ARROW:
            return False
        offered = self.placer.capabilities(self.choice.engine)
        names = {DISTRIBUTED, ROW_NUMBERS}.union(*(capabilities_of(relation) for relation in made))
        return all(offered.offers(name) for name in names)

    def _finished(self, made: list[Relation], choice: Choice) -> Relation:
        """Return the whole plan, with what puts the rows together placed."""
        for relation in made:
            self.placer.put(relation, choice)
        whole = made[-1]
        for top in reversed(self.tops):
            whole = top.replace(input=whole)
            if choice.engine != ARROW and all(
                self.placer.capabilities(choice.engine).offers(name) for name in capabilities_of(whole)
            ):
                self.placer.put(whole, choice)
        return whole


def features_of(link: Temporal) -> tuple[str, ...]:
    """Return the names of the columns that a temporal relation adds to its spine."""
    return tuple(made.name for made in (link.measures if isinstance(link, TrailingAggregate) else link.columns))


def _independent(node: Relation) -> tuple[Temporal, ...]:
    """Return as many links of a chain, the last one first, as read no more of each other than the same spine."""
    links: list[Temporal] = []
    while isinstance(node, TrailingAggregate | AsOfJoin):
        links.append(node)
        node = node.spine
    while links and not all({*link.spine_keys, link.spine_time} <= set(links[-1].spine.output.names) for link in links):
        links.pop()
    return tuple(links)


def _selected(relation: Relation, names: tuple[str, ...]) -> Relation:
    return Project(
        input=relation, columns=tuple(NamedExpression(name=name, expression=Column(name=name)) for name in names)
    )
