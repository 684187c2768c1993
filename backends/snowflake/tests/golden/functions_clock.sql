-- add_duration(timestamp[us], int64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(TO_TIMESTAMP_NTZ(CAST(CAST(CAST(DATE_PART('EPOCH_MICROSECOND', "a") + "b" + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)), 6) AS TIMESTAMPNTZ(6)) FROM "t";

-- duration_between(timestamp[us], timestamp[us])
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(DATE_PART('EPOCH_MICROSECOND', "b") - DATE_PART('EPOCH_MICROSECOND', "a") AS DECIMAL(19, 0)) FROM "t";

-- local_time(timestamp[us, UTC], zone='America/New_York')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/convert_timezone
SELECT CAST(CONVERT_TIMEZONE('UTC', 'America/New_York', "a") AS TIMESTAMPNTZ(6)) FROM "t";

-- strftime(timestamp[us], format='%Y-%m-%dT%H:%M:%S.%f')
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
SELECT TO_CHAR("a", 'YYYY-MM-DD"T"HH24:MI:SS.FF6') FROM "t";

-- strftime(date32, format='%d/%m/%Y')
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
SELECT TO_CHAR(CAST("a" AS TIMESTAMPNTZ(6)), 'DD/MM/YYYY') FROM "t";

-- strftime(timestamp[us, UTC], format='%Y%m%dT%H%M%SZ')
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
SELECT TO_CHAR("a", 'YYYY') || TO_CHAR("a", 'MM') || TO_CHAR("a", 'DD"T"HH24') || TO_CHAR("a", 'MI') || TO_CHAR("a", 'SS"Z"') FROM "t";

-- to_date(string, format='%d/%m/%Y')
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_replace
-- https://docs.snowflake.com/en/sql-reference/functions/try_to_date
SELECT CASE WHEN REGEXP_LIKE("a", '^([0-9][0-9])[/]([0-9][0-9])[/](000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])$') THEN TRY_TO_DATE(REGEXP_REPLACE("a", '^([0-9][0-9])[/]([0-9][0-9])[/](000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])$', '\\3-\\2-\\1'), 'YYYY-MM-DD') END FROM "t";

-- to_timestamp(string, format='%Y%m%dT%H%M%S')
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_replace
-- https://docs.snowflake.com/en/sql-reference/functions/try_to_timestamp
SELECT CASE WHEN REGEXP_LIKE("a", '^(000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])([0-9][0-9])([0-9][0-9])[T]([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])$') THEN CAST(TRY_TO_TIMESTAMP_NTZ(REGEXP_REPLACE("a", '^(000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])([0-9][0-9])([0-9][0-9])[T]([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])$', '\\1-\\2-\\3 \\4:\\5:\\6'), 'YYYY-MM-DD HH24:MI:SS') AS TIMESTAMPNTZ(6)) END FROM "t";

-- to_timestamp(string, format='%d.%m.%Y %H:%M:%S.%f')
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_like
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_replace
-- https://docs.snowflake.com/en/sql-reference/functions/try_to_timestamp
SELECT CASE WHEN REGEXP_LIKE("a", '^([0-9][0-9])[.]([0-9][0-9])[.](000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])[ ]([01][0-9]|2[0-3])[:]([0-5][0-9])[:]([0-5][0-9])[.]([0-9][0-9][0-9][0-9][0-9][0-9])$') THEN CAST(TRY_TO_TIMESTAMP_NTZ(REGEXP_REPLACE("a", '^([0-9][0-9])[.]([0-9][0-9])[.](000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])[ ]([01][0-9]|2[0-3])[:]([0-5][0-9])[:]([0-5][0-9])[.]([0-9][0-9][0-9][0-9][0-9][0-9])$', '\\3-\\2-\\1 \\4:\\5:\\6.\\7'), 'YYYY-MM-DD HH24:MI:SS.FF6') AS TIMESTAMPNTZ(6)) END FROM "t";
