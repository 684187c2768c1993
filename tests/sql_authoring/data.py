"""The tables that queries of the tests read."""

from __future__ import annotations

import datetime as dt
import decimal

import onefold as of

_HOURS = [dt.datetime(2020, 2, 29, hour, 30, tzinfo=dt.UTC) for hour in range(6)]

ORDERS = of.table(
    {
        "id": [1, 2, 3, 4, 5, 6],
        "shop": ["a", "b", "a", None, "b", "a"],
        "qty": [3, -2, None, 7, 0, 5],
        "price": [1.5, 2.25, 10.0, None, -4.0, 0.5],
        "fee": [decimal.Decimal("1.10"), decimal.Decimal("2.20"), None] * 2,
        "note": ["Red!", "50%", None, "a_b", "", "red"],
        "paid": [True, False, None, True, True, False],
        "day": [dt.date(2020, 1, 31), dt.date(2020, 2, 1), None] * 2,
        "at": _HOURS,
        "clock": [hour.replace(tzinfo=None) for hour in _HOURS],
    },
    name="orders",
)
SHOPS = of.table(
    {"shop": ["a", "b", "c", None], "city": ["Ulm", None, "Bonn", "Kiel"], "id": [10, 20, 30, 40]}, name="shops"
)
MIXED = of.table({"Total": [1], "total": [2], "Other": [3]}, name="mixed")
