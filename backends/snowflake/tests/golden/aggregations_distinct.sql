-- count_distinct
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/sql/select
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(COUNT(DISTINCT "x") AS DECIMAL(19, 0)) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- count_distinct where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(COUNT(DISTINCT IFF("b", "x", NULL)) AS DECIMAL(19, 0)) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- approx_count_distinct
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/sql/select
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(COUNT(DISTINCT "x") AS DECIMAL(19, 0)) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- approx_count_distinct where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(COUNT(DISTINCT IFF("b", "x", NULL)) AS DECIMAL(19, 0)) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";
