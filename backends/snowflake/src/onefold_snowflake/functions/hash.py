"""Hashes as Snowflake writes them."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, Lowering] = {
    "md5": "MD5({0})",
    "sha256": "SHA2({0}, 256)",
    "hash_bucket": f"CAST(MOD(TO_NUMBER(LEFT(MD5({{0}}), 15), '{'X' * 15}'), {{buckets}}) AS {{type}})",
}
