"""The backend is an example of how short one can be."""

from __future__ import annotations

import ast
from pathlib import Path

import onefold_sqlite

LIMIT = 250


def lines_of_code(text: str) -> int:
    """Return how many lines hold code: no blank ones, no comments, no docstrings."""
    documented: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            documented.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(text.splitlines(), start=1)
    return sum(bool(line.strip()) and line.strip()[0] != "#" and number not in documented for number, line in lines)


def test_lines_are_counted_without_blanks_comments_and_docstrings() -> None:
    assert (
        lines_of_code(
            '"""A module\nof two lines."""\n\n# why\nx = 1  # one\n\n\ndef f():\n    """F."""\n    return x\n'
        )
        == 3
    )


def test_the_backend_is_short() -> None:
    files = sorted(Path(onefold_sqlite.__file__).parent.rglob("*.py"))
    assert {"backend.py", "dialect.py", "plugin.py"} <= {file.name for file in files}
    assert sum(lines_of_code(file.read_text(encoding="utf-8")) for file in files) <= LIMIT
