"""The runner of tutorials: it does what a document says, and stops at the first thing that is not so."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

PATH = Path(__file__).parents[1] / "scripts" / "run_tutorial.py"


@pytest.fixture(scope="module")
def runner() -> Any:
    spec = spec_from_file_location("run_tutorial", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["run_tutorial"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def followed(runner: Any, folder: Path, text: str) -> Path:
    document = folder / "tutorial.md"
    document.write_text(text, "utf-8")
    place = folder / "place"
    place.mkdir()
    runner.follow(document, place)
    return place


def test_files_are_written_changed_and_used_and_cd_carries_over(runner: Any, tmp_path: Path) -> None:
    place = followed(
        runner,
        tmp_path,
        """Begin.

```sh
mkdir inner
cd inner
```

`deep/name.txt`:

```text
one
two
```

Now for a change. In `deep/name.txt`,
replace

```text
two
```

with

```text
three
```

```sh
cat deep/name.txt
pwd | sed 's,.*/,,'
```

```text
one three
inner
```
""",
    )
    assert (place / "inner" / "deep" / "name.txt").read_text("utf-8") == "one\nthree\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```sh\nfalse\n```\n", "'false' ended with 1, not 0"),
        ("```sh\ntrue  # exit code 1\n```\n", "ended with 0, not 1"),
        ("```sh\necho 1\n```\n\n```text\n2\n```\n", "this is printed:\n1\n"),
        ("```sh\necho 1; echo 2\n```\n\n```text\n1\n```\n", "this is printed:\n1\n2\n"),
        (
            "`a`:\n\n```text\nx\nx\n```\n\nIn `a`, replace\n\n```text\nx\n```\n\nwith\n\n```text\ny\n```\n",
            "2 times, not once",
        ),
        ("In `a`, replace\n\n```text\nx\n```\n\nMore.\n\n```text\ny\n```\n", "nothing says with what"),
        ("`../a`:\n\n```text\nx\n```\n", "leads out of the directory"),
    ],
)
def test_what_is_not_so_is_found(runner: Any, tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(runner.Problem) as caught:
        followed(runner, tmp_path, text)
    assert problem in str(caught.value)


def test_a_failure_that_is_announced_is_none(runner: Any, tmp_path: Path) -> None:
    followed(runner, tmp_path, "```sh\nexit 3  # exit code 3\n```\n")


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("12 pass, 3 fail", "1,012 pass, 4 fail", True),
        ("12 pass", "12 fail", False),
        ("1,806 cases, 9.1 s", "1,807 cases, 22 s", True),
        ("engine 3.40.1, revision 1", "engine 3.51.0, revision 2", True),
        ("level 1 (row)", "level 2 (row)", False),
        ("a\n...\nz", "a\nb\nc\nz", True),
        ("a\n...\nz", "a\nb", False),
        ("... end", "the end", True),
        ("1.5 and 2", "1.25 and 2", False),
    ],
)
def test_only_what_varies_may_differ(runner: Any, shown: str, printed: str, same: bool) -> None:
    assert runner.same_output(shown, printed) is same
