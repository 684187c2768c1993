"""A query is the plan that the verbs of the Python API build: the same fingerprint, hence the same everywhere."""

from __future__ import annotations

import datetime as dt
import decimal
from importlib import import_module

import pytest
from tests.sql_authoring.data import MIXED, ORDERS, SHOPS

import onefold as of
from onefold import Table, col, lit

PLANS: dict[str, Table] = {
    "select * from orders": ORDERS,
    "select * from (select * from orders) as o where o.qty > 1": ORDERS.filter(col("qty") > 1),
    "select id, QTY * 2 as twice from Orders": ORDERS.select("id", twice=col("qty") * 2),
    'select "id", "qty" as "Quantity" from orders': ORDERS.select("id", col("qty").alias("Quantity")),
    "select o.id from orders as o where o.paid and not (o.qty = 3) or o.note is null": ORDERS.filter(
        col("paid") & ~(col("qty") == 3) | col("note").is_null()
    ).select("id"),
    "select qty / 2.0 as half, price + 1 as more, -qty as less, qty % 2 as rest from orders": ORDERS.select(
        half=col("qty") / decimal.Decimal("2.0"),
        more=col("price") + 1,
        less=-col("qty"),
        rest=col("qty") % 2,
    ),
    "select 1.5 as exact, 1.5e0 as approximate, -9223372036854775808 as least, 'it''s' as text from orders": ORDERS.select(
        exact=lit(decimal.Decimal("1.5")), approximate=lit(1.5), least=lit(-(2**63)), text=lit("it's")
    ),
    "select note || '-' || shop as label from orders": ORDERS.select(
        label=of.call("concat", of.call("concat", "note", lit("-")), "shop")
    ),
    "select id from orders where shop in ('a', 'c') and qty between 0 and 5": ORDERS.filter(
        col("shop").is_in(["a", "c"]) & col("qty").between(0, 5)
    ).select("id"),
    "select id from orders where shop is distinct from 'a' and paid is not true": ORDERS.filter(
        col("shop").ne_missing("a") & ~col("paid").eq_missing(True)
    ).select("id"),
    "select case when qty > 3 then 'many' when qty > 0 then 'few' else 'none' end as size from orders": ORDERS.select(
        size=of.when(col("qty") > 3).then(lit("many")).when(col("qty") > 0).then(lit("few")).otherwise(lit("none"))
    ),
    "select case shop when 'a' then 1 end as x from orders": ORDERS.select(x=of.when(col("shop") == "a").then(1)),
    "select cast(qty as double precision) as x, try_cast(note as bigint) as y, note::date as z from orders": ORDERS.select(
        x=col("qty").cast("float64"), y=col("note").cast("int64", on_failure="null"), z=col("note").cast("date32")
    ),
    "select cast(round(price) as bigint) as x, cast(price as decimal(10, 2)) as y from orders": ORDERS.select(
        x=col("price").round().cast("int64"), y=col("price").cast("decimal128(10, 2)")
    ),
    "select id from orders where day >= date '2020-02-01' and at < timestamptz '2020-02-29 02:00:00+01:00'": ORDERS.filter(
        (col("day") >= lit(dt.date(2020, 2, 1), "date32"))
        & (col("at") < lit(dt.datetime(2020, 2, 29, 1, tzinfo=dt.UTC), "timestamp[us, UTC]"))
    ).select("id"),
    "select clock = timestamp '2020-02-29 01:30:00' as same from orders": ORDERS.select(
        same=col("clock") == dt.datetime(2020, 2, 29, 1, 30)  # noqa: DTZ001 - a wall clock
    ),
    "select at + interval '90' minute as x, day - interval '7 days' as y, day + interval '1' month as z from orders": ORDERS.select(
        x=col("at") + dt.timedelta(minutes=90), y=col("day") - dt.timedelta(days=7), z=col("day").dt.add_months(1)
    ),
    "select extract(year from at) as x, year(day) as y, date_trunc('month', at) as z, "
    "time_bucket(interval '15' minute, at) as b from orders": ORDERS.select(
        x=col("at").dt.year(), y=col("day").dt.year(), z=col("at").dt.truncate("month"), b=col("at").dt.truncate("15m")
    ),
    "select at at time zone 'Europe/Berlin' as x, strftime(at, '%Y-%m-%d') as y from orders": ORDERS.select(
        x=col("at").dt.local_time("Europe/Berlin"), y=col("at").dt.strftime("%Y-%m-%d")
    ),
    "select upper(note) as u, trim(both '!' from note) as t, ltrim(note) as l, substring(note from 2 for 3) as s, "
    "position('e' in note) as p, left(note, 2) as f, lpad(note, 5, '*') as k from orders": ORDERS.select(
        u=col("note").str.upper(),
        t=col("note").str.strip("!"),
        l=col("note").str.lstrip(),
        s=col("note").str.slice(1, 3),
        p=col("note").str.position("e"),
        f=col("note").str.head(2),
        k=col("note").str.pad_start(5, "*"),
    ),
    "select trim(note, '!') as t, trim('!' from note) as u, trim(trailing from note) as v, strpos(note, 'e') as p from orders": (
        ORDERS.select(
            t=col("note").str.strip("!"),
            u=col("note").str.strip("!"),
            v=col("note").str.rstrip(),
            p=col("note").str.position("e"),
        )
    ),
    "select concat_ws('-', shop, note) as w, log(2, price) as l, regexp_replace(note, '[0-9]', '#', 'g') as r, "
    "greatest_ignore_nulls(qty, id) as g, nullif(qty, 0) as n, round(price, digits => 1) as d from orders": ORDERS.select(
        w=of.concat_str("shop", "note", separator="-"),
        l=col("price").log(2.0),
        r=col("note").str.regexp_replace("[0-9]", "#"),
        g=of.greatest("qty", "id"),
        n=col("qty").null_if(0),
        d=col("price").round(1),
    ),
    "select note like '50|%' escape '|' as a, note like 'Red!' as b, note not like '_ed%' as c from orders": ORDERS.select(
        a=col("note").str.like("50!%"), b=col("note").str.like("Red!!"), c=~col("note").str.like("_ed%")
    ),
    "select shop, avg(price) as m, count(*) as n, count(distinct note) as d from orders group by shop": ORDERS.group_by(
        "shop"
    ).agg(m=of.mean("price"), n=of.count(), d=of.count_distinct("note")),
    "select count(*) filter (where paid) as n, sum(qty) as s, bool_or(paid) as a from orders": ORDERS.group_by().agg(
        n=of.count(where="paid"), s=of.sum("qty"), a=of.any("paid")
    ),
    "select percentile_cont(0.9) within group (order by price) as q, percentile_disc(0.5) within group (order by qty) as d, "
    "stddev_samp(price) as s, top_k(shop, 2) as k, mode(shop) as m from orders": ORDERS.group_by().agg(
        q=of.quantile("price", 0.9),
        d=of.quantile_disc("qty", 0.5),
        s=of.std("price"),
        k=of.top_k("shop", 2),
        m=of.mode("shop"),
    ),
    "select shop, first(qty order by at nulls first) as f, last_n(qty, 2 order by at nulls first) as l, "
    "sum(qty, by => paid) as b from orders group by 1": ORDERS.group_by("shop").agg(
        f=of.first("qty", order_by=of.asc("at", nulls="first")),
        l=of.last("qty", n=2, order_by=of.asc("at", nulls="first")),
        b=of.sum("qty", by="paid"),
    ),
    "select qty > 2 as large, max(price) as top from orders group by large having max(price) > 1": ORDERS.group_by(
        large=col("qty") > 2
    )
    .agg(top=of.max("price"))
    .filter(col("top") > 1),
    "select sum(qty) + 1 as s, shop from orders group by shop": ORDERS.group_by("shop")
    .agg(measure=of.sum("qty"))
    .select(s=col("measure") + 1, shop=col("shop")),
    "select distinct shop from orders order by shop desc nulls last limit 2 offset 1": ORDERS.select("shop")
    .distinct()
    .sort(of.desc("shop", nulls="last"))
    .limit(2, offset=1),
    "select id, note from orders order by 2 nulls first, id nulls last fetch first 3 rows only": ORDERS.select(
        "id", "note"
    )
    .sort(of.asc("note", nulls="first"), of.asc("id", nulls="last"))
    .limit(3),
    "select * from orders inner join (select shop, city from shops) as s using (shop)": ORDERS.join(
        SHOPS.select("shop", "city"), on="shop"
    ).select("shop", *[name for name in ORDERS.columns if name != "shop"], "city"),
    "select o.id, s.id as other, city from orders o left join shops s on s.shop = o.shop": ORDERS.join(
        SHOPS, on="shop", how="left"
    ).select("id", other=col("id_right"), city=col("city")),
    "select o.id from orders o join shops s on o.shop = s.shop and o.qty > 1": ORDERS.join(SHOPS, on="shop")
    .filter(col("qty") > 1)
    .select("id"),
    "select o.id, city from orders o cross join shops s": ORDERS.join(SHOPS, how="cross").select("id", "city"),
    "select id from orders o where qty > 1 and exists (select 1 from shops s where s.shop = o.shop and city is not null)": (
        ORDERS.filter(col("qty") > 1).join(SHOPS.filter(col("city").is_not_null()), on="shop", how="semi").select("id")
    ),
    "select id from orders o where not exists (select * from shops s where o.shop = s.shop)": ORDERS.join(
        SHOPS, on="shop", how="anti"
    ).select("id"),
    "select id from orders where shop in (select shop from shops)": ORDERS.join(
        SHOPS.select("shop"), on="shop", how="semi"
    ).select("id"),
    "select id, shop from orders union all select id, shop from shops": of.concat(
        [ORDERS.select("id", "shop"), SHOPS.select("id", "shop")]
    ),
    "select shop, id from orders union select city, id from shops": of.concat(
        [ORDERS.select("shop", "id"), SHOPS.select("city", "id").select(shop=col("city"), id=col("id"))]
    ).distinct(),
    "with big as (select * from orders where qty > 1), few (k, n) as (select shop, count(*) as c from big group by shop) "
    "select k, n from few": ORDERS.filter(col("qty") > 1)
    .group_by("shop")
    .agg(c=of.count())
    .select(k=col("shop"), n=col("c"))
    .select("k", "n"),
    "select *, row_number() over (partition by shop order by at nulls last) as n from orders": ORDERS.with_window(
        n=of.row_number(), partition_by="shop", order_by="at"
    ),
    "select id, sum(qty) over (partition by shop order by at nulls last rows between 2 preceding and current row) as s, "
    "lag(qty, 2) over (partition by shop order by at nulls last) as l from orders": ORDERS.with_window(
        s=of.sum("qty"), partition_by="shop", order_by="at", rows=(-2, 0)
    )
    .with_window(l=of.lag("qty", 2), partition_by="shop", order_by="at")
    .select("id", "s", "l"),
    "select id, avg(price) over (order by at nulls last range between interval '2' hour preceding and current row) as m "
    "from orders": ORDERS.with_window(m=of.mean("price"), order_by="at", preceding="2h").select("id", "m"),
    "select id from orders qualify rank() over (partition by shop order by qty desc nulls last) = 1": ORDERS.with_window(
        window=of.rank(), partition_by="shop", order_by=of.desc("qty")
    )
    .filter(col("window") == 1)
    .select("id"),
    "select id, rank() over (partition by shop order by qty desc nulls last) as place from orders qualify place = 1": (
        ORDERS.with_window(place=of.rank(), partition_by="shop", order_by=of.desc("qty"))
        .filter(col("place") == 1)
        .select("id", "place")
    ),
    "select * exclude (note, clock) from orders": ORDERS.select(
        *[name for name in ORDERS.columns if name not in ("note", "clock")]
    ),
}


