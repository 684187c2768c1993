-- and(bool, bool)
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT "a" AND "b" FROM "t";

-- or(bool, bool)
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT "a" OR "b" FROM "t";

-- not(bool)
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT NOT "a" FROM "t";

-- xor(bool, bool)
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT "a" <> "b" FROM "t";
