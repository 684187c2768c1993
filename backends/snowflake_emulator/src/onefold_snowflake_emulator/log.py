"""The list of the statements that a server has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Statement:
    """One statement that reached the server, and what became of it.

    Attributes:
        text: The statement, as the client sent it.
        parameters: What the client set for this statement alone, such as `QUERY_TAG`.
        query_id: The number that the server gave it.
        session: The number of the session that sent it.
        describe_only: Whether only the columns of the result were asked for.
        asynchronous: Whether the client did not wait for it.
        rows: How many rows of result left the server, or would have if they were not fetched.
        bytes: How many bytes of result left in the answer or were kept to be fetched.
        seconds: How long it ran; None until it has ended.
        error: What it failed with, None if it did not.
    """

    text: str
    parameters: Mapping[str, object]
    query_id: str
    session: int
    describe_only: bool = False
    asynchronous: bool = False
    rows: int = 0
    bytes: int = 0
    seconds: float | None = None
    error: str | None = field(default=None)
