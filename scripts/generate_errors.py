"""Write docs/reference/errors: a page for each code, from the docstrings of the classes of errors."""

from __future__ import annotations

from pathlib import Path

from onefold.cli.error_pages import ErrorPage, error_pages

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
MARK = "<!-- Written by scripts/generate_errors.py. Do not edit. -->"

HEAD = f"""\
# Errors

{MARK}

Every error that onefold raises on purpose is in one tree, whose root is `onefold.OnefoldError`. Each class has a code that
stays what it is when names and messages change. A traceback ends with it:

```text
onefold.errors.PlanError: filter: The predicate must be true or false for each row, but col('amount') is float64. […]
OF110: run `onefold errors OF110` for what it means and what to do.
```

`onefold errors OF110` prints the page of a code, without a network. The first digit is the branch of the tree, the others are
the levels below it. A class that a backend adds below one of these has the code of the class above it.

| code | error | what it is |
| ---- | ----- | ---------- |
"""


SEE = {
    "OF100": ("explanation/time.md", "reference/api/definitions.md"),
    "OF110": ("how-to/debug-a-plan.md", "reference/functions.md", "reference/api/expressions.md"),
    "OF111": ("explanation/planner.md", "decisions/0008-documents-hold-no-code.md"),
    "OF120": ("how-to/write-features-in-sql.md",),
    "OF200": ("reference/support.md", "how-to/choose-an-engine.md", "how-to/mix-engines.md"),
    "OF300": ("reference/configuration.md", "how-to/choose-an-engine.md"),
    "OF310": ("how-to/write-a-backend.md",),
    "OF400": ("reference/api/definitions.md", "explanation/time.md"),
    "OF500": ("how-to/larger-than-memory.md", "how-to/debug-a-plan.md", "explanation/semantics.md"),
    "OF600": ("how-to/python-transforms.md",),
    "OF700": ("how-to/python-transforms.md", "explanation/architecture.md"),
    "OF800": ("explanation/architecture.md",),
}
"""Pages of ``docs`` that say more, by code."""


def pages() -> dict[str, str]:
    """Return the text of each page, by its file in ``docs/reference``."""
    rows = "".join(
        f"| [{page.code}]({page.code}.md) | {'· ' * len(page.inside)}`{page.name}` | {page.summary} |\n"
        for page in error_pages()
    )
    return {"errors/README.md": HEAD + rows} | {f"errors/{page.code}.md": _text(page) for page in error_pages()}


def _text(page: ErrorPage) -> str:
    inside = " and ".join(f"[{code}]({code}.md)" for code in page.inside)
    text = f"# {page.code}: {page.name}\n\n{MARK}\n\n{page.summary}"
    text += f" It is a kind of {inside}.\n" if inside else "\n"
    text += f"\n{page.meaning}\n\n## What to do\n\n{page.advice}\n"
    if page.attributes:
        text += "\n## What it knows\n\n" + "".join(f"- `{name}`: {about}\n" for name, about in page.attributes.items())
    text += f'\n## An example\n\n```python\n{page.example}```\n\n<div class="wrapped" markdown>\n\n```text\n{page.printed}```\n\n</div>\n'
    if page.code in SEE:
        links = (f"- [{_title(file)}](../../{file})" for file in SEE[page.code])
        text += "\n## See also\n\n" + "\n".join(links) + "\n"
    return text


def _title(file: str) -> str:
    return (FOLDER.parent / file).read_text(encoding="utf-8").partition("# ")[2].partition("\n")[0]


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8")
