"""``onefold errors``: the pages of the codes."""

from __future__ import annotations

import json

from tests.cli.command import onefold
from typer.testing import CliRunner

from onefold.cli.error_pages import error_page, error_pages
from onefold.cli.main import app


def test_every_page_says_when_it_is_raised_what_to_do_and_what_raises_it() -> None:
    for page in error_pages():
        assert all((page.summary, page.meaning, page.advice, page.example, page.printed)), page.code
        assert "\n" not in page.summary
        assert "What to do" not in page.meaning


def test_a_page_is_found_by_its_code_and_by_the_name_of_its_class() -> None:
    assert error_page("OF110") == error_page("of110") == error_page("PlanError")
    assert error_page("OF111").inside == ("OF110", "OF100")


def test_what_an_error_knows_is_listed_without_its_message() -> None:
    assert list(error_page("OF500").attributes) == ["engine", "query", "stage"]


def test_the_list_shows_all_codes_with_their_classes() -> None:
    printed = CliRunner().invoke(app, ["errors"]).stdout
    for page in error_pages():
        assert page.code in printed
        assert page.name in printed


def test_a_page_is_printed_with_an_example_that_can_be_copied() -> None:
    printed = CliRunner().invoke(app, ["errors", "OF200"], env={"COLUMNS": "80"}).stdout
    for line in error_page("OF200").example.splitlines():
        assert f"  {line}\n" in printed


def test_pages_as_json() -> None:
    printed = json.loads(CliRunner().invoke(app, ["errors", "OF400", "--json"]).stdout)
    assert [(page["code"], page["name"]) for page in printed] == [("OF400", "SourceError")]
    assert len(json.loads(CliRunner().invoke(app, ["errors", "--json"]).stdout)) == len(error_pages())


def test_a_code_that_does_not_exist_is_an_error_with_what_exists() -> None:
    done = onefold("errors", "OF112")
    assert done.returncode == 1
    assert "There is no error 'OF112'" in done.stderr
    assert "'OF111'" in done.stderr
