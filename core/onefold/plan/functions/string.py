"""Text: lengths and positions count code points from 1, upper and lower case are those of ASCII."""

from __future__ import annotations

from onefold.plan.functions.entry import Example, Function, Option, Rows
from onefold.plan.functions.signature import sig

__all__ = ["FUNCTIONS"]

_MOST = 1_000_000


def _count_problem(value: int) -> str | None:
    return None if 0 <= value <= _MOST else f"it is between 0 and {_MOST:,}."


def _start_problem(value: int) -> str | None:
    return None if value != 0 and abs(value) <= 2**31 - 1 else "positions count from 1, or from -1 at the end."


def _length_problem(value: int) -> str | None:
    return None if -1 <= value <= 2**31 - 1 else "it is a number of code points, or -1 for all up to the end."


def not_empty(value: str) -> str | None:
    """Return what is wrong with an option that must not be empty."""
    return None if value else "it must not be empty."


def _one_problem(value: str) -> str | None:
    return None if len(value) == 1 else "it is exactly one character."


def _string(
    name: str,
    description: str,
    values: Rows,
    result: Rows,
    *,
    options: dict[str, tuple[Option, int | str]] | None = None,
    returns: str = "string",
    substrait: str | None = None,
) -> Function:
    """Return a function of one text; its options come with the values of the example."""
    options = options or {}
    return Function(
        name=name,
        family="string",
        signatures=(sig(f"(string) -> {returns}"),),
        description=description,
        example=Example((("string", values),), result, {key: value for key, (_, value) in options.items()}),
        options={key: option for key, (option, _) in options.items()},
        substrait=substrait,
    )


def _two(name: str, description: str, other: Rows, result: Rows, *, returns: str, substrait: str) -> Function:
    """Return a function that looks for a second text in ``cafe\u0301 au lait``, an empty text and null."""
    return Function(
        name=name,
        family="string",
        signatures=(sig(f"(string, string) -> {returns}"),),
        description=description,
        example=Example((("string", ("café", "café", "", "a", None)), ("string", other)), result),
        substrait=substrait,
    )


_CHARACTERS = Option(str, "The characters that are removed, in any order; blanks when left out.", " ", check=not_empty)
_LENGTH = Option(int, "The length of the result in code points, 0 to 1,000,000.", check=_count_problem)
_FILL = Option(str, "The one character to fill up with.", " ", check=_one_problem)
_COUNT = Option(int, "How many code points, 0 to 1,000,000.", check=_count_problem)
_ONLY = "Only those characters are removed, so tabs and line ends stay unless they are listed."

