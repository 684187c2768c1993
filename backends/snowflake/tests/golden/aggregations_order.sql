-- first
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" ASC NULLS LAST, "x" ASC NULLS FIRST) AS "rank"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(IFF(NOT "x" IS NULL AND "rank" <= 1, "x", NULL)) AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- first where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" ASC NULLS LAST, "x" ASC NULLS FIRST) AS "rank"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(IFF("b" AND NOT "x" IS NULL AND "rank" <= 1, "x", NULL)) AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- first with nulls
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
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
    ROW_NUMBER() OVER (PARTITION BY "k" ORDER BY "t" ASC NULLS LAST, "x" ASC NULLS FIRST) AS "rank"
  FROM "events"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(IFF("rank" <= 1, "x", NULL)) AS DOUBLE) AS "m0"
  FROM "ranked_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- last
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST) AS "rank"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(IFF(NOT "x" IS NULL AND "rank" <= 1, "x", NULL)) AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- last where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST) AS "rank"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(IFF("b" AND NOT "x" IS NULL AND "rank" <= 1, "x", NULL)) AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- last with nulls
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
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
    ROW_NUMBER() OVER (PARTITION BY "k" ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST) AS "rank"
  FROM "events"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(IFF("rank" <= 1, "x", NULL)) AS DOUBLE) AS "m0"
  FROM "ranked_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- first_n
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" ASC NULLS LAST, "x" ASC NULLS FIRST) AS "rank"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF(NOT "x" IS NULL AND "rank" <= 2, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          NOT "x" IS NULL AND "rank" <= 2,
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
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- first_n where
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" ASC NULLS LAST, "x" ASC NULLS FIRST) AS "rank"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("b" AND NOT "x" IS NULL AND "rank" <= 2, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          "b" AND NOT "x" IS NULL AND "rank" <= 2,
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
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- first_n with nulls
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/array_agg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/parse_json
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
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
    ROW_NUMBER() OVER (PARTITION BY "k" ORDER BY "t" ASC NULLS LAST, "x" ASC NULLS FIRST) AS "rank"
  FROM "events"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("rank" <= 2, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          "rank" <= 2,
          COALESCE(
            TO_VARIANT(
              CASE
                WHEN ABS("x") < CAST('inf' AS DOUBLE)
                THEN TO_CHAR("x", 'TME')
                ELSE CAST("x" AS VARCHAR)
              END
            ),
            PARSE_JSON('null')
          ),
          NULL
        )
      ) WITHIN GROUP (ORDER BY
        "rank" ASC NULLS LAST)
    END AS ARRAY) AS "m0"
  FROM "ranked_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- last_n
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST) AS "rank"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF(NOT "x" IS NULL AND "rank" <= 2, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          NOT "x" IS NULL AND "rank" <= 2,
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
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- last_n where
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST) AS "rank"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("b" AND NOT "x" IS NULL AND "rank" <= 2, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          "b" AND NOT "x" IS NULL AND "rank" <= 2,
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
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- last_n with nulls
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/array_agg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/parse_json
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
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
    ROW_NUMBER() OVER (PARTITION BY "k" ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST) AS "rank"
  FROM "events"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("rank" <= 2, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          "rank" <= 2,
          COALESCE(
            TO_VARIANT(
              CASE
                WHEN ABS("x") < CAST('inf' AS DOUBLE)
                THEN TO_CHAR("x", 'TME')
                ELSE CAST("x" AS VARCHAR)
              END
            ),
            PARSE_JSON('null')
          ),
          NULL
        )
      ) WITHIN GROUP (ORDER BY
        "rank" DESC NULLS FIRST)
    END AS ARRAY) AS "m0"
  FROM "ranked_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- collect
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST) AS "rank"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF(NOT "x" IS NULL AND "rank" <= 1000, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          NOT "x" IS NULL AND "rank" <= 1000,
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
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- collect where
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST) AS "rank"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("b" AND NOT "x" IS NULL AND "rank" <= 1000, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          "b" AND NOT "x" IS NULL AND "rank" <= 1000,
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
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- collect with nulls
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/array_agg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/parse_json
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
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
    ROW_NUMBER() OVER (PARTITION BY "k" ORDER BY "t" DESC NULLS FIRST, "x" DESC NULLS LAST) AS "rank"
  FROM "events"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("rank" <= 1000, "rank", NULL)) > 0
      THEN ARRAY_AGG(
        IFF(
          "rank" <= 1000,
          COALESCE(
            TO_VARIANT(
              CASE
                WHEN ABS("x") < CAST('inf' AS DOUBLE)
                THEN TO_CHAR("x", 'TME')
                ELSE CAST("x" AS VARCHAR)
              END
            ),
            PARSE_JSON('null')
          ),
          NULL
        )
      ) WITHIN GROUP (ORDER BY
        "rank" DESC NULLS FIRST)
    END AS ARRAY) AS "m0"
  FROM "ranked_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";
