"""What is not understood is refused: what it is, where it stands, and what to write instead."""

from __future__ import annotations

import pickle

import pytest
from tests.sql_authoring.data import MIXED, ORDERS, SHOPS

import onefold as of
from onefold.sql_authoring import SqlError, read_query
from onefold.sql_authoring.text import SqlText

REFUSED: dict[str, tuple[int, str]] = {
    # Syntax
    "selec id from orders": (1, "This is no query. Write a SELECT"),
    "select id form orders": (16, "'orders' is not expected here. Is a word before it misspelt?"),
    "select from orders": (1, "SELECT lists no columns"),
    "select id from orders where": (23, "Something is missing behind 'where'"),
    "select (id from orders": (12, "'from' is not expected here"),
    "select 'id from orders": (8, "This quote or comment has no end"),
    "select 'a''b', \"it's\", id from orders where note = 'x": (52, "This quote or comment has no end"),
    "select id -- it's\n /* from orders": (20, "This quote or comment has no end"),
    "": (1, "There is no query"),
    "select id from orders; select id from orders": (31, "several statements"),
    "create table x as select id from orders": (1, "This is no query"),
    "select id, from orders": (10, "Nothing follows this comma"),
    "select 1_000 as x from orders": (8, "is no number"),
    "select 0x1F as x from orders": (8, "is no number"),
    "select {{ x }} as x from orders": (8, "Templates"),
    "select id from orders intersect select id from shops": (8, "INTERSECT is not understood. Write WHERE EXISTS"),
    "select id from orders except select id from shops": (8, "EXCEPT is not understood"),
    # Names
    "select nope from orders": (8, "There is no column 'nope'"),
    'select "ID" from orders': (8, "There is no column 'ID'"),
    'select id from orders where shop = "a"': (36, "Text stands in single quotes"),
    "select id from order_s": (16, "There is no table 'order_s'. Did you mean 'orders'"),
    "select x.id from orders o": (8, "There is no table 'x' in FROM"),
    "select total from mixed": (8, 'capitals make the difference. Write "Total" or "total"'),
    "select id from orders join shops using (shop)": (8, "Write orders.id or shops.id"),
    "select a.b.c from orders": (8, "A name with two points"),
    "select id from orders o join shops o using (shop)": (30, "Two tables of FROM have the same name"),
    "select id + 1 from orders": (8, "This column has no name"),
    "select id, qty as id from orders": (12, "occurs twice"),
    "select * from orders o join shops s on o.shop = s.shop": (8, "The name 'shop' occurs twice"),
    "select * exclude (nope) from orders": (19, "could be left out"),
    "select * replace (1 as id) from orders": (19, "REPLACE is not understood"),
    "select 1 as x": (8, "There is no FROM"),
    # Meanings that depend on the database
    "select qty / id as x from orders": (8, "int_divide(a, b)"),
    "select shop + note as x from orders": (8, "with ||"),
    "select id from orders where shop = null": (36, "IS NULL"),
    "select concat(shop, note) as x from orders": (8, "a || b"),
    "select greatest(id, qty) as x from orders": (8, "greatest_ignore_nulls"),
    "select position(note, 'a') as x from orders": (17, "POSITION('a' IN x)"),
    "select regexp_replace(note, 'a', 'b') as x from orders": (8, "'g'"),
    "select stddev(price) as x from orders": (8, "stddev_samp"),
    "select cast(price as bigint) as x from orders": (13, "CAST(round(x) AS BIGINT)"),
    "select cast(round(price, 1) as bigint) as x from orders": (13, "CAST(round(x) AS BIGINT)"),
    "select cast(at as varchar) as x from orders": (13, "strftime"),
    "select cast(id as float) as x from orders": (19, "write DOUBLE PRECISION"),
    "select cast(id as smallint) as x from orders": (19, "write BIGINT"),
    "select cast(note as varchar(3)) as x from orders": (21, "takes no length"),
    "select cast(price as decimal) as x from orders": (22, "Write DECIMAL(10, 2)"),
    "select cast(id as json) as x from orders": (19, "There is no portable type JSON"),
    "select note like 'a\\_b' as x from orders": (18, "ESCAPE '!'"),
    "select note like 'a!b' escape '!' as x from orders": (18, "stands before %, _ or itself"),
    "select note like shop as x from orders": (18, "is a constant"),
    "select note ilike 'a' as x from orders": (8, "lower(x) LIKE"),
    "select note similar to 'a' as x from orders": (8, "regexp_like"),
    "select substring(note, -2) as x from orders": (18, "right(x, n)"),
    "select extract(dow from at) as x from orders": (16, "day_of_week(t)"),
    "select extract(second from at) as x from orders": (16, "second(t)"),
    "select extract(century from at) as x from orders": (16, "no portable field CENTURY"),
    "select timestamp '2020-01-01 00:00:00+01:00' as x from orders": (8, "Write TIMESTAMPTZ"),
    "select timestamptz '2020-01-01 00:00:00' as x from orders": (8, "Write TIMESTAMPTZ '2020-01-01 00:00:00+00:00'"),
    "select date '2020-02-30' as x from orders": (8, "is no date32"),
    "select date '1 May' as x from orders": (8, "Write it as '2013-01-31'"),
    "select current_date as x from orders": (8, "has no present"),
    "select now() as x from orders": (8, "has no present"),
    "select random() as x from orders": (8, "hash_bucket"),
    "select qty from orders order by qty": (33, "NULLS FIRST or NULLS LAST"),
    "select row_number() over (order by qty) as n from orders": (36, "NULLS FIRST or NULLS LAST"),
    "select id from orders where shop not in (select shop from shops)": (29, "NOT EXISTS"),
    "select if(paid, 1, 2) as x from orders": (11, "CASE WHEN"),
    "select id ^ 2 as x from orders": (8, "power(a, b)"),
    # Types
    "select id from orders where day > '2020-01-01'": (29, "DATE '2013-01-31'"),
    "select id from orders where at > clock": (29, "CAST(x AS TIMESTAMPTZ)"),
    "select id from orders where note = 1": (29, "CAST(x AS BIGINT)"),
    "select day + 1 as x from orders": (8, "add_days(t, n)"),
    "select 9223372036854775808 as x from orders": (8, "does not fit in 64 bits"),
    "select at - at as x from orders": (8, "duration_between(earlier, later)"),
    "select sum(paid) as x from orders": (8, "COUNT(*) FILTER (WHERE x)"),
    "select id from orders where id": (29, "true or false"),
    "select upper(id) as x from orders": (8, "upper does not take (int64)"),
    "select round(price, 99) as x from orders": (8, "digits"),
    "select null as x from orders": (8, "CAST(NULL AS BIGINT)"),
    "select 99999999999999999999 as x from orders": (8, "does not fit in 64 bits"),
    "select day + interval '1' hour as x from orders": (8, "INTERVAL"),
    "select at + interval '1.5' day as x from orders": (22, "whole number of one unit"),
    "select interval '1' day as x from orders": (17, "not a value of a column"),
    # Functions
    "select soundex(note) as x from orders": (8, "There is no function SOUNDEX"),
    "select lpad(note, 3) as x, lpad(note, 1, 'a', 'b') as y from orders": (
        28,
        "lpad is written lpad(x, length, fill)",
    ),
    "select round(price, decimals => 1) as x from orders": (33, "no argument 'decimals' left"),
    "select left(note, id) as x from orders": (19, "is a constant"),
    "select note[1] as x from orders": (8, "list_get(x, 1)"),
    "select (id, qty) = (1, 2) as x from orders": (9, "Compare the values one by one"),
    "select all(paid) as x from orders": (8, "bool_and(x)"),
    "select any(paid) as x from orders": (12, "bool_or(x)"),
    "select id = any (array[1]) as x from orders": (24, "not understood"),
    "select id from orders where id = (select max(id) as m from shops)": (42, "CROSS JOIN"),
    "select exists (select 1 from shops) as x from orders": (23, "only as a condition of WHERE"),
    # Groups and aggregations
    "select id, count(*) as n from orders group by shop": (8, "has many values in a group"),
    "select * from orders group by shop": (8, "has many values in a group"),
    "select count(*) as n from orders where count(*) > 1": (40, "not inside of another one or in WHERE"),
    "select sum(max(id)) as n from orders": (12, "not inside of another one"),
    "select sum(distinct id) as n from orders": (8, "COUNT(DISTINCT x)"),
    "select count(distinct id, qty) as n from orders": (8, "of one value"),
    "select first(id) as x from orders": (8, "first(x ORDER BY t NULLS LAST)"),
    "select array_agg(id) as x from orders": (8, "collect(x, 1000, 'skip'"),
    "select quantile(price, p => 0.5) as x from orders": (29, "no argument 'p'"),
    "select percentile_cont(0.5) as x from orders": (8, "WITHIN GROUP (ORDER BY x)"),
    "select percentile_cont(0.5) within group (order by price desc) as x from orders": (52, "in ascending order"),
    "select shop from orders group by rollup (shop)": (42, "ROLLUP is not understood"),
    "select shop from orders group by 2": (34, "from 1 to 1"),
    "select upper(shop) filter (where paid) as x from orders": (8, "There is no aggregation UPPER"),
    # Windows
    "select id from orders where row_number() over (order by id nulls last) = 1": (29, "not in WHERE"),
    "select row_number() as n from orders": (8, "row_number(...) OVER (...)"),
    "select rank() over (partition by shop) as n from orders": (8, "RANK needs an order"),
    "select ntile(4) over (order by id nulls last) as n from orders": (8, "There is no NTILE"),
    "select upper(shop) over (order by id nulls last) as n from orders": (8, "UPPER is no window function"),
    "select lag(qty, 1, 0) over (order by id nulls last) as n from orders": (8, "coalesce(lag(x) OVER (...), 0)"),
    "select sum(qty) over w as n from orders window w as (order by id)": (8, "not understood"),
    "select sum(qty) over (order by id nulls last groups 1 preceding) as n from orders": (
        53,
        "This frame is not understood",
    ),
    "select sum(qty) over (order by id nulls last range between 1 preceding and current row) as n from orders": (
        60,
        "This frame is not understood",
    ),
    "select sum(qty) over (order by id nulls last rows between 1 preceding and current row exclude ties) as n from orders": (
        59,
        "EXCLUDE is not understood",
    ),
    "select sum(qty) over (rows 1 preceding) as n from orders": (28, "A frame needs an order"),
    # Joins
    "select id from orders, shops": (24, "CROSS JOIN b for all pairs"),
    "select qty from orders o join shops s on o.qty > s.id": (42, "compares columns of both sides"),
    "select qty from orders o left join shops s on o.shop = s.shop and o.qty > 1": (67, "Filter the table first"),
    "select qty from orders natural join shops": (37, "NATURAL"),
    "select qty from orders left semi join shops using (shop)": (39, "WHERE [NOT] EXISTS"),
    "select qty from orders o join shops s on o.qty = s.city": (31, "Cast one of them"),
    "select qty from orders o where exists (select 1 from shops s where s.id = 1)": (47, "one of the rows outside"),
    "select qty from orders tablesample (10 percent)": (37, "TABLESAMPLE"),
    "select id from unnest(array[1]) as t": (29, "gives no rows here"),
    "select id from (values (1)) as t(id)": (25, "gives no rows here"),
    # What comes out
    "select id from orders order by qty nulls last": (32, "Add qty to the list of SELECT"),
    "select id from orders limit qty": (29, "is a constant"),
    "select id from orders offset 3": (30, "OFFSET needs a LIMIT"),
    "select distinct on (shop) id from orders": (21, "ON is not understood"),
    "select id from orders for update": (27, "FOR UPDATE"),
    "select id, qty from orders union all select id from shops": (45, "there are 2 and 1"),
    "select id from orders union all select city from shops": (40, "int64 above and string below"),
    "with recursive a as (select id from orders) select id from a": (16, "RECURSIVE"),
    "with a as (select id from orders), a as (select id from shops) select id from a": (36, "WITH defines 'a' twice"),
    "select id from (select id, qty from orders) as t (a)": (48, "2 columns, and 1 names"),
}


