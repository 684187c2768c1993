"""The HTTP that clients of Snowflake speak."""
