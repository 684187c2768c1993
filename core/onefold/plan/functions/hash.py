"""Hashes that are the same on every engine; an engine's own ``hash()`` never is."""

from __future__ import annotations

from onefold.plan.functions.entry import Example, Function, Option
from onefold.plan.functions.signature import sig

__all__ = ["FUNCTIONS"]

_TEXTS = ("", "abc", "é", None)


def _digest(name: str, digests: tuple[str, str, str]) -> Function:
    return Function(
        name=name,
        family="hash",
        signatures=(sig("(string) -> string"), sig("(binary) -> string")),
        description=(
            f"The {name.upper()} of the bytes (those of UTF-8 for text), as lower-case hexadecimal text. "
            "Cast numbers and dates to text first."
        ),
        example=Example((("string", _TEXTS),), (*digests, None)),
    )


FUNCTIONS = (
    _digest(
        "md5",
        (
            "d41d8cd98f00b204e9800998ecf8427e",
            "900150983cd24fb0d6963f7d28e17f72",
            "66ddcd97cfdeabb2f6fb8a999b4bc76f",
        ),
    ),
    _digest(
        "sha256",
        (
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c",
        ),
    ),
    Function(
        name="hash_bucket",
        family="hash",
        signatures=(sig("(string) -> int64"),),
        description=(
            "A number from 0 to buckets - 1 that depends on the text alone, evenly spread: the first 15 hexadecimal "
            "digits of its MD5, modulo the number of buckets. For samples and splits that stay the same everywhere."
        ),
        example=Example((("string", _TEXTS),), (24, 27, 55, None), {"buckets": 100}),
        options={
            "buckets": Option(
                int,
                "How many buckets, 1 to 2**31 - 1.",
                check=lambda value: None if 0 < value < 2**31 else "it is between 1 and 2147483647.",
            )
        },
    ),
)
