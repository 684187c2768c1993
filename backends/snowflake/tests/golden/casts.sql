-- int64 to float64, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS DOUBLE) FROM "t";

-- int64 to decimal128(8, 1), on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS DECIMAL(8, 1)) FROM "t";

-- int64 to decimal128(8, 1), on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/try_cast
SELECT TRY_CAST(CAST("a" AS VARCHAR) AS DECIMAL(8, 1)) FROM "t";

-- int64 to string, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS VARCHAR) FROM "t";

-- int64 to bool, on failure error
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT "a" <> 0 FROM "t";

-- float64 to int64, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/trunc
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST(CAST(CAST(TRUNC("a") AS DECIMAL(19, 0)) + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) FROM "t";

-- float64 to int64, on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/trunc
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CAST(CASE WHEN TRUNC("a") >= CAST('-9223372036854775808' AS DOUBLE) AND TRUNC("a") < CAST('9223372036854775808' AS DOUBLE) THEN TRUNC("a") END AS DECIMAL(19, 0)) FROM "t";

-- float64 to decimal128(8, 1), on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/round
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST(CAST(CAST(CAST(ROUND("a" * CAST('1e1' AS DOUBLE)) AS DECIMAL(19, 0)) + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) * CAST('0.1' AS DECIMAL(2, 1)) AS DECIMAL(8, 1)) FROM "t";

-- float64 to decimal128(8, 1), on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/round
-- https://docs.snowflake.com/en/sql-reference/functions/try_cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT TRY_CAST(CAST(CAST(CASE WHEN ROUND("a" * CAST('1e1' AS DOUBLE)) >= CAST('-9223372036854775808' AS DOUBLE) AND ROUND("a" * CAST('1e1' AS DOUBLE)) < CAST('9223372036854775808' AS DOUBLE) THEN ROUND("a" * CAST('1e1' AS DOUBLE)) END AS DECIMAL(19, 0)) * CAST('0.1' AS DECIMAL(2, 1)) AS VARCHAR) AS DECIMAL(8, 1)) FROM "t";

-- decimal128(10, 2) to int64, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/trunc
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(CAST(CAST(CAST(TRUNC("a") AS DECIMAL(19, 0)) + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) FROM "t";

-- decimal128(10, 2) to int64, on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/trunc
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CAST(CASE WHEN TRUNC("a") BETWEEN -9223372036854775808 AND 9223372036854775807 THEN TRUNC("a") END AS DECIMAL(19, 0)) FROM "t";

-- decimal128(10, 2) to float64, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS DOUBLE) FROM "t";

-- decimal128(10, 2) to decimal128(8, 1), on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS DECIMAL(8, 1)) FROM "t";

-- decimal128(10, 2) to decimal128(8, 1), on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/try_cast
SELECT TRY_CAST(CAST("a" AS VARCHAR) AS DECIMAL(8, 1)) FROM "t";

-- decimal128(10, 2) to string, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS VARCHAR) FROM "t";

-- bool to int64, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS DECIMAL(19, 0)) FROM "t";

-- bool to string, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS VARCHAR) FROM "t";

