"""Hashes as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, Lowering] = {
    "md5": "MD5({0})",
    "sha256": "SHA256({0})",
    "hash_bucket": "CAST('0x' || LEFT(MD5({0}), 15) AS BIGINT) % {buckets}",
}
