-- add(int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST(CAST("a" + "b" + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) FROM "t";

-- add(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT "a" + "b" FROM "t";

-- add(decimal128(10, 2), decimal128(8, 4))
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST("a" AS DECIMAL(13, 4)) + CAST("b" AS DECIMAL(13, 4)) AS DECIMAL(13, 4)) FROM "t";

-- subtract(int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST(CAST("a" - "b" + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) FROM "t";

-- subtract(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT "a" - "b" FROM "t";

-- subtract(decimal128(10, 2), decimal128(8, 4))
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST("a" AS DECIMAL(13, 4)) - CAST("b" AS DECIMAL(13, 4)) AS DECIMAL(13, 4)) FROM "t";

-- multiply(int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST(CAST("a" * "b" + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) FROM "t";

-- multiply(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT "a" * "b" FROM "t";

-- multiply(decimal128(10, 2), decimal128(8, 4))
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST("a" AS DECIMAL(38, 2)) * "b" AS DECIMAL(38, 6)) FROM "t";

-- divide(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/functions/nullif
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT "a" / NULLIF("b", 0) FROM "t";

-- int_divide(int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/mod
-- https://docs.snowflake.com/en/sql-reference/functions/nullif
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST(CAST(CAST(("a" - MOD("a", NULLIF("b", 0))) / NULLIF("b", 0) AS DECIMAL(19, 0)) + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) FROM "t";

-- modulo(int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/mod
-- https://docs.snowflake.com/en/sql-reference/functions/nullif
SELECT MOD("a", NULLIF("b", 0)) FROM "t";

-- negate(int64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST(CAST(-"a" + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) FROM "t";

-- negate(float64)
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT -"a" FROM "t";

-- negate(decimal128(10, 2))
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(-"a" AS DECIMAL(10, 2)) FROM "t";

-- abs(int64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST(CAST(ABS("a") + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) FROM "t";

-- abs(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
SELECT ABS("a") FROM "t";

-- abs(decimal128(10, 2))
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST(ABS("a") AS DECIMAL(10, 2)) FROM "t";

-- sign(int64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sign
SELECT CAST(SIGN("a") AS DECIMAL(19, 0)) FROM "t";

-- sign(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sign
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN "a" = CAST('NaN' AS DOUBLE) THEN "a" ELSE CAST(SIGN("a") AS DOUBLE) END FROM "t";

-- sign(decimal128(10, 2))
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sign
SELECT CAST(SIGN("a") AS DECIMAL(19, 0)) FROM "t";

-- power(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/floor
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/pow
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN "a" IS NULL OR "b" IS NULL THEN NULL WHEN "a" = 1 OR "b" = 0 THEN CAST(1 AS DOUBLE) WHEN "a" = CAST('NaN' AS DOUBLE) OR "b" = CAST('NaN' AS DOUBLE) THEN CAST('NaN' AS DOUBLE) WHEN "a" = 0 AND "b" < 0 THEN CAST('inf' AS DOUBLE) WHEN "a" < 0 AND ABS("a") < CAST('inf' AS DOUBLE) AND "b" <> FLOOR("b") THEN CAST('NaN' AS DOUBLE) ELSE POWER("a" + 0, "b") END FROM "t";

-- sqrt(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/sqrt
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT SQRT(CASE WHEN "a" >= 0 THEN "a" END) FROM "t";

-- greatest(int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/greatest_ignore_nulls
SELECT GREATEST_IGNORE_NULLS("a", "b") FROM "t";

-- greatest(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/greatest_ignore_nulls
SELECT GREATEST_IGNORE_NULLS("a") FROM "t";

-- greatest(string, string, string)
-- https://docs.snowflake.com/en/sql-reference/functions/greatest_ignore_nulls
SELECT GREATEST_IGNORE_NULLS("a", "b", "c") FROM "t";

-- least(int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/least_ignore_nulls
SELECT LEAST_IGNORE_NULLS("a", "b") FROM "t";
