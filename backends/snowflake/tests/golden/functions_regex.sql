-- regexp_matches(string, pattern='[0-9]')
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_instr
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT REGEXP_INSTR("a", '[0-9]') > 0 FROM "t";

-- regexp_matches(string, pattern='^\\(a\\.b\\)$')
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_instr
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT REGEXP_INSTR("a", '^\\(a\\.b\\)$') > 0 FROM "t";

-- regexp_extract(string, pattern='id=([0-9]+)', group=1)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_instr
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_substr
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN REGEXP_INSTR("a", 'id=([0-9]+)') > 0 THEN COALESCE(REGEXP_SUBSTR("a", 'id=([0-9]+)', 1, 1, 'e', 1), '') END FROM "t";

-- regexp_extract(string, pattern='[a-z]+', group=0)
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_instr
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_substr
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT CASE WHEN REGEXP_INSTR("a", '[a-z]+') > 0 THEN COALESCE(REGEXP_SUBSTR("a", '[a-z]+'), '') END FROM "t";

-- regexp_replace(string, pattern='([0-9]+)', replacement='<\\1>')
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_replace
SELECT REGEXP_REPLACE("a", '([0-9]+)', '<\\1>') FROM "t";

-- regexp_replace(string, pattern='(a)(b)', replacement='\\0-\\10')
-- https://docs.snowflake.com/en/sql-reference/functions/regexp_replace
SELECT REGEXP_REPLACE("a", '(a)(b)', '\\0-\\10') FROM "t";
