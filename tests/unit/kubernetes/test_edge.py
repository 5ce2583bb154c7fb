"""What Traefik is told, compared whole."""

from cluster.kubernetes import edge
from tests.support.activator_cluster import awake, view


def test_the_plugin_has_one_route_for_all_apps() -> None:
    middleware, route = edge.plugin_plane("fp-activator.fp-system:9000", "t0ken", "apps.example.com")
    assert middleware["spec"] == {"plugin": {"wake": {"activator": "fp-activator.fp-system:9000", "token": "t0ken"}}}
    assert route["spec"]["routes"] == [
        {
            "kind": "Rule",
            "match": r"HostRegexp(`^[a-z0-9-]+\.apps\.example\.com$`)",
            "priority": 2,
            "middlewares": [{"name": "wake"}],
            "services": [{"name": "noop@internal", "kind": "TraefikService"}],
        }
    ]


def test_what_all_routes_share() -> None:
    shared = {
        (each["kind"], each["metadata"]["name"]): each["spec"]
        for each in edge.routes_plane("fp-activator.s:9000", "t", "x.y")
    }
    assert shared["Middleware", "wake"]["forwardAuth"]["address"] == "http://fp:t@fp-activator.s:9000/wake"
    assert shared["Middleware", "in-its-place"]["errors"]["service"] == {"name": "fp-activator", "port": 9000}
    assert "503" not in shared["Middleware", "in-its-place"]["errors"]["status"]


def test_an_apps_route_names_what_never_changes() -> None:
    asleep, up = view("a", hosts=["a.x", "b.x"]), awake("a", 9, hosts=["a.x", "b.x"])
    assert edge.route(asleep) == edge.route(up)
    service, route = edge.route(asleep)
    assert "selector" not in service["spec"]
    assert route["spec"]["routes"][0]["match"] == "Host(`a.x`) || Host(`b.x`)"
    assert route["spec"]["routes"][0]["services"] == [
        {"name": "app-a", "port": 80, "nativeLB": True, "serversTransport": "apps"}
    ]


def test_a_request_with_a_body_goes_the_same_way_and_ends_its_connection() -> None:
    _, route = edge.route(view("a", hosts=["a.x", "b.x"]))
    without, with_body = route["spec"]["routes"]
    assert with_body["match"] == "(Host(`a.x`) || Host(`b.x`)) && HeaderRegexp(`Content-Length`, `[1-9]`)"
    assert with_body["priority"] > without["priority"]
    assert with_body["services"] == without["services"]
    assert with_body["middlewares"] == [*without["middlewares"], {"name": "hang-up"}]


def test_hosts_that_cannot_be_one_make_no_rule() -> None:
    assert edge.route(view("a", hosts=["`) || PathPrefix(`/", "A.x", ""])) == []


def test_endpoints_follow_the_app() -> None:
    assert edge.endpoints(view("a"))["endpoints"] == []
    up = edge.endpoints(awake("a", 9))
    assert up["endpoints"] == [{"addresses": ["127.0.0.1"], "conditions": {"ready": True}}]
    assert up["ports"] == [{"name": "http", "port": 9, "protocol": "TCP"}]
