"""``onefold functions``: the catalogue, in a table, in detail, and as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from onefold.cli.main import app
from onefold.plan import AGGREGATIONS, FUNCTIONS


def run(*args: str) -> Any:
    return CliRunner().invoke(app, ["functions", *args], env={"COLUMNS": "200"})


def test_json_is_the_whole_catalogue_and_nothing_else() -> None:
    done = run("--json")
    entries = json.loads(done.stdout)
    assert [(entry["kind"], entry["name"]) for entry in entries] == [
        *(("function", name) for name in FUNCTIONS),
        *(("aggregation", name) for name in AGGREGATIONS),
    ]
    assert all(entry["meaning"] and entry["signatures"] and entry["example"] for entry in entries)


def test_the_list_has_every_name_and_what_it_takes() -> None:
    shown = run().stdout
    assert all(name in shown for name in (*FUNCTIONS, *AGGREGATIONS))
    assert "(int64) -> float64" in shown
    assert f"{len(FUNCTIONS) + len(AGGREGATIONS)} entries" in shown


def test_details_have_signature_options_and_an_example() -> None:
    shown = run("quantile").stdout
    assert "quantile(int64) -> float64" in shown
    assert "option q: float, must be given." in shown
    assert "quantile([1, 2, 3, 4], q=0.25) = 1.75" in shown


@pytest.mark.parametrize("name", [*FUNCTIONS, *AGGREGATIONS])
def test_details_of_every_entry_can_be_shown(name: str) -> None:
    assert run(name).exit_code == 0
    assert json.loads(run(name, "--json").stdout)[0]["name"] == name


def test_one_family() -> None:
    entries = json.loads(run("--family", "moments", "--json").stdout)
    assert {entry["family"] for entry in entries} == {"moments"}
    assert {entry["name"] for entry in entries} >= {"var_samp", "corr"}


def test_all_aggregations() -> None:
    entries = json.loads(run("--family", "aggregation", "--json").stdout)
    assert [entry["name"] for entry in entries] == list(AGGREGATIONS)


@pytest.mark.parametrize(
    ("args", "said"),
    [(("quantle",), "Did you mean 'quantile'"), (("--family", "sting"), "Did you mean 'string'")],
    ids=["name", "family"],
)
def test_what_does_not_exist_gives_near_matches(args: tuple[str, ...], said: str) -> None:
    done = run(*args)
    assert done.exit_code == 1
    assert said in " ".join(done.stderr.split())
    assert done.stdout == ""
