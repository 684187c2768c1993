"""Loading definitions by path: what is found, and what each mistake says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from onefold.api.engines import chosen_engines
from onefold.api.repository import load_repository
from onefold.errors import ConfigurationError, DefinitionError


def write(folder: Path, text: str, name: str = "features.py") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


VIEW = """
import onefold as of
from datetime import datetime, timezone

source = of.ArrowSource("s", {"k": ["a"], "t": [datetime(2025, 1, 1, tzinfo=timezone.utc)], "x": [1.0]}, time="t")
entity = of.Entity("k", keys=["k"])
view = of.FeatureView("view", source=source, entity=entity, features=[of.sum("x").over("1d")])
"""


def test_views_and_services_are_found_by_name_in_the_order_of_the_file(repository: Path) -> None:
    found = load_repository(repository / "features.py")
    assert list(found.views) == ["spend", "latest"]
    assert list(found.services) == ["everything"]
    assert [view.name for view in found.select(["everything"])] == ["spend", "latest"]
    assert [view.name for view in found.select(["latest", "everything"])] == ["latest", "spend"]
    assert [view.name for view in found.select()] == ["spend", "latest"]


def test_views_in_lists_and_dictionaries_are_found(tmp_path: Path) -> None:
    text = VIEW.replace("view = of.FeatureView(", "VIEWS = [of.FeatureView(") + "]\n"
    assert list(load_repository(write(tmp_path, text)).views) == ["view"]


def test_what_a_file_prints_goes_to_standard_error(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load_repository(repository / "features.py")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "definitions may print\n"


def test_a_file_can_import_its_neighbours_and_leaves_the_import_path_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, "WINDOW = '3d'\n", "neighbour_of_features.py")
    text = VIEW.replace('over("1d")', "over(neighbour_of_features.WINDOW)")
    before = list(sys.path)
    found = load_repository(write(tmp_path, "import neighbour_of_features\n" + text))
    assert found.views["view"].feature_names == ("x_sum_3d",)
    assert sys.path == before


def test_a_package_with_relative_imports(tmp_path: Path) -> None:
    write(tmp_path, VIEW, "shop_features/views.py")
    write(tmp_path, "from .views import view\n", "shop_features/__init__.py")
    assert list(load_repository(tmp_path / "shop_features").views) == ["view"]


def test_a_file_named_like_an_installed_module_does_not_replace_it(tmp_path: Path) -> None:
    import json

    load_repository(write(tmp_path, VIEW, "json.py"))
    assert sys.modules["json"] is json


def test_a_file_is_run_anew_each_time(tmp_path: Path) -> None:
    path = write(tmp_path, VIEW)
    load_repository(path)
    write(tmp_path, VIEW.replace('"1d"', '"2d"'))
    assert load_repository(path).views["view"].feature_names == ("x_sum_2d",)


def test_the_project_file_names_definitions_engine_and_options(tmp_path: Path) -> None:
    write(tmp_path, VIEW, "definitions.py")
    write(tmp_path, 'definitions = "definitions.py"\nengine = "rift"\n[options.rift]\nthreads = 2\n', "onefold.toml")
    found = load_repository(tmp_path)
    assert found.path == tmp_path / "definitions.py"
    assert found.project.engine == "rift"
    assert found.project.options == {"rift": {"threads": 2}}


def test_the_engine_of_a_project_may_be_one_that_is_not_installed_until_it_counts(tmp_path: Path) -> None:
    write(tmp_path, 'engine = "far_off"\n', "onefold.toml")
    found = load_repository(write(tmp_path, VIEW))
    assert found.project.engine == "far_off"
    with pytest.raises(ConfigurationError, match=r"onefold\.toml names the engine 'far_off', which is not installed"):
        chosen_engines(found.select(), project=found.project.engine)
    assert chosen_engines(found.select(), project=found.project.engine, engine="rift")["view"].engine == "rift"


def test_options_are_those_of_engines_and_of_each_once(tmp_path: Path) -> None:
    write(tmp_path, "[options.duckdb]\nthreads = 2\n[options.snowflake]\nrole = 'reader'\n", "onefold.toml")
    found = load_repository(write(tmp_path, VIEW)).project
    assert found.options == {"rift": {"threads": 2}, "snowflake": {"role": "reader"}}
    assert found.with_options({"duckdb": {"memory_limit": "1GB"}}) == {
        "rift": {"threads": 2, "memory_limit": "1GB"},
        "snowflake": {"role": "reader"},
    }
    with pytest.raises(ConfigurationError, match=r"options= names the engine 'rfit'.*Did you mean 'rift'"):
        found.with_options({"rfit": {"threads": 1}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("engin = 'rift'\n", "Did you mean 'engine'?"),
        ("engine = 3\n", "is text, not 3"),
        ("engine = \n", "is not valid TOML"),
        ("[options]\nrift = 'fast'\n", r"\[options.rift\]"),
        (
            "[options.rfit]\nthreads = 2\n",
            r"\[options\] in .*onefold.toml names the engine 'rfit'.*Did you mean 'rift'",
        ),
        ("[options.rift]\n[options.duckdb]\n", r"\[options\] in .*onefold.toml names the engine 'rift' twice"),
    ],
    ids=["unknown", "type", "syntax", "options", "options of no engine", "options under two names"],
)
def test_a_project_file_that_can_not_be_used(text: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, VIEW)
    write(tmp_path, text, "onefold.toml")
    with pytest.raises(ConfigurationError, match=said):
        load_repository(tmp_path / "features.py")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "defines no feature views"),
        ("import onefold as of\nx = 1\nof.Entity('k', keys=[])\n", r"line 3: The entity 'k' needs the names"),
        ("x = 1\nprint(y)\n", r"line 2: NameError: name 'y' is not defined\n    print\(y\)"),
        ("x = (\n", "line 1: '\\(' was never closed"),
        ("raise SystemExit(3)\n", "line 1: SystemExit: 3"),
        (
            VIEW + "again = of.FeatureView('view', source=source, entity=entity, attributes=['x'])\n",
            "two different views",
        ),
        (VIEW + "service = of.FeatureService('view', [view])\n", "a view and a service that are both named 'view'"),
    ],
    ids=["empty", "definition", "name", "syntax", "exit", "twice", "view and service"],
)
def test_a_file_that_fails_names_the_users_own_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=said) as caught:
        load_repository(write(tmp_path, text))
    assert "features.py" in str(caught.value)


def test_an_error_in_a_neighbour_names_the_neighbour(tmp_path: Path) -> None:
    write(tmp_path, "x = 1\nx.no\n", "failing_neighbour.py")
    with pytest.raises(DefinitionError, match=r"failing_neighbour.py, line 2: AttributeError"):
        load_repository(write(tmp_path, "import failing_neighbour\n"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("feature.py", "Did you mean 'features.py'"),
        ("nowhere/features.py", "Its folder has no Python files"),
        ("", "is a folder without an onefold.toml"),
        ("notes.txt", "is not a Python file"),
    ],
    ids=["near", "folder", "project", "text"],
)
def test_a_path_that_leads_to_no_definitions(name: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, VIEW)
    write(tmp_path, "text", "notes.txt")
    with pytest.raises(DefinitionError, match=said):
        load_repository(tmp_path / name)
