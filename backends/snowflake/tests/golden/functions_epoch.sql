-- epoch_seconds(timestamp[us])
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
SELECT CAST(DATE_PART('EPOCH_SECOND', DATE_TRUNC('SECOND', "a")) AS DECIMAL(19, 0)) FROM "t";

-- epoch_milliseconds(timestamp[us])
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/date_trunc
SELECT CAST(DATE_PART('EPOCH_MILLISECOND', DATE_TRUNC('MILLISECOND', "a")) AS DECIMAL(19, 0)) FROM "t";

-- epoch_microseconds(timestamp[us])
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
SELECT CAST(DATE_PART('EPOCH_MICROSECOND', "a") AS DECIMAL(19, 0)) FROM "t";

-- from_epoch_seconds(int64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(TO_TIMESTAMP_NTZ(CAST(CAST(CAST("a" * 1000000 + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)), 6) AS TIMESTAMPNTZ(6)) FROM "t";

-- from_epoch_milliseconds(int64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(TO_TIMESTAMP_NTZ(CAST(CAST(CAST("a" * 1000 + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)), 6) AS TIMESTAMPNTZ(6)) FROM "t";

-- from_epoch_microseconds(int64)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(TO_TIMESTAMP_NTZ(CAST(CAST(CAST("a" + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)), 6) AS TIMESTAMPNTZ(6)) FROM "t";

-- time_bucket(timestamp[us], every=420000000)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/mod
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(TO_TIMESTAMP_NTZ(CAST(CAST(CAST(DATE_PART('EPOCH_MICROSECOND', "a") - MOD(MOD(DATE_PART('EPOCH_MICROSECOND', "a"), 420000000) + 420000000, 420000000) + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)), 6) AS TIMESTAMPNTZ(6)) FROM "t";
