"""What bodies in Python may state and import, and what is told when they fail."""

from __future__ import annotations

import base64
import builtins
import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

import cloudpickle
import pytest
from snowflake.connector.errors import DatabaseError

Run = Callable[..., list[tuple[Any, ...]]]

TABLE = """
CREATE OR REPLACE FUNCTION t(a INT) RETURNS TABLE (b VARCHAR) LANGUAGE PYTHON {} HANDLER = 'T' AS $$
{}
$$
"""
HANDLER = "class T:\n    def process(self, a):\n        {}"
CALL = "SELECT b FROM TABLE(t(1))"


def _message(run: Run, text: str) -> str:
    with pytest.raises(DatabaseError) as raised:
        run(text)
    return str(raised.value)


# ------------------------------------------------------------------------------------------------ what is stated


@pytest.mark.parametrize("version", ["'3.9'", "3.10", "3.11", "'3.12'", "3.13", "'3.14'"])
def test_runtimes_that_snowflake_has(run: Run, version: str) -> None:
    run(TABLE.format(f"RUNTIME_VERSION = {version}", HANDLER.format("yield (str(a),)")))
    assert run(CALL) == [("1",)]


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("", "Missing option(s): [RUNTIME_VERSION]"),
        ("RUNTIME_VERSION = '3.7'", "invalid value [3.7] for parameter 'RUNTIME_VERSION'"),
        ("RUNTIME_VERSION = '3'", "invalid value [3]"),
        ("RUNTIME_VERSION = '3.11.4'", "invalid value [3.11.4]"),
        ("RUNTIME_VERSION = '3.11' PACKAGES = ('no-such-package')", "The package 'no-such-package' is unknown."),
        ("RUNTIME_VERSION = '3.11' PACKAGES = ('pandas', 'numpy=1')", "'numpy=1' is not a name"),
        ("RUNTIME_VERSION = '3.11' PACKAGES = ('pandas 2')", "'pandas 2' is not a name"),
        ("RUNTIME_VERSION = '3.11' PACKAGES = ('pandas==')", "'pandas==' is not a name"),
    ],
)
@pytest.mark.parametrize("returns", ["TABLE (b VARCHAR)", "VARCHAR"])
def test_what_is_stated_is_checked(run: Run, stated: str, message: str, returns: str) -> None:
    text = TABLE.format(stated, HANDLER.format("yield ('',)")).replace("TABLE (b VARCHAR)", returns)
    assert message in _message(run, text)


@pytest.mark.parametrize("package", ["pandas", "pandas==0.1", "pandas>=1,<2", "Pandas ~= 1.0", "pandas==2.*"])
def test_versions_of_packages_do_not_matter(run: Run, package: str) -> None:
    body = "import pandas\n" + HANDLER.format("yield (pandas.__name__,)")
    run(TABLE.format(f"RUNTIME_VERSION = 3.11 PACKAGES = ('{package}')", body))
    assert run(CALL) == [("pandas",)]


# ------------------------------------------------------------------------------------------------ imports

IMPORTS = [
    "import pyarrow",
    "import pyarrow.compute",
    "from pyarrow import compute",
    "import onefold",
    "import importlib; importlib.import_module('pyarrow')",
    "__import__('pyarrow')",
    "import pickle; pickle.loads(b'cpyarrow\\nTable\\n.')",
    "import pickle; pickle._loads(b'cpyarrow\\nTable\\n.')",
]


@pytest.mark.parametrize("statement", IMPORTS)
def test_modules_of_packages_that_are_not_stated_are_not_there(run: Run, statement: str) -> None:
    packages = "RUNTIME_VERSION = 3.11 PACKAGES = ('pandas')"
    name = "onefold" if "onefold" in statement else "pyarrow"
    message = f"ModuleNotFoundError: No module named '{name}'"
    assert message in _message(run, TABLE.format(packages, statement + "\n" + HANDLER.format("yield ('',)")))
    run(TABLE.format(packages, HANDLER.format(f"{statement}; yield ('',)")))
    assert message in _message(run, CALL)


@pytest.mark.parametrize("statement", [each for each in IMPORTS if "onefold" not in each])
def test_modules_of_packages_that_are_stated_are_there(run: Run, statement: str) -> None:
    packages = "RUNTIME_VERSION = 3.11 PACKAGES = ('pandas', 'pyarrow==1')"
    run(TABLE.format(packages, statement + "\n" + HANDLER.format(f"{statement}; yield ('x',)")))
    assert run(CALL) == [("x",)]


def test_what_packages_need_and_the_standard_library_are_there(run: Run) -> None:
    body = "import numpy, dateutil, json, decimal, xml.etree, _snowflake\n" + HANDLER.format("import six; yield ('x',)")
    run(TABLE.format("RUNTIME_VERSION = 3.11 PACKAGES = ('pandas')", body))
    assert run(CALL) == [("x",)]
    assert "No module named 'numpy'" in _message(run, TABLE.format("RUNTIME_VERSION = 3.11", body))


def _by_value(source: str) -> str:
    module = types.ModuleType("features_of_a_user")
    sys.modules[module.__name__] = module
    exec(source, vars(module))
    cloudpickle.register_pickle_by_value(module)
    try:
        return base64.b64encode(cloudpickle.dumps(module.function)).decode()
    finally:
        cloudpickle.unregister_pickle_by_value(module)
        del sys.modules[module.__name__]


