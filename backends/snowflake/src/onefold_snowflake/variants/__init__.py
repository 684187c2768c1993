"""Lists and structs as Snowflake holds them: arrays and objects of variants, which leave it as JSON text.

A VARIANT keeps the type of a value only inside of the warehouse. In JSON a float has 16 digits, one too few, and there is
no NaN; a number without a fraction is exact, and a time or bytes are text. So elements are put into arrays in a form that
JSON keeps, and are read from it where a function wants the value:

=================================  ===================================================================================
int64, bool, string                as they are
float64                            text: scientific notation with all digits; ``NaN``, ``inf``, ``-inf``
decimals, date32, timestamps       text as a conversion gives it
binary                             text: hexadecimal digits
lists, structs                     arrays, objects
null                               a JSON null: ``ARRAY_AGG`` leaves an SQL null out, ``OBJECT_CONSTRUCT`` its field too
=================================  ===================================================================================

See :mod:`onefold_snowflake.variants.elements` for SQL, and :mod:`onefold_snowflake.variants.texts` for Arrow.
"""