FUNCTIONS = (
    _string(
        "upper",
        "The text with a to z turned into A to Z. Other letters stay as they are: engines disagree about them.",
        ("aBc1", "straße", "", None),
        ("ABC1", "STRAßE", "", None),
    ),
    _string(
        "lower",
        "The text with A to Z turned into a to z. Other letters stay as they are: engines disagree about them.",
        ("AbC1", "ÉTÉ", "", None),
        ("abc1", "ÉtÉ", "", None),
    ),
    _string(
        "trim",
        f"The text without blanks (or the listed characters) at its ends. {_ONLY}",
        ("  a b ", "\ta ", "   ", None),
        ("a b", "\ta", "", None),
        options={"characters": (_CHARACTERS, " ")},
        substrait="trim",
    ),
    _string(
        "ltrim",
        f"The text without blanks (or the listed characters) at its beginning. {_ONLY}",
        ("xyxa x", "bx", "yx", None),
        ("a x", "bx", "", None),
        options={"characters": (_CHARACTERS, "xy")},
        substrait="ltrim",
    ),
    _string(
        "rtrim",
        f"The text without blanks (or the listed characters) at its end. {_ONLY}",
        (" a  ", "a\n", "  ", None),
        (" a", "a\n", "", None),
        options={"characters": (_CHARACTERS, " ")},
        substrait="rtrim",
    ),
    _string(
        "length",
        "The number of code points. A letter with a combining accent has two, an emoji family several.",
        ("abc", "日本", "e\u0301", "😀", "", None),
        (3, 2, 2, 1, 0, None),
        returns="int64",
        substrait="char_length",
    ),
    Function(
        name="octet_length",
        family="string",
        signatures=(sig("(string) -> int64"), sig("(binary) -> int64")),
        description="The number of bytes; those of UTF-8 for text.",
        example=Example((("string", ("abc", "日本", "😀", "", None)),), (3, 6, 4, 0, None)),
        substrait="octet_length",
    ),
    Function(
        name="concat",
        family="string",
        signatures=(sig("(string...) -> string"),),
        description="The texts one after the other. Null when one of them is null (some engines leave it out).",
        example=Example((("string", ("a", "", "a", None)), ("string", ("b", "é", None, "b"))), ("ab", "é", None, None)),
        substrait="concat",
    ),
    Function(
        name="concat_ws",
        family="string",
        signatures=(sig("(string...) -> string"),),
        description=(
            "The texts one after the other, with a separator between them. Nulls are left out, together with "
            "their separator; when all are null the result is empty. Empty texts are kept."
        ),
        example=Example(
            (("string", ("a", "", "a", None, None)), ("string", ("b", "b", None, "b", None))),
            ("a-b", "-b", "a", "b", ""),
            {"separator": "-"},
        ),
        nulls="own",
        options={"separator": Option(str, "What stands between two texts.")},
        substrait="concat_ws",
    ),
    _string(
        "substring",
        (
            "The part of the text that begins at a position, up to a length. Positions count code points from 1; "
            "negative ones count from the end, -1 is the last. Places before the beginning of the text count for "
            "the length but hold nothing, so 3 code points from -5 of a text of 4 are its first two."
        ),
        ("abcde", "日本語x", "ab", "", None),
        ("bcd", "本語x", "b", "", None),
        options={
            "start": (
                Option(int, "The first position, from 1, or from the end when negative.", check=_start_problem),
                2,
            ),
            "length": (Option(int, "How many code points at most; -1 for all.", -1, check=_length_problem), 3),
        },
        substrait="substring",
    ),
    _string(
        "left",
        "The first code points of the text; all of it when it is shorter.",
        ("abc", "日本語", "a", "", None),
        ("ab", "日本", "a", "", None),
        options={"count": (_COUNT, 2)},
        substrait="left",
    ),
    _string(
        "right",
        "The last code points of the text; all of it when it is shorter.",
        ("abc", "日本語", "a", "", None),
        ("bc", "本語", "a", "", None),
        options={"count": (_COUNT, 2)},
        substrait="right",
    ),
    _string(
        "lpad",
        "The text filled up on its left to a length in code points; a longer text is cut to it, at its end.",
        ("7", "1234567", "é", "", None),
        ("00007", "12345", "0000é", "00000", None),
        options={"length": (_LENGTH, 5), "fill": (_FILL, "0")},
        substrait="lpad",
    ),
    _string(
        "rpad",
        "The text filled up on its right to a length in code points; a longer text is cut to it, at its end.",
        ("7", "1234567", "é", "", None),
        ("7    ", "12345", "é    ", "     ", None),
        options={"length": (_LENGTH, 5), "fill": (_FILL, " ")},
        substrait="rpad",
    ),
    _string(
        "replace",
        "The text with every occurrence of one text, from left to right without overlap, replaced by another.",
        ("a-b-c", "--", "é-", "", None),
        ("a+b+c", "++", "é+", "", None),
        options={
            "search": (Option(str, "What is replaced; not empty.", check=not_empty), "-"),
            "replacement": (Option(str, "What it is replaced with; may be empty."), "+"),
        },
        substrait="replace",
    ),
    _two(
        "starts_with",
        "Whether the first text begins with the second. Every text begins with the empty one.",
        ("ca", "é", "", None, "a"),
        (True, False, True, None, None),
        returns="bool",
        substrait="starts_with",
    ),
    _two(
        "ends_with",
        "Whether the first text ends with the second. Every text ends with the empty one.",
        ("ca", "é", "", None, "a"),
        (False, True, True, None, None),
        returns="bool",
        substrait="ends_with",
    ),
    _two(
        "contains",
        "Whether the second text occurs in the first. The empty text occurs in every text.",
        ("af", "x", "", None, "a"),
        (True, False, True, None, None),
        returns="bool",
        substrait="contains",
    ),
    _two(
        "position",
        "Where the second text first occurs in the first, in code points from 1; 0 when it does not. Empty text: 1.",
        ("é", "x", "", None, "a"),
        (4, 0, 1, None, None),
        returns="int64",
        substrait="strpos",
    ),
    _string(
        "split_part",
        "The part of the text with this number, from 1, when it is cut at each separator; empty when there are fewer.",
        ("a,b,c", "a", "a,,c", "", None),
        ("b", "", "", "", None),
        options={
            "separator": (Option(str, "The text between two parts; not empty.", check=not_empty), ","),
            "index": (
                Option(
                    int, "Which part, from 1.", check=lambda value: None if 0 < value < 2**31 else "parts count from 1."
                ),
                2,
            ),
        },
    ),
    _string(
        "split",
        "The parts of the text when it is cut at each separator; the empty text has one empty part.",
        ("a|b", "a", "|", "", None),
        (["a", "b"], ["a"], ["", ""], [""], None),
        options={"separator": (Option(str, "The text between two parts; not empty.", check=not_empty), "|")},
        returns="list<string>",
        substrait="string_split",
    ),
    _string(
        "repeat",
        "The text several times, one after the other.",
        ("ab", "é", "", None),
        ("ababab", "ééé", "", None),
        options={"count": (Option(int, "How many times, 0 to 1,000,000.", check=_count_problem), 3)},
        substrait="repeat",
    ),
)
