"""fakesnow's translations, applied only where the tree has a node that they are about.

Each of them walks the whole tree; all of them on every statement would cost more than running it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fakesnow import transforms
from sqlglot import exp

from onefold_snowflake_emulator.session import Session

Pass = Callable[[exp.Expr], exp.Expr]

_PASSES: Final[tuple[tuple[Pass, tuple[type[exp.Expr], ...]], ...]] = (
    # The order is fakesnow's, and matters.
    (transforms.semi_structured_types, (exp.DataType,)),
    (transforms.try_parse_json, (exp.Anonymous, exp.ParseJSON)),
    (transforms.split, (exp.Split,)),
    (transforms.trim_cast_varchar, (exp.Trim,)),
    (transforms.indices_to_json_extract, (exp.Bracket,)),
    (transforms.json_extract_cast_as_varchar, (exp.JSONExtract,)),
    (transforms.json_extract_cased_as_varchar, (exp.JSONExtract,)),
    (transforms.json_extract_precedence, (exp.JSONExtract, exp.JSONExtractScalar)),
    (transforms.flatten_value_cast_as_varchar, (exp.Explode,)),
    (transforms.flatten, (exp.Explode,)),
    (transforms.regex_replace, (exp.RegexpReplace,)),
    (transforms.regex_substr, (exp.RegexpExtract,)),
    (transforms.sequence_nextval, (exp.Column,)),
    (transforms.to_date, (exp.Anonymous,)),
    (transforms.timestamp_offsets, (exp.Cast,)),
    (transforms.to_decimal, (exp.ToNumber,)),
    (transforms.to_timestamp, (exp.UnixToTime, exp.Anonymous)),
    (transforms.to_variant, (exp.ToVariant,)),
    (transforms.object_construct, (exp.StarMap, exp.Struct, exp.JSONObject)),
    (transforms.sample, (exp.TableSample,)),
    (transforms.array_size, (exp.ArraySize,)),
    (transforms.random, (exp.Rand,)),
    (transforms.array_agg_within_group, (exp.WithinGroup,)),
    (transforms.array_agg, (exp.ArrayAgg,)),
    (transforms.object_agg, (exp.ObjectAgg,)),
    (transforms.array_construct_etc, (exp.ArrayConstructCompact, exp.Array, exp.ArrayConcat)),
    (transforms.dateadd_date_cast, (exp.DateAdd,)),
    (transforms.dateadd_string_literal_timestamp_cast, (exp.DateAdd,)),
    (transforms.datediff_string_literal_timestamp_cast, (exp.DateDiff,)),
    (transforms.haversine, (exp.Anonymous,)),
    (transforms.hex_string, (exp.HexString,)),
    (transforms.sha256, (exp.SHA2, exp.SHA2Digest, exp.Anonymous)),
    (transforms.extract_comment_on_table, (exp.SchemaCommentProperty,)),
    (transforms.information_schema_fs, (exp.Table,)),
    (transforms.create_clone, (exp.Clone,)),
)

_FREQUENT: Final = frozenset((exp.Column, exp.Cast, exp.DataType, exp.Anonymous, exp.Table))
_SEMI_STRUCTURED: Final = frozenset(
    (exp.DataType.Type.OBJECT, exp.DataType.Type.VARIANT, exp.DataType.Type.ARRAY, exp.DataType.Type.MAP)
)


def rewrite(tree: exp.Expr, session: Session) -> exp.Expr:
    """Return the tree after fakesnow's translations.

    Args:
        tree: The tree, after the rules of this package.
        session: The session that runs it.
    """
    present = _present(tree)
    for translate, about in _PASSES:
        if not present.isdisjoint(about):
            tree = tree.transform(translate, copy=False)
    if exp.Table in present:
        tree = tree.transform(transforms.information_schema_databases, current_schema=session.schema, copy=False)
    return tree


def _present(tree: exp.Expr) -> set[type[exp.Expr]]:
    """Return the types of the nodes, of the frequent ones only if a translation may be about that very node."""
    present: set[type[exp.Expr]] = set()
    for node in tree.walk():
        kind = type(node)
        if kind not in _FREQUENT or _matters(node):
            present.add(kind)
    return present


def _matters(node: exp.Expr) -> bool:
    if isinstance(node, exp.Column):
        return node.name == "NEXTVAL"
    if isinstance(node, exp.Cast):
        return isinstance(node.this, exp.Literal) and node.this.is_string
    if isinstance(node, exp.DataType):
        return node.this in _SEMI_STRUCTURED
    if isinstance(node, exp.Table):
        return node.db.upper() == "INFORMATION_SCHEMA"
    return isinstance(node, exp.Anonymous) and not str(node.name).startswith("_sf_")
