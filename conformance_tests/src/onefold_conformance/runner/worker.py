"""Running cases in a process of their own, so that a backend that crashes or hangs costs one case and not the run.

The process runs :func:`main`: it reads one JSON line that says which backend to open, then one line for each case,
and answers each with a line. What engines print goes to standard error.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import IO, Any

from onefold.contract import Backend, Session
from onefold_conformance.case.stored import StoredCase
from onefold_conformance.runner.judgement import Verdict, judge_case
from onefold_conformance.runner.located import locate

__all__ = ["InProcess", "Isolated", "main"]


class InProcess:
    """Runs cases on one session in this process.

    Args:
        backend: The backend.
        options: The options of the session.
        sample: Whether each case runs in only one of its variants.
    """

    def __init__(self, backend: Backend, options: Mapping[str, Any], *, sample: bool = False) -> None:
        self._backend = backend
        self._options = dict(options)
        self._sample = sample
        self._session: Session | None = None

    def run(self, stored: StoredCase) -> Verdict:
        """Run a case; after an error that no backend should raise, the next one gets a new session."""
        case = stored.build()
        try:
            if self._session is None:
                self._session = self._backend.open(self._options)
            verdict = judge_case(case, self._session, self._backend.capabilities, sample=self._sample)
        except Exception as error:  # noqa: BLE001 - a backend that can not even be opened fails its cases
            self.close()
            return Verdict("error", f"raised {type(error).__name__} outside of a run: {error}", needs=case.needs)
        if verdict.broken:
            self.close()
        return verdict

    def close(self) -> None:
        """Close the session."""
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(Exception):  # it was broken before
                session.close()


class Isolated:
    """Runs cases in another process, which is replaced when it dies or does not answer.

    Args:
        name: The backend, as :func:`onefold_conformance.runner.located.locate` takes it.
        options: The options of the session.
        timeout: How long a case may take, in seconds.
        sample: Whether each case runs in only one of its variants.
    """

    def __init__(self, name: str, options: Mapping[str, Any], *, timeout: float, sample: bool = False) -> None:
        first = {"backend": name, "options": dict(options), "sample": sample, "path": sys.path}
        self._first = json.dumps(first)
        self._timeout = timeout
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str] = queue.Queue()
        self.fatal = 0
        """How many cases in a row ended with the death of their process."""

    def run(self, stored: StoredCase) -> Verdict:
        """Run a case in the other process."""
        process = self._process or self._start()
        try:
            assert process.stdin is not None
            process.stdin.write(stored.to_json() + "\n")
            process.stdin.flush()
            answer = self._answers.get(timeout=self._timeout)
        except queue.Empty:
            self.close()
            self.fatal += 1
            return Verdict("error", f"gave no answer within {self._timeout:g} s", seconds=self._timeout)
        except OSError:
            answer = ""
        if not answer:
            code = process.wait()
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            self.close()
            self.fatal += 1
            return Verdict("error", f"the process that ran it died ({how})")
        self.fatal = 0
        fields = json.loads(answer)
        return Verdict(**{**fields, "needs": tuple(fields["needs"])})

    def close(self) -> None:
        """End the other process, whatever it is doing."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()  # it ends by itself, unless it hangs
        try:
            process.wait(timeout=5 if self.fatal == 0 else 0.1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, on this module
            [sys.executable, "-c", f"from {__name__} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(self._first + "\n")
        process.stdin.flush()
        self._process, self._answers = process, queue.Queue()
        threading.Thread(target=_forward, args=(process.stdout, self._answers), daemon=True).start()
        return process


def _forward(lines: IO[str], answers: queue.Queue[str]) -> None:
    """Pass on the lines of a process, and an empty one at its end."""
    with lines:
        for line in lines:
            answers.put(line)
    answers.put("")


def main() -> None:
    """Run the cases that standard input names, until it ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    first = json.loads(sys.stdin.readline())
    sys.path[:] = first["path"]
    runner = InProcess(locate(first["backend"]).backend, first["options"], sample=first["sample"])
    try:
        for line in sys.stdin:
            verdict = runner.run(StoredCase.from_json(line))
            answers.write(json.dumps(asdict(verdict)) + "\n")
            answers.flush()
    except KeyboardInterrupt:  # the parent was stopped as well, and says so
        pass
    finally:
        runner.close()
