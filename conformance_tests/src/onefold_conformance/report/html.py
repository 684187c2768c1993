"""The report as one HTML page: failures first, then capabilities, then every case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from onefold_conformance.case.model import LEVELS
from onefold_conformance.report.model import FAILING, FARTHEST, STATUSES, CaseResult, Report
from onefold_conformance.report.observed import CELL_KINDS, GROUPS, Cell, cells_of, grouped
from onefold_conformance.report.page import SIGNS, cell_class, cell_note, escaped, legend, page, resource
from onefold_conformance.report.wording import (
    STATUS_NAMES,
    counted,
    first_line,
    headline,
    level_name,
    moment,
    shortened,
    span_of_time,
)

__all__ = ["to_html"]

_CARDS_SHOWN = 40
_MESSAGE_LENGTH = 20_000
_FOOT = (
    "Cells and levels are made from what cases observed, not from what is declared. "
    "<code>report.json</code> beside this page holds all of it as data."
)


def to_html(report: Report) -> str:
    """Return a report as a page that needs nothing but itself, with or without scripts."""
    failures = [case for case in report.cases if case.status in FAILING and case.status != "not-run"]
    deviations = [case for case in report.cases if case.status == "deviation"]
    anchors = {case.id: f"failure-{number}" for number, case in enumerate(failures)}
    cells = cells_of(report)
    parts = [_failures(report, failures, anchors)]
    if deviations:
        parts.append(_deviations(deviations))
    parts += [_capabilities(cells, anchors), _cases(report, anchors)]
    contents = [("failures", "Failures", len(failures)), ("deviations", "Known deviations", len(deviations))]
    contents += [("capabilities", "Capabilities", len(cells)), ("cases", "Cases", len(report.cases))]
    nav = "".join(
        f'<a href="#{anchor}">{title} <span class="soft">{number:,}</span></a>'
        for anchor, title, number in contents
        if number or anchor != "deviations"
    )
    return page(
        title=f"{report.backend}: conformance report",
        head=f'{_header(report)}\n<nav class="contents" aria-label="Contents">{nav}</nav>',
        body="\n".join(parts),
        foot=f"<p>{_FOOT}</p>",
        script=resource("filter.js"),
    )


def _header(report: Report) -> str:
    if report.level is None:
        badge = '<p class="badge no-level"><span>no level</span></p>'
    else:
        number, _, name = level_name(report.level).partition(" · ")
        badge = f'<p class="badge"><span>{number.lower()}</span><span>{name}</span></p>'
    facts = {
        "Provided by": report.distribution or "unknown",
        "Engine": report.engine_version or "unknown",
        "Cases": f"revision {report.suite_revision}, hash {report.suite_hash[:12]}",
        "Target": f"revision {report.target_revision}",
        "Run": f"{moment(report.started)}, {span_of_time(report.seconds)}",
        "Versions": ", ".join(f"{name} {version}" for name, version in report.versions.items()),
    }
    listed = "".join(f"<div><dt>{name}</dt><dd>{escaped(text)}</dd></div>" for name, text in facts.items() if text)
    numbers = "".join(
        f'<div class="{status}"><dt>{STATUS_NAMES[status]}</dt><dd>{number:,}</dd></div>'
        for status, number in report.counts.items()
        if number
    )
    return f"""<div class="title"><div><p class="eyebrow">onefold conformance report</p>
