"""The example notebook runs as it stands, and what is stored with it is small and about no machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "examples" / "notebooks" / "flights.ipynb"

read: Callable[..., Any] = nbformat.read  # it has no types


def test_the_notebook_runs(tmp_path: Path) -> None:
    notebook = read(NOTEBOOK, as_version=4)
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            assert output.get("name") != "stderr", output.text


def test_its_outputs_are_stored_in_order_and_without_errors() -> None:
    cells = [cell for cell in read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == [*range(1, len(cells) + 1)]
    outputs = [output for cell in cells for output in cell.outputs]
    assert {output.output_type for output in outputs} == {"display_data", "execute_result"}
    assert sum("image/png" in output.data for output in outputs) == 1
    assert sum('class="onefold-graph"' in output.data.get("text/html", "") for output in outputs) == 1


def test_it_is_small_and_tells_nothing_of_the_machine_it_ran_on() -> None:
    text = NOTEBOOK.read_text("utf-8")
    assert len(text) < 500_000
    assert re.findall(r"(?<![\w<])/(?:home|root|tmp|Users|work|var|usr)/\S*", text) == []
