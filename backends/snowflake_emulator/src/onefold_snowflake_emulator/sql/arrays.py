"""Rules of arrays, objects and variants, which are JSON here.

A null within an array is a JSON null: what Snowflake calls ``undefined``, an SQL null within an array, is not told apart
from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.errors import unsupported
from onefold_snowflake_emulator.session import Session

_ARRAY: Final = "_sf_array"
"""Makes JSON of a list of DuckDB. Functions that take an array use the list itself, whose elements still have a type."""


def _macro(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _array(values: exp.Expr) -> exp.Expr:
    return _macro(_ARRAY, values)


def _list(node: exp.Expr) -> exp.Expr:
    """Return an array as a list of DuckDB."""
    if not _has_types(node):
        return _macro("_sf_elements", node)
    values: exp.Expr = node.unnest().expressions[0]
    return values


def _has_types(node: exp.Expr) -> bool:
    bare = node.unnest()
    return isinstance(bare, exp.Anonymous) and bare.this == _ARRAY


def _collected(node: exp.Expr, session: Session) -> exp.Expr:
    """ARRAY_AGG: without nulls, and an empty array over nothing."""
    aggregate = node.this if isinstance(node, exp.WithinGroup) else node
    if not isinstance(aggregate, exp.ArrayAgg) or isinstance(node.parent, exp.WithinGroup | exp.Window):
        return node
    value = aggregate.this
    if isinstance(value, exp.Distinct | exp.Order):
        return node
    element = _macro("_sf_variant", value.copy())
    if isinstance(node, exp.WithinGroup):
        element = exp.Order(this=element, expressions=node.expression.expressions)
    present = exp.Where(this=exp.Not(this=exp.Is(this=exp.paren(value), expression=exp.null())))
    values = exp.Filter(this=_macro("list", element), expression=present)
    return _array(_macro("coalesce", values, exp.Array(expressions=[])))


def _size(node: exp.Expr, session: Session) -> exp.Expr:
    if _has_types(node.this):
        return _macro("len", _list(node.this))
    return _macro("_sf_array_size", node.this)


def _get(node: exp.Expr, session: Session) -> exp.Expr:
    key = node.expression
    named = isinstance(key, exp.Literal) and key.is_string
    return _macro("_sf_get_field" if named else "_sf_get_item", node.this, key)


def _transformed(node: exp.Expr, session: Session) -> exp.Expr:
    return _array(_macro("list_transform", _list(node.this), _lambda(node.expression)))


def _filtered(node: exp.Expr, session: Session) -> exp.Expr:
    return _array(_macro("list_filter", _list(node.this), _lambda(node.expression)))


def _lambda(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.Lambda) or len(node.expressions) != 1:
        raise unsupported("a higher-order function without a lambda expression of one argument")
    # The text, because sqlglot writes an arrow, which DuckDB no longer reads.
    return exp.Var(this=f"lambda {node.expressions[0].sql('duckdb')} : ({node.this.sql('duckdb')})")


def _sorted(node: exp.Expr, session: Session) -> exp.Expr:
    if not _has_types(node.this):
        raise unsupported("ARRAY_SORT of elements whose types only the values tell")
    ascending, first = _constant(node.args.get("asc"), default=True), node.args.get("nulls_first")
    nulls = _constant(first, default=not ascending)
    order = ("ASC" if ascending else "DESC", f"NULLS {'FIRST' if nulls else 'LAST'}")
    return _array(_macro("list_sort", _list(node.this), *map(exp.Literal.string, order)))


def _constant(node: exp.Expr | None, *, default: bool) -> bool:
    if node is None:
        return default
    if not isinstance(node, exp.Boolean):
        raise unsupported("ARRAY_SORT in an order that is not constant")
    return bool(node.this)


def _object(node: exp.Expr, session: Session) -> exp.Expr:
    pairs = []
    for pair in node.expressions:
        if not isinstance(pair, exp.PropertyEQ):
            return node
        pairs.append(_macro("_sf_pair", pair.this, pair.expression))
    return _macro("_sf_object", exp.Array(expressions=pairs)) if pairs else node


def _split(node: exp.Expr, session: Session) -> exp.Expr:
    return _array(_macro("str_split", node.this, node.expression))


def _to_array(node: exp.Expr, session: Session) -> exp.Expr:
    return _macro("_sf_to_array", node.this)


def _variant(node: exp.Expr, session: Session) -> exp.Expr:
    return _macro("_sf_variant", node.this)


def _as(node: exp.Expr, session: Session) -> exp.Expr:
    name = str(node.name).upper() if isinstance(node.this, str) else ""
    if name not in _CASTS or len(node.expressions) != 1:
        return node
    return _macro(_CASTS[name], *node.expressions)


_CASTS: Final = {
    "AS_ARRAY": "_sf_as_array",
    "AS_BOOLEAN": "_sf_as_boolean",
    "AS_CHAR": "_sf_as_varchar",
    "AS_INTEGER": "_sf_as_integer",
    "AS_OBJECT": "_sf_as_object",
    "AS_VARCHAR": "_sf_as_varchar",
    "TO_OBJECT": "_sf_to_object",
}

RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.Anonymous: _as,
    exp.ArrayAgg: _collected,
    exp.ArrayFilter: _filtered,
    exp.ArraySize: _size,
    exp.GetExtract: _get,
    exp.SortArray: _sorted,
    exp.Split: _split,
    exp.Struct: _object,
    exp.ToArray: _to_array,
    exp.ToVariant: _variant,
    exp.Transform: _transformed,
    exp.WithinGroup: _collected,
}

MACROS: Final = """
CREATE OR REPLACE MACRO _sf_variant(x) AS to_json(x);
CREATE OR REPLACE MACRO _sf_array(x) AS to_json(x);
CREATE OR REPLACE MACRO _sf_elements(x) AS CAST(CASE WHEN json_type(x) = 'ARRAY' THEN x END AS JSON[]);
CREATE OR REPLACE MACRO _sf_array_size(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN json_array_length(x) END;
CREATE OR REPLACE MACRO _sf_get_item(x, i) AS
    CASE WHEN json_type(x) = 'ARRAY' AND i >= 0 THEN json_extract(x, '$[' || CAST(i AS BIGINT) || ']') END;
CREATE OR REPLACE MACRO _sf_get_field(x, k) AS
    CASE WHEN json_type(x) = 'OBJECT' THEN json_extract(x, '/' || replace(replace(k, '~', '~0'), '/', '~1')) END;
CREATE OR REPLACE MACRO _sf_pair(k, x) AS {'k': k, 'v': to_json(x)};
CREATE OR REPLACE MACRO _sf_object(pairs) AS
    to_json(map_from_entries(list_filter(pairs, lambda pair : pair.v IS NOT NULL)));
CREATE OR REPLACE MACRO _sf_as_array(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN x END;
CREATE OR REPLACE MACRO _sf_as_object(x) AS CASE WHEN json_type(x) = 'OBJECT' THEN x END;
CREATE OR REPLACE MACRO _sf_as_varchar(x) AS CASE WHEN json_type(x) = 'VARCHAR' THEN json_extract_string(x, '$') END;
CREATE OR REPLACE MACRO _sf_as_boolean(x) AS
    CASE WHEN json_type(x) = 'BOOLEAN' THEN CAST(json_extract_string(x, '$') AS BOOLEAN) END;
CREATE OR REPLACE MACRO _sf_as_integer(x) AS
    CASE WHEN json_type(x) IN ('BIGINT', 'UBIGINT') THEN CAST(json_extract_string(x, '$') AS DECIMAL(38, 0)) END;
CREATE OR REPLACE MACRO _sf_to_array(x) AS
    CASE WHEN json_type(x) = 'ARRAY' THEN x WHEN json_type(x) <> 'NULL' THEN json_array(x) END;
CREATE OR REPLACE MACRO _sf_to_object(x) AS
    CASE WHEN json_type(x) = 'OBJECT' THEN x
         WHEN json_type(x) <> 'NULL' THEN CAST(error('Failed to cast variant value ' || x || ' to OBJECT') AS JSON)
    END
"""
