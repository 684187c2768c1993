"""Queries give what the standard says, on every engine; expected values are worked out by hand."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import pytest
from tests.sql_authoring.data import ORDERS, SHOPS

import onefold as of

ENGINES = ["rift", "polars", "sqlite"]

VALUES: dict[str, list[tuple[Any, ...]]] = {
    # A null on one side of an outer join is the null of that side, whichever side the key is read from.
    "select o.id, o.shop as here, s.shop as there from orders o left join shops s on o.shop = s.shop where o.id < 5 "
    "order by id nulls last": [(1, "a", "a"), (2, "b", "b"), (3, "a", "a"), (4, None, None)],
    "select s.shop as here, o.shop as there, count(*) as n from orders o right join shops s on o.shop = s.shop group by s.shop, "
    "o.shop order by here nulls last": [("a", "a", 3), ("b", "b", 2), ("c", None, 1), (None, None, 1)],
    "select shop, s.shop as there, o.shop as here, count(*) as n from orders o full join shops s using (shop) "
    "group by shop, s.shop, o.shop order by shop nulls last, n desc": [
        ("a", "a", "a", 3),
        ("b", "b", "b", 2),
        ("c", "c", None, 1),
        (None, None, None, 2),
    ],
    # A key that a computed one of the same name hides is still there for aggregations.
    "select upper(shop) as shop, min(shop) as least from orders group by upper(shop) order by shop nulls last": [
        ("A", "a"),
        ("B", "b"),
        (None, None),
    ],
    # UNION goes by places, not by names.
    "select city, shop from shops where shop = 'a' union all select shop, city from shops where shop = 'c' "
    "order by city nulls last": [("Ulm", "a"), ("c", "Bonn")],
    "select id as x from orders where id = 1 union all select price from orders where id = 2 order by x nulls last": [
        (1.0,),
        (2.25,),
    ],
    # The window's frame without words ends with the rows that are equal in its order.
    "select id, sum(id) over (order by shop nulls last) as s from orders order by id nulls last": [
        (1, 10),
        (2, 17),
        (3, 10),
        (4, 21),
        (5, 17),
        (6, 10),
    ],
    "select shop, sum(qty) as s, sum(sum(qty)) over () as total from orders group by shop order by shop nulls last": [
        ("a", 8, 13),
        ("b", -2, 13),
        (None, 7, 13),
    ],
    "select id, first_value(note) over (partition by shop order by at nulls last) as f, last_value(note) over (partition by shop "
    "order by at nulls last rows between unbounded preceding and unbounded following) as l from orders order by id nulls last": [
        (1, "Red!", "red"),
        (2, "50%", ""),
        (3, "Red!", "red"),
        (4, "a_b", "a_b"),
        (5, "50%", ""),
        (6, "Red!", "red"),
    ],
    "select id, 0.1 + 0.2 = 0.3 as exact, 1e-1 + 2e-1 = 3e-1 as approximate from orders where id = 1": [
        (1, True, False)
    ],
    "select id, note like '50%' as a, note like 'Red!' as b, note like 'a!_b' escape '!' as c from orders where note is not null "
    "order by id nulls last": [
        (1, False, True, False),
        (2, True, False, False),
        (4, False, False, True),
        (5, False, False, False),
        (6, False, False, False),
    ],
    "select id, qty / price as r, 7 % id as m, -7 % id as n, int_divide(-7, id) as d from orders where id in (2, 5) "
    "order by id nulls last": [(2, -2 / 2.25, 1, -1, -3), (5, -0.0 + 0.0, 2, -2, -1)],
    "select count(*) as n, count(qty) as known, count(distinct shop) as shops, sum(qty) filter (where qty > 100) as s, "
    "bool_and(paid) as e from orders": [(6, 5, 2, None, False)],
    "select id, day + interval '1' month as m, at - interval '31' minute as t from orders where id = 1": [
        (1, dt.date(2020, 2, 29), dt.datetime(2020, 2, 28, 23, 59, tzinfo=dt.UTC))
    ],
    "select fee * 2 as twice, sum(fee) over () as s from orders where id = 1": [
        (decimal.Decimal("2.20"), decimal.Decimal("1.10"))
    ],
    "select id from orders o where exists (select 1 from shops s where s.shop = o.shop and s.city is null) order by 1 nulls last": [
        (2,),
        (5,),
    ],
    "select id from orders o where not exists (select 1 from shops s where s.shop = o.shop)": [(4,)],
    "select shop from orders qualify row_number() over (partition by shop order by at desc nulls last) = 1 order by shop nulls last": [
        ("a",),
        ("b",),
        (None,),
    ],
    "select distinct shop, paid from orders order by shop nulls first, paid nulls first": [
        (None, True),
        ("a", None),
        ("a", False),
        ("a", True),
        ("b", False),
        ("b", True),
    ],
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("query", VALUES, ids=lambda query: query[:50])
@pytest.mark.filterwarnings("ignore::onefold.FallbackWarning")
def test_values(query: str, engine: str) -> None:
    rows = of.sql(query, orders=ORDERS, shops=SHOPS).collect(engine=engine).to_pylist()
    assert [tuple(row.values()) for row in rows] == VALUES[query]
