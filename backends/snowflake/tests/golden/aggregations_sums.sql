-- count
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(COUNT("x") AS DECIMAL(19, 0)) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- count of rows
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(COUNT(1) AS DECIMAL(19, 0)) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- count where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(COUNT(IFF("b", "x", NULL)) AS DECIMAL(19, 0)) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- sum
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM("x") AS DOUBLE) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- sum of i
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(CAST(CAST(SUM("i") + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- sum of n
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM("n") AS DECIMAL(38, 2)) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- sum where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/sum
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM(IFF("b", "x", NULL)) AS DOUBLE) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- mean
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/nullif
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM("x") / NULLIF(COUNT("x"), 0) AS DOUBLE) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- mean of i
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/nullif
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(CAST(SUM("i") AS DOUBLE) / NULLIF(COUNT("i"), 0) AS DOUBLE) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- mean of n
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/nullif
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(CAST(CAST(SUM("n") AS VARCHAR) AS DOUBLE) / NULLIF(COUNT("n"), 0) AS DOUBLE) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- mean where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/nullif
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM(IFF("b", "x", NULL)) / NULLIF(COUNT(IFF("b", "x", NULL)), 0) AS DOUBLE) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- any
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(MAX(CAST("b" AS DECIMAL(1, 0))) = 1 AS BOOLEAN) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- any where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(MAX(IFF("b", CAST("b" AS DECIMAL(1, 0)), NULL)) = 1 AS BOOLEAN) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- all
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(CAST("b" AS DECIMAL(1, 0))) = 1 AS BOOLEAN) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- all where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
WITH "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(IFF("b", CAST("b" AS DECIMAL(1, 0)), NULL)) = 1 AS BOOLEAN) AS "m0"
  FROM "events"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";
