"""Transforms that are not expressions: Python over batches, and the author's own SQL."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Literal, get_args, overload

from onefold.errors import DefinitionError, listed
from onefold.features.sources import SchemaLike, as_schema
from onefold.plan import MapBatches, NamedRelation, NativeSql, Relation
from onefold.transforms import reference
from onefold.types import Schema

__all__ = ["BatchFormat", "BatchTransform", "SqlTransform", "native_sql", "transform"]

BatchFormat = Literal["arrow", "polars", "pandas"]
"""What a Python transform gets and returns: ``pyarrow.Table``, ``polars.DataFrame`` or ``pandas.DataFrame``."""


class BatchTransform:
    """A Python function over batches with a declared output schema; made by :func:`transform`.

    It can still be called like the function itself, which makes it easy to test.
    """

    __name__: str

    def __init__(self, function: Callable[[Any], Any], schema: Schema, format: BatchFormat) -> None:
        self.function = function
        self.schema = schema
        self.format = format
        self._reference = reference(function)
        update_wrapper(self, function)

    def __call__(self, batch: Any) -> Any:
        """Call the function itself."""
        return self.function(batch)

    def relation(self, rows: Relation) -> Relation:
        """Return the relation that applies the function to rows."""
        return MapBatches(input=rows, function=self._reference, columns=self.schema, format=self.format)

    def __repr__(self) -> str:
        return f"transform({self._reference.name}, schema={{{self.schema}}}, format={self.format!r})"


@overload
def transform(
    function: Callable[[Any], Any], *, schema: SchemaLike, format: BatchFormat = "arrow"
) -> BatchTransform: ...


@overload
def transform(
    function: None = None, *, schema: SchemaLike, format: BatchFormat = "arrow"
) -> Callable[[Callable[[Any], Any]], BatchTransform]: ...


def transform(
    function: Callable[[Any], Any] | None = None, *, schema: SchemaLike, format: BatchFormat = "arrow"
) -> BatchTransform | Callable[[Callable[[Any], Any]], BatchTransform]:
    """Turn a Python function over batches of rows into a transform; also a decorator.

    The function gets some rows at a time and returns the rows that take their place. It must not depend on where
    batches are cut, so it can not look at other rows: windows and aggregates are for features.

    Args:
        function: Takes and returns a table in the given format.
        schema: What it returns: ``{"column": "type", ...}``; checked on every batch.
        format: ``"arrow"`` (``pyarrow.Table``), ``"polars"`` or ``"pandas"`` (data frames).

    Raises:
        DefinitionError: If the function, schema or format can not be used.

    Examples:
        >>> @transform(schema={"user": "string", "amount": "float64"})
        ... def only_users(batch):
        ...     return batch.filter(batch["user"].is_valid())
        >>> only_users
        transform(only_users, schema={user: string, amount: float64}, format='arrow')
    """
    if format not in get_args(BatchFormat):
        raise DefinitionError(
            f"There is no batch format {format!r}. {listed(str(format), get_args(BatchFormat), what='formats')}"
        )
    declared = as_schema(schema, what="the result of a transform")
    if function is None:
        return lambda decorated: BatchTransform(decorated, declared, format)
    if not callable(function):
        raise DefinitionError(f"A transform is a function, not {type(function).__name__} ({function!r:.60}).")
    return BatchTransform(function, declared, format)


class SqlTransform:
    """The author's own query over the rows of a source; made by :func:`native_sql`."""

    def __init__(self, text: str, schema: Schema, dialect: str = "duckdb") -> None:
        self.text = text
        self.schema = schema
        self.dialect = dialect

    def relation(self, rows: Relation, name: str) -> Relation:
        """Return the relation that runs the query.

        Args:
            rows: The rows that the query reads.
            name: The table name under which it reads them.
        """
        return NativeSql(
            relations=(NamedRelation(name=name, relation=rows),),
            text=self.text,
            dialect=self.dialect,
            columns=self.schema,
        )

    def __repr__(self) -> str:
        return f"native_sql({self.text!r}, schema={{{self.schema}}}, dialect={self.dialect!r})"


def native_sql(text: str, *, schema: SchemaLike, dialect: str = "duckdb") -> SqlTransform:
    """Return a transform written in the SQL of an engine; it ties the view's rows to engines that run that dialect.

    Over a table of such an engine it runs where the table lives, whatever engine computes the view.

    Args:
        text: One ``SELECT`` over a table with the name of the source.
        schema: What it returns: ``{"column": "type", ...}``; checked when it runs.
        dialect: The dialect: ``"duckdb"``, which ``rift`` runs, ``"spark"``, ``"snowflake"``.

    Raises:
        DefinitionError: If the text is empty or holds several statements, or there is no such dialect.

    Examples:
        >>> native_sql(
        ...     "select carrier, dep_delay from flights where not cancelled",
        ...     schema={"carrier": "string", "dep_delay": "float64"},
        ... ).schema.names
        ('carrier', 'dep_delay')
    """
    from sqlglot.dialects import DIALECTS  # noqa: PLC0415 - slow, and most definitions hold no SQL

    statement = text.strip().rstrip(";").strip()
    if not statement:
        raise DefinitionError("of.native_sql takes the text of one SELECT statement, not an empty one.")
    known = [name.lower() for name in DIALECTS]
    if dialect not in known:
        raise DefinitionError(
            f"of.native_sql: there is no SQL dialect {dialect!r:.60}. {listed(str(dialect), known, what='dialects')}"
        )
    return SqlTransform(statement, as_schema(schema, what="the result of of.native_sql"), dialect)
