"""Conversions: ``(source, target, value, expected)``; ERROR stands for null where failures become null."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.sql.evaluation import ERROR, INF, MAX, MIN, NAN

DAY = dt.date.fromisoformat
AT = dt.datetime.fromisoformat
BEFORE, LAST = "1969-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999"
WALL, INST = "timestamp[us]", "timestamp[us, UTC]"


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text + "+00:00")


def casts(source: str, target: str, *rows: tuple[Any, Any]) -> list[tuple[str, str, Any, Any]]:
    return [(source, target, value, expected) for value, expected in (*rows, (None, None))]


def refused(*values: str) -> tuple[tuple[str, object], ...]:
    return tuple((value, ERROR) for value in values)


CASTS = [
    *casts(
        "int64",
        "float64",
        (1, 1.0),
        (MAX, 9.223372036854775807e18),
        (9007199254740993, 9007199254740992.0),
        (MIN, -9.223372036854775808e18),
    ),
    *casts(
        "int64", "decimal128(10, 2)", (5, Decimal("5.00")), (-99_999_999, Decimal("-99999999.00")), (100_000_000, ERROR)
    ),
    *casts("int64", "decimal128(19, 0)", (MAX, Decimal(MAX)), (MIN, Decimal(MIN))),
    *casts("int64", "string", (0, "0"), (-1, "-1"), (MAX, "9223372036854775807"), (MIN, "-9223372036854775808")),
    *casts("int64", "bool", (0, False), (1, True), (-5, True)),
    *casts(
        "float64",
        "int64",
        (2.5, 2),
        (3.5, 3),
        (-2.5, -2),
        (-3.5, -3),
        (2.6, 2),
        (-0.0, 0),
        (0.5, 0),
        (NAN, ERROR),
        (INF, ERROR),
        (-INF, ERROR),
        (1e20, ERROR),
        (9.3e18, ERROR),
        (-1e20, ERROR),
        (2147483648.0, 2147483648),
        (9223372036854775808.0, ERROR),
        (-9223372036854775808.0, MIN),
        (9223372036854774784.0, 9223372036854774784),
        (2251799813685249.5, 2251799813685249),
    ),
    *casts(
        "float64",
        "decimal128(38, 2)",
        (0.5, Decimal("0.50")),
        (2.675, Decimal("2.68")),
        (1.005, Decimal("1.00")),
        (0.285, Decimal("0.28")),
        (123456.789, Decimal("123456.79")),
        (0.1 + 0.2, Decimal("0.30")),
        (-2.675, Decimal("-2.68")),
        (NAN, ERROR),
        (INF, ERROR),
        (1e17, ERROR),
    ),
    *casts("float64", "decimal128(4, 2)", (99.994, Decimal("99.99")), (99.995, ERROR), (-100.0, ERROR)),
    *casts("float64", "decimal128(5, 0)", (2.5, Decimal(3)), (-2.5, Decimal(-3)), (99999.5, ERROR), (NAN, ERROR)),
    *casts(
        "decimal128(10, 2)",
        "int64",
        (Decimal("-1.25"), -1),
        (Decimal("2.50"), 2),
        (Decimal("3.99"), 3),
        (Decimal("-2.50"), -2),
        (Decimal("0.00"), 0),
    ),
    *casts("decimal128(38, 0)", "int64", (Decimal(MAX), MAX), (Decimal(MAX) + 1, ERROR), (Decimal(10) ** 37, ERROR)),
    *casts("decimal128(10, 2)", "float64", (Decimal("1.15"), 1.15), (Decimal("-99999999.99"), -99999999.99)),
    *casts(
        "decimal128(10, 2)",
        "decimal128(3, 1)",
        (Decimal("1.15"), Decimal("1.2")),
        (Decimal("-1.25"), Decimal("-1.3")),
        (Decimal("99.94"), Decimal("99.9")),
        (Decimal("99.95"), ERROR),
    ),
    *casts("decimal128(10, 2)", "decimal128(38, 10)", (Decimal("1.15"), Decimal("1.1500000000"))),
    *casts(
        "decimal128(10, 2)", "string", (Decimal("1.10"), "1.10"), (Decimal("-0.05"), "-0.05"), (Decimal("0.00"), "0.00")
    ),
    *casts("bool", "int64", (True, 1), (False, 0)),
    *casts("bool", "string", (True, "true"), (False, "false")),
    *casts(
        "string",
        "int64",
        ("1", 1),
        ("+1", 1),
        ("-0", 0),
        ("007", 7),
        (str(MAX), MAX),
        (str(MIN), MIN),
        *refused(
            " 1 ",
            "1.5",
            "1e3",
            "",
            "abc",
            "0x1F",
            "\uff11",
            "1_000",
            "99999999999999999999",
            "9223372036854775808",
            "\t1\n",
            "1.",
            ".5",
            "1.0",
            "- 1",
            "1,000",
            "+",
            "1\n",
        ),
    ),
    *casts(
        "string",
        "float64",
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-1.5E-2", -0.015),
        ("1e400", INF),
        ("-1e400", -INF),
        ("1e-400", 0.0),
        ("0.1", 0.1),
        ("123456789012345678901234567890", 1.2345678901234568e29),
        *refused(
            " 1.5 ",
            "nan",
            "NaN",
            "inf",
            "Infinity",
            "-inf",
            "+Infinity",
            "",
            "1d",
            "1f",
            "0x1p3",
            "1,5",
            "abc",
            "1_0",
            ".",
            "e5",
            "1e",
        ),
    ),
    *casts(
        "string",
        "decimal128(11, 2)",
        ("1.005", Decimal("1.01")),
        ("1.015", Decimal("1.02")),
        ("-1.005", Decimal("-1.01")),
        ("123456789.12", Decimal("123456789.12")),
        ("1.", Decimal("1.00")),
        (".5", Decimal("0.50")),
        ("1.00499999999999999999", Decimal("1.00")),
        ("1000000000", ERROR),
        *refused("1e2", " 1.5 ", "", "abc", "1_0", "NaN", "."),
    ),
    *casts(
        "string",
        "bool",
        *((text, True) for text in ("true", "TRUE", "t", "T", "yes", "y", "1", " true ")),
        *((text, False) for text in ("false", "f", "no", "n", "0", "False")),
        *refused("on", "off", "", "2", "tru", "\ttrue", "ja"),
    ),
    *casts(
        "string",
        "date32",
        ("2024-01-05", DAY("2024-01-05")),
        ("1582-10-10", DAY("1582-10-10")),
        ("0001-01-01", DAY("0001-01-01")),
        ("9999-12-31", DAY("9999-12-31")),
        ("2024-02-29", DAY("2024-02-29")),
        *refused(
            "2024-1-5",
            "2024-01-05 10:00:00",
            "20240105",
            "2024-02-30",
            "2023-02-29",
            " 2024-01-05 ",
            "10000-01-01",
            "+10000-01-01",
            "2024",
            "2024-01",
            "0000-01-01",
            "-0001-01-01",
            "infinity",
            "epoch",
            "2024-01-05T00:00:00Z",
            "05/01/2024",
            "",
        ),
    ),
    *casts(
        "string",
        WALL,
        ("2024-01-05 10:00:00", AT("2024-01-05T10:00:00")),
        ("2024-01-05T10:00:00", AT("2024-01-05T10:00:00")),
        ("2024-01-05 10:00:00.1", AT("2024-01-05T10:00:00.100000")),
        ("2024-03-10 02:30:00", AT("2024-03-10T02:30:00")),
        ("9999-12-31T23:59:59.999999", AT(LAST)),
        ("0001-01-01 00:00:00", AT("0001-01-01T00:00:00")),
        *refused(
            "2024-01-05",
            "2024-01-05 10:00",
            "2024-01-05 10",
            "2024-01-05 10:00:00.123456789",
            "2024-01-05T10:00:00Z",
            "2024-01-05 10:00:00+02:00",
            "2024-01-05 10:00:00 America/New_York",
            "2024-01-05 24:00:00",
            "2024-01-05 23:59:60",
            " 2024-01-05 10:00:00 ",
            "1704448800",
            "10000-01-01 00:00:00",
            "",
            "2024-1-5 1:2:3",
            "2024-02-30 00:00:00",
            "0000-01-01 00:00:00",
        ),
    ),
    *casts(
        "date32",
        "string",
        (DAY("2024-02-29"), "2024-02-29"),
        (DAY("0001-01-01"), "0001-01-01"),
        (DAY("9999-12-31"), "9999-12-31"),
    ),
    *casts(
        "date32", WALL, (DAY("1969-12-31"), AT("1969-12-31T00:00:00")), (DAY("9999-12-31"), AT("9999-12-31T00:00:00"))
    ),
    *casts(
        "date32", INST, (DAY("1969-12-31"), utc("1969-12-31T00:00:00")), (DAY("2024-03-10"), utc("2024-03-10T00:00:00"))
    ),
    *casts(
        WALL,
        "date32",
        (AT(BEFORE), DAY("1969-12-31")),
        (AT(LAST), DAY("9999-12-31")),
        (AT("2024-02-29T00:00:00"), DAY("2024-02-29")),
    ),
    *casts(
        WALL,
        "string",
        (AT(BEFORE), "1969-12-31 23:59:59.999999"),
        (AT("1970-01-01"), "1970-01-01 00:00:00.000000"),
        (AT("0001-01-01T00:00:01"), "0001-01-01 00:00:01.000000"),
        (AT(LAST), "9999-12-31 23:59:59.999999"),
        (AT("2023-01-01T00:00:00.500000"), "2023-01-01 00:00:00.500000"),
    ),
    *casts(WALL, INST, (AT(BEFORE), utc(BEFORE)), (AT("2024-03-10T02:30"), utc("2024-03-10T02:30:00"))),
    *casts(INST, "date32", (utc(BEFORE), DAY("1969-12-31")), (utc("2024-02-29T23:59:59.999999"), DAY("2024-02-29"))),
    *casts(
        INST,
        "string",
        (utc(BEFORE), "1969-12-31 23:59:59.999999+00:00"),
        (utc("0001-01-01T00:00:01"), "0001-01-01 00:00:01.000000+00:00"),
    ),
    *casts(INST, WALL, (utc(BEFORE), AT(BEFORE)), (utc(LAST), AT(LAST))),
    *casts("binary", "binary", (b"\x00", b"\x00")),
    *casts("string", "string", (" a ", " a ")),
]
