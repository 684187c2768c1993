"""Hashes of text and bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from onefold_conformance.oracle.interface import Application, FunctionRule

__all__ = ["RULES"]


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def md5(call: Application, value: str | bytes) -> str:
    """Return the MD5 as lower-case hexadecimal text."""
    return hashlib.md5(_bytes(value), usedforsecurity=False).hexdigest()


def sha256(call: Application, value: str | bytes) -> str:
    """Return the SHA-256 as lower-case hexadecimal text."""
    return hashlib.sha256(_bytes(value)).hexdigest()


def hash_bucket(call: Application, text: str) -> int:
    """Return the first 15 hexadecimal digits of the MD5, modulo the number of buckets."""
    return int(md5(call, text)[:15], 16) % int(call.options["buckets"])


RULES: Mapping[str, FunctionRule] = {"md5": md5, "sha256": sha256, "hash_bucket": hash_bucket}
