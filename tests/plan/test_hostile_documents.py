"""Documents from strangers: refused with a DocumentError, whatever they hold; nothing in them is executed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zlib
from random import Random
from typing import Any

import pytest
from tests.plan.examples import every_kind, random_plan

from onefold.errors import DocumentError
from onefold.plan import Plan
from onefold.plan.document import KINDS, MAX_BYTES, MAX_NODES

ROWS = {
    "kind": "input",
    "name": "rows",
    "columns": [["k", "string", True], ["late", "bool", True], ["x", "int64", True]],
}
LATE = {"kind": "column", "name": "late"}


def document(*nodes: Any, root: Any = None, version: Any = 1) -> str:
    return json.dumps({"onefold_plan": version, "nodes": list(nodes), "root": len(nodes) - 1 if root is None else root})


def label(value: Any) -> str:
    """Return a short, unique name of a test's parameter."""
    text = repr(value)
    return text if len(text) < 60 else f"{text[:30]} {zlib.crc32(text.encode()):08x}"


def refused(text: str | bytes, match: str = ".", *, seconds: float = 20) -> DocumentError:
    started = time.perf_counter()
    with pytest.raises(DocumentError, match=match) as caught:
        Plan.from_json(text)
    # Only what never ends is caught here: it is no measurement.
    assert time.perf_counter() - started < seconds
    assert len(str(caught.value)) < 10_000
    return caught.value


def ref(position: Any) -> dict[str, Any]:
    return {"node": position}


def test_the_smallest_documents_are_read() -> None:
    assert Plan.from_json(document(ROWS)).schema.names == ("k", "late", "x")
    both = document(ROWS, LATE, {"kind": "filter", "input": ref(0), "predicate": ref(1)})
    assert Plan.from_json(both).schema.names == ("k", "late", "x")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "not JSON"),
        ("nonsense", "not JSON"),
        ("{", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"\x80abc", "not JSON"),
        ("\ufeff{}", "not JSON"),
        ("null", "no 'onefold_plan' version"),
        ("[]", "no 'onefold_plan' version"),
        ("{}", "no 'onefold_plan' version"),
        ('"onefold_plan"', "no 'onefold_plan' version"),
        ('{"onefold_plan": 1}', "exactly the members"),
        (document(ROWS)[:-1] + ', "extra": 1}', "exactly the members"),
        (document(ROWS, version=2), "format version 2"),
        (document(ROWS, version="1"), "format version '1'"),
        (document(ROWS, version=True), "format version True"),
        (document(ROWS, version=1.0), "format version 1.0"),
        (document(ROWS, version=[1] * 1000), "format version"),
        ('{"onefold_plan": 1, "onefold_plan": 1, "nodes": [], "root": 0}', "names a member twice"),
        (document(ROWS).replace('"name"', '"name": "a", "name"'), "names a member twice"),
        ('{"onefold_plan": 1, "nodes": [], "root": 0}', "list of 1 to"),
        ('{"onefold_plan": 1, "nodes": {}, "root": 0}', "list of 1 to"),
        (document(ROWS, root=-1), "position of a node"),
        (document(ROWS, root=1), "position of a node"),
        (document(ROWS, root=True), "position of a node"),
        (document(ROWS, root=0.0), "position of a node"),
        (document(ROWS, root="0"), "position of a node"),
        (document(LATE), "which is not a relation"),
        (document(None), "object with a 'kind'"),
        (document([]), "object with a 'kind'"),
        (document({}), "object with a 'kind'"),
        (document({"kind": 5}), "object with a 'kind'"),
        (document({"kind": "scna"}), "Did you mean 'scan'"),
        (document({"kind": "x" * 10**6}), "no node of kind"),
        (document({"kind": "__class__"}), "no node of kind"),
        (document({"kind": "input"}), "Field required"),
        (document({**ROWS, "self": 1}), "malformed"),
        (document({**ROWS, "fingerprint": "0" * 64}), "fingerprint"),
        (document({**ROWS, "model_config": {}}), "model_config"),
        (document({**ROWS, "__class__": "os.system"}), "__class__"),
        (document({**ROWS, "nmae": "x"}), "nmae"),
    ],
    ids=label,
)
def test_what_is_not_a_document_is_refused(text: str | bytes, match: str) -> None:
    refused(text, match)


