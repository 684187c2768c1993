"""The page: one file of HTML, with its style and its search inside, for light and dark screens."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from onefold.errors import ConfigurationError
from onefold.feature_docs.describing import Catalogue, FeatureText, ServiceText, SourceText, ViewText
from onefold.features import Entity

__all__ = ["page_text", "write_page"]


def write_page(catalogue: Catalogue, folder: Path) -> Path:
    """Write the page, over an earlier one.

    Args:
        catalogue: What it says.
        folder: Where to; made when it does not exist.

    Returns:
        The file.

    Raises:
        ConfigurationError: If it can not be written.
    """
    file = folder / "index.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(page_text(catalogue), encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigurationError(f"The page can not be written to {str(file)!r}: {error}.") from error
    return file


def page_text(catalogue: Catalogue) -> str:
    """Return the page as HTML."""
    package = files("onefold.feature_docs")
    style, script = (package.joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))
    about = ", ".join(
        _counted(number, one, many)
        for number, one, many in (
            (catalogue.count, "feature", "features"),
            (len(catalogue.views), "view", "views"),
            (len(catalogue.entities), "entity", "entities"),
            (len(catalogue.sources), "source", "sources"),
        )
    )
    body = [
        *map(_view, catalogue.views),
        *map(_service, catalogue.services),
        *(_entity(entity, catalogue.views) for entity in catalogue.entities),
        *map(_source, catalogue.sources),
    ]
    title = html.escape(catalogue.name)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}: features</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<header><div><h1>{title}</h1><p class="about">{about}</p>'
        '<input id="search" type="search" placeholder="Search: press /" aria-label="Search"></div></header>\n'
        f'<div class="layout">\n<nav>{_navigation(catalogue)}</nav>\n<main>\n{"".join(body)}'
        '<p id="nothing" hidden>Nothing contains all of these words.</p>\n</main>\n</div>\n'
        "<footer>Each feature of a row holds what was known at the row's time. Written by onefold docs.</footer>\n"
        f"<script>\n{script}</script>\n</body>\n</html>\n"
    )


def _navigation(catalogue: Catalogue) -> str:
    groups: tuple[tuple[str, str, list[tuple[str, str]]], ...] = (
        ("Views", "view", [(view.name, str(len(view.features))) for view in catalogue.views]),
        ("Services", "service", [(service.name, str(len(service.views))) for service in catalogue.services]),
        ("Entities", "entity", [(entity.name, "") for entity in catalogue.entities]),
        ("Sources", "source", [(source.name, "") for source in catalogue.sources]),
    )
    return "".join(
        f"<div><h2>{title}</h2>"
        + "".join(
            f'<a href="#{html.escape(f"{kind}-{name}")}">{html.escape(name)}<span>{count}</span></a>'
            for name, count in entries
        )
        + "</div>"
        for title, kind, entries in groups
        if entries
    )


def _view(view: ViewText) -> str:
    facts = [
        ("Entity", f"{_link('entity', view.entity.name)} ({', '.join(map(_code, view.entity.keys))})"),
        ("Time", html.escape(view.time)),
        ("Engine", f'{html.escape(view.engine)} <span class="why">({html.escape(view.reason)})</span>'),
    ]
    if view.owner:
        facts.insert(0, ("Owner", html.escape(view.owner)))
    if view.tags:
        facts.append(("Tags", _chips(f"{name}: {value}" for name, value in view.tags.items())))
    if view.services:
        facts.append(("Services", ", ".join(_link("service", name) for name in view.services)))
    if view.prepared:
        facts.append(("Prepared", "<br>".join(f"{_code(name)} = {_code(text)}" for name, text in view.prepared)))
    aggregated = any(feature.computed for feature in view.features)
    head = ("feature", "type", *(("computed", "window") if aggregated else ()), "null when", "from")
    features = _table(head, (_feature(feature, aggregated=aggregated) for feature in view.features))
    rows = f"<details><summary>How its rows are made</summary><pre>{html.escape(view.rows)}</pre></details>"
    words = [view.name, view.description, view.owner, view.entity.name, view.engine, *view.tags, *view.tags.values()]
    return _section("view", view.name, facts, words=words, description=view.description, rest=features + rows)


def _feature(feature: FeatureText, *, aggregated: bool) -> str:
    words = [feature.name, feature.dtype, feature.computed, feature.window, *feature.origins]
    cells = (
        f"<td>{_code(feature.name)}</td>",
        f'<td><code class="type">{html.escape(feature.dtype)}</code></td>',
        *(
            (f"<td>{_code(feature.computed)}</td>", f'<td class="window">{html.escape(feature.window)}</td>')
            if aggregated
            else ()
        ),
        f'<td class="null">{html.escape(feature.null)}</td>',
        f"<td>{'<br>'.join(map(_code, feature.origins))}</td>",
    )
    return f'<tr data-text="{_words(words)}">{"".join(cells)}</tr>'


def _service(service: ServiceText) -> str:
    facts = [("Views", ", ".join(_link("view", name) for name in service.views))]
    if service.owner:
        facts.insert(0, ("Owner", html.escape(service.owner)))
    words = [service.name, service.description, service.owner, *service.views]
    return _section("service", service.name, facts, words=words, description=service.description)


def _entity(entity: Entity, views: Sequence[ViewText]) -> str:
    own = [view.name for view in views if view.entity == entity]
    facts = [
        ("Keys", ", ".join(map(_code, entity.keys))),
        ("Views", ", ".join(_link("view", name) for name in own)),
    ]
    words = [entity.name, entity.description, *entity.keys]
    return _section("entity", entity.name, facts, words=words, description=entity.description)


def _source(source: SourceText) -> str:
    facts = [
        ("Format", html.escape(source.format)),
        ("Place", "<br>".join(map(_code, source.paths))),
        ("Views", ", ".join(_link("view", name) for name in source.views)),
    ]
    rows = (
        f'<tr data-text="{_words([name, dtype])}"><td>{_code(name)}</td><td><code class="type">{html.escape(dtype)}</code></td></tr>'
        for name, dtype in source.columns
    )
    words = [source.name, source.format, *source.paths]
    return _section("source", source.name, facts, words=words, rest=_table(("column", "type"), rows))


def _section(
    kind: str,
    name: str,
    facts: Sequence[tuple[str, str]],
    *,
    words: Iterable[str],
    description: str = "",
    rest: str = "",
) -> str:
    about = f"<p>{html.escape(description)}</p>" if description else ""
    listed = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in facts)
    return (
        f'<section id="{html.escape(f"{kind}-{name}")}" data-about="{_words(words)}"><h2>{html.escape(name)}<small>{kind}</small></h2>'
        f"{about}<dl>{listed}</dl>{rest}</section>\n"
    )


def _table(head: Sequence[str], rows: Iterable[str]) -> str:
    titles = "".join(f"<th>{title}</th>" for title in head)
    return f'<div class="wide"><table><thead><tr>{titles}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _link(kind: str, name: str) -> str:
    return f'<a href="#{html.escape(f"{kind}-{name}")}">{html.escape(name)}</a>'


def _code(text: str) -> str:
    return f"<code>{html.escape(text)}</code>"


def _chips(texts: Iterable[str]) -> str:
    return "".join(f'<span class="chip">{html.escape(text)}</span>' for text in texts)


def _words(words: Iterable[str]) -> str:
    return html.escape(" ".join(words).lower())


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
