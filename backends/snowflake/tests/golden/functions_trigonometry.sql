-- sin(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sin
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN ABS("a") = CAST('inf' AS DOUBLE) THEN CAST('NaN' AS DOUBLE) ELSE SIN("a") END FROM "t";

-- cos(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/cos
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN ABS("a") = CAST('inf' AS DOUBLE) THEN CAST('NaN' AS DOUBLE) ELSE COS("a") END FROM "t";

-- tan(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/tan
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN ABS("a") = CAST('inf' AS DOUBLE) THEN CAST('NaN' AS DOUBLE) ELSE TAN("a") END FROM "t";

-- asin(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/asin
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN ABS("a") > 1 THEN CAST('NaN' AS DOUBLE) ELSE ASIN("a") END FROM "t";

-- acos(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/acos
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN ABS("a") > 1 THEN CAST('NaN' AS DOUBLE) ELSE ACOS("a") END FROM "t";

-- atan(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/atan
SELECT ATAN("a") FROM "t";

-- atan2(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/functions/atan2
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT ATAN2("a" + 0, "b" + 0) FROM "t";

-- sinh(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sign
-- https://docs.snowflake.com/en/sql-reference/functions/sinh
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN ABS("a") > CAST('710.4758600739439' AS DOUBLE) AND ABS("a") <= CAST('inf' AS DOUBLE) THEN SIGN("a") * CAST('inf' AS DOUBLE) ELSE SINH("a") END FROM "t";

-- cosh(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/cosh
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN ABS("a") > CAST('710.4758600739439' AS DOUBLE) AND ABS("a") <= CAST('inf' AS DOUBLE) THEN CAST('inf' AS DOUBLE) ELSE COSH("a") END FROM "t";

-- tanh(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/tanh
SELECT TANH("a") FROM "t";

-- degrees(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/degrees
SELECT DEGREES("a") FROM "t";

-- radians(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/radians
SELECT RADIANS("a") FROM "t";
