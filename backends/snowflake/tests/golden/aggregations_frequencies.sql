-- mode
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part", "x" ORDER BY "x" ASC NULLS FIRST) AS "place",
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
      ORDER BY "number" DESC NULLS LAST, "x" ASC NULLS FIRST
    ) AS "rank"
  FROM "ranked_2"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(IFF(NOT "x" IS NULL AND "place" = 1 AND "rank" <= 1, "x", NULL)) AS DOUBLE) AS "m0"
  FROM "ranked_3"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- mode where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part", "x" ORDER BY "x" ASC NULLS FIRST) AS "place",
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
      ORDER BY "number" DESC NULLS LAST, "x" ASC NULLS FIRST
    ) AS "rank"
  FROM "ranked_2"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(IFF("b" AND NOT "x" IS NULL AND "place" = 1 AND "rank" <= 1, "x", NULL)) AS DOUBLE) AS "m0"
  FROM "ranked_3"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- top_k
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
-- https://docs.snowflake.com/en/sql-reference/functions/object_construct
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part", "x" ORDER BY "x" ASC NULLS FIRST) AS "place",
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
      ORDER BY "number" DESC NULLS LAST, "x" ASC NULLS FIRST
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
          OBJECT_CONSTRUCT(
            'key',
            TO_VARIANT(
              CASE
                WHEN ABS("x") < CAST('inf' AS DOUBLE)
                THEN TO_CHAR("x", 'TME')
                ELSE CAST("x" AS VARCHAR)
              END
            ),
            'value',
            "number"
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

-- top_k where
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
-- https://docs.snowflake.com/en/sql-reference/functions/object_construct
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part", "x" ORDER BY "x" ASC NULLS FIRST) AS "place",
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
      ORDER BY "number" DESC NULLS LAST, "x" ASC NULLS FIRST
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
          OBJECT_CONSTRUCT(
            'key',
            TO_VARIANT(
              CASE
                WHEN ABS("x") < CAST('inf' AS DOUBLE)
                THEN TO_CHAR("x", 'TME')
                ELSE CAST("x" AS VARCHAR)
              END
            ),
            'value',
            "number"
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

-- histogram
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
-- https://docs.snowflake.com/en/sql-reference/functions/object_construct
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part", "x" ORDER BY "x" ASC NULLS FIRST) AS "place",
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part", "place" ORDER BY "x" ASC NULLS FIRST) AS "rank"
  FROM "ranked_2"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF(NOT "x" IS NULL AND "place" = 1, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          NOT "x" IS NULL AND "place" = 1,
          OBJECT_CONSTRUCT(
            'key',
            TO_VARIANT(
              CASE
                WHEN ABS("x") < CAST('inf' AS DOUBLE)
                THEN TO_CHAR("x", 'TME')
                ELSE CAST("x" AS VARCHAR)
              END
            ),
            'value',
            "number"
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

-- histogram where
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
-- https://docs.snowflake.com/en/sql-reference/functions/object_construct
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part", "x" ORDER BY "x" ASC NULLS FIRST) AS "place",
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part", "place" ORDER BY "x" ASC NULLS FIRST) AS "rank"
  FROM "ranked_2"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("b" AND NOT "x" IS NULL AND "place" = 1, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          "b" AND NOT "x" IS NULL AND "place" = 1,
          OBJECT_CONSTRUCT(
            'key',
            TO_VARIANT(
              CASE
                WHEN ABS("x") < CAST('inf' AS DOUBLE)
                THEN TO_CHAR("x", 'TME')
                ELSE CAST("x" AS VARCHAR)
              END
            ),
            'value',
            "number"
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
