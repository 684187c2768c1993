-- bool
SELECT TRUE FROM "t";

-- int64
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST(1 AS DECIMAL(19, 0)) FROM "t";

-- int64
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST(-9223372036854775808 AS DECIMAL(19, 0)) FROM "t";

-- float64
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT (CAST('0.1' AS FLOAT)) FROM "t";

-- float64
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT (CAST('-1e+300' AS FLOAT)) FROM "t";

-- float64
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT (CAST('inf' AS FLOAT)) FROM "t";

-- float64
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT (CAST('NaN' AS FLOAT)) FROM "t";

-- string
SELECT 'it\'s \\ 1\n' FROM "t";

-- binary
-- https://docs.snowflake.com/en/sql-reference/functions/to_binary
SELECT (TO_BINARY('00ff', 'HEX')) FROM "t";

-- date32
-- https://docs.snowflake.com/en/sql-reference/functions/to_date
SELECT (TO_DATE('0001-01-01', 'YYYY-MM-DD')) FROM "t";

-- timestamp[us]
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
SELECT (TO_TIMESTAMP_NTZ('2024-02-29 12:30:00.000001', 'YYYY-MM-DD HH24:MI:SS.FF6')) FROM "t";

-- timestamp[us, UTC]
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
SELECT (TO_TIMESTAMP_NTZ('2024-02-29 12:30:00.000001', 'YYYY-MM-DD HH24:MI:SS.FF6')) FROM "t";

-- decimal128(3, 2)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST('-1.50' AS DECIMAL(3, 2)) FROM "t";

-- list<float64>
-- https://docs.snowflake.com/en/sql-reference/functions/parse_json
-- https://docs.snowflake.com/en/sql-reference/functions/to_array
SELECT (TO_ARRAY(PARSE_JSON('["1.0000000000000001E-01",null]'))) FROM "t";

-- list<string>
-- https://docs.snowflake.com/en/sql-reference/functions/parse_json
-- https://docs.snowflake.com/en/sql-reference/functions/to_array
SELECT (TO_ARRAY(PARSE_JSON('["it''s"]'))) FROM "t";

-- null
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST(NULL AS VARCHAR) FROM "t";

-- case
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CASE WHEN "a" THEN CAST(1 AS DECIMAL(19, 0)) ELSE CAST(2 AS DECIMAL(19, 0)) END FROM "t";
