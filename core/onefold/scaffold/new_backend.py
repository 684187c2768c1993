"""Writing the distribution of a new backend: the smallest honest one, from the files in ``template/``."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection
from pathlib import Path

from onefold.errors import ConfigurationError
from onefold.scaffold.writing import filled_template, write_folder

__all__ = ["backend_files", "check_name", "write_backend"]

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST = 40
_RESERVED = ("conformance", "python")  # a distribution of onefold, and the stages that run Python functions


def check_name(name: str, taken: Collection[str]) -> None:
    """Raise an error unless a backend can have a name.

    Args:
        name: The name.
        taken: Names that others have.

    Raises:
        ConfigurationError: If it is no lower-case identifier, or another's.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or keyword.iskeyword(name):
        raise ConfigurationError(
            f"A backend can not be named {name!r}: a name is at most {_LONGEST} lower-case letters and digits, begins with "
            "a letter, may have single underscores between them, and is no word of Python. Take one such as 'my_engine'."
        )
    if name in taken or name in _RESERVED:
        raise ConfigurationError(
            f"The name {name!r} is taken: it is an installed backend, one of onefold's own, or has a meaning of its own. "
            "Take another one."
        )


def backend_files(name: str) -> dict[str, str]:
    """Return the files of a new backend: their contents, by their paths in its folder.

    Args:
        name: The backend's name, which :func:`check_name` has accepted.

    Examples:
        >>> found = backend_files("my_engine")
        >>> "src/onefold_my_engine/session.py" in found
        True
        >>> "class MyEngineSession:" in found["src/onefold_my_engine/session.py"]
        True
    """
    return filled_template(
        "template", {"@name@": name, "@dist@": name.replace("_", "-"), "@class@": name.title().replace("_", "")}
    )


def write_backend(name: str, folder: Path) -> list[Path]:
    """Write the files of a new backend, all of them or none.

    Args:
        name: The backend's name, which :func:`check_name` has accepted.
        folder: Where to; must not exist.

    Returns:
        The files.

    Raises:
        ConfigurationError: If the folder exists, or can not be written.
    """
    return write_folder(
        backend_files(name), folder, what="The backend", advice="Choose another folder with --into, or remove it."
    )