@pytest.mark.parametrize(
    "source",
    [
        "import pyarrow\ndef function(): return pyarrow.__name__",
        "from pyarrow import Table\ndef function(): return Table.__module__[:7]",
        "def function():\n    import pyarrow\n    return pyarrow.__name__",
    ],
)
def test_functions_that_travel_as_values_import_what_is_stated(run: Run, source: str) -> None:
    load = f"import base64, cloudpickle\nf = cloudpickle.loads(base64.b64decode('{_by_value(source)}'))"
    body = HANDLER.format(f"{load}\nf = f()\nyield (f,)".replace("\n", "\n        "))
    run(TABLE.format("RUNTIME_VERSION = 3.11 PACKAGES = ('cloudpickle')", body))
    assert "No module named 'pyarrow'" in _message(run, CALL)
    run(TABLE.format("RUNTIME_VERSION = 3.11 PACKAGES = ('cloudpickle', 'pyarrow')", body))
    assert run(CALL) == [("pyarrow",)]


def test_imports_elsewhere_are_left_alone(run: Run) -> None:
    run(TABLE.format("RUNTIME_VERSION = 3.11", HANDLER.format("yield ('x',)")))
    run(CALL)
    _message(run, TABLE.format("RUNTIME_VERSION = 3.11", "import pyarrow"))
    assert (builtins.__import__.__module__, importlib.import_module.__module__) == ("builtins", "importlib")


# ------------------------------------------------------------------------------------------------ failures


def test_a_failure_is_told_with_the_lines_of_the_body(run: Run) -> None:
    body = """import pandas
def half(frame):
    raise ValueError("no 'half'\\nof it")
class T:
    def end_partition(self, frame):
        return half(frame)
T.end_partition._sf_vectorized_input = pandas.DataFrame"""
    run(TABLE.format("RUNTIME_VERSION = 3.11 PACKAGES = ('pandas')", body))
    with pytest.raises(DatabaseError) as raised:
        run("SELECT b FROM (SELECT 1 AS x) s, TABLE(t(s.x) OVER (PARTITION BY s.x))")
    error = raised.value
    assert (error.errno, error.sqlstate) == (100357, "P0000")
    lines = [line for line in str(error.msg).splitlines() if not set(line) <= set(" ^~")]
    assert lines == [
        "100357 (P0000): Python Interpreter Error:",
        "Traceback (most recent call last):",
        '  File "_udf_code.py", line 7, in end_partition',
        "    return half(frame)",
        '  File "_udf_code.py", line 4, in half',
        "    raise ValueError(\"no 'half'\\nof it\")",
        "ValueError: no 'half'",
        "of it",
        " in function T with handler T",
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "class T:\n    def __init__(self):\n        1 / 0\n    def process(self, a):\n        pass",
            "line 4, in __init__",
        ),
        ("class T:\n    def process(self, a):\n        yield ('x',)\n        1 / 0", "line 5, in process"),
        (
            "class T:\n    def process(self, a):\n        pass\n    def end_partition(self):\n        1 / 0",
            "line 6, in end_partition",
        ),
        ("class T:\n    def process(self):\n        pass", "takes 1 positional argument but 2 were given"),
    ],
)
def test_failures_of_methods(run: Run, body: str, message: str) -> None:
    run(TABLE.format("RUNTIME_VERSION = 3.11", body))
    told = _message(run, CALL)
    assert message in told
    assert told.endswith("in function T with handler T")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("class T", 'File "_udf_code.py", line 2'),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("x = 1", "Python function is not callable: T"),
        ("def T(a):\n    return a", "the handler T is not a class"),
        ("class T:\n    pass", "T has no process method"),
        ("class T:\n    def end_partition(self):\n        pass", "T has no process method"),
        (
            "import pandas\nclass T:\n    process = end_partition = lambda *_: None\nT.end_partition._sf_vectorized_input = pandas.DataFrame",
            "T has a vectorized end_partition, and so no process method",
        ),
        (
            "class T:\n    def process(self, a):\n        pass\nT.process._sf_vectorized_input = list",
            "the input of a vectorized method is pandas.DataFrame",
        ),
        (
            "import pandas, _snowflake\nclass T:\n    process = _snowflake.vectorized(input=pandas.DataFrame, max_batch_size=0)(lambda *_: None)",
            "max_batch_size is a positive number",
        ),
    ],
)
def test_bodies_that_are_refused(run: Run, body: str, message: str) -> None:
    assert message in _message(run, TABLE.format("RUNTIME_VERSION = 3.11 PACKAGES = ('pandas')", body))


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ("(a INT, A INT) RETURNS TABLE (b INT)", "duplicate column name among the arguments"),
        ("(a INT) RETURNS TABLE (b INT, b INT)", "duplicate column name among the columns"),
        ("(a INT) RETURNS TABLE ()", "at least one column"),
        ("(a INT) RETURNS TABLE (b INT NOT NULL)", "NOT NULL"),
        ("(a INT DEFAULT 1) RETURNS TABLE (b INT)", "DEFAULT"),
        ("(a TIMESTAMP_TZ) RETURNS TABLE (b INT)", "TIMESTAMPTZ as an argument or a column"),
        ("(a VARIANT) RETURNS TABLE (b INT)", "VARIANT as an argument or a column"),
        (f"({', '.join(f'a{n} INT' for n in range(501))}) RETURNS TABLE (b INT)", "at most 500 arguments"),
        (f"(a INT) RETURNS TABLE ({', '.join(f'a{n} INT' for n in range(501))})", "at most 500 columns"),
    ],
)
def test_definitions_that_are_refused(run: Run, definition: str, message: str) -> None:
    body = HANDLER.format("pass")
    text = f"CREATE FUNCTION u{definition} LANGUAGE PYTHON RUNTIME_VERSION = 3.11 HANDLER = 'T' AS $$\n{body}\n$$"
    assert message in _message(run, text)
    assert "Unknown function U" in _message(run, "SELECT * FROM TABLE(u(1))")
