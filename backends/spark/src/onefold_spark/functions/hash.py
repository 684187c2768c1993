"""Hashes as Spark writes them, where that is not the shared way."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, Lowering] = {
    "sha256": "SHA2({0}, 256)",
    "hash_bucket": "CAST(CONV(LEFT(MD5({0}), 15), 16, 10) AS BIGINT) % {buckets}",
}
