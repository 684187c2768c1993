-- decayed_sum
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/pow
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    MAX("t") AS "end"
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
    "f"."end"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM(
      IFF(
        NOT "x" IS NULL,
        CASE
          WHEN ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE)
          THEN CAST("x" AS DOUBLE) * POWER(
            CAST(2 AS DOUBLE),
            -(
              CAST(DATE_PART('EPOCH_MICROSECOND', "end") - DATE_PART('EPOCH_MICROSECOND', "t") AS DECIMAL(19, 0)) / CAST(3600000000 AS DOUBLE)
            )
          )
          ELSE CAST("x" AS DOUBLE)
        END,
        NULL
      )
    ) AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- decayed_sum where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/pow
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    MAX("t") AS "end"
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
    "f"."end"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM(
      IFF(
        "b" AND NOT "x" IS NULL,
        CASE
          WHEN ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE)
          THEN CAST("x" AS DOUBLE) * POWER(
            CAST(2 AS DOUBLE),
            -(
              CAST(DATE_PART('EPOCH_MICROSECOND', "end") - DATE_PART('EPOCH_MICROSECOND', "t") AS DECIMAL(19, 0)) / CAST(3600000000 AS DOUBLE)
            )
          )
          ELSE CAST("x" AS DOUBLE)
        END,
        NULL
      )
    ) AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- decayed_count
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/pow
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    MAX("t") AS "end"
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
    "f"."end"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM(
      IFF(
        NOT "x" IS NULL,
        POWER(
          CAST(2 AS DOUBLE),
          -(
            CAST(DATE_PART('EPOCH_MICROSECOND', "end") - DATE_PART('EPOCH_MICROSECOND', "t") AS DECIMAL(19, 0)) / CAST(3600000000 AS DOUBLE)
          )
        ),
        NULL
      )
    ) AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- decayed_count where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/pow
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    MAX("t") AS "end"
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
    "f"."end"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM(
      IFF(
        "b" AND NOT "x" IS NULL,
        POWER(
          CAST(2 AS DOUBLE),
          -(
            CAST(DATE_PART('EPOCH_MICROSECOND', "end") - DATE_PART('EPOCH_MICROSECOND', "t") AS DECIMAL(19, 0)) / CAST(3600000000 AS DOUBLE)
          )
        ),
        NULL
      )
    ) AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- decayed_mean
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/pow
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    MAX(IFF(NOT "x" IS NULL, "t", NULL)) AS "latest"
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
    "f"."latest"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM(
      IFF(
        NOT "x" IS NULL,
        CASE
          WHEN ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE)
          THEN CAST("x" AS DOUBLE) * POWER(
            CAST(2 AS DOUBLE),
            -(
              CAST(DATE_PART('EPOCH_MICROSECOND', "latest") - DATE_PART('EPOCH_MICROSECOND', "t") AS DECIMAL(19, 0)) / CAST(3600000000 AS DOUBLE)
            )
          )
          ELSE CAST("x" AS DOUBLE)
        END,
        NULL
      )
    ) / SUM(
      IFF(
        NOT "x" IS NULL,
        POWER(
          CAST(2 AS DOUBLE),
          -(
            CAST(DATE_PART('EPOCH_MICROSECOND', "latest") - DATE_PART('EPOCH_MICROSECOND', "t") AS DECIMAL(19, 0)) / CAST(3600000000 AS DOUBLE)
          )
        ),
        NULL
      )
    ) AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";

-- decayed_mean where
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/iff
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/max
-- https://docs.snowflake.com/en/sql-reference/functions/pow
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "facts_1" AS (
  SELECT
    "k" AS "k",
    MAX(IFF("b" AND NOT "x" IS NULL, "t", NULL)) AS "latest"
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
    "f"."latest"
  FROM "events" AS "r"
  INNER JOIN "facts_1" AS "f"
    ON "r"."k" IS NOT DISTINCT FROM "f"."k"
), "aggregate_1" AS (
  SELECT
    "k",
    CAST(SUM(
      IFF(
        "b" AND NOT "x" IS NULL,
        CASE
          WHEN ABS(CAST("x" AS DOUBLE)) < CAST('inf' AS DOUBLE)
          THEN CAST("x" AS DOUBLE) * POWER(
            CAST(2 AS DOUBLE),
            -(
              CAST(DATE_PART('EPOCH_MICROSECOND', "latest") - DATE_PART('EPOCH_MICROSECOND', "t") AS DECIMAL(19, 0)) / CAST(3600000000 AS DOUBLE)
            )
          )
          ELSE CAST("x" AS DOUBLE)
        END,
        NULL
      )
    ) / SUM(
      IFF(
        "b" AND NOT "x" IS NULL,
        POWER(
          CAST(2 AS DOUBLE),
          -(
            CAST(DATE_PART('EPOCH_MICROSECOND', "latest") - DATE_PART('EPOCH_MICROSECOND', "t") AS DECIMAL(19, 0)) / CAST(3600000000 AS DOUBLE)
          )
        ),
        NULL
      )
    ) AS DOUBLE) AS "m0"
  FROM "informed_1"
  GROUP BY
    "k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_1";
