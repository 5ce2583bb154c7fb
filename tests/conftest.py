"""For all tests: the long ones begin first; Hypothesis judges what is computed, never how long it took on a busy machine."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

TESTS = Path(__file__).parent
LAYERS = ("e2e", "integration", "contract", "unit", "cluster")
"""From the longest files to the shortest: two processes that share files end together when the short ones come last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of LAYERS; within a layer as they are."""
    items.sort(key=lambda item: LAYERS.index(item.path.relative_to(TESTS).parts[0]))
