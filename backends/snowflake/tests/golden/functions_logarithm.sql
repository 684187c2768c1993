-- exp(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/exp
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN "a" > CAST('709.782712893384' AS DOUBLE) AND "a" <= CAST('inf' AS DOUBLE) THEN CAST('inf' AS DOUBLE) ELSE EXP("a") END FROM "t";

-- ln(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/ln
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT LN(CASE WHEN "a" > 0 THEN "a" END) FROM "t";

-- log10(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/log
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT LOG(10, CASE WHEN "a" > 0 THEN "a" END) FROM "t";

-- log2(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/log
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT LOG(2, CASE WHEN "a" > 0 THEN "a" END) FROM "t";

-- log(float64, base=3.0)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/log
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT LOG((CAST('3.0' AS FLOAT)), CASE WHEN "a" > 0 THEN "a" END) FROM "t";
