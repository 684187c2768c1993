"""How values, moments and tables are shown to people: as plain text and as HTML."""

from onefold.display.html import card, details, facts, html_page, html_table, tree
from onefold.display.text import GAP, moment_text, span_text, text_table, value_text

__all__ = [
    "GAP",
    "card",
    "details",
    "facts",
    "html_page",
    "html_table",
    "moment_text",
    "span_text",
    "text_table",
    "tree",
    "value_text",
]
