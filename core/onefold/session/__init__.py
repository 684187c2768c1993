"""Sessions on engines: all of them that is the same, whatever an engine's queries look like."""

from onefold.session.connection import EngineConnection, TableOf, no_source
from onefold.session.session import EngineSession, Run

__all__ = ["EngineConnection", "EngineSession", "Run", "TableOf", "no_source"]
