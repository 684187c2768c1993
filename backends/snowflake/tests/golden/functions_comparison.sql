-- equal(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT "a" = "b" FROM "t";

-- not_equal(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT "a" <> "b" FROM "t";

-- lt(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT "a" < "b" FROM "t";

-- lte(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT "a" <= "b" FROM "t";

-- gt(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT "a" > "b" FROM "t";

-- gte(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT "a" >= "b" FROM "t";

-- is_distinct_from(int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
SELECT "a" IS DISTINCT FROM "b" FROM "t";

-- is_not_distinct_from(int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT "a" IS NOT DISTINCT FROM "b" FROM "t";

-- between(int64, int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT "a" BETWEEN "b" AND "c" FROM "t";

-- is_in(int64, int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/in
SELECT "a" IN ("b", "c") FROM "t";

-- is_in(string, string)
-- https://docs.snowflake.com/en/sql-reference/functions/in
SELECT "a" IN ("b") FROM "t";

-- is_null(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
SELECT "a" IS NULL FROM "t";

-- is_not_null(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT NOT "a" IS NULL FROM "t";

-- is_nan(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT "a" = CAST('NaN' AS DOUBLE) FROM "t";

-- is_finite(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT ABS("a") < CAST('inf' AS DOUBLE) FROM "t";

-- is_infinite(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT ABS("a") = CAST('inf' AS DOUBLE) FROM "t";
