"""Spark's errors as onefold's: what went wrong, with which query, and without secrets."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import PySparkException, PythonException

from onefold.errors import Cancelled, EngineError, OnefoldError, SourceError, TransformError
from onefold.session.redaction import redacted
from onefold_spark.dialect import ENGINE
from onefold_spark.executors.errors import shipped_error

__all__ = ["FAILURES", "SINK_MARK", "SOURCE_MARK", "quietly", "translated", "unreached"]

FAILURES: tuple[type[Exception], ...] = (PySparkException, Py4JError, pa.ArrowException, OSError, EOFError)
"""What Spark, and the way to it, raise."""

SOURCE_MARK = "onefold source: "
"""What the messages of errors begin with that queries themselves raise about a source's values."""

SINK_MARK = "onefold sink: "
"""What the messages of errors begin with that queries themselves raise about values that a sink can not hold."""

_SOURCE = (
    "FAILED_READ_FILE", "PATH_NOT_FOUND", "CANNOT_READ_FILE", "MALFORMED_RECORD", "MALFORMED_CSV", "PARQUET_",
    "UNABLE_TO_INFER_SCHEMA", "TABLE_OR_VIEW_NOT_FOUND", "DATA_SOURCE_NOT_FOUND", "CANNOT_PARSE_JSON",
    "INVALID_JSON", "UNSUPPORTED_DATASOURCE", "CONFLICTING_DIRECTORY", "CONFLICTING_PARTITION",
    "INVALID_BUCKET_FILE", "CANNOT_LOAD_STATE", "FAILED_TO_PARSE",
)  # fmt: skip
"""Beginnings of the names of Spark's errors about what is read."""

_FULL = ("No space left on device", "File too large", "Disk quota exceeded")
"""What the system says when a file can not grow."""

_FRAME = re.compile(r'File "([^"]+)", line (\d+), in (.+)')


def translated(error: BaseException, query: str) -> OnefoldError:
    """Return the error that callers see for one of Spark's.

    Args:
        error: What Spark, or the way to it, raised.
        query: The query that was running.
    """
    if isinstance(error, OnefoldError):
        return error
    text = str(error)
    if (own := shipped_error(text)) is not None:
        return own
    if SOURCE_MARK in text:
        message = re.split(r"\n| SQLSTATE: ", text.partition(SOURCE_MARK)[2])[0].strip()
        return SourceError(redacted(message[:1].upper() + message[1:]))
    if SINK_MARK in text:
        return EngineError(
            redacted(re.split(r"\n| SQLSTATE: ", text.partition(SINK_MARK)[2])[0].strip()), engine=ENGINE
        )
    if "No module named 'onefold" in text:
        return EngineError(
            "the executors run a Python in which onefold is not installed. Install onefold-spark for it, or let the "
            "environment variable PYSPARK_PYTHON name a Python that has it before Spark is started.",
            engine=ENGINE,
        )
    if isinstance(error, PythonException):
        return TransformError(_python(text))
    condition = error.getCondition() if isinstance(error, PySparkException) else None
    if condition is None and (named := re.search(r"\[([A-Z][A-Z0-9_.]+)\]", text)):
        condition = named[1]
    if (condition or "").startswith("OPERATION_CANCELED") or re.search(r"Job \d+ cancelled", text):
        return Cancelled("The query was stopped.")
    short = redacted(_shortened(text))
    if any(sign in text for sign in _FULL):
        return EngineError(
            f"there is no room for its files: {short} They are in {tempfile.gettempdir()!r} where nothing else is said: "
            "make room there, or name other directories with the option staging, and spark.local.dir in the option conf.",
            engine=ENGINE,
            query=redacted(query),
        )
    if any((condition or "").startswith(name) for name in _SOURCE):
        return SourceError(short)
    if (why := unreached(text)) is not None:
        short = (
            f"the connection to the Spark Connect server broke ({redacted(why)}). "
            "Run it again when the server is there: it opens another session."
        )
    if isinstance(error, Py4JJavaError):  # Java has answered: what it says last is what went wrong
        short = redacted(_shortened(text.rpartition("Caused by: ")[2]))
    elif isinstance(error, Py4JError | OSError | EOFError) and not isinstance(error, PySparkException):
        short = (
            f"the connection to Spark's Java process broke, which ended or was killed ({short}). "
            "Run it again: it starts another one, in another session."
        )
    return EngineError(short, engine=ENGINE, query=redacted(query))


@contextmanager
def quietly() -> Iterator[None]:
    """Hide warnings of PySpark's about what is raised as an error, or is of no matter here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]", UserWarning)
        # It says so of every pandas from 3.0 on, whenever a function runs on executors; none here uses pandas.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


def unreached(text: str) -> str | None:
    r"""Return why a Spark Connect server could not be reached; None when a message is about something else.

    Examples:
        >>> unreached('<_InactiveRpcError ... status = StatusCode.UNAVAILABLE\n details = "Connection refused"\n ...>')
        'Connection refused'
    """
    if "StatusCode.UNAVAILABLE" not in text:
        return None
    found = re.search(r'details = "([^"]*)', text)
    return found[1] if found else "it is not available"


def _shortened(text: str) -> str:
    """Return the lines of a message that say what is wrong: no stack of Java calls, no echo of the query."""
    kept: list[str] = []
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith(
            ("== SQL", "at ", "JVM stacktrace", "Driver stacktrace", "'Project", "+- ", "== DataFrame")
        ):
            break
        if stripped:
            kept.append(stripped)
        if len(kept) == 4:
            break
    return " ".join(kept)[:2000]


def _python(text: str) -> str:
    """Return what a function of the user's raised on an executor, with the line that did."""
    lines = [line for line in text.splitlines() if line.strip()]
    frames = [found for line in lines if (found := _FRAME.search(line))]
    raised = [line.strip() for line in lines if re.match(r"\s*[\w.]+(Error|Exception|Warning|Interrupt)\b", line)]
    where = f"\n  {frames[-1][1]}:{frames[-1][2]}, in {frames[-1][3]}" if frames else ""
    return f"A Python function failed on an executor: {raised[-1] if raised else lines[0].strip()}{where}"
