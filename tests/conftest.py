"""For all tests: the long ones begin first; Hypothesis judges what is computed, never how long it took on a busy machine.

`FP_TEST_HYPOTHESIS=same` has it draw the same examples each time, so that who judges a change says the same of it twice.
"""

import os
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("untimed"), derandomize=True)
settings.load_profile(os.environ.get("FP_TEST_HYPOTHESIS", "untimed"))

TESTS: Final = Path(__file__).parent
LAYERS: Final = ("e2e", "integration", "contract", "unit", "cluster")
"""From the longest files to the shortest: two processes that share files end together when the short ones come last."""

LONG: Final = {
    "e2e": "admin_page chaos conflict explorer_page files fleet language many_apps metrics_page records_page settings_page "
    "try_panel up wakes warm_wakes",
    "integration/activator": "breaking client_limits crowds dying_activator holding hostile_http sleeping slow_peers "
    "staying_awake",
    "integration/api": "counted_once hostile killed_half_way openapi_fuzz process tail",
    "integration/backup": "refused",
    "integration/cli": "admin at_a_terminal client_on_bad_days log_in_and_tokens pull_and_push",
    "integration/lifecycle": "two_of_each worker_process",
    "integration/node": "disk doubtful_fork dry_load life limits",
    "integration/store": "bootstrap",
}
"""What `just test` leaves to `just test-long`: processes that die again and again, crowds, the fuzzers, and the journeys through
the browser that come after the first one. Each takes more than its share of ten minutes."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of LAYERS; within a layer as they are. The files of LONG get the mark `long`."""
    long = {TESTS / folder / f"test_{name}.py" for folder, names in LONG.items() for name in names.split()}
    if gone := [path for path in long if not path.exists()]:
        raise pytest.UsageError(f"tests/conftest.py lists as long what is not there: {gone}")
    for item in items:
        if item.path in long:
            item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: LAYERS.index(item.path.relative_to(TESTS).parts[0]))
