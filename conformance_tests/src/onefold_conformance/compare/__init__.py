"""Comparing what a backend gives with what it should give: exactly, or within a stated bound."""
