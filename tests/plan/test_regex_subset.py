"""The portable regular expressions: what is accepted runs on other engines with the same result, the rest is refused."""

from __future__ import annotations

import random
import re

import duckdb
import pytest

from onefold.plan.functions.regex_subset import RegexError, RegexFacts, check_regex


@pytest.mark.parametrize(
    ("pattern", "groups", "matches_empty"),
    [
        ("a", 0, False),
        ("^$", 0, True),
        ("a*", 0, True),
        ("a|b+", 0, False),
        ("a|b*", 0, True),
        ("(a)(b)?", 2, False),
        ("((a)|b)+", 2, False),
        ("x{0,3}", 0, True),
        ("x{2,}", 0, False),
        ("[^,;]+", 0, False),
        ("[a-zA-Z0-9_]", 0, False),
        ("\\(\\.\\)\\\\", 0, False),
        ("[\\]\\-\\^\\\\]", 0, False),
        ("日本.語", 0, False),
        ("(a?)?b", 1, False),
        ("\t[ \n]", 0, False),
    ],
)
def test_accepted(pattern: str, groups: int, matches_empty: bool) -> None:
    assert check_regex(pattern) == RegexFacts(groups, matches_empty)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "nothing to match"),
        ("a|", "nothing to match"),
        ("()", "nothing to match"),
        ("(a", "not closed"),
        ("a)", "closes no group"),
        ("[a", "not closed"),
        ("[]", "empty class"),
        ("[^]a]", "empty class"),
        ("a]", "closes nothing"),
        ("}", "closes nothing"),
        ("*a", "nothing to repeat"),
        ("(+a)", "nothing to repeat"),
        ("^*", "can not be repeated"),
        ("a**", "can not follow"),
        ("a*?", "lazy"),
        ("a++", "can not follow"),
        ("a{2}{3}", "can not follow"),
        ("a{", "a count is written"),
        ("a{,3}", "a count is written"),
        ("a{x}", "a count is written"),
        ("a{3,2}", "reversed"),
        ("a{0}", "empty"),
        ("a{0,0}", "empty"),
        ("a{2000}", "above 1,000"),
        ("(a{100}){100}", "nested counts"),
        ("(a*)*", "matches the empty text"),
        ("(a?)+", "matches the empty text"),
        ("(?i)a", "flags, look-around"),
        ("(?:a)", "flags, look-around"),
        ("(?=a)", "flags, look-around"),
        ("(?P<n>a)", "flags, look-around"),
        ("\\w", r"write \[A-Za-z0-9_\]"),
        ("\\D", r"write \[\^0-9\]"),
        ("\\n", "line feed"),
        ("\\b", "does not mean the same"),
        ("\\1", "refer to a group"),
        ("\\p{L}", "does not mean the same"),
        ("a\\", "a backslash ends"),
        ("[[:alpha:]]", "named classes"),
        ("[a[b]", "for the character '\\['"),
        ("[a&&b]", "for the character '&'"),
        ("[é-ü]", "not within"),
        ("[a-Z]", "not within"),
        ("[z-a]", "not within"),
        ("[+--]", "for the character '-'"),
        ("[-a]", "for the character '-'"),
        ("[a-]", "for the character '-'"),
        ("[\\d]", r"write \[0-9\]"),
        ("(" * 60 + "a" + ")" * 60, "nested more than 50"),
        ("a" * 1001, "at most 1,000"),
    ],
)
def test_refused_with_a_reason(pattern: str, message: str) -> None:
    with pytest.raises(RegexError, match=message):
        check_regex(pattern)


def test_accepted_patterns_mean_the_same_to_two_other_engines() -> None:
    chance = random.Random(7)
    pieces = ["a", "b", ".", "[ab]", "[^a]", "(", ")", "|", "*", "+", "?", "{2}", "{1,2}", "^", "$", "c", "\\."]
    accepted: list[str] = []
    while len(accepted) < 400:
        pattern = "".join(chance.choices(pieces, k=chance.randint(1, 8)))
        try:
            check_regex(pattern)
        except RegexError:
            continue
        accepted.append(pattern)
    texts = ["", "a", "b", "ab", "ba", "aab", "abc", "a.b", "cc", "bca", "a\nb", "acbab"]
    with duckdb.connect() as connection:
        for pattern in accepted:
            rows = connection.execute("SELECT regexp_matches(t, ?) FROM (SELECT unnest(?) AS t)", [pattern, texts])
            expected = [re.search(pattern.replace("$", "\\Z"), text) is not None for text in texts]
            assert [row[0] for row in rows.fetchall()] == expected, pattern
