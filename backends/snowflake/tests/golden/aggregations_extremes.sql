-- min
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/min
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN("x") AS DOUBLE) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- min where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/min
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(IFF("b", "x", NULL)) AS DOUBLE) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- max
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/max
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(MAX("x") AS DOUBLE) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- max where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/max
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(MAX(IFF("b", "x", NULL)) AS DOUBLE) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";
