-- round(float64, digits=1)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/round
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN ABS("a") < 4503599627370496 THEN ROUND("a" * 10) / 10 ELSE "a" END FROM "t";

-- round(float64, digits=0)
-- https://docs.snowflake.com/en/sql-reference/functions/round
SELECT ROUND("a") FROM "t";

-- round(float64, digits=2)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/round
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN ABS("a") < 4503599627370496 THEN ROUND("a" * 100) / 100 ELSE "a" END FROM "t";

-- round(float64, digits=-2)
-- https://docs.snowflake.com/en/sql-reference/functions/round
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT ROUND("a" / 100) * 100 FROM "t";

-- round(int64, digits=0)
SELECT "a" FROM "t";

-- round(int64, digits=-2)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/round
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST(CAST(ROUND("a", -2) + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) FROM "t";

-- round(decimal128(10, 2), digits=1)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/round
SELECT CAST(ROUND(CAST("a" AS DECIMAL(11, 2)), 1) AS DECIMAL(10, 1)) FROM "t";

-- round(decimal128(10, 2), digits=2)
SELECT "a" FROM "t";

-- round_half_even(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/round
-- https://docs.snowflake.com/en/sql-reference/functions/trunc
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN ABS("a" - TRUNC("a")) = CAST('0.5' AS DOUBLE) THEN ROUND("a" / 2) * 2 ELSE ROUND("a") END FROM "t";

-- floor(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/floor
SELECT FLOOR("a") FROM "t";

-- ceil(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/ceil
SELECT CEIL("a") FROM "t";

-- trunc(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/trunc
SELECT TRUNC("a") FROM "t";
