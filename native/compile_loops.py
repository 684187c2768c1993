"""Compiles the loops into a shared library when a wheel is built, or the package is installed in place."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# No contraction and no reordering: results are the same, bit for bit, whatever compiles this.
OPTIONS = ["-O3", "-std=c11", "-fPIC", "-shared", "-fvisibility=hidden", "-ffp-contract=off", "-fno-fast-math", "-Wall"]


class CompileLoops(BuildHookInterface[Any]):
    """Runs the C compiler that ``CC`` names, or else ``cc``, ``gcc`` or ``clang``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and tell which platform the wheel is for."""
        package = Path(self.root, "src", "onefold_native")
        library = package / "libonefold.so"
        compiler = shlex.split(os.environ.get("CC", "")) or [
            next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), "")
        ]
        if not compiler[0]:
            raise SystemExit(
                "onefold-native is written in C, and there is no C compiler: cc, gcc and clang were looked for. Install "
                "one (on Debian: apt install gcc libc6-dev), name one in CC, or do without: onefold then runs on numpy."
            )
        subprocess.run([*compiler, *OPTIONS, str(package / "loops.c"), "-o", str(library), "-lm"], check=True)  # noqa: S603
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        if version != "editable":
            build_data["force_include"][str(library)] = "onefold_native/libonefold.so"
