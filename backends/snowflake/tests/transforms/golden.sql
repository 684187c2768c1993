-- the function
CREATE OR REPLACE TEMPORARY FUNCTION "ONEFOLD_00000000000000000000000000000000"(C0 NUMBER(1, 0), M0 NUMBER(1, 0), C1 VARCHAR, M1 NUMBER(1, 0), C2 FLOAT, M2 NUMBER(1, 0), C3 VARCHAR, M3 NUMBER(1, 0), C4 NUMBER(9, 0), M4 NUMBER(1, 0), C5 VARCHAR, M5 NUMBER(1, 0), C6 VARCHAR, M6 NUMBER(1, 0), C7 VARCHAR, M7 NUMBER(1, 0), C8 VARCHAR, M8 NUMBER(1, 0)) RETURNS TABLE (C0 NUMBER(1, 0), M0 NUMBER(1, 0), C1 VARCHAR, M1 NUMBER(1, 0), C2 FLOAT, M2 NUMBER(1, 0), C3 VARCHAR, M3 NUMBER(1, 0), C4 NUMBER(9, 0), M4 NUMBER(1, 0), C5 VARCHAR, M5 NUMBER(1, 0), C6 VARCHAR, M6 NUMBER(1, 0), C7 VARCHAR, M7 NUMBER(1, 0), C8 VARCHAR, M8 NUMBER(1, 0)) LANGUAGE PYTHON RUNTIME_VERSION = '3.…' PACKAGES = ('cloudpickle==…', 'pandas==…', 'pyarrow==…') HANDLER = 'Transform' AS $$…$$;

-- its removal
DROP FUNCTION IF EXISTS "ONEFOLD_00000000000000000000000000000000"(NUMBER(1, 0), NUMBER(1, 0), VARCHAR, NUMBER(1, 0), FLOAT, NUMBER(1, 0), VARCHAR, NUMBER(1, 0), NUMBER(9, 0), NUMBER(1, 0), VARCHAR, NUMBER(1, 0), VARCHAR, NUMBER(1, 0), VARCHAR, NUMBER(1, 0), VARCHAR, NUMBER(1, 0));

-- all types
WITH "map_batches_1" AS (
  SELECT
    COALESCE(IFF("b", 1, 0), 0) AS "C0",
    IFF("b" IS NULL, 1, 0) AS "M0",
    COALESCE(CAST("i" AS VARCHAR), '0') AS "C1",
    IFF("i" IS NULL, 1, 0) AS "M1",
    COALESCE(NULLIF("x", CAST('NaN' AS DOUBLE)), CAST('0' AS DOUBLE)) AS "C2",
    IFF("x" = CAST('NaN' AS DOUBLE), 2, IFF("x" IS NULL, 1, 0)) AS "M2",
    COALESCE("s", '') AS "C3",
    IFF("s" IS NULL, 1, 0) AS "M3",
    COALESCE(DATEDIFF('DAY', TO_DATE('1970-01-01', 'YYYY-MM-DD'), "d"), 0) AS "C4",
    IFF("d" IS NULL, 1, 0) AS "M4",
    COALESCE(CAST(DATE_PART('EPOCH_MICROSECOND', "w") AS VARCHAR), '0') AS "C5",
    IFF("w" IS NULL, 1, 0) AS "M5",
    COALESCE(CAST(DATE_PART('EPOCH_MICROSECOND', "t") AS VARCHAR), '0') AS "C6",
    IFF("t" IS NULL, 1, 0) AS "M6",
    COALESCE(CAST("small" AS VARCHAR), '0') AS "C7",
    IFF("small" IS NULL, 1, 0) AS "M7",
    COALESCE(CAST("large" AS VARCHAR), '0') AS "C8",
    IFF("large" IS NULL, 1, 0) AS "M8",
    FLOOR(SEQ8() / 65536) AS "BUCKET"
  FROM "rows"
), "map_batches_2" AS (
  SELECT
    t."C0",
    t."M0",
    t."C1",
    t."M1",
    t."C2",
    t."M2",
    t."C3",
    t."M3",
    t."C4",
    t."M4",
    t."C5",
    t."M5",
    t."C6",
    t."M6",
    t."C7",
    t."M7",
    t."C8",
    t."M8"
  FROM "map_batches_1" AS s, TABLE(
    "ONEFOLD_00000000000000000000000000000000"(
      s."C0",
      s."M0",
      s."C1",
      s."M1",
      s."C2",
      s."M2",
      s."C3",
      s."M3",
      s."C4",
      s."M4",
      s."C5",
      s."M5",
      s."C6",
      s."M6",
      s."C7",
      s."M7",
      s."C8",
      s."M8"
    ) OVER (PARTITION BY s."BUCKET")
  ) AS t
)
SELECT
  IFF("M0" = 1, NULL, "C0" = 1) AS "b",
  IFF("M1" = 1, NULL, CAST("C1" AS DECIMAL(19, 0))) AS "i",
  IFF("M2" = 1, NULL, IFF("M2" = 2, CAST('NaN' AS DOUBLE), "C2")) AS "x",
  IFF("M3" = 1, NULL, "C3") AS "s",
  IFF("M4" = 1, NULL, DATEADD('DAY', "C4", TO_DATE('1970-01-01', 'YYYY-MM-DD'))) AS "d",
  IFF(
    "M5" = 1,
    NULL,
    CAST(TO_TIMESTAMP_NTZ(CAST("C5" AS DECIMAL(19, 0)), 6) AS TIMESTAMPNTZ(6))
  ) AS "w",
  IFF(
    "M6" = 1,
    NULL,
    CAST(TO_TIMESTAMP_NTZ(CAST("C6" AS DECIMAL(19, 0)), 6) AS TIMESTAMPNTZ(6))
  ) AS "t",
  IFF("M7" = 1, NULL, CAST("C7" AS DECIMAL(9, 8))) AS "small",
  IFF("M8" = 1, NULL, CAST("C8" AS DECIMAL(38, 0))) AS "large"
