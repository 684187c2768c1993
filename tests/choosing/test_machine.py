"""What a process may use: the machine's memory, or what the control groups around it allow."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from onefold.choosing import machine
from onefold.choosing.machine import this_machine

GIB = 2**30


@pytest.fixture(autouse=True)
def sixteen_gib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_physical_memory", lambda: 16 * GIB)


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("membership", "files", "memory"),
    [
        ("0::/\n", {"memory.max": f"{4 * GIB}\n"}, 4 * GIB),
        ("0::/\n", {"memory.max": "max\n"}, 16 * GIB),
        ("0::/jobs/one\n", {"jobs/one/memory.max": "max\n", "jobs/memory.max": f"{2 * GIB}\n"}, 2 * GIB),
        ("0::/jobs/one\n", {"jobs/one/memory.max": f"{GIB}\n", "jobs/memory.max": f"{2 * GIB}\n"}, GIB),
        # The group as the host sees it is not there; inside of the container its files are at the root.
        ("0::/docker/5af1\n", {"memory.max": f"{3 * GIB}\n"}, 3 * GIB),
        ("3:cpu:/a\n4:memory:/a\n0::/\n", {"memory/a/memory.limit_in_bytes": f"{5 * GIB}\n"}, 5 * GIB),
        # The first version writes a very large number where there is no limit.
        ("4:cpuset,memory:/\n", {"memory/memory.limit_in_bytes": "9223372036854771712\n"}, 16 * GIB),
        ("3:cpu:/a\n", {"memory/a/memory.limit_in_bytes": f"{GIB}\n"}, 16 * GIB),
        ("0::/\n", {}, 16 * GIB),
    ],
    ids=[
        "second version", "no limit", "a limit around it", "the smallest counts", "inside of a container",
        "first version", "first version without a limit", "another controller", "no files",
    ],
)  # fmt: skip
def test_the_least_limit_counts(membership: str, files: dict[str, str], memory: int, tmp_path: Path) -> None:
    groups = written(tmp_path / "groups", files)
    belongs = written(tmp_path, {"belongs": membership}) / "belongs"
    assert this_machine(cgroups=groups, membership=belongs).memory == memory


def test_without_control_groups_it_is_the_machine_s(tmp_path: Path) -> None:
    assert this_machine(cgroups=tmp_path, membership=tmp_path / "absent").memory == 16 * GIB


def test_memory_that_can_not_be_found_out_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_physical_memory", lambda: None)
    assert this_machine(cgroups=tmp_path, membership=tmp_path / "absent").memory is None


def test_a_system_that_does_not_tell_its_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.delattr("os.sysconf")
    assert this_machine(cgroups=tmp_path, membership=tmp_path / "absent").memory is None


def test_disk_is_that_of_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    free = shutil.disk_usage(tmp_path).free
    disk = this_machine().disk
    assert disk is not None
    assert abs(disk - free) < GIB
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    assert this_machine().disk is None
