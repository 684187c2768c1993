-- upper(string)
-- https://docs.snowflake.com/en/sql-reference/functions/translate
SELECT TRANSLATE("a", 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') FROM "t";

-- lower(string)
-- https://docs.snowflake.com/en/sql-reference/functions/translate
SELECT TRANSLATE("a", 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') FROM "t";

-- trim(string, characters=' ')
-- https://docs.snowflake.com/en/sql-reference/functions/trim
SELECT TRIM("a", ' ') FROM "t";

-- ltrim(string, characters='xy')
-- https://docs.snowflake.com/en/sql-reference/functions/ltrim
SELECT LTRIM("a", 'xy') FROM "t";

-- rtrim(string, characters=' ')
-- https://docs.snowflake.com/en/sql-reference/functions/rtrim
SELECT RTRIM("a", ' ') FROM "t";

-- length(string)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/length
SELECT CAST(LENGTH("a") AS DECIMAL(19, 0)) FROM "t";

-- octet_length(string)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/octet_length
SELECT CAST(OCTET_LENGTH("a") AS DECIMAL(19, 0)) FROM "t";

-- octet_length(binary)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/octet_length
SELECT CAST(OCTET_LENGTH("a") AS DECIMAL(19, 0)) FROM "t";

-- concat(string, string)
-- https://docs.snowflake.com/en/sql-reference/functions/concat
SELECT "a" || "b" FROM "t";

-- concat_ws(string, string, separator='-')
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/substr
SELECT SUBSTR(COALESCE('-' || "a", '') || COALESCE('-' || "b", ''), 2) FROM "t";

-- concat_ws(string, string, string, separator='')
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/substr
SELECT SUBSTR(COALESCE('' || "a", '') || COALESCE('' || "b", '') || COALESCE('' || "c", ''), 1) FROM "t";

-- concat_ws(string, separator='--')
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/concat
-- https://docs.snowflake.com/en/sql-reference/functions/substr
SELECT SUBSTR(COALESCE('--' || "a", ''), 3) FROM "t";

-- substring(string, start=2, length=3)
-- https://docs.snowflake.com/en/sql-reference/functions/substr
SELECT SUBSTR("a", 2, 3) FROM "t";

-- substring(string, start=2, length=-1)
-- https://docs.snowflake.com/en/sql-reference/functions/substr
SELECT SUBSTR("a", 2) FROM "t";

-- substring(string, start=-3, length=-1)
-- https://docs.snowflake.com/en/sql-reference/functions/right
SELECT RIGHT("a", 3) FROM "t";

-- substring(string, start=-3, length=2)
-- https://docs.snowflake.com/en/sql-reference/functions/greatest
-- https://docs.snowflake.com/en/sql-reference/functions/left
-- https://docs.snowflake.com/en/sql-reference/functions/length
-- https://docs.snowflake.com/en/sql-reference/functions/right
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT LEFT(RIGHT("a", 3), GREATEST(2 - GREATEST(3 - LENGTH("a"), 0), 0)) FROM "t";

-- left(string, count=2)
-- https://docs.snowflake.com/en/sql-reference/functions/left
SELECT LEFT("a", 2) FROM "t";

-- right(string, count=2)
-- https://docs.snowflake.com/en/sql-reference/functions/right
SELECT RIGHT("a", 2) FROM "t";

-- lpad(string, length=5, fill='0')
-- https://docs.snowflake.com/en/sql-reference/functions/lpad
SELECT LPAD("a", 5, '0') FROM "t";

-- rpad(string, length=5, fill=' ')
-- https://docs.snowflake.com/en/sql-reference/functions/rpad
SELECT RPAD("a", 5, ' ') FROM "t";

-- replace(string, search='-', replacement='+')
-- https://docs.snowflake.com/en/sql-reference/functions/replace
SELECT REPLACE("a", '-', '+') FROM "t";

-- starts_with(string, string)
-- https://docs.snowflake.com/en/sql-reference/functions/startswith
SELECT STARTSWITH("a", "b") FROM "t";

-- ends_with(string, string)
-- https://docs.snowflake.com/en/sql-reference/functions/endswith
SELECT ENDSWITH("a", "b") FROM "t";

-- contains(string, string)
-- https://docs.snowflake.com/en/sql-reference/functions/contains
SELECT CONTAINS("a", "b") FROM "t";

-- position(string, string)
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/charindex
SELECT CAST(CHARINDEX("b", "a") AS DECIMAL(19, 0)) FROM "t";

-- split_part(string, separator=',', index=2)
-- https://docs.snowflake.com/en/sql-reference/functions/split_part
SELECT SPLIT_PART("a", ',', 2) FROM "t";

-- split(string, separator='|')
-- https://docs.snowflake.com/en/sql-reference/functions/split
SELECT SPLIT("a", '|') FROM "t";

-- repeat(string, count=3)
-- https://docs.snowflake.com/en/sql-reference/functions/repeat
SELECT REPEAT("a", 3) FROM "t";

-- like(string, pattern='1_0!%')
-- https://docs.snowflake.com/en/sql-reference/functions/like
SELECT "a" LIKE '1_0!%' ESCAPE '!' FROM "t";

-- like(string, pattern="it's 100!% \\")
-- https://docs.snowflake.com/en/sql-reference/functions/like
SELECT "a" LIKE 'it\'s 100!% \\' ESCAPE '!' FROM "t";
