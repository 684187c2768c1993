-- md5(string)
-- https://docs.snowflake.com/en/sql-reference/functions/md5
SELECT MD5("a") FROM "t";

-- md5(binary)
-- https://docs.snowflake.com/en/sql-reference/functions/md5
SELECT MD5("a") FROM "t";

-- sha256(string)
-- https://docs.snowflake.com/en/sql-reference/functions/sha2
SELECT SHA2("a", 256) FROM "t";

-- sha256(binary)
-- https://docs.snowflake.com/en/sql-reference/functions/sha2
SELECT SHA2("a", 256) FROM "t";

-- hash_bucket(string, buckets=100)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/left
-- https://docs.snowflake.com/en/sql-reference/functions/md5
-- https://docs.snowflake.com/en/sql-reference/functions/mod
-- https://docs.snowflake.com/en/sql-reference/functions/to_decimal
SELECT CAST(MOD(TO_NUMBER(LEFT(MD5("a"), 15), 'XXXXXXXXXXXXXXX'), 100) AS DECIMAL(19, 0)) FROM "t";
