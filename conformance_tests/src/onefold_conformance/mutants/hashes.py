"""Mutants of hashes."""

from __future__ import annotations

import hashlib
import zlib

from onefold_conformance.mutants.habits import wrapped
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.wrong import function, function_but
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.values import Value

__all__ = ["MUTANTS"]


def _of_bytes(of: str, encoding: str) -> FunctionRule:
    right = FUNCTIONS[of]
    return lambda call, value: right(call, value.encode(encoding, "replace") if isinstance(value, str) else value)


def _of_hash(of: str) -> list[Mutant]:
    right = FUNCTIONS[of]
    return [
        function(of, "upper-case", f"Returns {of} with capital digits.", lambda call, v: right(call, v).upper()),
        function(of, "of-utf16", f"Hashes text in UTF-16 in {of}.", _of_bytes(of, "utf-16-le")),
        function(of, "of-latin1", f"Hashes text in Latin-1 in {of}.", _of_bytes(of, "latin-1")),
        function(of, "of-trimmed-text", f"Drops blanks at the end of text in {of}.", lambda call, v: right(call, v.rstrip(" ") if isinstance(v, str) else v)),
        function(of, "ends-at-a-zero-byte", f"Ends at a zero byte in {of}.", lambda call, v: right(call, (v.encode() if isinstance(v, str) else v).split(b"\0")[0])),
        function(of, "of-the-hexadecimal-text", f"Hashes the hexadecimal text of bytes in {of}.", lambda call, v: right(call, v.hex() if isinstance(v, bytes) else v)),
        function(of, "without-zeros", f"Drops zeros at the beginning of {of}.", lambda call, v: right(call, v).lstrip("0")),
        function_but(of, "empty-is-null", f"Returns null from {of} for empty text and bytes.", lambda v: not v),
    ]  # fmt: skip


def _digits(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _bucket(number: int, call: Application) -> Value:
    return number % int(call.options["buckets"])


def _signed(call: Application, text: str) -> int:
    """A bucket as a division that cuts leaves it: with the sign of the hash."""
    number, buckets = wrapped(int(_digits(text)[:16], 16)), int(call.options["buckets"])
    return number % buckets if number >= 0 else -(-number % buckets)


MUTANTS: tuple[Mutant, ...] = (
    *_of_hash("md5"),
    *_of_hash("sha256"),
    function("hash_bucket", "of-sixteen-digits", "Takes 16 digits of the MD5 for a bucket.", lambda call, text: _bucket(int(_digits(text)[:16], 16), call)),
    function("hash_bucket", "signed", "Takes 16 digits of the MD5 for a signed number, whose bucket can be negative.", _signed),
    function("hash_bucket", "last-digits", "Takes the last digits of the MD5 for a bucket.", lambda call, text: _bucket(int(_digits(text)[-15:], 16), call)),
    function("hash_bucket", "crc", "Takes another hash for a bucket.", lambda call, text: _bucket(zlib.crc32(text.encode()), call)),
    function("hash_bucket", "from-one", "Counts buckets from 1.", lambda call, text: FUNCTIONS["hash_bucket"](call, text) + 1),
    function("hash_bucket", "in-float", "Computes buckets in floats.", lambda call, text: int(float(int(_digits(text)[:15], 16)) % call.options["buckets"])),
    function_but("hash_bucket", "empty-is-null", "Returns null for the bucket of empty text.", lambda text: text == ""),
)  # fmt: skip
"""Wrong hashes."""