-- string to int64, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/left
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN REGEXP_LIKE("a", '[+-]?[0-9]+') THEN CAST(CAST(CAST(CAST("a" AS DECIMAL(38, 0)) + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) WHEN NOT "a" IS NULL THEN CAST('\'' || LEFT("a", 60) || '\' can not be converted to DECIMAL(19, 0)' AS DECIMAL(19, 0)) END FROM "t";

-- string to int64, on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/functions/try_cast
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN REGEXP_LIKE("a", '[+-]?[0-9]+') THEN CASE WHEN TRY_CAST("a" AS DECIMAL(38, 0)) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST(TRY_CAST("a" AS DECIMAL(38, 0)) AS DECIMAL(19, 0)) END END FROM "t";

-- string to float64, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/left
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN REGEXP_LIKE("a", '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?') THEN CAST("a" AS DOUBLE) WHEN NOT "a" IS NULL THEN CAST('\'' || LEFT("a", 60) || '\' can not be converted to DOUBLE' AS DOUBLE) END FROM "t";

-- string to float64, on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/functions/try_cast
SELECT CASE WHEN REGEXP_LIKE("a", '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?') THEN TRY_CAST("a" AS DOUBLE) END FROM "t";

-- string to decimal128(8, 1), on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/left
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN REGEXP_LIKE("a", '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)') THEN CAST("a" AS DECIMAL(8, 1)) WHEN NOT "a" IS NULL THEN CAST('\'' || LEFT("a", 60) || '\' can not be converted to DECIMAL(8, 1)' AS DECIMAL(8, 1)) END FROM "t";

-- string to decimal128(8, 1), on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/functions/try_cast
SELECT CASE WHEN REGEXP_LIKE("a", '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)') THEN TRY_CAST("a" AS DECIMAL(8, 1)) END FROM "t";

-- string to bool, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/in
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/left
-- https://docs.snowflake.com/en/sql-reference/functions/lower
-- https://docs.snowflake.com/en/sql-reference/functions/trim
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN LOWER(TRIM("a", ' ')) IN ('true', 't', 'yes', 'y', '1', 'false', 'f', 'no', 'n', '0') THEN LOWER(TRIM("a", ' ')) IN ('true', 't', 'yes', 'y', '1') WHEN NOT "a" IS NULL THEN CAST('\'' || LEFT("a", 60) || '\' can not be converted to BOOLEAN' AS BOOLEAN) END FROM "t";

-- string to bool, on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/in
-- https://docs.snowflake.com/en/sql-reference/functions/lower
-- https://docs.snowflake.com/en/sql-reference/functions/trim
SELECT CASE WHEN LOWER(TRIM("a", ' ')) IN ('true', 't', 'yes', 'y', '1', 'false', 'f', 'no', 'n', '0') THEN LOWER(TRIM("a", ' ')) IN ('true', 't', 'yes', 'y', '1') END FROM "t";

-- string to date32, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/left
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/functions/to_date
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN REGEXP_LIKE("a", '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND "a" >= '0001' THEN TO_DATE("a", 'YYYY-MM-DD') WHEN NOT "a" IS NULL THEN CAST('\'' || LEFT("a", 60) || '\' can not be converted to DATE' AS DATE) END FROM "t";

-- string to date32, on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/functions/try_to_date
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN REGEXP_LIKE("a", '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND "a" >= '0001' THEN TRY_TO_DATE("a", 'YYYY-MM-DD') END FROM "t";

-- string to timestamp[us], on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/left
-- https://docs.snowflake.com/en/sql-reference/functions/length
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/functions/replace
-- https://docs.snowflake.com/en/sql-reference/functions/rpad
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN REGEXP_LIKE("a", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?') AND "a" >= '0001' THEN CAST(TO_TIMESTAMP_NTZ(RPAD(REPLACE("a", 'T', ' ') || IFF(LENGTH("a") = 19, '.', ''), 26, '0'), 'YYYY-MM-DD HH24:MI:SS.FF6') AS TIMESTAMPNTZ(6)) WHEN NOT "a" IS NULL THEN CAST('\'' || LEFT("a", 60) || '\' can not be converted to TIMESTAMPNTZ(6)' AS TIMESTAMPNTZ(6)) END FROM "t";

-- string to timestamp[us], on failure null
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/length
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/functions/replace
-- https://docs.snowflake.com/en/sql-reference/functions/rpad
-- https://docs.snowflake.com/en/sql-reference/functions/try_to_timestamp
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN REGEXP_LIKE("a", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?') AND "a" >= '0001' THEN CAST(TRY_TO_TIMESTAMP_NTZ(RPAD(REPLACE("a", 'T', ' ') || IFF(LENGTH("a") = 19, '.', ''), 26, '0'), 'YYYY-MM-DD HH24:MI:SS.FF6') AS TIMESTAMPNTZ(6)) END FROM "t";

-- date32 to string, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
SELECT TO_CHAR("a", 'YYYY-MM-DD') FROM "t";

-- date32 to timestamp[us], on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS TIMESTAMPNTZ(6)) FROM "t";

-- date32 to timestamp[us, UTC], on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS TIMESTAMPNTZ(6)) FROM "t";

-- timestamp[us] to date32, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS DATE) FROM "t";

-- timestamp[us] to string, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
SELECT TO_CHAR("a", 'YYYY-MM-DD HH24:MI:SS.FF6') FROM "t";

-- timestamp[us] to timestamp[us, UTC], on failure error
SELECT "a" FROM "t";

-- timestamp[us, UTC] to date32, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST("a" AS DATE) FROM "t";

-- timestamp[us, UTC] to string, on failure error
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
SELECT TO_CHAR("a", 'YYYY-MM-DD HH24:MI:SS.FF6') || '+00:00' FROM "t";

-- timestamp[us, UTC] to timestamp[us], on failure error
SELECT "a" FROM "t";