@pytest.mark.parametrize("query", PLANS, ids=lambda query: query[:60])
def test_the_plan_is_that_of_the_python_api(query: str) -> None:
    made = of.sql(query, orders=ORDERS, shops=SHOPS)
    assert made.schema == PLANS[query].schema
    assert made.plan.fingerprint == PLANS[query].plan.fingerprint


def test_names_in_quotes_are_exact_and_others_go_without_capitals() -> None:
    made = of.sql('select "Total", "total" as t, OTHER from Mixed', mixed=MIXED)
    assert made.relation == MIXED.select("Total", col("total").alias("t"), "Other").relation


def test_tables_have_any_name_in_a_mapping() -> None:
    made = of.sql(
        'select id from raw.orders as o join "Shop list" as s using (id)', {"raw.orders": ORDERS, "Shop list": SHOPS}
    )
    assert made.relation == ORDERS.join(SHOPS, on="id").select("id").relation


def test_data_in_memory_has_the_name_that_the_query_gives_it() -> None:
    made = of.sql("select sum(x) as s from numbers", numbers={"x": [1, 2]})
    assert list(made.bindings) == ["numbers"]
    assert made.collect().to_pylist() == [{"s": 3}]


def test_the_function_stays_when_the_package_of_its_name_is_loaded() -> None:
    import_module("onefold.sql.dialect")
    assert of.sql("select id from orders", orders=ORDERS).columns == ("id",)