@pytest.mark.parametrize("position", [1, 2, -1, 10**30, True, False, 0.0, "0", None, [0], {"node": 0}], ids=repr)
def test_only_earlier_nodes_can_be_named(position: Any) -> None:
    """References forward or to the node itself would be cycles."""
    refused(document(ROWS, {"kind": "distinct", "input": ref(position)}), "node 1: .*only earlier nodes")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_tokens_that_json_does_not_have_are_refused(value: str) -> None:
    refused(document(ROWS).replace('"rows"', value), "not a JSON value")


@pytest.mark.parametrize(
    "value",
    [0.5, "1", True, None, [], {}, -1, 2**63, 10**1000, {"float": "0x1p0"}, {"node": 0}, {"map": {}}],
    ids=label,
)
def test_a_count_is_a_whole_number_that_fits(value: Any) -> None:
    refused(document(ROWS, {"kind": "limit", "input": ref(0), "count": value}), "count")


def test_numbers_of_any_length_are_refused_at_once() -> None:
    refused(document(ROWS).replace('"rows"', "9" * 10**6))
    refused('{"onefold_plan": ' + "9" * 10**6 + ', "nodes": [], "root": 0}')


def test_text_that_is_not_unicode_is_refused() -> None:
    refused(document({**ROWS, "name": "\ud800"}))
    refused(document({**ROWS, "columns": [["\ud800", "int64", True]]}), "half of a character")
    refused(document({**ROWS, "columns": [["a", 'struct<"\\ud800": int64>', True]]}), "half of a character")
    refused(document(ROWS, {"kind": "literal", "dtype": "string", "value": "\udfff"}, root=0))


LITERALS: list[tuple[str, Any]] = [
    ("int64", 2**63),
    ("int64", 1.0),
    ("int64", True),
    ("int64", {"float": "0x1p0"}),
    ("float64", 1),
    ("float64", {"float": "one"}),
    ("float64", {"float": "0x1p999999999"}),
    ("float64", {"float": 1}),
    ("bool", 1),
    ("string", 1),
    ("binary", "zz"),
    ("binary", "a"),
    ("date32", "2024-02-30"),
    ("date32", "20240201"),
    ("date32", "2024-W05-1"),
    ("date32", "10000-01-01"),
    ("timestamp[us]", "2024-01-01T00:00:00.1234567"),
    ("timestamp[us]", "2024-01-01T25:00:00"),
    ("timestamp[us, UTC]", "2024-01-01T00:00:00+00:00"),
    ("timestamp[us, UTC]", "2024-01-01T00:00:00Z"),
    ("decimal128(5, 2)", "1.005"),
    ("decimal128(5, 2)", "1000"),
    ("decimal128(5, 2)", "NaN"),
    ("decimal128(5, 2)", "sNaN"),
    ("decimal128(5, 2)", "Infinity"),
    ("decimal128(5, 2)", "1e999999"),
    ("decimal128(5, 2)", "1e-999999"),
    ("decimal128(5, 2)", "1e999999999999999999999"),
    ("decimal128(5, 2)", "1." + "0" * 100_000 + "1"),
    ("decimal128(5, 2)", 1),
    ("list<int64>", [1, "a"]),
    ("list<int64>", 1),
    ("list<list<int64>>", [[1]]),
    ("struct<a: int64>", {"a": 1}),
    ("int32", 1),
    ("list<" * 1000, None),
]


@pytest.mark.parametrize(("dtype", "value"), LITERALS, ids=label)
def test_literals_hold_values_of_their_type(dtype: str, value: Any) -> None:
    refused(document({"kind": "literal", "dtype": dtype, "value": value}, ROWS), "node 0")


@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_json_nested_without_end_is_refused(bracket: str) -> None:
    refused(bracket * 100_000, "too deep")
    closing = "]" if bracket == "[" else "}"
    refused(document(ROWS).replace('"rows"', bracket * 500 + "1" + closing * 500))


def test_expressions_nested_without_end_are_refused() -> None:
    nodes: list[Any] = [ROWS, LATE]
    nodes += [{"kind": "call", "function": "not", "args": [ref(position)]} for position in range(1, 90_000)]
    nodes.append({"kind": "filter", "input": ref(0), "predicate": ref(len(nodes) - 1)})
    refused(document(*nodes), "nested 251 deep; at most 250")


