"""The settings of the Spark sessions that plans run in: those that values depend on, and those that only speed does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = ["LARGE", "PINNED", "SMALL", "Profile"]

Profile = Literal["small", "large"]
"""Whether a plan reads little, so that the overhead counts, or much, so that the throughput does."""

PINNED: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.mapKeyDedupPolicy": "EXCEPTION",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.variable.substitute": "false",
    # The first makes (x + 1) - 1 of what may overflow on its way; the second makes a number of an aggregate of no rows, which
    # is then no function over a window any more.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.ReorderAssociativeOperator,"
    "org.apache.spark.sql.catalyst.optimizer.EliminateAggregateFilter",
    "spark.sql.storeAssignmentPolicy": "ANSI",
    # Without it, partitions of a table that get no rows would go as well; all other ways of writing state it themselves.
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    # Instants of nanoseconds come as whole numbers, and not at all otherwise.
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    # What lies in the names of directories is text, and becomes what is declared by our own rules.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    # What makes floats of columns safe (see readers.py) does not reach the fields of structs.
    "spark.sql.optimizer.nestedPredicatePushdown.supportedFileSources": "",
    # It takes a + 1 + 1 and a + (1 + 1) for the same, which they are not for floats.
    "spark.sql.subexpressionElimination.enabled": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.useLargeVarTypes": "false",
    # Batches have a number of rows, and no size: Spark would measure all columns anew for each row, which takes longer than
    # all else together.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "32768",
    "spark.sql.execution.arrow.maxBytesPerBatch": str(2**31 - 1),
}
"""What every session has: the values of features, or the form in which they come, depend on it."""

SMALL: Mapping[str, str] = {
    # Java code for a whole stage takes longer to compile than little data takes to read.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.execution.arrow.localRelationThreshold": str(64 * 2**20),
}
"""What suits little data."""

LARGE: Mapping[str, str] = {
    "spark.sql.adaptive.enabled": "true",
}
"""What suits much data."""
