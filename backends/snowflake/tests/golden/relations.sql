-- filter
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n"
FROM "events"
WHERE
  (
    "i" > CAST(0 AS DECIMAL(19, 0))
  );

-- project
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT
  "k",
  CAST("x" + "x" AS DOUBLE) AS "z"
FROM "events"
WHERE
  (
    "i" > CAST(0 AS DECIMAL(19, 0))
  );

-- sort
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n"
FROM "events"
ORDER BY
  "t" DESC NULLS LAST,
  "k" ASC NULLS FIRST;

-- limit
-- https://docs.snowflake.com/en/sql-reference/constructs/limit
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n"
FROM "events"
ORDER BY
  "t" DESC NULLS LAST,
  "k" ASC NULLS FIRST
LIMIT 5
OFFSET 2;

-- limit of all but some
-- https://docs.snowflake.com/en/sql-reference/constructs/limit
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n"
FROM "events"
LIMIT NULL
OFFSET 2;

-- distinct
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/sql/select
WITH "distinct_1" AS (
  SELECT DISTINCT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n"
  FROM "events"
)
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n"
FROM "distinct_1";

-- deduplicate
-- https://docs.snowflake.com/en/sql-reference/constructs/order-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions-window-syntax
-- https://docs.snowflake.com/en/sql-reference/functions/row_number
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
WITH "deduplicate_1" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    ROW_NUMBER() OVER (
      PARTITION BY "k"
      ORDER BY "t" ASC NULLS FIRST, "k" DESC NULLS LAST, "day" DESC NULLS LAST, "i" DESC NULLS LAST, "x" DESC NULLS LAST, "y" DESC NULLS LAST, "b" DESC NULLS LAST, "n" DESC NULLS LAST
    ) AS "position"
  FROM "events"
)
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n"
FROM "deduplicate_1"
WHERE
  (
    "position" = 1
  );

-- union
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-query
WITH "filter_1" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n"
  FROM "events"
  WHERE
    (
      "i" > CAST(0 AS DECIMAL(19, 0))
    )
), "union_1" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n"
  FROM "events"
  UNION ALL
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n"
  FROM "filter_1"
)
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n"
FROM "union_1";

-- inner join
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
WITH "join_1" AS (
  SELECT
    "l"."k",
    "l"."t",
    "l"."day",
    "l"."i",
    "l"."x",
    "l"."y",
    "l"."b",
    "l"."n",
    "r"."z" AS "z"
  FROM "events" AS "l"
  INNER JOIN "other" AS "r"
    ON "l"."k" = "r"."key"
)
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n",
  "z"
FROM "join_1";

-- left join
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
WITH "join_1" AS (
  SELECT
    "l"."k",
    "l"."t",
    "l"."day",
    "l"."i",
    "l"."x",
    "l"."y",
    "l"."b",
    "l"."n",
    "r"."z" AS "z"
  FROM "events" AS "l"
  LEFT JOIN "other" AS "r"
    ON "l"."k" = "r"."key"
)
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n",
  "z"
FROM "join_1";

-- full join
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
WITH "join_1" AS (
  SELECT
    COALESCE("l"."k", "r"."key") AS "k",
    "l"."t",
    "l"."day",
    "l"."i",
    "l"."x",
    "l"."y",
    "l"."b",
    "l"."n",
    "r"."z" AS "z"
  FROM "events" AS "l"
  FULL JOIN "other" AS "r"
    ON "l"."k" = "r"."key"
)
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n",
  "z"
FROM "join_1";

-- semi join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-subquery
WITH "join_1" AS (
  SELECT
    "l"."k",
    "l"."t",
    "l"."day",
    "l"."i",
    "l"."x",
    "l"."y",
    "l"."b",
    "l"."n"
  FROM "events" AS "l"
  WHERE
    EXISTS(
      SELECT
        1
      FROM "other" AS "r"
      WHERE
        "l"."k" = "r"."key"
    )
)
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n"
FROM "join_1";

-- anti join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
-- https://docs.snowflake.com/en/sql-reference/operators-subquery
WITH "join_1" AS (
  SELECT
    "l"."k",
    "l"."t",
    "l"."day",
    "l"."i",
    "l"."x",
    "l"."y",
    "l"."b",
    "l"."n"
  FROM "events" AS "l"
  WHERE
    NOT EXISTS(
      SELECT
        1
      FROM "other" AS "r"
      WHERE
        "l"."k" = "r"."key"
    )
)
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n"
FROM "join_1";

-- cross join
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
WITH "join_1" AS (
  SELECT
    "l"."k",
    "l"."t",
    "l"."day",
    "l"."i",
    "l"."x",
    "l"."y",
    "l"."b",
    "l"."n",
    "r"."key" AS "key",
    "r"."z" AS "z"
  FROM "events" AS "l"
  CROSS JOIN "other" AS "r"
)
SELECT
  "k",
  "t",
  "day",
  "i",
  "x",
  "y",
  "b",
  "n",
  "key",
  "z"
FROM "join_1";

-- time buckets
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/date_part
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/mod
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "project_1" AS (
  SELECT
    "k",
    "t",
    "day",
    "i",
    "x",
    "y",
    "b",
    "n",
    CAST(TO_TIMESTAMP_NTZ(
      CAST(CAST(CAST(DATE_PART('EPOCH_MICROSECOND', "t") - MOD(MOD(DATE_PART('EPOCH_MICROSECOND', "t"), 86400000000) + 86400000000, 86400000000) + 776627963145224192 AS DECIMAL(19, 0)) - 1553255926290448383 AS DECIMAL(19, 0)) + 776627963145224191 AS DECIMAL(19, 0)),
      6
    ) AS TIMESTAMPNTZ(6)) AS "bucket_start"
  FROM "events"
  WHERE
    (
      (
        NOT "k" IS NULL
      ) AND (
        NOT "t" IS NULL
      )
    )
), "aggregate_1" AS (
  SELECT
    "k",
    "bucket_start",
    CAST(SUM("x") AS DOUBLE) AS "total__sum",
    CAST(COUNT("x") AS DECIMAL(19, 0)) AS "rows__count"
  FROM "project_1"
  GROUP BY
    "k",
    "bucket_start"
), "time_buckets_1" AS (
  SELECT
    "k",
    "bucket_start",
    "total__sum",
    "rows__count"
  FROM "aggregate_1"
)
SELECT
  "k",
  "bucket_start",
  "total__sum",
  "rows__count"
FROM "time_buckets_1";