def test_relations_stacked_without_end_are_refused() -> None:
    nodes: list[Any] = [ROWS, *({"kind": "distinct", "input": ref(position)} for position in range(90_000))]
    refused(document(*nodes), "201 relations deep; at most 200")


def test_expressions_that_double_are_refused() -> None:
    x = {"kind": "column", "name": "x"}
    nodes: list[Any] = [ROWS, x]
    nodes += [{"kind": "call", "function": "add", "args": [ref(p), ref(p)]} for p in range(1, 250)]
    refused(document(*nodes), "at most 50,000 are allowed")


def test_plans_that_double_are_read_and_their_errors_stay_small() -> None:
    nodes: list[Any] = [ROWS, *({"kind": "union", "relations": [ref(p), ref(p)]} for p in range(150))]
    assert Plan.from_json(document(*nodes)).root.depth == 151
    nodes.append({"kind": "filter", "input": ref(0), "predicate": ref(150)})
    refused(document(*nodes), "predicate")
    nodes[-1] = {"kind": "sort", "input": ref(150), "keys": [{"column": "y"}]}
    refused(document(*nodes), "no column|name the column 'y'")


def test_documents_without_end_are_refused() -> None:
    refused(" " * (MAX_BYTES + 1), "larger than 32 MiB")
    refused(document(*[LATE] * (MAX_NODES + 1)), "1 to 100,000 nodes")


def test_long_names_are_not_compared_and_not_repeated() -> None:
    long = "a" * 5_000_000
    columns = [["a" * 94 + str(number), "int64", True] for number in range(20_000)]
    rows = {**ROWS, "columns": columns}
    refused(document(rows, {"kind": "sort", "input": ref(0), "keys": [{"column": long}]}))
    refused(document(rows, {"kind": "sort", "input": ref(0), "keys": [{"column": "a" * 99}]}))
    refused(document(ROWS, {"kind": "call", "function": long}))


def test_wide_plans_are_checked_in_reasonable_time() -> None:
    width = 20_000
    rows = {**ROWS, "columns": [[f"c{number}", "int64", True] for number in range(width)]}
    columns = [{"kind": "column", "name": f"c{number}"} for number in range(width)]
    project = {
        "kind": "project",
        "input": ref(0),
        "columns": [{"name": f"d{number}", "expression": ref(number + 1)} for number in range(width)],
    }
    started = time.perf_counter()
    assert len(Plan.from_json(document(rows, *columns, project)).schema) == width
    assert time.perf_counter() - started < 60


SEVERAL = [every_kind(), *(random_plan(seed) for seed in (3, 5, 8, 13, 21))]
JUNK: list[Any] = [
    None, True, False, 0, 1, -1, 2**31, 2**63, -(2**63) - 1, 10**40, 0.5, -0.0, 1e308, "", "x", "\x00", "\ud83d", "a" * 300,
    [], {}, [[]], [None], {"node": 0}, {"node": 3}, {"node": 10**9}, {"node": True}, {"float": "nan"}, {"float": "x"},
    {"map": {}}, {"map": {"node": {"node": 0}}}, {"map": 1}, {"kind": "column"}, "int64", "list<int64>", "decimal128(1,1)",
    "__import__('os')", "count", "add", "first", [{"node": 0}, {"node": 1}], {"column": "k"}, [["k", "int64", True]],
    [["k", "int64", 1]], [["k", "int64"]], [{"column": "k", "descending": 1}],
]  # fmt: skip


