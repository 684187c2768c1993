-- var_samp
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/var_samp
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) > MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      THEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) - MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(CAST("x" AS DOUBLE) - "centre") < 2
      THEN NULL
      WHEN MAX(ABS(CAST("x" AS DOUBLE) - "centre")) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(CAST("x" AS DOUBLE) - "centre") = MAX(CAST("x" AS DOUBLE) - "centre")
      THEN CAST(0 AS DOUBLE)
      ELSE VAR_SAMP(CAST("x" AS DOUBLE) - "centre")
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- var_samp where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/var_samp
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
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
          )
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
      )
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
      ) > MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) < 2
      THEN NULL
      WHEN MAX(IFF("b", ABS(CAST("x" AS DOUBLE) - "centre"), NULL)) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) = MAX(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL))
      THEN CAST(0 AS DOUBLE)
      ELSE VAR_SAMP(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL))
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- var_pop
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/var_pop
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) > MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      THEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) - MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(CAST("x" AS DOUBLE) - "centre") < 1
      THEN NULL
      WHEN MAX(ABS(CAST("x" AS DOUBLE) - "centre")) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(CAST("x" AS DOUBLE) - "centre") = MAX(CAST("x" AS DOUBLE) - "centre")
      THEN CAST(0 AS DOUBLE)
      ELSE VAR_POP(CAST("x" AS DOUBLE) - "centre")
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- var_pop where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/var_pop
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
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
          )
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
      )
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
      ) > MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) < 1
      THEN NULL
      WHEN MAX(IFF("b", ABS(CAST("x" AS DOUBLE) - "centre"), NULL)) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) = MAX(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL))
      THEN CAST(0 AS DOUBLE)
      ELSE VAR_POP(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL))
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- stddev_samp
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/stddev
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) > MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      THEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) - MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(CAST("x" AS DOUBLE) - "centre") < 2
      THEN NULL
      WHEN MAX(ABS(CAST("x" AS DOUBLE) - "centre")) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(CAST("x" AS DOUBLE) - "centre") = MAX(CAST("x" AS DOUBLE) - "centre")
      THEN CAST(0 AS DOUBLE)
      ELSE STDDEV_SAMP(CAST("x" AS DOUBLE) - "centre")
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- stddev_samp where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/stddev
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
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
          )
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
      )
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
      ) > MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) < 2
      THEN NULL
      WHEN MAX(IFF("b", ABS(CAST("x" AS DOUBLE) - "centre"), NULL)) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) = MAX(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL))
      THEN CAST(0 AS DOUBLE)
      ELSE STDDEV_SAMP(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL))
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- stddev_pop
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/stddev_pop
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) > MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      THEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) - MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(CAST("x" AS DOUBLE) - "centre") < 1
      THEN NULL
      WHEN MAX(ABS(CAST("x" AS DOUBLE) - "centre")) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(CAST("x" AS DOUBLE) - "centre") = MAX(CAST("x" AS DOUBLE) - "centre")
      THEN CAST(0 AS DOUBLE)
      ELSE STDDEV_POP(CAST("x" AS DOUBLE) - "centre")
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- stddev_pop where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/stddev_pop
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
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
          )
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
      )
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
      ) > MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) < 1
      THEN NULL
      WHEN MAX(IFF("b", ABS(CAST("x" AS DOUBLE) - "centre"), NULL)) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL)) = MAX(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL))
      THEN CAST(0 AS DOUBLE)
      ELSE STDDEV_POP(IFF("b", CAST("x" AS DOUBLE) - "centre", NULL))
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- skewness
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/pow
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) > MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      THEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) - MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN MAX(ABS((
        CAST("x" AS DOUBLE) - "centre"
      ) / "range")) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN((
        CAST("x" AS DOUBLE) - "centre"
      ) / "range") < MAX((
        CAST("x" AS DOUBLE) - "centre"
      ) / "range")
      THEN (
        AVG(
          (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          ) * (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          ) * (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          )
        ) - 3 * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range") * AVG(
          (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          ) * (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          )
        ) + 2 * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range") * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range") * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range")
      ) / POWER(
        (
          AVG(
            (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            )
          ) - AVG((
            CAST("x" AS DOUBLE) - "centre"
          ) / "range") * AVG((
            CAST("x" AS DOUBLE) - "centre"
          ) / "range")
        ),
        CAST('1.5' AS DOUBLE)
      )
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- skewness where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/functions/pow
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
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
          )
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
      )
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
      ) > MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN MAX(IFF("b", ABS((
        CAST("x" AS DOUBLE) - "centre"
      ) / "range"), NULL)) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF("b", (
        CAST("x" AS DOUBLE) - "centre"
      ) / "range", NULL)) < MAX(IFF("b", (
        CAST("x" AS DOUBLE) - "centre"
      ) / "range", NULL))
      THEN (
        AVG(
          IFF(
            "b",
            (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ),
            NULL
          )
        ) - 3 * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL)) * AVG(
          IFF(
            "b",
            (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ),
            NULL
          )
        ) + 2 * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL)) * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL)) * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL))
      ) / POWER(
        (
          AVG(
            IFF(
              "b",
              (
                (
                  CAST("x" AS DOUBLE) - "centre"
                ) / "range"
              ) * (
                (
                  CAST("x" AS DOUBLE) - "centre"
                ) / "range"
              ),
              NULL
            )
          ) - AVG(IFF("b", (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range", NULL)) * AVG(IFF("b", (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range", NULL))
        ),
        CAST('1.5' AS DOUBLE)
      )
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- kurtosis
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) > MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      THEN MAX(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL)) - MIN(IFF(ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE), CAST("x" AS DOUBLE), NULL))
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN MAX(ABS((
        CAST("x" AS DOUBLE) - "centre"
      ) / "range")) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN((
        CAST("x" AS DOUBLE) - "centre"
      ) / "range") < MAX((
        CAST("x" AS DOUBLE) - "centre"
      ) / "range")
      THEN (
        AVG(
          (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          ) * (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          ) * (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          ) * (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          )
        ) - 4 * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range") * AVG(
          (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          ) * (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          ) * (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          )
        ) + 6 * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range") * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range") * AVG(
          (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          ) * (
            (
              CAST("x" AS DOUBLE) - "centre"
            ) / "range"
          )
        ) - 3 * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range") * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range") * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range") * AVG((
          CAST("x" AS DOUBLE) - "centre"
        ) / "range")
      ) / (
        (
          AVG(
            (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            )
          ) - AVG((
            CAST("x" AS DOUBLE) - "centre"
          ) / "range") * AVG((
            CAST("x" AS DOUBLE) - "centre"
          ) / "range")
        ) * (
          AVG(
            (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            )
          ) - AVG((
            CAST("x" AS DOUBLE) - "centre"
          ) / "range") * AVG((
            CAST("x" AS DOUBLE) - "centre"
          ) / "range")
        )
      ) - 3
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- kurtosis where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
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
          )
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
      )
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
      ) > MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b"
          ) AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN MAX(IFF("b", ABS((
        CAST("x" AS DOUBLE) - "centre"
      ) / "range"), NULL)) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF("b", (
        CAST("x" AS DOUBLE) - "centre"
      ) / "range", NULL)) < MAX(IFF("b", (
        CAST("x" AS DOUBLE) - "centre"
      ) / "range", NULL))
      THEN (
        AVG(
          IFF(
            "b",
            (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ),
            NULL
          )
        ) - 4 * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL)) * AVG(
          IFF(
            "b",
            (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ),
            NULL
          )
        ) + 6 * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL)) * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL)) * AVG(
          IFF(
            "b",
            (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ) * (
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range"
            ),
            NULL
          )
        ) - 3 * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL)) * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL)) * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL)) * AVG(IFF("b", (
          CAST("x" AS DOUBLE) - "centre"
        ) / "range", NULL))
      ) / (
        (
          AVG(
            IFF(
              "b",
              (
                (
                  CAST("x" AS DOUBLE) - "centre"
                ) / "range"
              ) * (
                (
                  CAST("x" AS DOUBLE) - "centre"
                ) / "range"
              ),
              NULL
            )
          ) - AVG(IFF("b", (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range", NULL)) * AVG(IFF("b", (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range", NULL))
        ) * (
          AVG(
            IFF(
              "b",
              (
                (
                  CAST("x" AS DOUBLE) - "centre"
                ) / "range"
              ) * (
                (
                  CAST("x" AS DOUBLE) - "centre"
                ) / "range"
              ),
              NULL
            )
          ) - AVG(IFF("b", (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range", NULL)) * AVG(IFF("b", (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range", NULL))
        )
      ) - 3
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- covar_samp
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/covar_samp
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("x" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("y" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre_2",
    CASE
      WHEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range_2"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range",
    "f"."centre_2",
    "f"."range_2"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL)) < 2
      THEN NULL
      WHEN MAX(
        IFF(NOT "x" IS NULL AND NOT "y" IS NULL, ABS(CAST("x" AS DOUBLE) - "centre"), NULL)
      ) >= CAST('inf' AS DOUBLE)
      OR MAX(
        IFF(NOT "x" IS NULL AND NOT "y" IS NULL, ABS(CAST("y" AS DOUBLE) - "centre_2"), NULL)
      ) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL)) = MAX(IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL))
      OR MIN(IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("y" AS DOUBLE) - "centre_2", NULL)) = MAX(IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("y" AS DOUBLE) - "centre_2", NULL))
      THEN CAST(0 AS DOUBLE)
      ELSE COVAR_SAMP(
        IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL),
        CAST("y" AS DOUBLE) - "centre_2"
      )
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- covar_samp where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/covar_samp
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("x" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("y" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre_2",
    CASE
      WHEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range_2"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range",
    "f"."centre_2",
    "f"."range_2"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL)
      ) < 2
      THEN NULL
      WHEN MAX(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          ABS(CAST("x" AS DOUBLE) - "centre"),
          NULL
        )
      ) >= CAST('inf' AS DOUBLE)
      OR MAX(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          ABS(CAST("y" AS DOUBLE) - "centre_2"),
          NULL
        )
      ) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL)
      ) = MAX(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL)
      )
      OR MIN(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("y" AS DOUBLE) - "centre_2", NULL)
      ) = MAX(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("y" AS DOUBLE) - "centre_2", NULL)
      )
      THEN CAST(0 AS DOUBLE)
      ELSE COVAR_SAMP(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL),
        CAST("y" AS DOUBLE) - "centre_2"
      )
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- covar_pop
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/covar_pop
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("x" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("y" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre_2",
    CASE
      WHEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range_2"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range",
    "f"."centre_2",
    "f"."range_2"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL)) < 1
      THEN NULL
      WHEN MAX(
        IFF(NOT "x" IS NULL AND NOT "y" IS NULL, ABS(CAST("x" AS DOUBLE) - "centre"), NULL)
      ) >= CAST('inf' AS DOUBLE)
      OR MAX(
        IFF(NOT "x" IS NULL AND NOT "y" IS NULL, ABS(CAST("y" AS DOUBLE) - "centre_2"), NULL)
      ) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL)) = MAX(IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL))
      OR MIN(IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("y" AS DOUBLE) - "centre_2", NULL)) = MAX(IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("y" AS DOUBLE) - "centre_2", NULL))
      THEN CAST(0 AS DOUBLE)
      ELSE COVAR_POP(
        IFF(NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL),
        CAST("y" AS DOUBLE) - "centre_2"
      )
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- covar_pop where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/covar_pop
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("x" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("y" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre_2",
    CASE
      WHEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range_2"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range",
    "f"."centre_2",
    "f"."range_2"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL)
      ) < 1
      THEN NULL
      WHEN MAX(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          ABS(CAST("x" AS DOUBLE) - "centre"),
          NULL
        )
      ) >= CAST('inf' AS DOUBLE)
      OR MAX(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          ABS(CAST("y" AS DOUBLE) - "centre_2"),
          NULL
        )
      ) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL)
      ) = MAX(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL)
      )
      OR MIN(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("y" AS DOUBLE) - "centre_2", NULL)
      ) = MAX(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("y" AS DOUBLE) - "centre_2", NULL)
      )
      THEN CAST(0 AS DOUBLE)
      ELSE COVAR_POP(
        IFF("b" AND NOT "x" IS NULL AND NOT "y" IS NULL, CAST("x" AS DOUBLE) - "centre", NULL),
        CAST("y" AS DOUBLE) - "centre_2"
      )
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- corr
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/corr
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/greatest
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/least
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("x" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("y" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre_2",
    CASE
      WHEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range_2"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range",
    "f"."centre_2",
    "f"."range_2"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(
        IFF(
          NOT "x" IS NULL AND NOT "y" IS NULL,
          (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range",
          NULL
        )
      ) < 2
      THEN NULL
      WHEN MAX(
        IFF(
          NOT "x" IS NULL AND NOT "y" IS NULL,
          ABS((
            CAST("x" AS DOUBLE) - "centre"
          ) / "range"),
          NULL
        )
      ) >= CAST('inf' AS DOUBLE)
      OR MAX(
        IFF(
          NOT "x" IS NULL AND NOT "y" IS NULL,
          ABS((
            CAST("y" AS DOUBLE) - "centre_2"
          ) / "range_2"),
          NULL
        )
      ) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(
        IFF(
          NOT "x" IS NULL AND NOT "y" IS NULL,
          (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range",
          NULL
        )
      ) < MAX(
        IFF(
          NOT "x" IS NULL AND NOT "y" IS NULL,
          (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range",
          NULL
        )
      )
      AND MIN(
        IFF(
          NOT "x" IS NULL AND NOT "y" IS NULL,
          (
            CAST("y" AS DOUBLE) - "centre_2"
          ) / "range_2",
          NULL
        )
      ) < MAX(
        IFF(
          NOT "x" IS NULL AND NOT "y" IS NULL,
          (
            CAST("y" AS DOUBLE) - "centre_2"
          ) / "range_2",
          NULL
        )
      )
      THEN LEAST(
        GREATEST(
          CORR(
            IFF(
              NOT "x" IS NULL AND NOT "y" IS NULL,
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range",
              NULL
            ),
            (
              CAST("y" AS DOUBLE) - "centre_2"
            ) / "range_2"
          ),
          -1
        ),
        1
      )
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- corr where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/avg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/corr
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/greatest
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/least
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/min
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("x" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre",
    CASE
      WHEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("x" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range",
    CASE
      WHEN (
        ABS(
          AVG(
            IFF(
              (
                "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
              )
              AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
              CAST("y" AS DOUBLE),
              NULL
            )
          )
        ) < CAST('inf' AS DOUBLE)
      )
      THEN AVG(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 0e0
    END AS "centre_2",
    CASE
      WHEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) > MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      THEN MAX(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      ) - MIN(
        IFF(
          (
            "b" AND NOT "x" IS NULL AND NOT "y" IS NULL
          )
          AND ABS(CAST("y" AS DOUBLE)) < CAST('inf' AS DOUBLE),
          CAST("y" AS DOUBLE),
          NULL
        )
      )
      ELSE 1e0
    END AS "range_2"
  FROM "events"
  GROUP BY
    1
), "informed_1" AS (
  SELECT
    "r"."k",
    "r"."t",
    "r"."day",
    "r"."i",
    "r"."x",
    "r"."y",
    "r"."b",
    "r"."n",
    "f"."centre",
    "f"."range",
    "f"."centre_2",
    "f"."range_2"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range",
          NULL
        )
      ) < 2
      THEN NULL
      WHEN MAX(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          ABS((
            CAST("x" AS DOUBLE) - "centre"
          ) / "range"),
          NULL
        )
      ) >= CAST('inf' AS DOUBLE)
      OR MAX(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          ABS((
            CAST("y" AS DOUBLE) - "centre_2"
          ) / "range_2"),
          NULL
        )
      ) >= CAST('inf' AS DOUBLE)
      THEN CAST('NaN' AS DOUBLE)
      WHEN MIN(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range",
          NULL
        )
      ) < MAX(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          (
            CAST("x" AS DOUBLE) - "centre"
          ) / "range",
          NULL
        )
      )
      AND MIN(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          (
            CAST("y" AS DOUBLE) - "centre_2"
          ) / "range_2",
          NULL
        )
      ) < MAX(
        IFF(
          "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
          (
            CAST("y" AS DOUBLE) - "centre_2"
          ) / "range_2",
          NULL
        )
      )
      THEN LEAST(
        GREATEST(
          CORR(
            IFF(
              "b" AND NOT "x" IS NULL AND NOT "y" IS NULL,
              (
                CAST("x" AS DOUBLE) - "centre"
              ) / "range",
              NULL
            ),
            (
              CAST("y" AS DOUBLE) - "centre_2"
            ) / "range_2"
          ),
          -1
        ),
        1
      )
    END AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";
