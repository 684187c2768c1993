"""What the outcome of a case is worth: the rules by which a backend passes or fails."""

from __future__ import annotations

import tempfile
import time
import traceback
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onefold.contract import Capabilities, Session
from onefold.errors import OnefoldError, UnsupportedOperation
from onefold_conformance.case.model import Case, ExpectedError, ExpectedRows
from onefold_conformance.compare.tables import Comparison, compare_tables
from onefold_conformance.report.model import Status
from onefold_conformance.runner.execution import Outcome, run_case_plan
from onefold_conformance.runner.variants import VARIANTS, Variant, sampled, variants

__all__ = ["Verdict", "judge_case"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a case ended, before deviations and revisions are looked at.

    Args:
        status: ``pass``, ``refused-ok``, ``fail``, ``error`` or ``value-instead-of-refusal``.
        message: What went wrong, or why it was refused.
        variant: Where it went wrong.
        ulps: The largest difference of floats.
        seconds: How long it took.
        broken: Whether the session may be broken now, and should be opened anew.
        needs: The capabilities that the case needs.
    """

    status: Status
    message: str = ""
    variant: str = ""
    ulps: float | None = None
    seconds: float = 0.0
    broken: bool = False
    needs: tuple[str, ...] = ()


def judge_case(
    case: Case, session: Session, capabilities: Capabilities, *, only: Collection[str] = VARIANTS, sample: bool = False
) -> Verdict:
    """Run a case in its variants and judge what comes out; the first variant that is not right decides.

    The rules fail closed: what a backend says that it does not offer, it has to refuse, and a right value is wrong then.

    Args:
        case: The case.
        session: An open session of the backend.
        capabilities: What the backend offers.
        only: The variants to run.
        sample: Whether only one of the variants is run, always the same one of a case.
    """
    started = time.perf_counter()
    missing = tuple(name for name in case.needs if not capabilities.offers(name))
    ulps: float | None = None
    verdict = Verdict("pass")
    for variant in sampled(case) if sample else variants(case):
        if variant.name not in only:
            continue
        with _directory(case) as directory:
            outcome = run_case_plan(case, session, capabilities, variant.inputs, directory)
            verdict = _judge(case, variant, outcome, missing)
        if verdict.ulps is not None:
            ulps = verdict.ulps if ulps is None else max(ulps, verdict.ulps)
        if verdict.status not in ("pass", "refused-ok"):
            break
    return Verdict(
        verdict.status,
        verdict.message,
        verdict.variant if verdict.status not in ("pass", "refused-ok") else "",
        ulps,
        time.perf_counter() - started,
        verdict.broken,
        case.needs,
    )


@contextmanager
def _directory(case: Case) -> Iterator[Path]:
    """Yield an empty directory, or a path of no directory for a case that uses no files."""
    if not case.uses_files:
        yield Path("case")
        return
    with tempfile.TemporaryDirectory(prefix="onefold-case-") as name:
        yield Path(name)


def _judge(case: Case, variant: Variant, outcome: Outcome, missing: tuple[str, ...]) -> Verdict:
    error = outcome.error
    if isinstance(error, UnsupportedOperation):
        if not missing:
            return Verdict("fail", f"refused, although all that it needs is declared: {error}", variant.name)
        if outcome.late:
            return Verdict("fail", f"refused while rows were read, and not before anything ran: {error}", variant.name)
        return Verdict("refused-ok", str(error))
    if error is not None and not isinstance(error, OnefoldError):
        return Verdict("error", f"raised {_described(error)}", variant.name, broken=True)
    if missing:
        what = "returned rows" if error is None else f"raised {type(error).__name__} ({error})"
        return Verdict(
            "value-instead-of-refusal",
            f"{what}, although {', '.join(missing)} is not offered: UnsupportedOperation is due, before anything runs",
            variant.name,
        )
    if isinstance(case.expect, ExpectedError):
        return _judge_error(case.expect, variant, outcome)
    if error is not None:
        return Verdict("error", f"raised {type(error).__name__}: {error}", variant.name)
    assert outcome.table is not None
    assert variant.expected is not None
    return _judge_rows(case, variant, outcome)


def _judge_error(expect: ExpectedError, variant: Variant, outcome: Outcome) -> Verdict:
    error = outcome.error
    if error is None:
        return Verdict("fail", f"returned rows, expected {expect.kind}", variant.name)
    if expect.kind not in [cls.__name__ for cls in type(error).__mro__]:
        return Verdict("fail", f"raised {type(error).__name__} ({error}), expected {expect.kind}", variant.name)
    differences = [difference for comparison in _compared(expect, outcome) for difference in comparison.differences]
    if differences:
        return Verdict("fail", f"what was there is not as it was: {'; '.join(differences)}", variant.name)
    return Verdict("pass")


def _compared(expect: ExpectedRows | ExpectedError, outcome: Outcome) -> list[Comparison]:
    """Return how what is in the sinks differs from what has to be there."""
    return [
        compare_tables(table, outcome.written.get(name, table.slice(0, 0)), schema, ordered=False)
        for name, (table, schema) in expect.written.items()
    ]


def _judge_rows(case: Case, variant: Variant, outcome: Outcome) -> Verdict:
    assert isinstance(case.expect, ExpectedRows)
    assert outcome.table is not None
    if outcome.misplaced:
        return Verdict("fail", outcome.misplaced, variant.name)
    if case.expect.written:
        # Where a backend writes is its own business: the path that it reports is that of the case's directory.
        comparisons = _compared(case.expect, outcome)
        counted = outcome.table.column("rows").to_pylist() if "rows" in outcome.table.schema.names else None
        if counted != case.expect.table.column("rows").to_pylist():
            return Verdict("fail", f"says that it wrote {counted} rows", variant.name)
    else:
        comparisons = [
            compare_tables(
                variant.expected,
                outcome.table,
                case.expect.schema,
                ordered=variant.ordered,
                tolerances=case.tolerances,
            )
        ]
    differences = [text for comparison in comparisons for text in comparison.differences]
    ulps = max((c.ulps for c in comparisons if c.ulps is not None), default=None)
    if differences:
        return Verdict("fail", "; ".join(differences), variant.name, ulps)
    return Verdict("pass", ulps=ulps)


def _described(error: BaseException) -> str:
    """Return an exception that a backend must not raise, with the place where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}: {error}"
