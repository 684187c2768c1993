"""Reports made by hand, for the tests of everything that is made from one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from onefold_conformance.report.model import CapabilityResult, CaseResult, Report, Status

HOSTILE = "<script>alert('x')</script> & \"quoted\" ]]> --> ```\n| a | b |\n\x00\x1b[31m\ud800"


def case(id: str, status: Status = "pass", *, level: int = 1, needs: Iterable[str] = (), **more: object) -> CaseResult:
    return CaseResult(id=id, level=level, status=status, seconds=0.25, needs=tuple(sorted(needs)), **more)  # type: ignore[arg-type]


def report(
    *cases: CaseResult,
    declared: Mapping[str, tuple[str, str]] | None = None,
    level: int | None = None,
    levels_run: tuple[int, ...] = (0, 1, 2, 3, 4, 5),
    backend: str = "toy",
    missing: Mapping[str, tuple[str, ...]] | None = None,
) -> Report:
    """Return a report of cases, with what they observed of the capabilities that they need."""
    statements = dict(declared or {})
    names = {*statements, *(name for one in cases for name in one.needs)}
    capabilities = {
        name: CapabilityResult(
            *statements.get(name, ("full", "")), observed=Counter(one.status for one in cases if name in one.needs)
        )
        for name in names
    }
    return Report(
        backend=backend,
        distribution="onefold-toy 1.2",
        engine_version="9.8.7",
        suite_revision=4,
        suite_hash="ab" * 32,
        target_revision=3,
        level=level,
        levels_run=levels_run,
        versions={"onefold": "0.1.0", "python": "3.13.1"},
        started="2026-11-27T22:15:30+00:00",
        seconds=75.0,
        cases=cases,
        capabilities=capabilities,
        missing=missing or {},
    )


def one_of_each() -> Report:
    """Return a report in which every status occurs, ``pass`` twice, over two levels."""
    return report(
        case("io/types/int64", level=0, needs=["relation.input"], ulps=2.0),
        case("io/types/newer", "new", level=0, needs=["relation.input"], message="since revision 4"),
        case("row/add/nulls", needs=["function.add"]),
        case(
            "row/add/overflow", "fail", needs=["function.add"], message="1 differs", variant="split", kills=("wraps",)
        ),
        case("row/sub/crash", "error", needs=["function.subtract"], message="it crashed"),
        case("row/md5/text", "refused-ok", needs=["function.md5"], message="no hashes"),
        case("row/sha/text", "value-instead-of-refusal", needs=["function.sha256"], message="answered"),
        case("row/div/zero", "deviation", needs=["function.divide"], message="known since 1.0"),
        case("row/mod/sign", "xpass", needs=["function.modulo"], message="passes"),
        case("row/mod/last", "not-run", needs=["function.modulo"]),
        declared={
            "function.md5": ("unsupported", "no hashes"),
            "function.sha256": ("not implemented", ""),
            "sink.parquet": ("full", ""),
        },
        level=0,
        missing={"1": ("4 cases fail, such as row/add/overflow.",)},
    )


def hostile() -> Report:
    """Return a report in which every text that others write is hostile, and one is very long."""
    return report(
        case(f"row/{HOSTILE}/a", "fail", needs=[f"function.{HOSTILE}"], message=HOSTILE, why=HOSTILE, kills=(HOSTILE,)),
        case("row/long/b", "error", needs=["type.bool"], message="x" * 1_000_000),
        case("row/known/c", "deviation", needs=[f"{HOSTILE}.d"], message=HOSTILE),
        declared={f"function.{HOSTILE}": ("emulated", HOSTILE)},
        backend=HOSTILE,
        missing={"0": (HOSTILE,)},
    )
