-- median
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/floor
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "x" ASC NULLS FIRST) AS "rank",
    COUNT(*) OVER (PARTITION BY "k", "takes_part") AS "number"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN CAST('0.5' AS DOUBLE) * (
        MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
      ) = FLOOR(CAST('0.5' AS DOUBLE) * (
        MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
      ))
      OR MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) = MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      THEN MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      WHEN ABS(
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND ABS(
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND NOT ABS(
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      THEN MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        1 - (
          CAST('0.5' AS DOUBLE) * (
            MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
          ) - FLOOR(CAST('0.5' AS DOUBLE) * (
            MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
          ))
        )
      ) + MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        CAST('0.5' AS DOUBLE) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR(CAST('0.5' AS DOUBLE) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        ))
      )
      ELSE MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) + (
        CAST('0.5' AS DOUBLE) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR(CAST('0.5' AS DOUBLE) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        ))
      ) * (
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      )
    END AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- median where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/floor
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "x" ASC NULLS FIRST) AS "rank",
    COUNT(*) OVER (PARTITION BY "k", "takes_part") AS "number"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN CAST('0.5' AS DOUBLE) * (
        MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
      ) = FLOOR(
        CAST('0.5' AS DOUBLE) * (
          MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
        )
      )
      OR MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) = MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      THEN MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      WHEN ABS(
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND ABS(
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND NOT ABS(
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      THEN MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        1 - (
          CAST('0.5' AS DOUBLE) * (
            MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
          ) - FLOOR(
            CAST('0.5' AS DOUBLE) * (
              MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
            )
          )
        )
      ) + MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        CAST('0.5' AS DOUBLE) * (
          MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR(
          CAST('0.5' AS DOUBLE) * (
            MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
          )
        )
      )
      ELSE MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) + (
        CAST('0.5' AS DOUBLE) * (
          MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR(
          CAST('0.5' AS DOUBLE) * (
            MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
          )
        )
      ) * (
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR(CAST('0.5' AS DOUBLE) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      )
    END AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- quantile
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/floor
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "x" ASC NULLS FIRST) AS "rank",
    COUNT(*) OVER (PARTITION BY "k", "takes_part") AS "number"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN (
        CAST('0.25' AS FLOAT)
      ) * (
        MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
      ) = FLOOR(
        (
          CAST('0.25' AS FLOAT)
        ) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        )
      )
      OR MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) = MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      THEN MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      WHEN ABS(
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND ABS(
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND NOT ABS(
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      THEN MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        1 - (
          (
            CAST('0.25' AS FLOAT)
          ) * (
            MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
          ) - FLOOR(
            (
              CAST('0.25' AS FLOAT)
            ) * (
              MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
            )
          )
        )
      ) + MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        (
          CAST('0.25' AS FLOAT)
        ) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR(
          (
            CAST('0.25' AS FLOAT)
          ) * (
            MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
          )
        )
      )
      ELSE MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) + (
        (
          CAST('0.25' AS FLOAT)
        ) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR(
          (
            CAST('0.25' AS FLOAT)
          ) * (
            MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
          )
        )
      ) * (
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      )
    END AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- quantile where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/floor
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "x" ASC NULLS FIRST) AS "rank",
    COUNT(*) OVER (PARTITION BY "k", "takes_part") AS "number"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN (
        CAST('0.25' AS FLOAT)
      ) * (
        MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
      ) = FLOOR(
        (
          CAST('0.25' AS FLOAT)
        ) * (
          MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
        )
      )
      OR MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) = MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      THEN MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      WHEN ABS(
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND ABS(
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND NOT ABS(
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      THEN MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        1 - (
          (
            CAST('0.25' AS FLOAT)
          ) * (
            MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
          ) - FLOOR(
            (
              CAST('0.25' AS FLOAT)
            ) * (
              MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
            )
          )
        )
      ) + MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        (
          CAST('0.25' AS FLOAT)
        ) * (
          MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR(
          (
            CAST('0.25' AS FLOAT)
          ) * (
            MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
          )
        )
      )
      ELSE MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.25' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) + (
        (
          CAST('0.25' AS FLOAT)
        ) * (
          MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR(
          (
            CAST('0.25' AS FLOAT)
          ) * (
            MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
          )
        )
      ) * (
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.25' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      )
    END AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- quantile_disc
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/ceil
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/greatest
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "x" ASC NULLS FIRST) AS "rank",
    COUNT(*) OVER (PARTITION BY "k", "takes_part") AS "number"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(
      IFF(
        NOT "x" IS NULL,
        CASE
          WHEN "rank" = GREATEST(CEIL((
            CAST('0.25' AS FLOAT)
          ) * "number"), 1)
          THEN "x"
        END,
        NULL
      )
    ) AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- quantile_disc where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/ceil
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/greatest
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "x" ASC NULLS FIRST) AS "rank",
    COUNT(*) OVER (PARTITION BY "k", "takes_part") AS "number"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(MIN(
      IFF(
        "b" AND NOT "x" IS NULL,
        CASE
          WHEN "rank" = GREATEST(CEIL((
            CAST('0.25' AS FLOAT)
          ) * "number"), 1)
          THEN "x"
        END,
        NULL
      )
    ) AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- approx_quantile
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/floor
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "x" ASC NULLS FIRST) AS "rank",
    COUNT(*) OVER (PARTITION BY "k", "takes_part") AS "number"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN (
        CAST('0.5' AS FLOAT)
      ) * (
        MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
      ) = FLOOR((
        CAST('0.5' AS FLOAT)
      ) * (
        MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
      ))
      OR MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) = MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      THEN MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      WHEN ABS(
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND ABS(
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND NOT ABS(
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      THEN MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        1 - (
          (
            CAST('0.5' AS FLOAT)
          ) * (
            MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
          ) - FLOOR((
            CAST('0.5' AS FLOAT)
          ) * (
            MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
          ))
        )
      ) + MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        (
          CAST('0.5' AS FLOAT)
        ) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR((
          CAST('0.5' AS FLOAT)
        ) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        ))
      )
      ELSE MIN(
        IFF(
          NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) + (
        (
          CAST('0.5' AS FLOAT)
        ) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR((
          CAST('0.5' AS FLOAT)
        ) * (
          MAX(IFF(NOT "x" IS NULL, "number", NULL)) - 1
        ))
      ) * (
        MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      )
    END AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- approx_quantile where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/floor
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
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
    ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "x" ASC NULLS FIRST) AS "rank",
    COUNT(*) OVER (PARTITION BY "k", "takes_part") AS "number"
  FROM "ranked_1"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN (
        CAST('0.5' AS FLOAT)
      ) * (
        MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
      ) = FLOOR(
        (
          CAST('0.5' AS FLOAT)
        ) * (
          MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
        )
      )
      OR MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) = MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      THEN MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      )
      WHEN ABS(
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND ABS(
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      AND NOT ABS(
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      ) < CAST('inf' AS DOUBLE)
      THEN MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        1 - (
          (
            CAST('0.5' AS FLOAT)
          ) * (
            MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
          ) - FLOOR(
            (
              CAST('0.5' AS FLOAT)
            ) * (
              MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
            )
          )
        )
      ) + MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 2
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) * (
        (
          CAST('0.5' AS FLOAT)
        ) * (
          MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR(
          (
            CAST('0.5' AS FLOAT)
          ) * (
            MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
          )
        )
      )
      ELSE MIN(
        IFF(
          "b" AND NOT "x" IS NULL,
          CASE
            WHEN "rank" = FLOOR((
              CAST('0.5' AS FLOAT)
            ) * (
              "number" - 1
            )) + 1
            THEN CAST("x" AS DOUBLE)
          END,
          NULL
        )
      ) + (
        (
          CAST('0.5' AS FLOAT)
        ) * (
          MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
        ) - FLOOR(
          (
            CAST('0.5' AS FLOAT)
          ) * (
            MAX(IFF("b" AND NOT "x" IS NULL, "number", NULL)) - 1
          )
        )
      ) * (
        MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 2
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        ) - MIN(
          IFF(
            "b" AND NOT "x" IS NULL,
            CASE
              WHEN "rank" = FLOOR((
                CAST('0.5' AS FLOAT)
              ) * (
                "number" - 1
              )) + 1
              THEN CAST("x" AS DOUBLE)
            END,
            NULL
          )
        )
      )
    END AS DOUBLE) AS "m0"
  FROM "ranked_2"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";
