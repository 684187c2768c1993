"""Backends that are wrong in ways that test the runner itself."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from onefold.contract import Capabilities, Full, Unsupported, known_capabilities
from onefold.errors import UnsupportedOperation
from onefold.plan import Relation
from onefold.types import schema_to_arrow
from onefold_conformance.oracle.backend import OracleBackend
from onefold_conformance.oracle.session import OracleSession


class _Session(OracleSession):
    """A session of the oracle that a subclass makes wrong."""


class _Backend(OracleBackend):
    session: type[_Session] = _Session

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(self.name, {**dict(super().capabilities), **dict.fromkeys(known_capabilities(), Full())})

    def open(self, options: Mapping[str, Any]) -> OracleSession:
        return self.session(self.name, self.oracle, self.capabilities)


class Liar(_Backend):
    """Declares everything, and returns its first input, or nothing, in the declared schema where it can."""

    class session(_Session):  # noqa: N801
        def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Any = None) -> pa.RecordBatchReader:
            schema = schema_to_arrow(plan.output)
            for data in inputs.values():
                table = data if isinstance(data, pa.Table) else data.read_all()
                if table.schema == schema:
                    return table.to_reader()
            return schema.empty_table().to_reader()


class Refuses(_Backend):
    """Declares everything, and refuses everything."""

    class session(_Session):  # noqa: N801
        def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Any = None) -> pa.RecordBatchReader:
            raise UnsupportedOperation(node=plan.kind, engine="refuses", reason="it is tired", way_out="Let it be.")


class Modest(OracleBackend):
    """Declares nothing, and refuses everything: honest, and of no use."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(self.name, {"relation.join": Unsupported(reason="it is modest")})


class Boaster(OracleBackend):
    """Declares nothing, and returns right values all the same."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(self.name, {})

    def open(self, options: Mapping[str, Any]) -> OracleSession:
        return OracleSession(self.name, self.oracle, OracleBackend().capabilities)


class Crashes(_Backend):
    """Takes its process with it."""

    class session(_Session):  # noqa: N801
        def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Any = None) -> pa.RecordBatchReader:
            os._exit(3)


class CrashesAtTimes(_Backend):
    """Takes its process with it where a filter is asked for."""

    class session(_Session):  # noqa: N801
        def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Any = None) -> pa.RecordBatchReader:
            if plan.kind == "filter":
                os._exit(3)
            return super().execute(plan, inputs, sink=sink)


class Hangs(_Backend):
    """Never answers."""

    class session(_Session):  # noqa: N801
        def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Any = None) -> pa.RecordBatchReader:
            time.sleep(600)
            raise AssertionError("it was waited for")


class Chatters(OracleBackend):
    """Is right, and prints to standard output while it runs, as engines do."""

    def open(self, options: Mapping[str, Any]) -> OracleSession:
        class Session(OracleSession):
            def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Any = None) -> pa.RecordBatchReader:
                sys.stdout.write('{"status": "pass"}\n')
                sys.stdout.flush()
                return super().execute(plan, inputs, sink=sink)

        return Session(self.name, self.oracle, self.capabilities)


class WrongSchema(_Backend):
    """Returns right values in a schema of its own."""

    class session(_Session):  # noqa: N801
        def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Any = None) -> pa.RecordBatchReader:
            table = super().execute(plan, inputs, sink=sink).read_all()
            kinds = {pa.int64(): pa.int32(), pa.string(): pa.large_string(), pa.float64(): pa.float32()}
            schema = pa.schema([field.with_type(kinds.get(field.type, field.type)) for field in table.schema])
            return table.cast(schema, safe=False).to_reader()


class Raises(_Backend):
    """Lets an exception of its engine through."""

    class session(_Session):  # noqa: N801
        def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Any = None) -> pa.RecordBatchReader:
            raise KeyError("an internal name")


class FailsLate(_Backend):
    """Fails while its rows are read, after the first batch."""

    class session(_Session):  # noqa: N801
        def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Any = None) -> pa.RecordBatchReader:
            reader = super().execute(plan, inputs, sink=sink)

            def batches() -> Any:
                yield from reader
                raise ValueError("the connection was lost")

            return pa.RecordBatchReader.from_batches(reader.schema, batches())


class CanNotOpen(OracleBackend):
    """Has no engine to talk to."""

    def open(self, options: Mapping[str, Any]) -> OracleSession:
        raise RuntimeError("no server at the other end")
