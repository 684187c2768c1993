"""Internal stages: folders of one server, which clients put files into."""

from __future__ import annotations

import re
import shutil
import threading
from pathlib import Path
from typing import Final

from onefold_snowflake_emulator.errors import SnowflakeError, compilation_error
from onefold_snowflake_emulator.session import Name, Session, qualify

_PART: Final = r'"(?:[^"]|"")+"|[\w$~%]+'
_REFERENCE: Final = re.compile(rf"@(?P<name>(?:{_PART})(?:\.(?:{_PART})){{0,2}})(?P<path>/.*)?", re.DOTALL)


class Stages:
    """The stages of one server."""

    def __init__(self, folder: Path) -> None:
        """Make a server without stages.

        Args:
            folder: Where files are kept. It exists, and goes with the server.
        """
        self._folder = folder
        self._lock = threading.Lock()
        self._folders: dict[tuple[Name, int | None], Path] = {}

    def create(self, name: Name, session: int | None, *, replace: bool, exists: bool) -> bool:
        """Create a stage.

        Args:
            name: Its name.
            session: The session that it ends with, None if it stays.
            replace: Whether to empty it if there is one of that name.
            exists: Whether to do nothing if there is one of that name.

        Returns:
            Whether there was none.

        Raises:
            SnowflakeError: There is one of that name, and neither was asked for.
        """
        with self._lock:
            there = (name, session) in self._folders
            if there and exists:
                return False
            if there and not replace:
                raise compilation_error("002002", f"Object '{'.'.join(name)}' already exists.", "42710")
            if there:
                shutil.rmtree(self._folders[name, session], ignore_errors=True)
            made = self._folder / f"{len(self._folders)}-{re.sub(r'[^A-Za-z0-9_]', '_', name[2])}"
            made.mkdir(parents=True, exist_ok=True)
            self._folders[name, session] = made
            return not there

    def drop(self, name: Name, session: int, *, exists: bool) -> None:
        """Drop a stage and its files.

        Args:
            name: Its name.
            session: Who drops it: its own temporary stage goes first.
            exists: Whether it is no error if there is none.

        Raises:
            SnowflakeError: There is none.
        """
        with self._lock:
            for owner in (session, None):
                folder = self._folders.pop((name, owner), None)
                if folder is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    return
        if not exists:
            raise _missing(".".join(name))

    def end_session(self, session: int) -> None:
        """Drop the temporary stages of a session.

        Args:
            session: The session.
        """
        with self._lock:
            for key in [each for each in self._folders if each[1] == session]:
                shutil.rmtree(self._folders.pop(key), ignore_errors=True)

    def resolve(self, reference: str, session: Session) -> tuple[Path, str]:
        """Return the folder that a reference such as `@"DB"."S"."stage"/job` names, and the path in it.

        Args:
            reference: The reference.
            session: Whose current database and schema complete it.

        Raises:
            SnowflakeError: It is no reference, or there is no such stage.
        """
        match = _REFERENCE.fullmatch(reference.strip())
        if match is None:
            raise compilation_error("001003", f"syntax error: {reference} is no stage.")
        path = (match["path"] or "").strip("/")
        name = qualify([_counting(part) for part in re.findall(_PART, match["name"])], session)
        if name[2] == "~" or name[2].startswith("%"):  # a user's own stage and a table's are always there
            owner = ("", session.user, "~") if name[2] == "~" else name
            with self._lock:
                known = (owner, None) in self._folders
            if not known:
                self.create(owner, None, replace=False, exists=True)
            name = owner
        with self._lock:
            for owner_session in (session.number, None):
                folder = self._folders.get((name, owner_session))
                if folder is not None:
                    return folder, path
        raise _missing(".".join(name))

    def target(self, relative: str) -> Path | None:
        """Return the file that an upload writes, None if it is outside the stages.

        Args:
            relative: The path of the file in the folder of all stages.
        """
        path = (self._folder / relative).resolve()
        return path if path.is_relative_to(self._folder.resolve()) else None

    def relative(self, path: Path) -> str:
        """Return the path of a file in the folder of all stages.

        Args:
            path: The file.
        """
        return path.relative_to(self._folder).as_posix()


def _counting(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part.upper()


def _missing(name: str) -> SnowflakeError:
    return compilation_error("002003", f"Stage '{name}' does not exist or not authorized.", "02000")
