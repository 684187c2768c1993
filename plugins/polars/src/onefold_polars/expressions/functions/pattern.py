"""Patterns in text, as regular expressions of Rust: within the portable subset they mean the same."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from onefold_polars.expressions.lowering import LoweredCall, Lowering

__all__ = ["LOWERINGS"]


def _like(call: LoweredCall) -> pl.Expr:
    pattern = ""
    for escaped, wildcard, character in re.findall(r"!(.)|([%_])|(.)", call.options["pattern"], re.DOTALL):
        if wildcard:
            pattern += ".*" if wildcard == "%" else "."
        else:
            pattern += re.escape(escaped or character)
    return call.args[0].str.contains(f"(?s)^{pattern}$")


def _regexp_matches(call: LoweredCall) -> pl.Expr:
    return call.args[0].str.contains(call.options["pattern"])


def _regexp_extract(call: LoweredCall) -> pl.Expr:
    (text,), pattern, group = call.args, call.options["pattern"], call.options["group"]
    found = text.str.extract(pattern, group)
    # Null is also a group that took no part in the match.
    return found if group == 0 else pl.when(text.str.contains(pattern)).then(found.fill_null(""))


def _regexp_replace(call: LoweredCall) -> pl.Expr:
    replacement = call.options["replacement"].replace("$", "$$")
    replacement = re.sub(r"\\(\d)", r"${\1}", replacement)
    return call.args[0].str.replace_all(call.options["pattern"], replacement)


LOWERINGS: Mapping[str, Lowering] = {
    "like": Lowering(_like),
    "regexp_matches": Lowering(_regexp_matches),
    "regexp_extract": Lowering(_regexp_extract),
    "regexp_replace": Lowering(_regexp_replace),
}
