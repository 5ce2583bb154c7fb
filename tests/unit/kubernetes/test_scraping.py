"""Prometheus finds the figures of every part: annotated, at a port that the pod has, and let in by a policy."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

BASE = Path(__file__).resolve().parents[3] / "manifests" / "base"


def documents() -> Iterator[dict[str, Any]]:
    for file in sorted(BASE.glob("*.yaml")):
        yield from (each for each in yaml.safe_load_all(file.read_text()) if isinstance(each, dict))


def pod_of(part: str) -> dict[str, Any]:
    [found] = [
        each["spec"]["template"]
        for each in documents()
        if each.get("kind") == "Deployment" and each["spec"]["template"]["metadata"]["labels"]["fp.dev/part"] == part
    ]
    return dict(found)


@pytest.mark.parametrize("part", ["activator", "control", "worker"])
def test_each_part_is_found_and_reached(part: str) -> None:
    pod = pod_of(part)
    told = pod["metadata"]["annotations"]
    assert (told["prometheus.io/scrape"], told["prometheus.io/path"]) == ("true", "/metrics")
    port = int(told["prometheus.io/port"])
    [container] = pod["spec"]["containers"]
    assert port in [each["containerPort"] for each in container["ports"]]
    if part != "activator":
        variable = {"control": "FP_METRICS_PORT", "worker": "FP_HEALTH_PORT"}[part]
        assert {"name": variable, "value": str(port)} in container["env"]
    policies = [each for each in documents() if each.get("kind") == "NetworkPolicy"]
    [policy] = [each for each in policies if each["metadata"]["name"] == "scrape"]
    assert part in policy["spec"]["podSelector"]["matchExpressions"][0]["values"]
    [rule] = policy["spec"]["ingress"]
    assert {"port": port} in rule["ports"]
    assert rule["from"] == [{"namespaceSelector": {"matchLabels": {"fp.dev/scrapes": "true"}}}]
