"""The table function that runs a transform in the warehouse; or why it can not."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MethodType
from typing import Any

from onefold.errors import ConfigurationError, UnsupportedOperation
from onefold.plan import MapBatches
from onefold.transforms import resolve
from onefold.types import Schema
from onefold_snowflake.dialect import ENGINE
from onefold_snowflake.names import literal, quoted
from onefold_snowflake.transforms.carriers import columns_text, is_carried, types_text
from onefold_snowflake.transforms.packages import ALWAYS, is_available, stated_packages
from onefold_snowflake.transforms.packing import Packed, packed

__all__ = ["LARGEST", "TableFunction", "table_function", "why_outside"]

LARGEST = 64 * 2**10
"""The largest pickle, in bytes: what is larger has captured data, which does not travel with every statement."""

_PYTHONS = range(9, 14)
"""The minor versions of Python 3 that Snowflake runs."""

_MOST_COLUMNS = 250
"""Table functions have at most 500 arguments, and as many results; each column takes two of them."""

_HANDLER = """

_TASK = Task(**json.loads(base64.b64decode("{spec}")))


class Transform:
    def end_partition(self, frame):
        return _TASK.run(frame)


Transform.end_partition._sf_vectorized_input = pd.DataFrame
"""


@dataclass(frozen=True, slots=True)
class TableFunction:
    """A function in Python that the warehouse runs.

    Args:
        name: Its name, which says what it does: equal functions have equal names.
        title: What it runs, for people.
        arguments: The types of its arguments.
        head: The statement that makes it, but for its body.
        body: The body.
    """

    name: str
    title: str
    arguments: str
    head: str
    body: str

    @property
    def statement(self) -> str:
        """The statement that makes it."""
        return f"{self.head} AS $$\n{self.body}$$"

    @property
    def removal(self) -> str:
        """The statement that removes it."""
        return f"DROP FUNCTION IF EXISTS {quoted(self.name)}({self.arguments})"

    @property
    def shown(self) -> str:
        """The statement that makes it, for people, who have the function already."""
        return f"{self.head} AS $$…$$"


def table_function(node: MapBatches, packages: Sequence[str]) -> TableFunction:
    """Return the table function that runs a transform.

    Args:
        node: The transform.
        packages: The packages that the user has stated.

    Raises:
        UnsupportedOperation: If it can not run in the warehouse.
    """
    try:
        return _table_function(node, packages)
    except _Unsafe as error:
        raise UnsupportedOperation(
            node=f"relation.{node.kind} with the function {node.function.name!r}",
            engine=ENGINE,
            reason=str(error),
            way_out='Run the plan with onefold, which runs such functions here, or set the option transforms to "here".',
        ) from error


def why_outside(node: MapBatches, packages: Sequence[str]) -> str | None:
    """Return why a transform can not run in the warehouse, in a few words; None when it can.

    Args:
        node: The transform.
        packages: The packages that the user has stated.
    """
    try:
        _table_function(node, packages)
    except _Unsafe as error:
        return str(error)
    return None


class _Unsafe(Exception):
    """A transform can not run in the warehouse; the text says why, in a few words."""


def _table_function(node: MapBatches, packages: Sequence[str]) -> TableFunction:
    reads, gives = node.input.output, node.output
    _check_columns(reads)
    _check_columns(gives)
    if sys.version_info.minor not in _PYTHONS:
        raise _Unsafe(f"it is of Python 3.{sys.version_info.minor}, which Snowflake does not run")
    needed = (*ALWAYS, "polars") if node.format == "polars" else ALWAYS
    function = _packed(node, needed, packages)
    stated = stated_packages(needed, packages, function.modules)
    for name, text in stated.items():
        if text is None:
            raise _Unsafe(f"{name} is not installed here, so that its version is not known; state it in packages")
    for module in sorted(function.modules):
        if not is_available(module, stated):
            raise _Unsafe(f"it uses the module {module.partition('.')[0]!r}, which is in no package that is stated")
    spec = {
        "name": node.function.name,
        "format": node.format,
        "reads": [(field.name, str(field.dtype)) for field in reads],
        "gives": [(field.name, str(field.dtype)) for field in gives],
        "pickled": base64.b64encode(function.content).decode(),
    }
    body = _runtime() + _HANDLER.format(spec=base64.b64encode(json.dumps(spec).encode()).decode())
    rest = (
        f"({columns_text(reads)}) RETURNS TABLE ({columns_text(gives)}) LANGUAGE PYTHON "
        f"RUNTIME_VERSION = '3.{sys.version_info.minor}' "
        f"PACKAGES = ({', '.join(literal(text) for text in stated.values() if text is not None)}) HANDLER = 'Transform'"
    )
    name = f"ONEFOLD_{hashlib.sha256((rest + body).encode()).hexdigest()[:32].upper()}"
    head = f"CREATE OR REPLACE TEMPORARY FUNCTION {quoted(name)}{rest}"
    return TableFunction(name, f"the Python function {node.function.name!r}", types_text(reads), head, body)


def _check_columns(schema: Schema) -> None:
    if len(schema) > _MOST_COLUMNS:
        raise _Unsafe(
            f"it has {len(schema)} columns, and functions in Snowflake at most {_MOST_COLUMNS} with their nulls"
        )
    for field in schema:
        if not is_carried(field.dtype):
            raise _Unsafe(f"its column {field.name!r} is {field.dtype}")


def _packed(node: MapBatches, needed: Sequence[str], packages: Sequence[str]) -> Packed:
    """Return the function of a transform, pickled."""
    try:
        function: Callable[..., Any] = resolve(node.function)
    except ConfigurationError as error:
        raise _Unsafe("it is not registered in this process") from error
    if isinstance(function, MethodType):
        raise _Unsafe("it is a method of an object")
    known = stated_packages(needed, packages, ())
    try:
        result = packed(function, LARGEST, whole=lambda module: not is_available(module, known))
    except Exception as error:
        raise _Unsafe(f"it can not be pickled: {error}") from error
    if result.size > LARGEST:
        raise _Unsafe(f"with what it captured it has {_size(result.size)}, and at most {_size(LARGEST)} travel")
    return result


def _size(number: int) -> str:
    return f"{number / 2**20:.1f} MiB" if number >= 2**20 else f"{number / 2**10:.0f} KiB"


@lru_cache(maxsize=1)
def _runtime() -> str:
    return resources.files("onefold_snowflake.transforms").joinpath("runtime.py").read_text(encoding="utf-8")
