-- list_get(list<int64>, index=2)
-- https://docs.snowflake.com/en/sql-reference/functions/as_integer
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/get
SELECT CAST(AS_INTEGER(GET("a", 1)) AS DECIMAL(19, 0)) FROM "t";

-- list_get(list<float64>, index=-1)
-- https://docs.snowflake.com/en/sql-reference/functions/array_size
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/get
-- https://docs.snowflake.com/en/sql-reference/operators-arithmetic
SELECT CAST(AS_VARCHAR(GET("a", ARRAY_SIZE("a") - 1)) AS DOUBLE) FROM "t";

-- list_get(list<struct<a: date32>>, index=1)
-- https://docs.snowflake.com/en/sql-reference/functions/as_object
-- https://docs.snowflake.com/en/sql-reference/functions/get
SELECT AS_OBJECT(GET("a", 0)) FROM "t";

-- list_length(list<int64>)
-- https://docs.snowflake.com/en/sql-reference/functions/array_size
-- https://docs.snowflake.com/en/sql-reference/functions/cast
SELECT CAST(ARRAY_SIZE("a") AS DECIMAL(19, 0)) FROM "t";

-- list_contains(list<int64>, int64)
-- https://docs.snowflake.com/en/sql-reference/functions-semistructured
-- https://docs.snowflake.com/en/sql-reference/functions/array_size
-- https://docs.snowflake.com/en/sql-reference/functions/as_integer
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/filter
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN NOT "b" IS NULL THEN ARRAY_SIZE(FILTER("a", ONEFOLD_ELEMENT -> CAST(AS_INTEGER(ONEFOLD_ELEMENT) AS DECIMAL(19, 0)) = "b")) > 0 END FROM "t";

-- list_contains(list<float64>, float64)
-- https://docs.snowflake.com/en/sql-reference/functions-semistructured
-- https://docs.snowflake.com/en/sql-reference/functions/array_size
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/filter
-- https://docs.snowflake.com/en/sql-reference/functions/is-null
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
-- https://docs.snowflake.com/en/sql-reference/operators-logical
SELECT CASE WHEN NOT "b" IS NULL THEN ARRAY_SIZE(FILTER("a", ONEFOLD_ELEMENT -> CAST(AS_VARCHAR(ONEFOLD_ELEMENT) AS DOUBLE) = "b")) > 0 END FROM "t";

-- list_sort(list<int64>, descending=False)
-- https://docs.snowflake.com/en/sql-reference/functions-semistructured
-- https://docs.snowflake.com/en/sql-reference/functions/array_sort
-- https://docs.snowflake.com/en/sql-reference/functions/as_integer
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/parse_json
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/functions/transform
SELECT TRANSFORM(ARRAY_SORT(TRANSFORM("a", ONEFOLD_ELEMENT -> CAST(AS_INTEGER(ONEFOLD_ELEMENT) AS DECIMAL(19, 0))), TRUE, FALSE), ONEFOLD_ELEMENT -> COALESCE(TO_VARIANT(CAST(ONEFOLD_ELEMENT AS DECIMAL(19, 0))), PARSE_JSON('null'))) FROM "t";

-- list_sort(list<float64>, descending=True)
-- https://docs.snowflake.com/en/sql-reference/functions-semistructured
-- https://docs.snowflake.com/en/sql-reference/functions/abs
-- https://docs.snowflake.com/en/sql-reference/functions/array_sort
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/case
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/parse_json
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/functions/transform
-- https://docs.snowflake.com/en/sql-reference/operators-comparison
SELECT TRANSFORM(ARRAY_SORT(TRANSFORM("a", ONEFOLD_ELEMENT -> CAST(AS_VARCHAR(ONEFOLD_ELEMENT) AS DOUBLE)), FALSE, FALSE), ONEFOLD_ELEMENT -> COALESCE(TO_VARIANT(CASE WHEN ABS(CAST(ONEFOLD_ELEMENT AS DOUBLE)) < CAST('inf' AS DOUBLE) THEN TO_CHAR(CAST(ONEFOLD_ELEMENT AS DOUBLE), 'TME') ELSE CAST(CAST(ONEFOLD_ELEMENT AS DOUBLE) AS VARCHAR) END), PARSE_JSON('null'))) FROM "t";

-- list_sort(list<decimal128(10, 2)>, descending=True)
-- https://docs.snowflake.com/en/sql-reference/functions-semistructured
-- https://docs.snowflake.com/en/sql-reference/functions/array_sort
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/parse_json
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/functions/transform
SELECT TRANSFORM(ARRAY_SORT(TRANSFORM("a", ONEFOLD_ELEMENT -> CAST(AS_VARCHAR(ONEFOLD_ELEMENT) AS DECIMAL(10, 2))), FALSE, FALSE), ONEFOLD_ELEMENT -> COALESCE(TO_VARIANT(CAST(CAST(ONEFOLD_ELEMENT AS DECIMAL(10, 2)) AS VARCHAR)), PARSE_JSON('null'))) FROM "t";

-- list_sort(list<binary>, descending=True)
-- https://docs.snowflake.com/en/sql-reference/functions-semistructured
-- https://docs.snowflake.com/en/sql-reference/functions/array_sort
-- https://docs.snowflake.com/en/sql-reference/functions/as_char-varchar
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/coalesce
-- https://docs.snowflake.com/en/sql-reference/functions/parse_json
-- https://docs.snowflake.com/en/sql-reference/functions/to_binary
-- https://docs.snowflake.com/en/sql-reference/functions/to_char
-- https://docs.snowflake.com/en/sql-reference/functions/to_variant
-- https://docs.snowflake.com/en/sql-reference/functions/transform
SELECT TRANSFORM(ARRAY_SORT(TRANSFORM("a", ONEFOLD_ELEMENT -> TO_BINARY(AS_VARCHAR(ONEFOLD_ELEMENT), 'HEX')), FALSE, FALSE), ONEFOLD_ELEMENT -> COALESCE(TO_VARIANT(TO_CHAR(CAST(ONEFOLD_ELEMENT AS BINARY), 'HEX')), PARSE_JSON('null'))) FROM "t";

-- struct_get(struct<key: string, value: int64>, field='value')
-- https://docs.snowflake.com/en/sql-reference/functions/as_integer
-- https://docs.snowflake.com/en/sql-reference/functions/cast
-- https://docs.snowflake.com/en/sql-reference/functions/get
SELECT CAST(AS_INTEGER(GET("a", 'value')) AS DECIMAL(19, 0)) FROM "t";
