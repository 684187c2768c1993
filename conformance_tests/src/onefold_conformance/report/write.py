"""Writing a report: as data for programs, as XML for continuous integration, as pages for people."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from onefold.errors import ConfigurationError
from onefold_conformance.report.html import to_html
from onefold_conformance.report.junit import to_junit
from onefold_conformance.report.markdown import to_markdown
from onefold_conformance.report.model import Report

__all__ = ["write_report", "write_text"]


def write_report(report: Report, directory: Path) -> list[Path]:
    """Write ``report.json``, ``junit.xml``, ``report.md`` and ``report.html``; other files are left alone.

    Nothing is written before all of it could be made, and no file is ever there in part.

    Args:
        report: What to write.
        directory: Where to; made when it is not there.

    Returns:
        The files.

    Raises:
        ConfigurationError: If they can not be written.
    """
    contents = {
        "report.json": f"{report.to_json()}\n",
        "junit.xml": to_junit(report),
        "report.md": to_markdown(report),
        "report.html": to_html(report),
    }
    paths = {directory / name: text for name, text in contents.items()}
    _write_all(paths)
    return list(paths)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all.

    Raises:
        ConfigurationError: If it can not be written.
    """
    _write_all({path: text})


def _write_all(contents: Mapping[Path, str]) -> None:
    drafts: dict[Path, Path] = {}
    try:
        for path, text in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            drafts[path] = path.with_name(f".{path.name}.{os.getpid()}")
            drafts[path].write_text(text, encoding="utf-8", newline="\n")
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as error:
        raise ConfigurationError(f"The report can not be written: {error}. Choose another place.") from error
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
