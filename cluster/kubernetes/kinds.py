"""The few fields of Kubernetes' objects that we read; everything else in them is passed over while decoding.

An object of the API server's has kilobytes, of which we need a tenth: decoding into these structs keeps the memory of a
mirror of thousands of pods small, and says what we rely on.
"""

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class _Object(msgspec.Struct, rename="camel", frozen=True):
    pass


class Owner(_Object, frozen=True):
    kind: str
    name: str


class Metadata(_Object, frozen=True):
    """`deletion_timestamp` is set once the object is on its way out. `generation` grows with each change of the spec."""

    name: str = ""
    uid: str = ""
    resource_version: str = ""
    generation: int = 0
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    creation_timestamp: str = ""
    deletion_timestamp: str | None = None
    owner_references: list[Owner] = []


class Variable(_Object, frozen=True):
    name: str
    value: str = ""


class Container(_Object, frozen=True):
    env: list[Variable] = []


class Gate(_Object, frozen=True):
    name: str


class PodSpec(_Object, frozen=True):
    node_name: str = ""
    scheduling_gates: list[Gate] = []
    containers: list[Container] = []


class Terminated(_Object, frozen=True):
    exit_code: int = 0
    reason: str = ""
    message: str = ""


class Waiting(_Object, frozen=True):
    reason: str = ""
    message: str = ""


class Running(_Object, frozen=True):
    started_at: str = ""


class ContainerState(_Object, frozen=True):
    running: Running | None = None
    waiting: Waiting | None = None
    terminated: Terminated | None = None


class ContainerStatus(_Object, frozen=True):
    restart_count: int = 0
    state: ContainerState = ContainerState()
    last_state: ContainerState = ContainerState()


class Condition(_Object, frozen=True):
    type: str
    status: str
    reason: str = ""
    message: str = ""


class PodStatus(_Object, frozen=True):
    phase: str = ""
    reason: str = ""
    message: str = ""
    pod_ip: str = msgspec.field(default="", name="podIP")
    conditions: list[Condition] = []
    container_statuses: list[ContainerStatus] = []


class Pod(_Object, frozen=True):
    metadata: Metadata
    spec: PodSpec = PodSpec()
    status: PodStatus = PodStatus()

    @property
    def leaving(self) -> bool:
        """It is being deleted, or was thrown out by its node."""
        return self.metadata.deletion_timestamp is not None or self.status.phase in ("Failed", "Succeeded")

    @property
    def gated(self) -> bool:
        """Nobody has let it go yet, so it costs nothing."""
        return bool(self.spec.scheduling_gates)

    def variable(self, name: str) -> str:
        """A variable of its container's environment, as it was written into the pod."""
        found = (each.value for container in self.spec.containers for each in container.env if each.name == name)
        return next(found, "")

    @property
    def death(self) -> Terminated | None:
        """How its process ended, if it did; the kubelet may have started the container anew since."""
        for status in self.status.container_statuses:
            for state in (status.state, status.last_state):
                if state.terminated is not None:
                    return state.terminated
        return None


class DeploymentSpec(_Object, frozen=True):
    replicas: int = 0


class Deployment(_Object, frozen=True):
    metadata: Metadata
    spec: DeploymentSpec = DeploymentSpec()


class Secret(_Object, frozen=True):
    metadata: Metadata
    data: dict[str, str] = {}


class Named(_Object, frozen=True):
    """Any object, when only its metadata matters."""

    metadata: Metadata


class List(_Object, Generic[T], frozen=True):
    metadata: Metadata
    items: list[T] = []


class Event(_Object, frozen=True):
    """A line of a watch; what the object is depends on its type."""

    type: str
    object: msgspec.Raw


class Status(_Object, frozen=True):
    """What the API server says of a call that failed."""

    message: str = ""
    reason: str = ""
    code: int = 0
