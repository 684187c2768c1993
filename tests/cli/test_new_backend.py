"""``onefold new-backend``: what it writes is a backend that works, and a bad name or folder leaves nothing behind."""

from __future__ import annotations

import compileall
import importlib
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.cli.command import onefold
from typer.testing import CliRunner

from onefold.cli.main import app
from onefold.contract import Capabilities, known_capabilities
from onefold.errors import Cancelled, ConfigurationError, EngineError, SourceError, UnsupportedOperation
from onefold.plan import Column, Input, Limit, Literal, NamedExpression, Project, Relation, Sink, Table, Union
from onefold.registry import discover
from onefold.scaffold import backend_files, check_name, write_backend
from onefold.types import BOOL, INT64, Field, Schema

ROOT = Path(__file__).parents[2]
ROWS = Input(name="rows", columns=Schema([Field("k", BOOL), Field("n", INT64)]))
DATA = pa.table({"k": [True, None, False], "n": [1, 2, 3]})


def new_backend(*args: str) -> Any:
    return CliRunner().invoke(app, ["new-backend", *args])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a backend named ``far_off``."""
    folder = tmp_path_factory.mktemp("new") / "far"
    done = onefold("new-backend", "far_off", "--into", str(folder))
    assert done.returncode == 0, done.stderr
    assert "onefold conformance run far_off" in done.stdout
    return folder


@pytest.fixture
def backend(written: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The backend, as its plugin creates it."""
    monkeypatch.syspath_prepend(str(written / "src"))
    (entry,) = importlib.import_module("onefold_far_off.plugin").onefold_register_backends()
    assert (entry.name, entry.distribution) == ("far_off", "onefold-far-off")
    yield entry.create()
    for name in [name for name in sys.modules if name.startswith("onefold_far_off")]:
        del sys.modules[name]


def run(backend: Any, plan: Relation, **inputs: Any) -> pa.Table:
    with backend.open({}) as session:
        return session.execute(plan, inputs).read_all()


def test_the_template_in_the_repository_is_what_the_command_writes() -> None:
    folder = ROOT / "plugins" / "template"
    expected = backend_files("template")
    differing = [path for path, text in expected.items() if (folder / path).read_text("utf-8") != text]
    again = "from onefold.scaffold import write_backend; write_backend('template', Path('plugins/template'))"
    assert differing == [], f"remove plugins/template and write it anew, in Python: from pathlib import Path; {again}"
    code = [path for path in folder.rglob("*.py") if "build" not in path.parts]
    assert {str(path.relative_to(folder)) for path in code} <= set(expected)


