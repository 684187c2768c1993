-- year(date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/year
SELECT CAST(YEAR("a") AS DECIMAL(19, 0)) FROM "t";

-- quarter(date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/year
SELECT CAST(QUARTER("a") AS DECIMAL(19, 0)) FROM "t";

-- month(date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/year
SELECT CAST(MONTH("a") AS DECIMAL(19, 0)) FROM "t";

-- day(date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/year
SELECT CAST(DAYOFMONTH("a") AS DECIMAL(19, 0)) FROM "t";

-- day_of_week(date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/year
SELECT CAST(DAYOFWEEKISO("a") AS DECIMAL(19, 0)) FROM "t";

-- day_of_year(date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/year
SELECT CAST(DAYOFYEAR("a") AS DECIMAL(19, 0)) FROM "t";

-- iso_week(date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/year
SELECT CAST(WEEKISO("a") AS DECIMAL(19, 0)) FROM "t";

-- iso_year(date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/year
SELECT CAST(YEAROFWEEKISO("a") AS DECIMAL(19, 0)) FROM "t";

-- hour(timestamp[us])
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/hour-minute-second
SELECT CAST(HOUR("a") AS DECIMAL(19, 0)) FROM "t";

-- minute(timestamp[us])
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/hour-minute-second
SELECT CAST(MINUTE("a") AS DECIMAL(19, 0)) FROM "t";

-- second(timestamp[us])
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/hour-minute-second
SELECT CAST(SECOND("a") AS DECIMAL(19, 0)) FROM "t";

-- millisecond(timestamp[us])
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/trunc
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(TRUNC(DATE_PART('NANOSECOND', "a") / 1000000) AS DECIMAL(19, 0)) FROM "t";

-- microsecond(timestamp[us])
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/trunc
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(TRUNC(DATE_PART('NANOSECOND', "a") / 1000) AS DECIMAL(19, 0)) FROM "t";

-- date_trunc(date32, unit='week')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
-- https://docs.snowflake.com/en/sql-reference/functions/dateadd
-- https://docs.snowflake.com/en/sql-reference/functions/year
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(DATEADD('DAY', 1 - DAYOFWEEKISO("a"), DATE_TRUNC('DAY', "a")) AS DATE) FROM "t";

-- date_trunc(date32, unit='year')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
SELECT CAST(DATE_TRUNC('YEAR', "a") AS DATE) FROM "t";

-- date_trunc(date32, unit='quarter')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
SELECT CAST(DATE_TRUNC('QUARTER', "a") AS DATE) FROM "t";

-- date_trunc(date32, unit='month')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
SELECT CAST(DATE_TRUNC('MONTH', "a") AS DATE) FROM "t";

-- date_trunc(date32, unit='day')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
SELECT CAST(DATE_TRUNC('DAY', "a") AS DATE) FROM "t";

-- date_trunc(timestamp[us], unit='week')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
-- https://docs.snowflake.com/en/sql-reference/functions/dateadd
-- https://docs.snowflake.com/en/sql-reference/functions/year
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(DATEADD('DAY', 1 - DAYOFWEEKISO("a"), DATE_TRUNC('DAY', "a")) AS TIMESTAMPNTZ(6)) FROM "t";

-- date_trunc(timestamp[us], unit='hour')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
SELECT CAST(DATE_TRUNC('HOUR', "a") AS TIMESTAMPNTZ(6)) FROM "t";

-- date_trunc(timestamp[us], unit='millisecond')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
SELECT CAST(DATE_TRUNC('MILLISECOND', "a") AS TIMESTAMPNTZ(6)) FROM "t";

-- date_trunc(timestamp[us, UTC], unit='month')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
SELECT CAST(DATE_TRUNC('MONTH', "a") AS TIMESTAMPNTZ(6)) FROM "t";

-- last_day(date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/last_day
SELECT LAST_DAY(CAST("a" AS DATE)) FROM "t";

-- add_days(date32, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/dateadd
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN NOT "a" IS NULL THEN CAST(DATEADD('DAY', CAST("b" AS DECIMAL(8, 0)), "a") AS DATE) END FROM "t";

-- add_days(timestamp[us], int64)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/dateadd
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN NOT "a" IS NULL THEN CAST(DATEADD('DAY', CAST("b" AS DECIMAL(8, 0)), "a") AS TIMESTAMPNTZ(6)) END FROM "t";

-- add_months(date32, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/dateadd
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN NOT "a" IS NULL THEN CAST(DATEADD('MONTH', CAST("b" AS DECIMAL(6, 0)), "a") AS DATE) END FROM "t";

-- add_months(timestamp[us], int64)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/dateadd
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN NOT "a" IS NULL THEN CAST(DATEADD('MONTH', CAST("b" AS DECIMAL(6, 0)), "a") AS TIMESTAMPNTZ(6)) END FROM "t";

-- days_between(date32, date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/datediff
SELECT CAST(DATEDIFF('DAY', "a", "b") AS DECIMAL(19, 0)) FROM "t";

-- months_between(date32, date32)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/datediff
SELECT CAST(DATEDIFF('MONTH', "a", "b") AS DECIMAL(19, 0)) FROM "t";

-- make_date(int64, int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/date_from_parts
-- https://docs.snowflake.com/en/sql-reference/functions/last_day
-- https://docs.snowflake.com/en/sql-reference/functions/year
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN "a" BETWEEN 1 AND 9999 AND "b" BETWEEN 1 AND 12 THEN CASE WHEN "c" BETWEEN 1 AND DAYOFMONTH(LAST_DAY(DATE_FROM_PARTS("a", "b", 1))) THEN DATE_FROM_PARTS("a", "b", "c") END END FROM "t";
