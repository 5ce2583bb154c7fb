"""What a pod's state means to the person who waits for it: a word on where it is, or why it cannot go on. Pure.

Kubernetes says these things in conditions and reasons that its users learn; ours must not have to.
"""

from cluster.base import Failure
from cluster.exits import exit_failure
from cluster.kubernetes import names
from cluster.kubernetes.kinds import Condition, Pod, Terminated

_NO_IMAGE = frozenset({"ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName"})
_NO_CONTAINER = frozenset({"CreateContainerError", "CreateContainerConfigError", "RunContainerError"})
_TAIL_LINES = 100
_KILLED = 128
IMAGE_HINT = (
    "The runner's image must be in the cluster: an administrator sees FP_RUNNER_IMAGE and the nodes' pull errors."
)
ROOM_HINT = "Put other apps to sleep, give apps less memory (FP_APP_MEMORY_MB), or add a node."
QUOTA_HINT = "An administrator can raise the ResourceQuota of the apps' namespace; sleeping apps do not count."

ENDED = Failure("exited", "Its process ended; the cluster will say how")
"""What is said of an instance until its node tells how it died."""


def progress(pod: Pod) -> str:
    """Where a pod is on its way to the first word of its runner."""
    if pod.gated:
        return "Waiting to be let go"
    scheduled = condition(pod, "PodScheduled")
    if scheduled is not None and scheduled.status == "False":
        return f"Waiting for room on a node: {room(scheduled)}"
    if not pod.spec.node_name:
        return "Looking for a node"
    for status in pod.status.container_statuses:
        if status.state.waiting is not None and status.state.waiting.reason in _NO_IMAGE:
            return "Its image cannot be pulled, trying again"
        if status.state.running is not None:
            return "Starting the app"
    return f"Starting its container on {pod.spec.node_name}"


def obstacle(pod: Pod) -> Failure | None:
    """What keeps it from starting, if that is known and will not pass by itself soon."""
    for status in pod.status.container_statuses:
        waiting = status.state.waiting
        if waiting is not None and waiting.reason in _NO_IMAGE:
            return Failure("image_missing", f"The runner's image cannot be pulled: {waiting.message}", hint=IMAGE_HINT)
        if waiting is not None and waiting.reason in _NO_CONTAINER:
            return Failure("exited", f"Its container cannot be made: {waiting.message or waiting.reason}")
    if pod.status.phase == "Failed" and pod.status.reason:
        return Failure("killed", f"Its node threw it out: {pod.status.message or pod.status.reason}")
    return None


def too_late(pod: Pod, seconds: float) -> Failure:
    """It is not ready after all this time: why, as far as the cluster knows."""
    if (known := obstacle(pod)) is not None:
        return known
    scheduled = condition(pod, "PodScheduled")
    if scheduled is not None and scheduled.status == "False" and scheduled.reason == "Unschedulable":
        return Failure("no_room", f"No node has room for it: {room(scheduled)}", hint=ROOM_HINT)
    return Failure("start_timeout", f"It was not ready after {seconds:g} s: {progress(pod).lower()}")


def death(pod: Pod, ended: Terminated) -> Failure:
    """How its process ended."""
    tail = [line for line in ended.message.splitlines() if line.strip()][-_TAIL_LINES:]
    ready = bool(pod.metadata.annotations.get(names.UPSTREAM))
    if ended.reason == "OOMKilled":
        return out_of_memory(pod)
    code = ended.exit_code
    return exit_failure(_KILLED - code if _KILLED < code < _KILLED + 65 else code, ready=ready, tail=tail)


def out_of_memory(pod: Pod) -> Failure:
    """It took more than it may."""
    text = "The app used more memory than it may have and was ended"
    return Failure("out_of_memory", text, hint="Use less at a time, or give apps more with FP_APP_MEMORY_MB.")


def refusal(message: str) -> Failure:
    """The API server did not take the pod."""
    if "exceeded quota" in message:
        return Failure("quota_exceeded", f"The apps' quota is used up: {message}", hint=QUOTA_HINT)
    return Failure("exited", f"The cluster does not take it: {message}")


def room(scheduled: Condition) -> str:
    """The scheduler's reason without its talk of preemption."""
    return scheduled.message.partition(" preemption:")[0].rstrip(" .") or "no node fits"


def condition(pod: Pod, kind: str) -> Condition | None:
    """A condition of the pod's by its type."""
    return next((each for each in pod.status.conditions if each.type == kind), None)
