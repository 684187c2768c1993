"""The Snowflake backend of onefold: feature views inside of the warehouse, or only their first stage."""
