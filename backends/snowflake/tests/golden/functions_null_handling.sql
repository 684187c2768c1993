-- coalesce(float64, float64)
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
SELECT COALESCE("a", "b") FROM "t";

-- coalesce(int64)
SELECT "a" FROM "t";

-- nullif(int64, int64)
-- https://docs.snowflake.com/en/sql-reference/functions/nullif
SELECT NULLIF("a", "b") FROM "t";

-- nan_to_null(float64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/nullif
SELECT NULLIF("a", CAST('NaN' AS DOUBLE)) FROM "t";
