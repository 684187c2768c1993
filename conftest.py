"""What holds for all tests: no deadlines, and no Snowflake account unless one is named."""

from __future__ import annotations

import pytest
from hypothesis import settings

# No test asserts anything by the clock: a busy machine is no failure.
settings.register_profile("onefold", deadline=None)
settings.load_profile("onefold")

MARK = "snowflake_live"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the tests on an account."""
    group = parser.getgroup("snowflake")
    group.addoption(
        "--snowflake-connection",
        metavar="NAME",
        help=f"the profile in connections.toml that tests marked {MARK} run on; they create a schema, and drop it",
    )
    group.addoption("--snowflake-cases", metavar="TEXT", help="only the cases whose names contain a text")
    group.addoption(
        "--snowflake-results",
        metavar="FILE",
        help="where results are kept; those of an account go into the repository when left out, those of an emulator nowhere",
    )


@pytest.hookimpl(trylast=True)  # after -m has chosen
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that need an account where none is named; to have asked for them is an error then."""
    live = [item for item in items if item.get_closest_marker(MARK)]
    if not live or config.getoption("--snowflake-connection"):
        return
    if MARK in (config.option.markexpr or ""):
        raise pytest.UsageError(
            f"Tests marked {MARK} run on a Snowflake account. Name a profile in connections.toml: "
            f"pytest -m {MARK} --snowflake-connection NAME"
        )
    config.hook.pytest_deselected(items=live)
    items[:] = [item for item in items if item not in live]