<h1>{escaped(report.backend)}</h1></div>{badge}</div>
<p class="lead">{escaped(headline(report))}</p>
{_bar(report.counts)}
<dl class="counts">{numbers}</dl>
{_ladder(report)}
<dl class="facts">{listed}</dl>"""


def _bar(counts: Mapping[str, int]) -> str:
    """Return the shares of statuses; the numbers stand beside it as text."""
    return (
        '<div class="bar" aria-hidden="true">'
        + "".join(
            f'<span class="{status}" style="flex-grow:{counts[status]}"></span>'
            for status in STATUSES
            if counts.get(status)
        )
        + "</div>"
    )


def _ladder(report: Report) -> str:
    steps = []
    for level, name in LEVELS.items():
        cases = [case for case in report.cases if case.level == level]
        failing = sum(case.status in FAILING for case in cases)
        if report.level is not None and level <= report.level:
            kind, said = "reached", "reached"
        elif level not in report.levels_run:
            kind, said = "not-run", "not run, or in part"
        else:
            kind, said = f"missed{' failing' if failing else ''}", "not reached"
        number = counted(len(cases), "case")
        steps.append(f'<li class="{kind}"><b>{level} · {name}</b>{said}<br><span class="soft">{number}</span></li>')
    return f'<ol class="ladder" aria-label="Levels">{"".join(steps)}</ol>{_missing(report)}'


def _missing(report: Report) -> str:
    """Return what keeps the backend from the next level, and folded, from those above."""
    lists = [
        f"<li><b>{level_name(level)}:</b> {'; '.join(escaped(reason) for reason in reasons)}</li>"
        for level in LEVELS
        if (reasons := report.missing.get(str(level), ()))
    ]
    if not lists:
        return ""
    more = f"<details><summary>What the levels above lack</summary><ul>{''.join(lists[1:])}</ul></details>"
    return f'<div class="missing"><p>What is missing:</p><ul>{lists[0]}</ul>{more if lists[1:] else ""}</div>'


def _failures(report: Report, failures: list[CaseResult], anchors: Mapping[str, str]) -> str:
    head = f'<section aria-labelledby="failures"><h2 id="failures">Failures<span class="number">{len(failures):,}</span></h2>'
    given_up = report.counts["not-run"]
    notes = f"<p>The run was given up before {counted(given_up, 'case')}.</p>" if given_up else ""
    if not failures:
        return f"{head}{notes}{'' if given_up else '<p class=fine>No case failed.</p>'}</section>"
    cards = [_card(case, anchors[case.id]) for case in failures]
    rest = (
        f"<details><summary>{counted(len(cards) - _CARDS_SHOWN, 'more failure')}</summary>"
        f"{''.join(cards[_CARDS_SHOWN:])}</details>"
        if len(cards) > _CARDS_SHOWN
        else ""
    )
    return f"{head}{notes}{''.join(cards[:_CARDS_SHOWN])}{rest}</section>"


def _card(case: CaseResult, anchor: str) -> str:
    about = [level_name(case.level)]
    if case.variant:
        about.append(f"variant “{escaped(case.variant)}”")
    if case.ulps and case.ulps < FARTHEST:
        about.append(f"up to {case.ulps:,.3g} ulps apart")
    about.append(span_of_time(case.seconds))
    rules = (
        f'<div class="row"><span>Known to catch</span>{_chips(case.kills, "chips rules")}</div>' if case.kills else ""
    )
    needs = f'<div class="row"><span>Needs</span>{_chips(case.needs, "chips mono")}</div>' if case.needs else ""
    message = f'<pre tabindex="0" role="group" aria-label="Message of {escaped(case.id)}">{_text(case)}</pre>'
    return (
        f'<article class="card {case.status}" id="{anchor}">'
        f'<h3><code>{escaped(case.id)}</code><span class="mark {case.status}">{STATUS_NAMES[case.status]}</span></h3>'
        f'<p class="about">{" · ".join(about)}</p>{f"<p>{escaped(case.why)}</p>" if case.why else ""}'
        f"{message if case.message else ''}{rules}{needs}</article>"
    )


def _text(case: CaseResult) -> str:
    return escaped(shortened(case.message, _MESSAGE_LENGTH))


def _chips(items: Iterable[str], classes: str) -> str:
    return f'<ul class="{classes}">{"".join(f"<li>{escaped(item)}</li>" for item in items)}</ul>'


def _deviations(deviations: list[CaseResult]) -> str:
    rows = "".join(
        f"<tr><th scope=row><code>{escaped(case.id)}</code></th><td>{_text(case)}</td></tr>" for case in deviations
    )
    return (
        f'<section aria-labelledby="deviations"><h2 id="deviations">Known deviations'
        f'<span class="number">{len(deviations):,}</span></h2>'
        "<p class=soft>These fail as the backend's <code>conformance.toml</code> says; none counts towards a level.</p>"
        "<div class=scroll><table class=detail><thead><tr><th scope=col>Case</th><th scope=col>Reason</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _capabilities(cells: Mapping[str, Cell], anchors: Mapping[str, str]) -> str:
    groups = "".join(_group(group, names, cells, anchors) for group, names in grouped(cells).items())
    return (
        f'<section aria-labelledby="capabilities"><h2 id="capabilities">Capabilities'
        f'<span class="number">{len(cells):,}</span></h2>{legend()}{groups}</section>'
    )


def _group(group: str, names: list[str], cells: Mapping[str, Cell], anchors: Mapping[str, str]) -> str:
    title = escaped(GROUPS.get(group, group.capitalize()))
    kinds = [cells[name].kind for name in names]
    said = ", ".join(f"{kinds.count(kind)} {kind}" for kind in CELL_KINDS if kind in kinds)
    rows = "".join(
        f"<tr><th scope=row><code>{escaped(name)}</code></th>"
        f'<td><span class="mark {cell_class(cells[name])}">{cells[name].kind}</span></td>'
        f"<td>{escaped(cell_note(cells[name]))}</td></tr>"
        for name in names
    )
    return (
        f'<div class="group"><h3>{title}<span class="number">{said}</span></h3>'
        f'<ul class="tiles">{"".join(_tile(name, cells[name], anchors) for name in names)}</ul>'
        f"<details><summary>In detail<span class=hidden>: {title}</span></summary><div class=scroll><table class=detail><thead><tr>"
        "<th scope=col>Capability</th><th scope=col>Observed</th><th scope=col>Cases and declaration</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div></details></div>"
    )


def _tile(name: str, cell: Cell, anchors: Mapping[str, str]) -> str:
    label = escaped(name.partition(".")[2] or name)
    failure = next((anchors[example] for example in cell.examples if example in anchors), None)
    shown = f'<a href="#{failure}">{label}</a>' if failure else label
    share = f"<small>{cell.share}</small>" if cell.share else ""
    return (
        f'<li class="tile {cell_class(cell)}" data-sign="{SIGNS[cell.kind]}" title="{escaped(cell_note(cell))}">'
        f'{shown}<span class="hidden"> {cell.kind}</span>{share}</li>'
    )


def _cases(report: Report, anchors: Mapping[str, str]) -> str:
    levels: dict[int, dict[str, list[CaseResult]]] = {}
    for case in report.cases:
        levels.setdefault(case.level, {}).setdefault(case.id.rpartition("/")[0] or case.id, []).append(case)
    folds = "".join(_level(level, topics, anchors) for level, topics in sorted(levels.items()))
    options = "".join(
        f'<option value="{status}">{STATUS_NAMES[status]}</option>' for status in STATUSES if report.counts[status]
    )
    return (
        f'<section aria-labelledby="cases"><h2 id="cases">Cases<span class="number">{len(report.cases):,}</span></h2>'
        '<form id="filter" class="filter" role="search" hidden><label class="hidden" for="filter-text">Find cases</label>'
        '<input id="filter-text" name="text" type="search" placeholder="Find cases" autocomplete="off">'
        '<label class="hidden" for="filter-status">Status</label>'
        f'<select id="filter-status" name="status"><option value="">every status</option>{options}</select>'
        f'<span id="filter-result" class="soft" role="status"></span></form>{folds}</section>'
    )


def _level(level: int, topics: Mapping[str, list[CaseResult]], anchors: Mapping[str, str]) -> str:
    cases = [case for topic in topics.values() for case in topic]
    return (
        f'<details class="level"><summary>{level_name(level)}{_tally(cases)}</summary>'
        f"{''.join(_topic(topic, of_topic, anchors) for topic, of_topic in sorted(topics.items()))}</details>"
    )


def _topic(topic: str, cases: list[CaseResult], anchors: Mapping[str, str]) -> str:
    return (
        f'<details class="topic"><summary><code>{escaped(topic)}</code>{_tally(cases)}</summary>'
        '<table class="cases"><thead><tr><th scope=col>Case</th><th scope=col>Result</th><th scope=col class=n>ulps</th>'
        "<th scope=col class=n>Time</th></tr></thead>"
        f"<tbody>{''.join(_case(case, anchors) for case in cases)}</tbody></table></details>"
    )


def _tally(cases: list[CaseResult]) -> str:
    counts: dict[str, int] = {status: sum(case.status == status for case in cases) for status in STATUSES}
    bad = sum(counts[status] for status in FAILING)
    return (
        f'<span class="number">{counted(len(cases), "case")}</span>{_bar(counts)}'
        f"{f'<span class=bad>{bad:,} failing</span>' if bad else ''}"
    )


def _case(case: CaseResult, anchors: Mapping[str, str]) -> str:
    name = escaped(case.id.rpartition("/")[2])
    shown = f'<a href="#{anchors[case.id]}">{name}</a>' if case.id in anchors else name
    said = first_line(case.message) if case.message else ""
    return (
        f'<tr data-status="{case.status}" data-id="{escaped(case.id)}"><th scope=row><code>{shown}</code>'
        f"{f'<span class=said>{escaped(case.why)}</span>' if case.why else ''}</th>"
        f'<td><span class="mark {case.status}">{STATUS_NAMES[case.status]}</span>'
        f"{f'<span class=said>{escaped(said)}</span>' if said else ''}</td>"
        f"<td class=n>{'' if case.ulps is None else '∞' if case.ulps >= FARTHEST else f'{case.ulps:.3g}'}</td>"
        f"<td class=n>{span_of_time(case.seconds)}</td></tr>"
    )
