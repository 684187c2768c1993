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

-- by a secondary key
-- https://docs.snowflake.com/en/sql-reference/constructs/group-by
-- https://docs.snowflake.com/en/sql-reference/constructs/join
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/array_agg
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/count
-- https://docs.snowflake.com/en/sql-reference/functions/is-distinct-from
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/functions/object_construct
-- https://docs.snowflake.com/en/sql-reference/functions/parse_json
-- https://docs.snowflake.com/en/sql-reference/functions/sum
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
WITH "aggregate_1" AS (
  SELECT
    "k"
  FROM "events"
  GROUP BY
    "k"
), "by_key_1" AS (
  SELECT
    "k",
    "i" AS "secondary",
    CAST(SUM("x") AS DOUBLE) AS "m0"
  FROM "events"
  WHERE
    NOT (
      "i"
    ) IS NULL
  GROUP BY
    1,
    2
), "collected_1" AS (
  SELECT
    "k",
    CAST(CASE
      WHEN COUNT(*) > 0
      THEN ARRAY_AGG(
        OBJECT_CONSTRUCT(
          'key',
          COALESCE(TO_VARIANT("secondary"), PARSE_JSON('null')),
          'value',
          COALESCE(
            TO_VARIANT(
              CASE
                WHEN ABS("m0") < CAST('inf' AS DOUBLE)
                THEN TO_CHAR("m0", 'TME')
                ELSE CAST("m0" AS VARCHAR)
              END
            ),
            PARSE_JSON('null')
          )
        )
      ) WITHIN GROUP (ORDER BY
        "secondary" ASC NULLS FIRST)
    END AS ARRAY) AS "m0"
  FROM "by_key_1"
  GROUP BY
    "k"
), "aggregate_2" AS (
  SELECT
    "g"."k",
    "k0"."m0"
  FROM "aggregate_1" AS "g"
  LEFT JOIN "collected_1" AS "k0"
    ON "g"."k" IS NOT DISTINCT FROM "k0"."k"
)
SELECT
  "k",
  "m0"
FROM "aggregate_2";

-- unnest list<int64>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_integer
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    CAST(AS_INTEGER("e"."VALUE") AS DECIMAL(19, 0)) AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";

-- unnest list<float64>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    CAST(AS_VARCHAR("e"."VALUE") AS DOUBLE) AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";

-- unnest list<bool>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_boolean
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    AS_BOOLEAN("e"."VALUE") AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";

-- unnest list<string>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    AS_VARCHAR("e"."VALUE") AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";

-- unnest list<binary>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
-- https://docs.snowflake.com/en/sql-reference/functions/to_binary
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    TO_BINARY(AS_VARCHAR("e"."VALUE"), 'HEX') AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";

-- unnest list<date32>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
-- https://docs.snowflake.com/en/sql-reference/functions/to_date
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    TO_DATE(AS_VARCHAR("e"."VALUE"), 'YYYY-MM-DD') AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";

-- unnest list<timestamp[us]>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    CAST(TO_TIMESTAMP_NTZ(AS_VARCHAR("e"."VALUE"), 'YYYY-MM-DD HH24:MI:SS.FF6') AS TIMESTAMPNTZ(6)) AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";

-- unnest list<timestamp[us, UTC]>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
-- https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    CAST(TO_TIMESTAMP_NTZ(AS_VARCHAR("e"."VALUE"), 'YYYY-MM-DD HH24:MI:SS.FF6') AS TIMESTAMPNTZ(6)) AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";

-- unnest list<decimal128(10, 2)>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    CAST(AS_VARCHAR("e"."VALUE") AS DECIMAL(10, 2)) AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";

-- unnest list<list<int64>>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_array
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    AS_ARRAY("e"."VALUE") AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";

-- unnest list<struct<a: int64>>
-- https://docs.snowflake.com/en/sql-reference/constructs/join-lateral
-- https://docs.snowflake.com/en/sql-reference/constructs/with
-- https://docs.snowflake.com/en/sql-reference/functions/as_object
-- https://docs.snowflake.com/en/sql-reference/functions/flatten
WITH "unnest_1" AS (
  SELECT
    "l"."k",
    AS_OBJECT("e"."VALUE") AS "v"
  FROM "lists" AS "l", LATERAL FLATTEN(INPUT => "l"."v") AS "e"
)
SELECT
  "k",
  "v"
FROM "unnest_1";
