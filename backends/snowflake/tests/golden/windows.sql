-- sum over rows of t from None to 0
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST, "k" ASC NULLS FIRST, "x" ASC NULLS FIRST, "b" ASC NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over rows of t from None to None
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST, "k" ASC NULLS FIRST, "x" ASC NULLS FIRST, "b" ASC NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over rows of t from -9 to 0
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST, "k" ASC NULLS FIRST, "x" ASC NULLS FIRST, "b" ASC NULLS FIRST
      ROWS BETWEEN 9 PRECEDING AND CURRENT ROW
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over rows of t from -1000 to -1
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST, "k" ASC NULLS FIRST, "x" ASC NULLS FIRST, "b" ASC NULLS FIRST
      ROWS BETWEEN 1000 PRECEDING AND 1 PRECEDING
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over rows of t from 0 to None
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST, "k" ASC NULLS FIRST, "x" ASC NULLS FIRST, "b" ASC NULLS FIRST
      ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over rows of t from 1 to 1000
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST, "k" ASC NULLS FIRST, "x" ASC NULLS FIRST, "b" ASC NULLS FIRST
      ROWS BETWEEN 1 FOLLOWING AND 1000 FOLLOWING
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over range of t from None to 0
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over range of t from -3600000000 to -1
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND INTERVAL '1 MICROSECOND' PRECEDING
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over range of t from -3600000000 to 3600000000
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND INTERVAL '3600 SECOND' FOLLOWING
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over range of t from 0 to 0
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over range of day from -6 to 0
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "day",
    "i",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY "day" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '6 DAY' PRECEDING AND CURRENT ROW
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "day",
  "i",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over range of i from -4611686018427387904 to 5
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "day",
    "i",
    "x",
    "b",
    CAST(SUM("x") OVER (
      PARTITION BY "k"
      ORDER BY CAST("i" AS DECIMAL(38, 0)) ASC NULLS LAST
      RANGE BETWEEN 4611686018427387904 PRECEDING AND 5 FOLLOWING
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "day",
  "i",
  "x",
  "b",
  "m"
FROM "window_1";

-- all over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(MIN(IFF("b", CAST("b" AS DECIMAL(1, 0)), NULL)) OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
    ) = 1 AS BOOLEAN) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- any over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(MAX(IFF("b", CAST("b" AS DECIMAL(1, 0)), NULL)) OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
    ) = 1 AS BOOLEAN) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- count over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(COUNT(IFF("b", "x", NULL)) OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
    ) AS DECIMAL(19, 0)) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- max over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(MAX(IFF("b", "x", NULL)) OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- mean over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/nullif
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM(IFF("b", "x", NULL)) OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
    ) / NULLIF(
      COUNT(IFF("b", "x", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ),
      0
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- min over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(MIN(IFF("b", "x", NULL)) OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- stddev_pop over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/stddev_pop
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "informed_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                "b"
              ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("x" AS DOUBLE),
              NULL
            )
          ) OVER (PARTITION BY "k")
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k") > MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      THEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k") - MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      ELSE 1e0
    END AS "range"
  FROM "events"
), "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(CASE
      WHEN COUNT(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) < 1
      THEN NULL
      WHEN MAX(IFF("b", ABS(CAST("x" AS DOUBLE) - "centre"), NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) = MAX(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      )
      THEN CAST(0 AS DOUBLE)
      ELSE STDDEV_POP(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      )
    END AS DOUBLE) AS "m"
  FROM "informed_1"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- stddev_samp over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/stddev
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "informed_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                "b"
              ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("x" AS DOUBLE),
              NULL
            )
          ) OVER (PARTITION BY "k")
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k") > MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      THEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k") - MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      ELSE 1e0
    END AS "range"
  FROM "events"
), "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(CASE
      WHEN COUNT(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) < 2
      THEN NULL
      WHEN MAX(IFF("b", ABS(CAST("x" AS DOUBLE) - "centre"), NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) = MAX(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      )
      THEN CAST(0 AS DOUBLE)
      ELSE STDDEV_SAMP(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      )
    END AS DOUBLE) AS "m"
  FROM "informed_1"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- sum over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(SUM(IFF("b", "x", NULL)) OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- var_pop over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/var_pop
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "informed_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                "b"
              ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("x" AS DOUBLE),
              NULL
            )
          ) OVER (PARTITION BY "k")
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k") > MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      THEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k") - MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      ELSE 1e0
    END AS "range"
  FROM "events"
), "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(CASE
      WHEN COUNT(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) < 1
      THEN NULL
      WHEN MAX(IFF("b", ABS(CAST("x" AS DOUBLE) - "centre"), NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) = MAX(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      )
      THEN CAST(0 AS DOUBLE)
      ELSE VAR_POP(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      )
    END AS DOUBLE) AS "m"
  FROM "informed_1"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- var_samp over a range
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/var_samp
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "informed_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                "b"
              ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("x" AS DOUBLE),
              NULL
            )
          ) OVER (PARTITION BY "k")
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k") > MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      THEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k") - MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) OVER (PARTITION BY "k")
      ELSE 1e0
    END AS "range"
  FROM "events"
), "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(CASE
      WHEN COUNT(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) < 2
      THEN NULL
      WHEN MAX(IFF("b", ABS(CAST("x" AS DOUBLE) - "centre"), NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      ) = MAX(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      )
      THEN CAST(0 AS DOUBLE)
      ELSE VAR_SAMP(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) OVER (
        PARTITION BY "k"
        ORDER BY "t" ASC NULLS LAST
        RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
      )
    END AS DOUBLE) AS "m"
  FROM "informed_1"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- count of rows
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/data-types-datetime
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/between
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(COUNT(1) OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS LAST
      RANGE BETWEEN INTERVAL '3600 SECOND' PRECEDING AND CURRENT ROW
    ) AS DECIMAL(19, 0)) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- row_number
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(ROW_NUMBER() OVER (
      PARTITION BY "k"
      ORDER BY "t" DESC NULLS FIRST, "k" ASC NULLS FIRST, "x" ASC NULLS FIRST, "b" ASC NULLS FIRST
    ) AS DECIMAL(19, 0)) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- rank
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/rank
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(RANK() OVER (PARTITION BY "k" ORDER BY "t" DESC NULLS FIRST) AS DECIMAL(19, 0)) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- dense_rank
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/dense_rank
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(DENSE_RANK() OVER (PARTITION BY "k" ORDER BY "t" DESC NULLS FIRST) AS DECIMAL(19, 0)) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- percent_rank
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/percent_rank
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(PERCENT_RANK() OVER (PARTITION BY "k" ORDER BY "t" DESC NULLS FIRST) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- cume_dist
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/cume_dist
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(CUME_DIST() OVER (PARTITION BY "k" ORDER BY "t" DESC NULLS FIRST) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- lag
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/lag
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(LAG("x", 1) OVER (
      PARTITION BY "k"
      ORDER BY "t" DESC NULLS FIRST, "k" ASC NULLS FIRST, "x" ASC NULLS FIRST, "b" ASC NULLS FIRST
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";

-- lead
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/lead
WITH "window_1" AS (
  SELECT
    "k",
    "t",
    "x",
    "b",
    CAST(LEAD("x", 1) OVER (
      PARTITION BY "k"
      ORDER BY "t" DESC NULLS FIRST, "k" ASC NULLS FIRST, "x" ASC NULLS FIRST, "b" ASC NULLS FIRST
    ) AS DOUBLE) AS "m"
  FROM "events"
)
SELECT
  "k",
  "t",
  "x",
  "b",
  "m"
FROM "window_1";
