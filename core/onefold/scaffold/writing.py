"""Writing a new folder: all of its files, or none."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from onefold.errors import ConfigurationError

__all__ = ["filled_template", "write_folder"]


def filled_template(folder: str, words: Mapping[str, str]) -> dict[str, str]:
    """Return the files of a template: their contents, by their paths.

    Args:
        folder: Where it lies, in this package.
        words: What stands for each word between ``@`` signs, in names and in texts.
    """

    def filled(text: str) -> str:
        return re.sub("@[a-z]+@", lambda found: words[found[0]], text)

    template = files("onefold.scaffold").joinpath(folder)
    return {filled(path).removesuffix(".txt"): filled(text) for path, text in sorted(_texts(template, ""))}


def _texts(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _texts(entry, f"{path}{entry.name}/")
        else:
            yield path + entry.name, entry.read_text("utf-8")


def write_folder(contents: Mapping[str, str], folder: Path, *, what: str, advice: str) -> list[Path]:
    """Write a new folder, all of its files or none.

    Args:
        contents: The texts of the files, by their paths in the folder.
        folder: Where to; must not exist.
        what: What is written, for errors.
        advice: How another folder is chosen, for errors.

    Returns:
        The files.

    Raises:
        ConfigurationError: If the folder exists, or can not be written.
    """
    if folder.exists() or folder.is_symlink():
        raise ConfigurationError(f"{str(folder)!r} exists. {advice}")
    draft: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        for path, text in contents.items():
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
            (draft / path).write_text(text, encoding="utf-8", newline="\n")
        draft.chmod(0o755)  # the folder that tempfile makes is for its owner only
        draft.rename(folder)
    except OSError as error:
        raise ConfigurationError(f"{what} can not be written to {str(folder)!r}: {error}.") from error
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
    return [folder / path for path in contents]