def mutate(value: Any, random: Random) -> Any:
    """Return a document with one place changed: replaced, removed, doubled, swapped, or put one level deeper."""
    places: list[tuple[Any, Any]] = []
    stack = [value]
    while stack:
        item = stack.pop()
        keys = range(len(item)) if isinstance(item, list) else list(item) if isinstance(item, dict) else ()
        for key in keys:
            places.append((item, key))
            stack.append(item[key])
    holder, key = random.choice(places)
    match random.randrange(8):
        case 0 | 1 | 2:
            holder[key] = random.choice(JUNK)
        case 3:
            other, place = random.choice(places)
            holder[key] = json.loads(json.dumps(other[place]))
        case 4:
            del holder[key]
        case 5:
            holder[key] = [holder[key]]
        case 6:
            if isinstance(holder, dict):
                holder[random.choice(["kind", "node", "self", "x", "", "by", "where"])] = holder[key]
            else:
                holder.append(holder[key])
        case 7:
            if isinstance(holder[key], int):
                holder[key] += random.choice([-1, 1, 7])
            elif isinstance(holder[key], str):
                holder[key] += random.choice([" ", "x", "'", "\u0000"])
    return value


@pytest.mark.parametrize("chunk", range(8))
def test_mutated_documents_are_read_exactly_or_refused(chunk: int) -> None:
    """Thousands of documents that are nearly right: a DocumentError, or a plan that can be written and read again."""
    texts = [Plan(root).to_json() for root in SEVERAL]
    outcomes = {"read": 0, "refused": 0}
    longest = 0
    for seed in range(chunk * 400, (chunk + 1) * 400):
        random = Random(seed)
        changed = json.loads(random.choice(texts))
        for _ in range(random.choice([1, 1, 1, 2, 5])):
            changed = mutate(changed, random)
            if not changed:
                break
        text = json.dumps(changed)
        try:
            plan = Plan.from_json(text)
        except DocumentError as error:
            outcomes["refused"] += 1
            longest = max(longest, len(str(error)))
        else:
            outcomes["read"] += 1
            assert Plan.from_json(plan.to_json()).fingerprint == plan.fingerprint, seed
    assert longest < 10_000
    assert outcomes["read"] > 10, outcomes
    assert outcomes["refused"] > 200, outcomes


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_wrong_values_in_every_field_are_refused(kind: str) -> None:
    """Each field of each kind is replaced by pieces of junk."""
    source = json.loads(Plan(every_kind()).to_json())
    position, node = next((at, node) for at, node in enumerate(source["nodes"]) if node["kind"] == kind)
    before = source["nodes"][:position]
    rows = {"kind": "input", "name": "r", "columns": [["k", "string", True]]}
    for name in KINDS[kind].model_fields:
        for junk in JUNK[::3]:
            nodes = [*before, {**node, name: junk}, rows]
            try:
                Plan.from_json(json.dumps({"onefold_plan": 1, "nodes": nodes, "root": len(nodes) - 1}))
            except DocumentError as error:
                assert str(error).startswith(f"node {position}"), (name, junk)  # noqa: PT017 - most are refused


@pytest.mark.parametrize("seed", range(200))
def test_random_bytes_and_cut_documents_are_refused(seed: int) -> None:
    random = Random(seed)
    data = bytearray(Plan(every_kind()).to_json().encode())
    if seed % 2:
        refused(bytes(data[: random.randrange(1, len(data))]))
        return
    for _ in range(random.randint(1, 3)):
        data[random.randrange(len(data))] = random.randrange(256)
    try:
        Plan.from_json(bytes(data))
    except DocumentError:
        return


def test_reading_a_document_imports_and_runs_nothing() -> None:
    """The function of a transform and the text of native SQL are names and text: reading them does not touch them."""
    nodes = [
        ROWS,
        {
            "kind": "map_batches",
            "input": ref(0),
            "function": {"module": "antigravity", "name": "__import__('os').abort()", "source_hash": "0"},
            "columns": [["x", "int64", True]],
        },
        {
            "kind": "native_sql",
            "relations": [{"name": "a", "relation": ref(1)}],
            "text": "install evil from 'https://example.org'; copy (select 1) to 'stolen.csv'",
            "dialect": "duckdb",
            "columns": [["x", "int64", True]],
        },
    ]
    code = (
        "import sys\nfrom onefold.plan import Plan\n"
        f"Plan.from_json({Plan(every_kind()).to_json()!r}).fingerprint\n"  # what pydantic imports when it is first used
        "before = set(sys.modules)\n"
        f"plan = Plan.from_json({document(*nodes)!r})\nplan.fingerprint, plan.schema, plan.to_json()\n"
        "print(sorted(set(sys.modules) - before))"
    )
    path = [entry for entry in sys.path if entry]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{code}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
