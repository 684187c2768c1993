"""Put the files of changelog/ into CHANGELOG.md under a version, and remove them.

    python scripts/collect_changelog.py 0.2.0

With ``--check`` nothing is written, and the exit code says whether there are none left. What stands under "Unreleased" goes
under the version too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEADINGS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
UNRELEASED = "## [Unreleased]\n"


def fragments(folder: Path) -> dict[Path, str]:
    """Return the heading of each file, in the order of names.

    Raises:
        ValueError: If a name has no heading that exists, or a file is empty.
    """
    found = {}
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        heading = path.name.removesuffix(".md").rpartition(".")[2].capitalize()
        if heading not in HEADINGS:
            raise ValueError(f"{path.name}: the name ends in .<heading>.md, with one of {', '.join(HEADINGS).lower()}")
        if not path.read_text(encoding="utf-8").strip():
            raise ValueError(f"{path.name} is empty")
        found[path] = heading
    return found


def collected(changelog: str, entries: Mapping[str, list[str]], version: str, day: dt.date) -> str:
    """Return the changelog with a version: what was unreleased, and the entries by heading.

    Args:
        changelog: The text of CHANGELOG.md.
        entries: Texts by heading.
        version: The version, such as ``"0.2.0"``.
        day: The day of the release.

    Raises:
        ValueError: If there is no part "Unreleased", or the version is there already.
    """
    if f"## [{version}]" in changelog:
        raise ValueError(f"CHANGELOG.md has the version {version} already")
    before, found, after = changelog.partition(UNRELEASED)
    if not found:
        raise ValueError(f"CHANGELOG.md has no heading {UNRELEASED.strip()!r}")
    unreleased, older, rest = after.partition("\n## [")
    parts = re.split(r"^### (\w+)\n", unreleased, flags=re.MULTILINE)
    texts = {heading: text.strip() for heading, text in zip(parts[1::2], parts[2::2], strict=True)}
    for heading, added in entries.items():
        lines = [texts[heading]] if texts.get(heading) else []
        texts[heading] = "\n".join([*lines, *map(_item, added)])
    sections = "".join(f"\n### {heading}\n\n{texts[heading]}\n" for heading in HEADINGS if texts.get(heading))
    return f"{before}{UNRELEASED}\n## [{version}] - {day:%Y-%m-%d}\n{sections}{older}{rest}"


def _item(text: str) -> str:
    """Return a text as an item of a list, in lines as they are in the rest of the file."""
    return textwrap.fill(
        " ".join(text.split()), 120, initial_indent="- ", subsequent_indent="  ", break_long_words=False
    )


def main(arguments: list[str] | None = None) -> int:
    """Do as the arguments say."""
    parser = argparse.ArgumentParser(description="Put the files of changelog/ into CHANGELOG.md.")
    parser.add_argument("version", nargs="?", help="the version, such as 0.2.0")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if there are files left")
    given = parser.parse_args(arguments)
    found = fragments(ROOT / "changelog")
    if given.check:
        sys.stderr.writelines(f"not collected: {path.name}\n" for path in found)
        return 1 if found else 0
    if given.version is None:
        parser.error("name the version")
    entries: dict[str, list[str]] = {}
    for path, heading in found.items():
        entries.setdefault(heading, []).append(path.read_text(encoding="utf-8"))
    file = ROOT / "CHANGELOG.md"
    text = collected(file.read_text(encoding="utf-8"), entries, given.version, dt.datetime.now(dt.UTC).date())
    file.write_text(text, encoding="utf-8")
    for path in found:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
