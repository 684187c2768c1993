"""Mutants of text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from onefold.plan import Call, Literal
from onefold_conformance.mutants.habits import TEXT_KEYS
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import call_becomes
from onefold_conformance.mutants.wrong import function, function_but
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.values import Value

__all__ = ["MUTANTS"]


def _by_option(of: str, name: str, what: str, rule: Callable[..., Value]) -> Mutant:
    """A mutant whose rule is given the text and the options by name."""
    return function(of, name, what, lambda call, text: rule(text, **call.options))


def _units(text: str) -> list[str]:
    """The 16-bit units of a text, each as text that can be joined again."""
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(data), 2)]


def _joined(units: list[str]) -> str:
    """The text of 16-bit units; a half of a pair becomes U+FFFD."""
    return "".join(units).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _graphemes(text: str) -> list[str]:
    """The letters of a text with the accents that follow them."""
    found: list[str] = []
    for letter in text:
        if found and unicodedata.combining(letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _bytes(text: str) -> list[bytes]:
    data = text.encode()
    return [data[at : at + 1] for at in range(len(data))]


def _decoded(parts: list[bytes]) -> str:
    return b"".join(parts).decode("utf-8", "replace")


def _as_units(of: str) -> FunctionRule:
    """The rule of the oracle on 16-bit units: one private code point for each."""

    def rule(call: Application, *texts: str) -> Value:
        value = FUNCTIONS[of](call, *("".join(_units(text)) for text in texts))
        return _joined(list(value)) if isinstance(value, str) else value

    return rule


def _as_bytes(of: str) -> FunctionRule:
    """The rule of the oracle on bytes: one code point of Latin-1 for each."""

    def rule(call: Application, *texts: str) -> Value:
        value = FUNCTIONS[of](call, *(text.encode().decode("latin-1") for text in texts))
        return value.encode("latin-1", "replace").decode("utf-8", "replace") if isinstance(value, str) else value

    return rule


def _pairwise(of: str) -> list[Mutant]:
    """Mutants of a function of a text and a part of it, which compare text in another way."""

    def folded(call: Application, *texts: str, key: Callable[[str], bytes]) -> Value:
        return FUNCTIONS[of](call, *(key(text).decode() for text in texts))

    return [
        function(of, f"text-{name}", f"Compares text {how} in {of}.", lambda call, *ts, key=key: folded(call, *ts, key=key))
        for name, (how, key) in TEXT_KEYS.items()
    ]  # fmt: skip


def _like_a_pattern(of: str) -> Mutant:
    """Takes the part for a pattern of LIKE."""

    def rule(call: Application, text: str, part: str) -> bool:
        form = re.escape(part).replace("%", ".*").replace("_", ".")
        before, after = {"starts_with": ("", ".*"), "ends_with": (".*", ""), "contains": (".*", ".*")}[of]
        return re.fullmatch(before + form + after, text, re.DOTALL) is not None

    return function(of, "part-is-a-pattern", f"Takes % and _ in the part for wildcards in {of}.", rule)


def _empty_part(of: str, value: Value) -> Mutant:
    return function_but(
        of,
        "empty-part-is-nowhere",
        f"Finds the empty text nowhere in {of}.",
        lambda text, part: part == "",
        lambda text, part: value,
    )


def _null_is_empty(call: Call) -> Call:
    return call.replace(args=tuple(Call(function="coalesce", args=(arg, Literal.of(""))) for arg in call.args))


def _empty_is_null(of: str) -> Mutant:
    return function_but(of, "empty-is-null", f"Returns null from {of} for empty text.", lambda text, *rest: text == "")


def _capitals(text: str) -> str:
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def _small(text: str) -> str:
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _one_sided(of: str, name: str, what: str, change: Callable[[str, str], str]) -> Mutant:
    return _by_option(of, name, what, change)


_SIDES: dict[str, Callable[[str, str | None], str]] = {"trim": str.strip, "ltrim": str.lstrip, "rtrim": str.rstrip}


def _listed_is_a_word(of: str) -> Callable[[str, str], str]:
    """The listed characters as a word, which is removed once and whole."""

    def change(text: str, characters: str) -> str:
        if len(characters) == 1:
            return _SIDES[of](text, characters)
        before, after = (of != "rtrim") * re.escape(characters), (of != "ltrim") * re.escape(characters)
        return re.sub(
            f"^(?:{before})|(?:{after})$" if before and after else f"^{before}" if before else f"{after}$", "", text
        )

    return change


def _once(of: str) -> Callable[[str, str], str]:
    def change(text: str, characters: str) -> str:
        if of != "rtrim" and text[:1] and text[0] in characters:
            text = text[1:]
        return text[:-1] if of != "ltrim" and text[-1:] and text[-1] in characters else text

    return change


def _of_trim(of: str) -> list[Mutant]:
    side = _SIDES[of]
    return [
        _one_sided(of, "all-blanks", f"Removes tabs and line ends as well as blanks in {of}.", lambda text, characters: side(text, None) if characters == " " else side(text, characters)),
        _one_sided(of, "unicode-blanks", f"Removes all blanks of Unicode but tabs and line ends in {of}.", lambda text, characters: side(text, " \xa0\u2002\u2003\u2007\u2009\u200a\u202f\u3000") if characters == " " else side(text, characters)),
        _one_sided(of, "list-is-a-word", f"Takes the listed characters for a word in {of}.", _listed_is_a_word(of)),
        _one_sided(of, "list-ignored", f"Removes blanks in {of} whatever is listed.", lambda text, characters: side(text, " ")),
        _one_sided(of, "once", f"Removes one character at most in {of}.", _once(of)),
        _one_sided(of, "list-is-a-range", f"Takes a hyphen in the list for a range in {of}.", lambda text, characters: side(text, _ranges(characters))),
        _one_sided(of, "ignores-case", f"Removes the listed letters in either case in {of}.", lambda text, characters: side(text, characters.lower() + characters.upper())),
    ]  # fmt: skip


def _ranges(characters: str) -> str:
    return re.sub("(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))) or m[0], characters)


def _substring_from(begin: Callable[[int, int], int]) -> Callable[..., str]:
    """The rule with another way from start to the first index."""

    def rule(text: str, start: int, length: int) -> str:
        at = begin(start, len(text))
        end = len(text) if length == -1 else at + length
        return text[max(at, 0) : max(end, 0)]

    return rule


def _begin(start: int, size: int) -> int:
    return start - 1 if start > 0 else size + start


def _places_before_do_not_count(text: str, start: int, length: int) -> str:
    at = max(_begin(start, len(text)), 0)
    return text[at:] if length == -1 else text[at : at + length]


def _length_is_the_end(text: str, start: int, length: int) -> str:
    at = max(_begin(start, len(text)), 0)
    return text[at:] if length == -1 else text[at : max(length, at)]


def _before_the_beginning_is_empty(text: str, start: int, length: int) -> str:
    at = _begin(start, len(text))
    if at < 0:
        return ""
    return text[at:] if length == -1 else text[at : at + length]


def _empty_when_too_short(text: str, start: int, length: int) -> str:
    at = max(_begin(start, len(text)), 0)
    return "" if length != -1 and at + length > len(text) else text[at:] if length == -1 else text[at : at + length]


def _fill(of: str, text: str, length: int, fill: str) -> str:
    return text.rjust(length, fill) if of == "lpad" else text.ljust(length, fill)


def _of_pad(of: str) -> list[Mutant]:
    def by_octets(text: str, length: int, fill: str) -> str:
        missing = length - len(text.encode())
        if missing < 0:
            return _decoded(_bytes(text)[:length])
        return fill * missing + text if of == "lpad" else text + fill * missing

    def by_units(text: str, length: int, fill: str) -> str:
        missing = length - len(_units(text))
        if missing < 0:
            return _joined(_units(text)[:length])
        return fill * missing + text if of == "lpad" else text + fill * missing

    return [
        _by_option(of, "does-not-cut", f"Leaves longer text as it is in {of}.", lambda text, length, fill: _fill(of, text, length, fill)),
        _by_option(of, "cuts-at-the-beginning", f"Cuts longer text at its beginning in {of}.", lambda text, length, fill: _fill(of, text[max(0, len(text) - length) :], length, fill)),
        _by_option(of, "fill-ignored", f"Fills up with blanks in {of} whatever is asked for.", lambda text, length, fill: _fill(of, text[:length], length, " ")),
        _by_option(of, "other-side", f"Fills up on the other side in {of}.", lambda text, length, fill: _fill("rpad" if of == "lpad" else "lpad", text[:length], length, fill)),
        _by_option(of, "counts-bytes", f"Counts bytes in {of}.", by_octets),
        _by_option(of, "counts-utf16", f"Counts 16-bit units in {of}.", by_units),
        _empty_is_null(of),
    ]  # fmt: skip


def _split_by_pattern(text: str, separator: str) -> list[str]:
    try:
        return [part or "" for part in re.split(separator, text)]
    except re.error:
        return text.split(separator)


def _split_at_any(text: str, separator: str) -> list[str]:
    return re.split("|".join(map(re.escape, separator)), text)


def _without_last_empty(text: str, separator: str) -> list[str]:
    parts = text.split(separator)
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


def _without_empty(text: str, separator: str) -> list[str]:
    return [part for part in text.split(separator) if part]


def _ignoring_case(text: str, separator: str) -> list[str]:
    return re.split(re.escape(separator), text, flags=re.IGNORECASE)


_SPLITS: dict[str, tuple[str, Callable[[str, str], list[str]]]] = {
    "separator-is-a-pattern": ("takes the separator for a regular expression", _split_by_pattern),
    "separator-is-a-set": ("cuts at each character of the separator", _split_at_any),
    "drops-empty-parts": ("leaves empty parts out", _without_empty),
    "ignores-case": ("finds the separator in either case", _ignoring_case),
    "once": ("cuts once", lambda text, separator: text.split(separator, 1)),
    "from-the-right": ("finds separators from the right", lambda text, separator: [p[::-1] for p in text[::-1].split(separator[::-1])][::-1]),
}  # fmt: skip


def _part(parts: list[str], index: int) -> str:
    return parts[index - 1] if index <= len(parts) else ""


def _nth_from_zero(text: str, separator: str, index: int) -> str:
    parts = text.split(separator)
    return parts[index] if index < len(parts) else ""


def _position_in(text: str, part: str, size: Callable[[str], int]) -> int:
    at = text.find(part)
    return 0 if at < 0 else size(text[:at]) + 1


def _replaced_again(text: str, search: str, replacement: str) -> str:
    """Until nothing is left to replace, where that ends."""
    for _ in range(1 if search in replacement else len(text)):
        text = text.replace(search, replacement)
    return text


def _replaced_by_pattern(text: str, search: str, replacement: str) -> str:
    try:
        return re.sub(search, replacement.replace("\\", r"\\"), text)
    except re.error:
        return text.replace(search, replacement)


def _replaced_from_the_right(text: str, search: str, replacement: str) -> str:
    return replacement.join(part[::-1] for part in reversed(text[::-1].split(search[::-1])))


_PAIRWISE = ("starts_with", "ends_with", "contains", "position")

MUTANTS: tuple[Mutant, ...] = (
    function("upper", "beyond-ascii", "Turns all letters of Unicode into capitals, ß into SS.", lambda call, text: text.upper()),
    function("upper", "one-to-one", "Turns letters beyond ASCII into capitals where that is one code point.", lambda call, text: _capitals(text)),
    function("upper", "of-the-first", "Turns the first letter into a capital only.", lambda call, text: text[:1].translate({c: c - 32 for c in range(97, 123)}) + text[1:]),
    function("lower", "beyond-ascii", "Turns all letters of Unicode into small ones.", lambda call, text: text.lower()),
    function("lower", "one-to-one", "Turns letters beyond ASCII into small ones where that is one code point.", lambda call, text: _small(text)),
    function("lower", "case-folds", "Folds case, which turns ß into ss.", lambda call, text: text.casefold()),
    *(_empty_is_null(name) for name in ("upper", "lower", "length", "octet_length", "left", "right", "replace", "repeat", "split", "split_part", "substring")),
    *(mutant for name in ("trim", "ltrim", "rtrim") for mutant in _of_trim(name)),
    function("length", "in-bytes", "Counts the bytes of text.", lambda call, text: len(text.encode())),
    function("length", "in-utf16", "Counts the 16-bit units of text.", lambda call, text: len(_units(text))),
    function("length", "in-graphemes", "Counts letters with their accents as one.", lambda call, text: len(_graphemes(text))),
    function("length", "without-blanks-at-the-end", "Leaves blanks at the end out of the length.", lambda call, text: len(text.rstrip(" "))),
    call_becomes("length", "null-is-zero", "Returns 0 for the length of null.", lambda call: Call(function="coalesce", args=(call, Literal.of(0)))),
    function("octet_length", "in-code-points", "Counts code points where it should count bytes.", lambda call, v: len(v)),
    function("octet_length", "in-utf16", "Counts the bytes of UTF-16.", lambda call, v: len(v.encode("utf-16-le")) if isinstance(v, str) else len(v)),
    function("octet_length", "in-latin1", "Counts the bytes of text where letters of Latin-1 have one.", lambda call, v: sum(1 if c < "\u0100" else len(c.encode()) for c in v) if isinstance(v, str) else len(v)),
    function("octet_length", "ends-at-a-zero-byte", "Ends at a zero byte.", lambda call, v: len((v.encode() if isinstance(v, str) else v).split(b"\0")[0])),
    call_becomes("concat", "skips-nulls", "Leaves nulls out of concat.", _null_is_empty),
    function("concat", "of-two", "Joins the first two texts only.", lambda call, *ts: "".join(ts[:2])),
    function("concat", "trims", "Drops blanks at the end of what it joins.", lambda call, *ts: "".join(t.rstrip(" ") for t in ts)),
    function("concat", "empty-is-null", "Returns null from concat where the result is empty.", lambda call, *ts: "".join(ts) or None),
    function("concat_ws", "null-with-a-null", "Returns null from concat_ws when one of the texts is.", lambda call, *ts: None if None in ts else FUNCTIONS["concat_ws"](call, *ts)),
    function("concat_ws", "null-is-empty", "Keeps the separators of nulls.", lambda call, *ts: call.options["separator"].join(t or "" for t in ts)),
    function("concat_ws", "skips-empty", "Leaves empty texts out of concat_ws.", lambda call, *ts: call.options["separator"].join(t for t in ts if t)),
    function("concat_ws", "all-null-is-null", "Returns null from concat_ws when all texts are.", lambda call, *ts: FUNCTIONS["concat_ws"](call, *ts) if any(t is not None for t in ts) else None),
    function("concat_ws", "separator-at-the-end", "Puts a separator behind each text.", lambda call, *ts: "".join(t + call.options["separator"] for t in ts if t is not None)),
    _by_option("substring", "from-zero", "Counts positions from 0.", _substring_from(lambda start, size: start if start > 0 else size + start)),
    _by_option("substring", "negative-from-the-beginning", "Takes a negative position for the first.", _substring_from(lambda start, size: max(start, 1) - 1)),
    _by_option("substring", "negative-off-by-one", "Takes -1 for the end of the text.", _substring_from(lambda start, size: start - 1 if start > 0 else size + start + 1)),
    _by_option("substring", "places-before-do-not-count", "Begins to count at the beginning of the text.", _places_before_do_not_count),
    _by_option("substring", "length-is-the-end", "Takes the length for the last position.", _length_is_the_end),
    _by_option("substring", "before-the-beginning-is-empty", "Returns empty text for a position before the beginning.", _before_the_beginning_is_empty),
    _by_option("substring", "empty-when-too-short", "Returns empty text when fewer code points are left than asked for.", _empty_when_too_short),
    *(function(name, "counts-bytes", f"Counts bytes in {name}.", _as_bytes(name)) for name in ("substring", "left", "right")),
    *(function(name, "counts-utf16", f"Counts 16-bit units in {name}.", _as_units(name)) for name in ("substring", "left", "right")),
    _by_option("left", "one-less", "Returns one code point too few when the text is longer.", lambda text, count: text[: count - 1] if 0 < count < len(text) else text[:count]),
    _by_option("left", "zero-is-all", "Returns the whole text for left of 0.", lambda text, count: text[: count or len(text)]),
    _by_option("left", "filled-up", "Fills text up with blanks to the count of left.", lambda text, count: text[:count].ljust(count)),
    _by_option("right", "zero-is-all", "Returns the whole text for right of 0.", lambda text, count: text[-count:]),
    _by_option("right", "short-is-empty", "Returns empty text when it is shorter than the count of right.", lambda text, count: text[len(text) - count :] if count <= len(text) else ""),
    *(mutant for name in ("lpad", "rpad") for mutant in _of_pad(name)),
    _by_option("replace", "first-only", "Replaces the first occurrence only.", lambda text, search, replacement: text.replace(search, replacement, 1)),
    _by_option("replace", "search-is-a-pattern", "Takes what is searched for a regular expression.", _replaced_by_pattern),
    _by_option("replace", "ignores-case", "Finds text in either case in replace.", lambda text, search, replacement: re.sub(re.escape(search), lambda m: replacement, text, flags=re.IGNORECASE)),
    _by_option("replace", "again", "Replaces what replacing has made.", _replaced_again),
    _by_option("replace", "from-the-right", "Finds text from the right in replace.", _replaced_from_the_right),
    _by_option("replace", "groups", "Takes $0 and & in the replacement for what was found.", lambda text, search, replacement: text.replace(search, replacement.replace("$0", search).replace("&", search).replace("\\0", search))),
    *(mutant for name in _PAIRWISE for mutant in _pairwise(name)),
    *(_like_a_pattern(name) for name in ("starts_with", "ends_with", "contains")),
    *(_empty_part(name, value) for name, value in (("starts_with", False), ("ends_with", False), ("contains", False), ("position", 0))),
    function("starts_with", "anywhere", "Finds the part anywhere in starts_with.", lambda call, text, part: part in text),
    function("ends_with", "before-a-line-feed", "Finds the part before a line feed at the end.", lambda call, text, part: text.endswith((part, part + "\n"))),
    function("ends_with", "first-occurrence", "Looks at the first occurrence of the part only.", lambda call, text, part: text.find(part) == len(text) - len(part)),
    function("contains", "at-the-beginning", "Finds the part at the beginning only.", lambda call, text, part: text.startswith(part)),
    function("position", "from-zero", "Counts positions from 0, and -1 stands for none.", lambda call, text, part: text.find(part)),
    function("position", "absent-is-null", "Returns null when the part does not occur.", lambda call, text, part: text.find(part) + 1 or None),
    function("position", "in-bytes", "Counts positions in bytes.", lambda call, text, part: _position_in(text, part, lambda t: len(t.encode()))),
    function("position", "in-utf16", "Counts positions in 16-bit units.", lambda call, text, part: _position_in(text, part, lambda t: len(_units(t)))),
    function("position", "of-the-last", "Finds the last occurrence.", lambda call, text, part: text.rfind(part) + 1 if part else 1),
    function("position", "swapped", "Looks for the first text in the second.", lambda call, text, part: part.find(text) + 1),
    *(_by_option("split", name, f"In split {how}.", rule) for name, (how, rule) in _SPLITS.items()),
    *(_by_option("split_part", name, f"In split_part {how}.", lambda text, separator, index, cut=cut: _part(cut(text, separator), index)) for name, (how, cut) in _SPLITS.items()),
    _by_option("split", "drops-the-last-empty-part", "Drops empty parts at the end.", _without_last_empty),
    _by_option("split", "empty-has-no-part", "Returns an empty list for empty text.", lambda text, separator: text.split(separator) if text else []),
    _by_option("split", "keeps-separators", "Keeps the separators in the parts.", lambda text, separator: re.split(f"(?<={re.escape(separator)})", text)),
    _by_option("split_part", "from-zero", "Counts parts from 0.", _nth_from_zero),
    _by_option("split_part", "none-is-null", "Returns null when there are fewer parts.", lambda text, separator, index: _part(text.split(separator), index) if index <= text.count(separator) + 1 else None),
    _by_option("split_part", "none-is-the-last", "Returns the last part when there are fewer.", lambda text, separator, index: text.split(separator)[min(index, text.count(separator) + 1) - 1]),
    _by_option("repeat", "zero-is-null", "Returns null for text repeated 0 times.", lambda text, count: text * count if count else None),
    _by_option("repeat", "zero-is-once", "Repeats text at least once.", lambda text, count: text * max(count, 1)),
    _by_option("repeat", "letters", "Repeats each letter.", lambda text, count: "".join(c * count for c in text)),
    _by_option("repeat", "one-more", "Adds so many copies to the text.", lambda text, count: text * (count + 1 if count else 0)),
    function("concat", "normalises", "Composes accents where texts meet.", lambda call, *ts: unicodedata.normalize("NFC", "".join(ts))),
    function("concat", "escapes", "Reads backslashes as escapes, and two quotes as one.", lambda call, *ts: re.sub(r"\\(.)|''", lambda m: m[1] or "'", "".join(ts), flags=re.DOTALL)),
    function("ends_with", "backslash-escapes", "Reads a backslash in the part as an escape.", lambda call, text, part: text.endswith(re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL))),
    function("ends_with", "last-code-point", "Compares the last code point only.", lambda call, text, part: text[-1:] == part[-1:] or not part),
    *(function(name, "cuts-at-255", f"Cuts text to 255 characters in {name}.", lambda call, text, *rest: FUNCTIONS[call.name](call, text[:255], *rest)) for name in ("upper", "lower", "ends_with")),
    *(function(name, "composes", f"Composes accents in {name}.", lambda call, text: unicodedata.normalize("NFC", FUNCTIONS[call.name](call, text))) for name in ("upper", "lower")),
    function("length", "ends-at-a-zero-character", "Ends at a zero character.", lambda call, text: len(text.split("\0")[0])),
    _by_option("replace", "search-is-like", "Takes % and _ in what is searched for wildcards.", lambda text, search, replacement: re.sub(re.escape(search).replace("%", ".*").replace("_", "."), lambda m: replacement, text)),
)  # fmt: skip
"""Wrong text."""
