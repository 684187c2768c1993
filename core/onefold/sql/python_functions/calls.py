"""Functions of the catalogue that an engine computes by calling Python: one registered function does them all.

The engine holds dates as days and timestamps as microseconds since 1970-01-01, booleans as integers or booleans. In SQL
a call is ``NAME('<what to compute>', argument, ...)``.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import pickle
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from sqlglot import expressions as exp

from onefold.plan import get_function
from onefold.sql.casts import CastLowering
from onefold.sql.python_functions.casts import CASTS
from onefold.sql.python_functions.numbers import NUMBERS
from onefold.sql.python_functions.text import TEXT
from onefold.sql.python_functions.times import EPOCHS, TIMES
from onefold.sql.template import LoweredCall, Lowering

__all__ = ["PythonFunctions"]

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - wall clocks, and instants in UTC, which count from the same midnight

_PACK = "pack"
"""What packs its arguments into bytes."""

_VALUES: Mapping[str, Callable[..., Any]] = {**NUMBERS, **TEXT, **EPOCHS}


class PythonFunctions:
    """The functions and conversions that an engine can compute in Python.

    Args:
        name: The name under which the engine knows :meth:`call`.
        nan: How the engine holds NaN.
        most: How many arguments a call may have; more are packed into bytes, in several calls.

    Examples:
        >>> functions = PythonFunctions("PYTHON")
        >>> functions.call('["add", ["int64", "int64"], "int64", {}]', 1, 2)
        3
        >>> functions.call('["year", ["date32"], "int64", {}]', -1)
        1969
        >>> functions.call('["add", ["int64", "int64"], "int64", {}]', 2**63 - 1, 1)
        Traceback (most recent call last):
        ...
        OverflowError: 9223372036854775808 does not fit in int64
    """

    def __init__(self, name: str, *, nan: Any = math.nan, most: int = 100) -> None:
        self._name = name
        self._nan = nan
        self._most = most
        self._prepared = lru_cache(maxsize=4096)(self._prepare)

    @property
    def lowerings(self) -> Mapping[str, Lowering]:
        """How calls of the functions are written. Left out is what engines have in common: comparison and logic."""
        return {name: self._written(name) for name in (*_VALUES, *TIMES)}

    @property
    def casts(self) -> Mapping[tuple[str, str], CastLowering]:
        """How conversions are written, those of decimals left out."""
        return {pair: CastLowering(self._written("cast"), self._written("try_cast")) for pair in CASTS}

    def call(self, what: str, *values: Any) -> Any:
        """Compute one value; to be registered with the engine.

        Args:
            what: The name of the function, the types of its arguments and of its result, and its options, as JSON.
            values: The arguments.

        Raises:
            ArithmeticError: If the result does not fit in its type.
            ValueError: If a value can not be converted.
        """
        return pickle.dumps(values) if what == _PACK else self._prepared(what)(*values)

    def _written(self, name: str) -> Lowering:
        def lowering(call: LoweredCall) -> exp.Expression:
            types = [str(dtype) for dtype in call.arg_types]
            what = json.dumps([name, types, str(call.result_type), dict(call.options)])
            if len(args := list(call.args)) >= self._most:
                step = self._most - 1
                args = [self._sql(_PACK, args[start : start + step]) for start in range(0, len(args), step)]
            return self._sql(what, args)

        return lowering

    def _sql(self, what: str, args: Sequence[exp.Expression]) -> exp.Expression:
        return exp.Anonymous(this=self._name, expressions=[exp.Literal.string(what), *args])

    def _prepare(self, what: str) -> Callable[..., Any]:
        name, types, result, options = json.loads(what)
        if name in ("cast", "try_cast"):
            function, in_time, own_nulls = CASTS[types[0], result], True, False
        else:
            in_time = name in TIMES
            function = (TIMES if in_time else _VALUES)[name]
            own_nulls = get_function(name).nulls == "own"
        readers = [self._reader(dtype, in_time=in_time) for dtype in types]

        def compute(*values: Any) -> Any:
            if len(types) >= self._most:
                values = tuple(value for packed in values for value in pickle.loads(packed))  # noqa: S301 - our own
            if not own_nulls and None in values:
                return None
            try:
                read = (
                    value if value is None else reader(value) for reader, value in zip(readers, values, strict=True)
                )
                with np.errstate(all="ignore"):  # infinity and NaN are results like any other
                    return self._held(function(*read, **options), result)
            except (ArithmeticError, ValueError):
                if name == "try_cast":
                    return None
                raise

        return compute

    def _reader(self, dtype: str, *, in_time: bool) -> Callable[[Any], Any]:
        if dtype == "float64":
            return lambda value: math.nan if value == self._nan else value
        if in_time and dtype == "date32":
            return lambda value: _EPOCH + dt.timedelta(days=value)
        if in_time and dtype.startswith("timestamp"):
            return lambda value: _EPOCH + dt.timedelta(microseconds=value)
        return bool if dtype == "bool" else lambda value: value

    def _held(self, value: Any, dtype: str) -> Any:
        """Return a result as the engine holds it."""
        if value is None:
            return None
        if dtype == "float64":
            return self._nan if math.isnan(value) else float(value)
        if isinstance(value, dt.datetime):
            since = value - _EPOCH
            value = since.days if dtype == "date32" else since // dt.timedelta(microseconds=1)
        if dtype == "int64" or dtype.startswith("timestamp"):
            if not -(2**63) <= value < 2**63:
                raise OverflowError(f"{value} does not fit in {dtype}")
            return int(value)
        return int(value) if dtype == "bool" else value
