"""Files as lazy frames, in the declared types of a source."""

from onefold_polars.sources.scans import scan_frame, schema_in_files

__all__ = ["scan_frame", "schema_in_files"]
