"""Write docs/reference/configuration.md: the project file, environment variables, and the options of each engine."""

from __future__ import annotations

from pathlib import Path

from onefold.registry import installed

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
ENGINES = ("rift", "polars", "spark", "snowflake", "sqlite")

HEAD = """\
# Configuration

<!-- Written by scripts/generate_configuration.py. Do not edit. -->

Definitions say what is computed; configuration says where, and with what. Nothing here changes a value.

## The project file

`onefold.toml` lies beside the definitions and applies to all of them:

| setting            | what it is                                                                                     |
| ------------------ | ---------------------------------------------------------------------------------------------- |
| `definitions`      | the Python file or package with the definitions, from the folder of the file                   |
| `engine`           | the engine of views that name none, or `"auto"`; `"rift"` when left out                        |
| `[options.ENGINE]` | options of an engine, as below                                                                 |

```toml
definitions = "features.py"
engine = "auto"

[options.rift]
memory_limit = "8GB"
```

The `onefold` command and `load_repository()` read it; `training_set()` is given it, as `project=repository.project`. Any other
setting is an error.

## Environment variables

| variable          | what it is                                                                                       |
| ----------------- | ------------------------------------------------------------------------------------------------ |
| `ONEFOLD_ENGINE`  | the engine of all views in this process, over what definitions and the project file say          |
| `ONEFOLD_SCRATCH` | the directory for rows that wait between engines; the system's temporary directory when left out |
| `ONEFOLD_KERNEL`  | `numpy`: without the compiled loops of `onefold-native`; `native`: an error where it is missing   |

[Choose an engine](../how-to/choose-an-engine.md) says which of several names counts.

## Options of engines

They are given in `onefold.toml`, by engine to a training set or a view (`options={"rift": {"threads": 4}}`), and where one
engine is meant, such as in `Table.collect`, without its name. An option of a view goes over that of a training set, which goes
over that of the project, each by itself. An option that does not exist is an error.
"""


def pages() -> dict[str, str]:
    """Return the text of the page, by its file in ``docs/reference``."""
    return {"configuration.md": "\n".join([HEAD, *map(_options, ENGINES)])}


def _options(engine: str) -> str:
    options = installed().create(engine).options
    rows = "".join(f"| `{name}` | {about} |\n" for name, about in options.items())
    table = f"| option | what it is |\n| ------ | ---------- |\n{rows}" if rows else "It has none.\n"
    return f"### {engine}\n\n{table}"


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