def test_everything_is_named_after_the_backend(written: Path) -> None:
    assert all("@" not in path for path in backend_files("far_off"))
    assert "class FarOffSession:" in (written / "src/onefold_far_off/session.py").read_text("utf-8")
    texts = [path.read_text("utf-8") for path in written.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert not any(word in text for text in texts for word in ("@name@", "@dist@", "@class@", "template"))


def test_the_files_are_valid(written: Path) -> None:
    project = tomllib.loads((written / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["name"] == "onefold-far-off"
    assert project["project"]["entry-points"]["onefold"] == {"far_off": "onefold_far_off.plugin"}
    assert compileall.compile_dir(written / "src", quiet=2)
    assert (written / "src/onefold_far_off/py.typed").is_file()
    assert "onefold conformance run far_off" in (written / ".github/workflows/conformance.yml").read_text("utf-8")


def test_the_target_is_the_newest_revision_of_the_suite(written: Path) -> None:
    from onefold_conformance.revision import SUITE_REVISION

    text = (written / "src/onefold_far_off/conformance.toml").read_text("utf-8")
    assert tomllib.loads(text) == {"target_revision": SUITE_REVISION}
    example = "\n".join(
        line.removeprefix("# ") for line in text.splitlines() if line.startswith(("# [[", "# id", "# reason"))
    )
    assert tomllib.loads(example)["deviation"][0]["id"] == "io/types/int64-extremes"


def test_it_declares_only_what_exists(backend: Any) -> None:
    declared = {name for name, _ in backend.capabilities}
    assert declared <= set(known_capabilities())
    assert "relation.filter" not in declared
    assert backend.health().ok


@pytest.mark.parametrize("form", [lambda data: data, lambda data: data.to_reader()], ids=["table", "stream"])
def test_it_runs_what_it_declares(backend: Any, form: Any) -> None:
    swapped = Project(
        input=ROWS,
        columns=(
            NamedExpression(name="n", expression=Column(name="n")),
            NamedExpression(name="k", expression=Column(name="k")),
        ),
    )
    plan = Limit(input=Union(relations=(ROWS, swapped)), count=3, offset=2)
    found = run(backend, plan, rows=form(DATA))
    assert found.to_pydict() == {"k": [False, True, None], "n": [3, 1, 2]}
    assert run(backend, Limit(input=ROWS, count=0), rows=form(DATA)).num_rows == 0


def test_a_column_may_be_given_twice(backend: Any) -> None:
    twice = tuple(NamedExpression(name=name, expression=Column(name="n")) for name in ("a", "b"))
    assert run(backend, Project(input=ROWS, columns=twice), rows=DATA).to_pydict() == {"a": [1, 2, 3], "b": [1, 2, 3]}


def test_it_refuses_the_rest_before_anything_runs(backend: Any) -> None:
    constant = Project(input=ROWS, columns=(NamedExpression(name="one", expression=Literal.of(1)),))
    with backend.open({}) as session:
        with pytest.raises(UnsupportedOperation, match=r"expression\.literal"):
            session.execute(constant, {})
        with pytest.raises(UnsupportedOperation, match=r"relation\.write"):
            session.execute(ROWS, {}, sink=Sink(format="parquet", path="x"))
        with pytest.raises(SourceError, match="reads no sources"):
            session.schema_of(Table(name="t", format="parquet", paths=("x.parquet",), columns=Schema([])))
    with pytest.raises(ConfigurationError, match="no option 'sped'"):
        backend.open({"sped": 1})


def test_its_session_can_be_stopped_and_closed(backend: Any) -> None:
    with backend.open({}) as session:
        reader = session.execute(ROWS, {"rows": DATA})
        session.cancel()
        with pytest.raises(Cancelled):
            reader.read_all()
        assert session.execute(ROWS, {"rows": DATA}).read_all().num_rows == 3
        assert session.explain(Limit(input=ROWS, count=1)) == "limit of input"
    session.close()
    with pytest.raises(EngineError, match="closed"):
        session.execute(ROWS, {"rows": DATA})


def test_it_passes_the_suite_at_level_0(backend: Any) -> None:
    from onefold_conformance.runner import run_suite

    report = run_suite("onefold_far_off.backend:FarOffBackend", level=0, isolate=False)
    assert [case.id for case in report.cases if case.status not in ("pass", "refused-ok")] == []
    assert report.level == 0


@pytest.mark.parametrize(
    "name",
    ["", "Far", "far-off", "1st", "far__off", "far_", "_far", "class", "far off", "../far", "é", "x" * 41, "far\n"],
)
def test_a_bad_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="can not be named"):
        check_name(name, ())
    done = new_backend("--into", str(tmp_path / "new"), "--", name)
    assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["rift", "duckdb", "snowflake", "python", "conformance"])
def test_a_name_that_is_taken_is_refused(name: str, tmp_path: Path) -> None:
    done = new_backend(name, "--into", str(tmp_path / "new"))
    assert done.exit_code == 1
    assert f"The name '{name}' is taken" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    done = new_backend("far_off", "--into", str(tmp_path / "new"))
    assert done.exit_code == 1
    assert "exists" in done.stderr
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="can not be written"):
        write_backend("far_off", tmp_path / "file" / "new")


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path, target: Path) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(ConfigurationError, match="the disk is full"):
        write_backend("far_off", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_json_names_the_files(tmp_path: Path) -> None:
    done = onefold("new-backend", "far_off", "--json", cwd=tmp_path)
    printed = json.loads(done.stdout)
    assert printed["folder"] == "onefold-far-off"
    assert all((tmp_path / path).is_file() for path in printed["files"])
    assert len(printed["files"]) == len(backend_files("far_off"))


def test_the_plugin_is_found_by_discovery(backend: Any) -> None:
    class Point:
        name, value, dist = "far_off", "onefold_far_off.plugin", None

        def load(self) -> Any:
            return importlib.import_module(self.value)

    registry = discover((Point(),))  # type: ignore[arg-type]
    assert registry.names == ("far_off",)
    assert isinstance(registry.create("far_off").capabilities, Capabilities)
