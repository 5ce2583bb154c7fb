"""What Traefik is told, as objects of its own kinds: the way of all apps to the plugin, or a route for each app. Pure.

It is the Kubernetes side of `traefik/dynamic/`; docs/data-plane.md says why it is as it is. Traefik has a namespace of its own,
so that its right to read Secrets ends there. Objects that apps have here are named and labelled after them.

A route's Service has no selector: its EndpointSlice is ours, and says where the app is the moment its runner says that it
serves. Kubernetes' own controller would learn the address from the kubelet, a second later.
"""

import re
from typing import Any

from cluster.base import AppView
from cluster.kubernetes import names

Manifest = dict[str, Any]

TRAEFIK = "traefik.io/v1alpha1"
ASKED_HEADERS = [
    "Accept", "Accept-Language", "Purpose", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Purpose", "User-Agent",
]  # fmt: skip
WITH_BODY = "HeaderRegexp(`Content-Length`, `[1-9]`)"
"""Requests after whose answer the connection is closed (docs/data-plane.md says why)."""
_HOST = re.compile(r"[a-z0-9.-]{1,253}")


def control_way(control: str) -> list[Manifest]:
    """Everything that is no app's is control's. An event stream must arrive event by event."""
    compress = _object("Middleware", "compress", {"compress": {"excludedContentTypes": ["text/event-stream"]}})
    return [
        compress,
        _object("IngressRoute", "control", _router("PathPrefix(`/`)", 1, ["compress"], _service(control))),
    ]


def plugin_plane(activator: str, token: str, apps_domain: str) -> list[Manifest]:
    """One route for all apps, however many there are: the plugin knows the rest."""
    wake = _object("Middleware", "wake", {"plugin": {"wake": {"activator": activator, "token": token}}})
    # The plugin answers every request itself; a route must name a service all the same.
    noop = {"name": "noop@internal", "kind": "TraefikService"}
    return [wake, _all_apps(apps_domain, ["wake"], noop)]


def routes_plane(activator: str, token: str, apps_domain: str) -> list[Manifest]:
    """What the routes of all apps share, and the route of hosts that have none."""
    service = _service(activator)
    return [
        _object("Middleware", "wake", _forward_auth(activator, token, "/wake")),
        _object("Middleware", "wake-unrouted", _forward_auth(activator, token, "/wake?unrouted")),
        _object("Middleware", "to-error", {"replacePath": {"path": "/error"}}),
        _object(
            "Middleware",
            "in-its-place",
            {
                "errors": {
                    "status": ["470", "502", "504"],
                    "statusRewrites": {"470": 200},
                    "service": service,
                    "query": "/error?status={status}&url={url}",
                }
            },
        ),
        # kube-proxy may take more than a second to know an app's new address, on a busy node many.
        _object("Middleware", "again", {"retry": {"attempts": 80, "initialInterval": "50ms"}}),
        _object("Middleware", "hang-up", {"headers": {"customResponseHeaders": {"Connection": "close"}}}),
        _object(
            "ServersTransport",
            "apps",
            {
                "maxIdleConnsPerHost": 256,
                "forwardingTimeouts": {"dialTimeout": "100ms", "idleConnTimeout": "60s"},
            },
        ),
        _all_apps(apps_domain, ["wake-unrouted", "to-error"], service),
    ]


def route(view: AppView) -> list[Manifest]:
    """An app's own route: hosts to one address that never changes. Nothing where it has no host that can be one."""
    hosts = [host for host in view.hosts if _HOST.fullmatch(host)]
    if not hosts:
        return []
    name = names.app_name(view.app)
    labels = {names.APP: view.app, names.ROLE: "app"}
    rule = " || ".join(f"Host(`{host}`)" for host in hosts)
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": labels},
        "spec": {"ports": [{"name": "http", "port": 80}], "type": "ClusterIP"},
    }
    target = {"name": name, "port": 80, "nativeLB": True, "serversTransport": "apps"}
    way = ["in-its-place", "wake", "again"]
    routes = [
        _route(rule, 10, way, target),
        _route(f"({rule}) && {WITH_BODY}", 11, [*way, "hang-up"], target),
    ]
    router = _object("IngressRoute", name, {"routes": routes})
    router["metadata"]["labels"] = labels
    return [service, router]


def endpoints(view: AppView) -> Manifest:
    """Where the app is: one address, or none while it sleeps."""
    host, _, port = (view.upstream or "").rpartition(":")
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": names.app_name(view.app),
            "labels": {
                names.APP: view.app,
                names.ROLE: "app",
                "kubernetes.io/service-name": names.app_name(view.app),
                "endpointslice.kubernetes.io/managed-by": "fp.dev",
            },
        },
        "addressType": "IPv6" if ":" in host else "IPv4",
        "endpoints": [{"addresses": [host.strip("[]")], "conditions": {"ready": True}}] if host else [],
        "ports": [{"name": "http", "port": int(port or 8000), "protocol": "TCP"}],
    }


def _object(kind: str, name: str, spec: Manifest) -> Manifest:
    return {
        "apiVersion": TRAEFIK,
        "kind": kind,
        "metadata": {"name": name, "labels": {names.ROLE: "edge"}},
        "spec": spec,
    }


def _all_apps(apps_domain: str, middlewares: list[str], service: Manifest) -> Manifest:
    rule = f"HostRegexp(`^[a-z0-9-]+\\.{re.escape(apps_domain)}$`)"
    return _object("IngressRoute", "apps", _router(rule, 2, middlewares, service))


def _router(rule: str, priority: int, middlewares: list[str], service: Manifest) -> Manifest:
    return {"routes": [_route(rule, priority, middlewares, service)]}


def _route(rule: str, priority: int, middlewares: list[str], service: Manifest) -> Manifest:
    return {
        "kind": "Rule",
        "match": rule,
        "priority": priority,
        "middlewares": [{"name": name} for name in middlewares],
        "services": [service],
    }


def _forward_auth(activator: str, token: str, path: str) -> Manifest:
    return {
        "forwardAuth": {
            # The credential is in the address, so that a visitor's own Authorization is not in its way.
            "address": f"http://fp:{token}@{activator}{path}",
            "trustForwardHeader": True,
            "authRequestHeaders": ASKED_HEADERS,
            "authResponseHeadersRegex": "^X-Fp-",
        }
    }


def _service(address: str) -> Manifest:
    """A part of the platform's, by its Service in Traefik's own namespace. `address`: `name.namespace:port`."""
    host, _, port = address.rpartition(":")
    return {"name": host.partition(".")[0], "port": int(port)}