FROM "map_batches_2";

-- one upon another, over a filter
WITH "map_batches_1" AS (
  SELECT
    COALESCE("k", '') AS "C0",
    IFF("k" IS NULL, 1, 0) AS "M0",
    COALESCE(CAST("v" AS VARCHAR), '0') AS "C1",
    IFF("v" IS NULL, 1, 0) AS "M1",
    FLOOR(SEQ8() / 65536) AS "BUCKET"
  FROM "few"
  WHERE
    (
      NOT "v" IS NULL
    )
), "map_batches_2" AS (
  SELECT
    t."C0",
    t."M0",
    t."C1",
    t."M1"
  FROM "map_batches_1" AS s, TABLE(
    "ONEFOLD_00000000000000000000000000000000"(s."C0", s."M0", s."C1", s."M1") OVER (PARTITION BY s."BUCKET")
  ) AS t
), "map_batches_3" AS (
  SELECT
    IFF("M0" = 1, NULL, "C0") AS "k",
    IFF("M1" = 1, NULL, CAST("C1" AS DECIMAL(19, 0))) AS "v"
  FROM "map_batches_2"
), "map_batches_4" AS (
  SELECT
    COALESCE("k", '') AS "C0",
    IFF("k" IS NULL, 1, 0) AS "M0",
    COALESCE(CAST("v" AS VARCHAR), '0') AS "C1",
    IFF("v" IS NULL, 1, 0) AS "M1",
    FLOOR(SEQ8() / 65536) AS "BUCKET"
  FROM "map_batches_3"
), "map_batches_5" AS (
  SELECT
    t."C0",
    t."M0",
    t."C1",
    t."M1"
  FROM "map_batches_4" AS s, TABLE(
    "ONEFOLD_00000000000000000000000000000000"(s."C0", s."M0", s."C1", s."M1") OVER (PARTITION BY s."BUCKET")
  ) AS t
)
SELECT
  IFF("M0" = 1, NULL, "C0") AS "k",
  IFF("M1" = 1, NULL, CAST("C1" AS DECIMAL(19, 0))) AS "v"
FROM "map_batches_5";

-- over the first rows
WITH "map_batches_1" AS (
  SELECT
    COALESCE("k", '') AS "C0",
    IFF("k" IS NULL, 1, 0) AS "M0",
    COALESCE(CAST("v" AS VARCHAR), '0') AS "C1",
    IFF("v" IS NULL, 1, 0) AS "M1",
    FLOOR(SEQ8() / 65536) AS "BUCKET"
  FROM "few"
  ORDER BY
    "v" ASC NULLS LAST
  LIMIT 3
), "map_batches_2" AS (
  SELECT
    t."C0",
    t."M0",
    t."C1",
    t."M1"
  FROM "map_batches_1" AS s, TABLE(
    "ONEFOLD_00000000000000000000000000000000"(s."C0", s."M0", s."C1", s."M1") OVER (PARTITION BY s."BUCKET")
  ) AS t
)
SELECT
  IFF("M0" = 1, NULL, "C0") AS "k",
  IFF("M1" = 1, NULL, CAST("C1" AS DECIMAL(19, 0))) AS "v"
FROM "map_batches_2";

-- read twice
WITH "map_batches_1" AS (
  SELECT
    COALESCE("k", '') AS "C0",
    IFF("k" IS NULL, 1, 0) AS "M0",
    COALESCE(CAST("v" AS VARCHAR), '0') AS "C1",
    IFF("v" IS NULL, 1, 0) AS "M1",
    FLOOR(SEQ8() / 65536) AS "BUCKET"
  FROM "few"
), "map_batches_2" AS (
  SELECT
    t."C0",
    t."M0",
    t."C1",
    t."M1"
  FROM "map_batches_1" AS s, TABLE(
    "ONEFOLD_00000000000000000000000000000000"(s."C0", s."M0", s."C1", s."M1") OVER (PARTITION BY s."BUCKET")
  ) AS t
), "map_batches_3" AS (
  SELECT
    IFF("M0" = 1, NULL, "C0") AS "k",
    IFF("M1" = 1, NULL, CAST("C1" AS DECIMAL(19, 0))) AS "v"
  FROM "map_batches_2"
), "union_1" AS (
  SELECT
    "k",
    "v"
  FROM "map_batches_3"
  UNION ALL
  SELECT
    "k",
    "v"
  FROM "map_batches_3"
)
SELECT
  "k",
  "v"
FROM "union_1";
