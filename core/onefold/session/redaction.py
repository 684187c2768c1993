"""Text without credentials, for messages and for people."""

from __future__ import annotations

import re

__all__ = ["redacted"]

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s'\"]+@")
_SIGNED = re.compile(
    r"(?<=[?&])([A-Za-z0-9_-]*(?:sig|signature|token|key|credential|secret|password)[A-Za-z0-9_-]*=)[^&\s'\"]+",
    re.IGNORECASE,
)
_NAMED = re.compile(r"((?:secret|password|passwd|token|api_?key)\w*['\"]?\s*(?:=>|:=|=|:)?\s*)'[^']*'", re.IGNORECASE)


def redacted(text: str) -> str:
    """Return text without credentials: those in addresses, signed parameters, and quoted secrets.

    Examples:
        >>> redacted("FROM 'https://me:pw@host/a.csv?X-Amz-Signature=abc&n=1'")
        "FROM 'https://***@host/a.csv?X-Amz-Signature=***&n=1'"
    """
    text = _CREDENTIALS.sub("***@", text)
    text = _SIGNED.sub(r"\1***", text)
    return _NAMED.sub(r"\1'***'", text)
