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

-- first_distinct_n
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/array_agg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "ranked_1" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    NOT "x" IS NULL AS "takes_part"
  FROM "events"
), "ranked_2" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    "takes_part",
    ROW_NUMBER() OVER (
      PARTITION BY "k", "takes_part", "x"
      ORDER BY "t" ASC NULLS LAST, "x" ASC NULLS FIRST
    ) AS "place",
    COUNT(*) OVER (PARTITION BY "k", "takes_part", "x") AS "number"
  FROM "ranked_1"
), "ranked_3" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    "takes_part",
    "place",
    "number",
    ROW_NUMBER() OVER (
      PARTITION BY "k", "takes_part", "place"
      ORDER BY "t" ASC NULLS LAST, "x" ASC NULLS FIRST
    ) AS "rank"
  FROM "ranked_2"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF(NOT "x" IS NULL AND "place" = 1 AND "rank" <= 2, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          NOT "x" IS NULL AND "place" = 1 AND "rank" <= 2,
          TO_VARIANT(
            CASE
              WHEN ABS("x") < CAST('inf' AS DOUBLE)
              THEN TO_CHAR("x", 'TME')
              ELSE CAST("x" AS VARCHAR)
            END
          ),
          NULL
        )
      ) WITHIN GROUP (ORDER BY
        "rank" ASC NULLS LAST)
    END AS ARRAY) AS "m0"
  FROM "ranked_3"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- first_distinct_n where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/array_agg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "ranked_1" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    "b" AND NOT "x" IS NULL AS "takes_part"
  FROM "events"
), "ranked_2" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    "takes_part",
    ROW_NUMBER() OVER (
      PARTITION BY "k", "takes_part", "x"
      ORDER BY "t" ASC NULLS LAST, "x" ASC NULLS FIRST
    ) AS "place",
    COUNT(*) OVER (PARTITION BY "k", "takes_part", "x") AS "number"
  FROM "ranked_1"
), "ranked_3" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    "takes_part",
    "place",
    "number",
    ROW_NUMBER() OVER (
      PARTITION BY "k", "takes_part", "place"
      ORDER BY "t" ASC NULLS LAST, "x" ASC NULLS FIRST
    ) AS "rank"
  FROM "ranked_2"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("b" AND NOT "x" IS NULL AND "place" = 1 AND "rank" <= 2, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          "b" AND NOT "x" IS NULL AND "place" = 1 AND "rank" <= 2,
          TO_VARIANT(
            CASE
              WHEN ABS("x") < CAST('inf' AS DOUBLE)
              THEN TO_CHAR("x", 'TME')
              ELSE CAST("x" AS VARCHAR)
            END
          ),
          NULL
        )
      ) WITHIN GROUP (ORDER BY
        "rank" ASC NULLS LAST)
    END AS ARRAY) AS "m0"
  FROM "ranked_3"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- last_distinct_n
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/array_agg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "ranked_1" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    NOT "x" IS NULL AS "takes_part"
  FROM "events"
), "ranked_2" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    "takes_part",
    ROW_NUMBER() OVER (
      PARTITION BY "k", "takes_part", "x"
      ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST
    ) AS "place",
    COUNT(*) OVER (PARTITION BY "k", "takes_part", "x") AS "number"
  FROM "ranked_1"
), "ranked_3" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    "takes_part",
    "place",
    "number",
    ROW_NUMBER() OVER (
      PARTITION BY "k", "takes_part", "place"
      ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST
    ) AS "rank"
  FROM "ranked_2"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF(NOT "x" IS NULL AND "place" = 1 AND "rank" <= 2, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          NOT "x" IS NULL AND "place" = 1 AND "rank" <= 2,
          TO_VARIANT(
            CASE
              WHEN ABS("x") < CAST('inf' AS DOUBLE)
              THEN TO_CHAR("x", 'TME')
              ELSE CAST("x" AS VARCHAR)
            END
          ),
          NULL
        )
      ) WITHIN GROUP (ORDER BY
        "rank" DESC NULLS FIRST)
    END AS ARRAY) AS "m0"
  FROM "ranked_3"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- last_distinct_n where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/array_agg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "ranked_1" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    "b" AND NOT "x" IS NULL AS "takes_part"
  FROM "events"
), "ranked_2" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    "takes_part",
    ROW_NUMBER() OVER (
      PARTITION BY "k", "takes_part", "x"
      ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST
    ) AS "place",
    COUNT(*) OVER (PARTITION BY "k", "takes_part", "x") AS "number"
  FROM "ranked_1"
), "ranked_3" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    "takes_part",
    "place",
    "number",
    ROW_NUMBER() OVER (
      PARTITION BY "k", "takes_part", "place"
      ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST
    ) AS "rank"
  FROM "ranked_2"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("b" AND NOT "x" IS NULL AND "place" = 1 AND "rank" <= 2, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          "b" AND NOT "x" IS NULL AND "place" = 1 AND "rank" <= 2,
          TO_VARIANT(
            CASE
              WHEN ABS("x") < CAST('inf' AS DOUBLE)
              THEN TO_CHAR("x", 'TME')
              ELSE CAST("x" AS VARCHAR)
            END
          ),
          NULL
        )
      ) WITHIN GROUP (ORDER BY
        "rank" DESC NULLS FIRST)
    END AS ARRAY) AS "m0"
  FROM "ranked_3"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";
