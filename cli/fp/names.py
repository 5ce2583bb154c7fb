"""Names that more than one process must agree on: headers, environment variables, reserved paths and words.

A name that only one module uses stays in that module. The runner repeats the few it needs (it imports nothing of
ours); a contract test holds the two lists together.
"""

import re
from typing import Final

# --- headers -------------------------------------------------------------------------------------------------------
# Everything that starts with this prefix is ours: the data plane strips it from what comes in from outside.
HEADER_PREFIX: Final = "X-Fp-"
HEADER_UPSTREAM: Final = "X-Fp-Upstream"
"""Activator to data plane, on a 200 of `/wake`: `host:port` of the awake app."""
HEADER_COLD_START: Final = "X-Fp-Cold-Start"
"""Data plane to runner, on a request that had to wait for a wake: milliseconds it was held, a decimal number."""
HEADER_STALE: Final = "X-Fp-Stale"
"""Data plane to activator, on `/wake`: the `host:port` that just refused a connection."""
HEADER_TICKET: Final = "X-Fp-Ticket"
"""Activator to runner, on the reserved path: proof that the caller is the platform."""
HEADER_REQUEST_ID: Final = "Fp-Request-Id"
"""On a request: its answer shall carry the id of the request's record, in a header of the same name, set by the runner."""

# --- the runner's reserved path ------------------------------------------------------------------------------------
RESERVED_PATH: Final = "/.fp/"
"""Answered by the runner itself, to callers that show the ticket; a user's route can never take it over."""

# --- settings people set -------------------------------------------------------------------------------------------
ENV_PORT: Final = "FP_PORT"
ENV_DATA: Final = "FP_DATA"
ENV_DOMAIN: Final = "FP_DOMAIN"
ENV_APPS_DOMAIN: Final = "FP_APPS_DOMAIN"
ENV_MONGO_URI: Final = "FP_MONGO_URI"
ENV_SECRET_KEY: Final = "FP_SECRET_KEY"
ENV_HOST: Final = "FP_HOST"
ENV_TOKEN: Final = "FP_TOKEN"
ENV_APP: Final = "FP_APP"
ENV_DATA_PLANE: Final = "FP_DATA_PLANE"
ENV_TRUSTED_PROXIES: Final = "FP_TRUSTED_PROXIES"
"""Proxies in front of the door whose word on a visitor's address counts: addresses and ranges, comma-separated."""

# --- settings the supervisor hands to the processes ------------------------------------------------------------------
ENV_CONTROL_PORT: Final = "FP_CONTROL_PORT"
"""Control's public listener (API and web page), loopback; Traefik routes to it."""
ENV_INTERNAL_PORT: Final = "FP_INTERNAL_PORT"
"""Control's internal listener (ingest)."""
ENV_ACTIVATOR_PORT: Final = "FP_ACTIVATOR_PORT"
"""The activator's HTTP listener: `/wake`, `/table`, `/activity`, app operations, health."""
ENV_CHECKIN_PORT: Final = "FP_CHECKIN_PORT"
"""The activator's listener for runners that check in."""
ENV_NODE_PORT: Final = "FP_NODE_PORT"
"""The local node's listener for `LocalCluster`."""
ENV_CLUSTER_KIND: Final = "FP_CLUSTER_KIND"
"""What runs the apps: `local`, the node of this machine, by default; `kubernetes`."""
ENV_BIND: Final = "FP_BIND"
"""The address on which a process listens, loopback by default; in a pod every address."""
ENV_ACTIVATOR_HOST: Final = "FP_ACTIVATOR_HOST"
"""Where control finds the activators, this machine by default."""
ENV_INTERNAL_HOST: Final = "FP_INTERNAL_HOST"
"""Where the activators find control's internal listener, this machine by default."""
ENV_DOOR_HOST: Final = "FP_DOOR_HOST"
"""Where the platform's own processes find Traefik, this machine by default."""
ENV_DOOR_PORT: Final = "FP_DOOR_PORT"
"""Traefik's port there, where it is another one than people come to."""
ENV_HEALTH_PORT: Final = "FP_HEALTH_PORT"
"""Where a process without any other listener says that it lives; not set: nowhere."""
ENV_METRICS_PORT: Final = "FP_METRICS_PORT"
"""Where the api process tells Prometheus its figures to whoever asks; not set: nowhere but on the internal listener."""
ENV_INTERNAL_TOKEN: Final = "FP_INTERNAL_TOKEN"
"""The credential of every internal call, `Authorization: Bearer`; random, made at each `up`."""
ENV_RUNNER_PYTHON: Final = "FP_RUNNER_PYTHON"
"""The interpreter apps run in, with the packages of requirements/apps.txt."""
ENV_PACKAGES_FILE: Final = "FP_PACKAGES_FILE"
"""The list of the packages apps have, where the interpreter they run in is not on this machine."""
ENV_WEB_DIR: Final = "FP_WEB_DIR"
"""Folder of the built web page that control serves."""
ENV_START_SECONDS: Final = "FP_START_SECONDS"
"""How long an app may take from process start to ready, seconds, default 20."""

ENV_APP_MEMORY_MB: Final = "FP_APP_MEMORY_MB"
"""What one app may use of memory, megabytes, default 512."""
ENV_APP_CPUS: Final = "FP_APP_CPUS"
"""Cores that one app may use, default 1."""
ENV_APP_PROCESSES: Final = "FP_APP_PROCESSES"
"""Processes and threads that one app may have, default 128."""
ENV_WARM_MB: Final = "FP_WARM_MB"
"""Memory for keeping sleeping apps imported, megabytes, default 128; 0: none."""
ENV_CGROUPS: Final = "FP_CGROUPS"
"""`auto`: limits by control groups where they may be made; `off`: without them."""

# --- what an app finds in its environment ---------------------------------------------------------------------------
ENV_PLATFORM_MONGO_URI: Final = "PLATFORM_MONGO_URI"

# --- what a runner finds in it, and the app does not ------------------------------------------------------------------
SHARING_VARIABLE: Final = "FP_SHARING"

# --- words ----------------------------------------------------------------------------------------------------------
DEFAULT_PORT: Final = 8080
DEFAULT_DOMAIN: Final = "localhost"
DEFAULT_IDLE_MINUTES: Final = 15
APP_NAME_PATTERN: Final = r"^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$"
"""An app's name is a DNS label: 1 to 40 characters, lower case, starts with a letter, no hyphen at the end."""
APP_NAME: Final = re.compile(APP_NAME_PATTERN)
RESERVED_APP_NAMES: Final = frozenset(
    {"admin", "api", "app", "apps", "docs", "fp", "import", "internal", "platform", "static", "status", "www"}
)

# --- limits at the door ----------------------------------------------------------------------------------------------
MAX_FILES: Final = 50
MAX_FILE_BYTES: Final = 100 * 1024
MAX_TOTAL_BYTES: Final = 500 * 1024
KEPT_VERSIONS: Final = 10
