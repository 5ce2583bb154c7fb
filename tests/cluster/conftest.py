"""One platform in the cluster for all tests, in both data planes in turn, with an account in it."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.support.account import Account
from tests.support.cluster_platform import ClusterPlatform

_names = count(1)


@pytest.fixture(scope="session", params=["plugin", "routes"])
def platform(request: pytest.FixtureRequest) -> Iterator[ClusterPlatform]:
    """Two activators, two waiting runners, an idle minute of five seconds.

    It must be longer than kube-proxy takes to know a pod's address on a busy node: an app that nobody reaches in that time
    sleeps again, and whoever woke it is told that it failed.
    """
    running = ClusterPlatform(FP_DATA_PLANE=request.param, POOL="2", FP_IDLE_SECONDS_PER_MINUTE="5")
    running.up()
    yield running
    running.close()


@pytest.fixture(scope="session")
def ada(platform: ClusterPlatform) -> Account:
    """Who uses it."""
    return Account(platform)  # type: ignore[arg-type]  # it has what an account asks of a platform: url, port, users


@pytest.fixture
def name(ada: Account) -> Iterator[str]:
    """The name of an app of this test's own, deleted in the end."""
    made = f"app{next(_names)}"
    yield made
    ada.http.request("DELETE", f"/api/apps/{made}", json={"name": made})