@pytest.mark.parametrize("query", REFUSED, ids=lambda query: query[:70])
def test_refused(query: str) -> None:
    column, message = REFUSED[query]
    with pytest.raises(SqlError) as caught:
        of.sql(query, orders=ORDERS, shops=SHOPS, mixed=MIXED)
    assert message in caught.value.message
    line = query.count("\n") + 1  # in each of them, what is wrong stands in the last line
    start = query.rfind("\n") + 1
    assert (caught.value.line, caught.value.column) == (line, column - start)


def test_the_line_is_shown_with_a_mark() -> None:
    with pytest.raises(SqlError) as caught:
        read_query(SqlText("select\n\tid,\n\tconcat(shop, note) as x\nfrom orders", "views/a.sql"), {"orders": ORDERS})
    first, *shown = str(caught.value).split("\n")
    assert first.startswith("views/a.sql, line 3, column 2: CONCAT of a null")
    assert shown == ["  3 | \tconcat(shop, note) as x", "    | \t^"]


def test_the_error_passes_between_processes() -> None:
    with pytest.raises(SqlError) as caught:
        of.sql("select\nnope from orders", orders=ORDERS)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.line, copy.column) == (str(caught.value), 2, 1)


@pytest.mark.parametrize("depth", [300, 3000])
def test_what_is_nested_too_deeply_is_refused(depth: int) -> None:
    with pytest.raises(SqlError, match="nested"):
        of.sql(f"select {' + '.join(['id'] * depth)} as x from orders", orders=ORDERS)


def test_a_table_that_is_given_twice_is_refused() -> None:
    with pytest.raises(of.DefinitionError, match="'orders' is given twice"):
        of.sql("select id from orders", {"orders": ORDERS}, orders=SHOPS)
