"""The command line: makes the data, runs the tools in turn, checks them against each other, reports."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from benchmarks.cases import parse_windows
from benchmarks.curves import add_curves, run_curves
from benchmarks.peers import Environment, environment
from benchmarks.peers.environments import HERE
from benchmarks.reporting import Record, markdown, notes, plot, ratios, tables, targets
from benchmarks.reporting.machine import machine
from benchmarks.rounds import Rounds
from benchmarks.suites import SCALES, SUITES, WORKLOADS, Setting
from benchmarks.suites.workload import DEFAULT_WINDOWS
from benchmarks.tools import TOOLS

__all__ = ["main"]

_DATA: Final = Path(__file__).parent / ".data"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measurements of onefold beside its peers."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser(
        "run",
        help="measure",
        description="Measure onefold and its peers on the same generated data. The tools run in turn, each time in a "
        "fresh process; results are compared with each other and with a naive computation of sampled rows. Trust "
        "ratios more than seconds.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = run.add_argument
    add("--suite", choices=SUITES, default="core", help="workloads and tools that belong together")
    add("--scale", choices=SCALES, default="S", help="how large the data is; T is for tests of the benchmark")
    add("--json", type=Path, default=None, help="write the report here, and beside it a page (.md) and a plot (.svg)")
    add("--tools", type=_names(TOOLS), default=None, help="only these, separated by commas (default: the suite's)")
    add("--workloads", type=_names(WORKLOADS), default=None, help="only these, separated by commas")
    add("--rounds", type=_count, default=3, help="rounds, of which the medians count")
    add("--seed", type=int, default=1, help="of the generated data and of the sample")
    add("--windows", type=_windows, default=DEFAULT_WINDOWS, help="lengths in s, m, h or d, and lifetime")
    add(
        "--timeout",
        type=float,
        default=None,
        help="seconds after which a tool is stopped (default: the scale's, or several times what onefold took)",
    )
    add("--unique", action="store_true", help="declare to onefold that (key, time) is unique, as it is in this data")
    add("--data", type=Path, default=_DATA, help="where generated data is kept, to be used again")
    add("--scratch", type=Path, default=None, help="where results and spilled data go (default: beside the data)")
    add(
        "--peers",
        choices=("own", HERE),
        default="own",
        help=f"peers in their own environments, or in this one ({HERE})",
    )
    add_curves(commands, _DATA)
    commands.add_parser("list", help="show what workloads and tools there are")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number above zero")
    return number


def _windows(text: str) -> Any:
    try:
        return parse_windows(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _names(known: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    def parse(text: str) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name!r} does not exist; there are {', '.join(known)}")
        return names

    return parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: The command line; None for this process's own.

    Returns:
        1 when a tool gave wrong values or lost rows (but for one that is known to), or onefold gave none, else 0.
    """
    options = _parser().parse_args(arguments)
    if options.command == "list":
        return _list()
    if options.command == "curves":
        return run_curves(options, lambda line: Console(stderr=True).print(line, highlight=False, soft_wrap=True))
    return _run(options)


def _list() -> int:
    console = Console()
    for workload in WORKLOADS.values():
        console.print(
            f"{workload.name:<20}{workload.title} (scales {', '.join(workload.scales)})",
            highlight=False,
            soft_wrap=True,
        )
    console.print("\nTools: " + ", ".join(TOOLS), highlight=False, soft_wrap=True)
    return 0


def _run(options: argparse.Namespace) -> int:
    console = Console(stderr=True)

    def say(line: str) -> None:
        console.print(line, highlight=False, markup=False, soft_wrap=True)

    suite = SUITES[options.suite]
    tools = options.tools or suite.tools
    setting = Setting(SCALES[options.scale], options.data.resolve(), options.seed, options.windows, options.unique)
    names = [name for name in options.workloads or suite.workloads if options.scale in WORKLOADS[name].scales]
    environments = _environments(tools, options.peers, say)
    installed = {name: found.versions() for name, found in environments.items()}
    about = {
        "suite": suite.name,
        "scale": options.scale,
        "seed": options.seed,
        "windows": [window.name for window in options.windows],
        "rounds": options.rounds,
        "declared_unique": options.unique,
        "environment": machine(tools, installed),
    }
    records: list[Record] = []
    report = _report(records, about)
    scratch = options.scratch or options.data
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=scratch) as folder:
        for name in names:
            say(f"{name}: {WORKLOADS[name].title}")
            rounds = Rounds(
                WORKLOADS[name], setting, environments, Path(folder).resolve(), say=say, timeout=options.timeout
            )
            records += rounds.run(tools, options.rounds)
            # Written after each workload, so that what was measured is there when a long run is stopped.
            report = _report(records, about)
            _write(options.json, records, report)
    _show(records, report)
    return int(any(_wrong(record) for record in records))


def _wrong(record: Record) -> bool:
    missing = TOOLS[record.tool].exact and not record.reason and record.agrees is None
    return missing or (record.agrees is False and not TOOLS[record.tool].faults)


def _environments(tools: Sequence[str], peers: str, say: Callable[[str], None]) -> dict[str, Environment]:
    found: dict[str, Environment] = {}
    for name in dict.fromkeys(TOOLS[tool].environment for tool in tools):
        if HERE in (name, peers):
            found[name] = environment(HERE)
            continue
        say(f"peers: environment {name}, made unless it is there, which takes some minutes")
        found[name] = environment(name)
        if found[name].problem:
            say(f"peers: {name} {found[name].problem}")
    return found


def _report(records: Sequence[Record], about: dict[str, Any]) -> dict[str, Any]:
    return {
        "results": [record.to_json() for record in records],
        "ratios": ratios(records),
        "targets": targets(records, about["scale"]),
        "run": about,
    }


def _write(path: Path | None, records: Sequence[Record], report: dict[str, Any]) -> None:
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")
    titles = {name: workload.title for name, workload in WORKLOADS.items()}
    page = markdown(records, titles, report["ratios"], report["targets"], report["run"])
    path.with_suffix(".md").write_text(page)
    title = f"suite {report['run']['suite']}, scale {report['run']['scale']}: seconds"
    path.with_suffix(".svg").write_text(plot(records, title))


def _show(records: Sequence[Record], report: dict[str, Any]) -> None:
    output = Console()
    if not output.is_terminal:
        output = Console(width=120)  # nothing is cut in a file
    for table in tables(records, report["targets"]):
        output.print(table)
    for line in notes(records):
        output.print(line, highlight=False, markup=False, soft_wrap=True)
