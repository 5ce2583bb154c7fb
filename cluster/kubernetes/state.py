"""From objects to what they mean: an app's view, its tickets, which pod serves. Pure."""

import hmac
from collections.abc import Iterable
from datetime import datetime

import msgspec

from cluster.base import AppView, Blocked, Failure
from cluster.kubernetes import names
from cluster.kubernetes.kinds import Deployment, Pod


def view(deployment: Deployment, pods: Iterable[Pod]) -> AppView:
    """What is, of the app of `deployment`. `pods`: all of the app's."""
    notes = deployment.metadata.annotations
    serving = serving_pod(deployment, pods)
    return AppView(
        app=app_of(deployment),
        name=notes.get(names.NAME, ""),
        version=live_version(deployment),
        number=int(notes.get(names.NUMBER, "0")),
        digest=notes.get(names.DIGEST, ""),
        hosts=_hosts(notes.get(names.HOSTS, "[]")),
        idle_minutes=int(notes.get(names.IDLE, "15")),
        replicas=min(deployment.spec.replicas, 1),
        upstream=serving.metadata.annotations[names.UPSTREAM] if serving else None,
        instance=serving.metadata.name if serving else None,
        ticket=ticket_of(serving) if serving else None,
        closed=bool(notes.get(names.GATE)),
        failure=failure_of(notes.get(names.FAILURE, "")),
        blocked=blocked_of(deployment),
        phases=_phases(serving),
    )


def serving_pod(deployment: Deployment, pods: Iterable[Pod]) -> Pod | None:
    """The pod that requests go to: of the live version, ready by its own word, alive, the newer where there are two."""
    if not deployment.spec.replicas:
        return None
    able = [pod for pod in pods if is_of(pod, deployment) and is_ready(pod)]
    return max(able, key=lambda pod: (wanted_since(pod), pod.metadata.name), default=None)


def is_of(pod: Pod, deployment: Deployment) -> bool:
    """It is an instance of the live version."""
    return pod.metadata.labels.get(names.EDITION) == edition_of(deployment) and not is_buried(pod)


def is_ready(pod: Pod) -> bool:
    """Its runner said so, and nothing since says otherwise."""
    notes = pod.metadata.annotations
    return bool(notes.get(names.UPSTREAM)) and not pod.leaving and not is_dead(pod)


def is_dead(pod: Pod) -> bool:
    """Its process ended, or its runner said that it would; the kubelet's restart of it does not count."""
    notes = pod.metadata.annotations
    return bool(notes.get(names.DEAD) or notes.get(names.FAILED)) or pod.death is not None


def app_of(thing: Deployment | Pod) -> str:
    """The id of the app that it belongs to; empty for the pool's."""
    return thing.metadata.labels.get(names.APP, "")


def edition_of(deployment: Deployment) -> str:
    """The label of the live version's pods."""
    return names.edition(deployment.metadata.annotations.get(names.DIGEST, ""))


def is_buried(pod: Pod) -> bool:
    """It was an instance; what is left of it ships its last records."""
    return pod.metadata.labels.get(names.ROLE) == names.DEAD_ROLE


def wanted_since(pod: Pod) -> datetime:
    """Since when it is to become ready: it was made then, or taken out of the pool, where it may have waited for days."""
    return datetime.fromisoformat(pod.metadata.annotations.get(names.CLAIMED) or pod.metadata.creation_timestamp)


def live_version(deployment: Deployment) -> str:
    return deployment.metadata.annotations.get(names.LIVE, "")


def blocked_of(deployment: Deployment) -> Blocked:
    """Why the app may not run."""
    why = deployment.metadata.annotations.get(names.BLOCKED, "")
    return "paused" if why == "paused" else "over_limit" if why else ""


def is_owned(pod: Pod) -> bool:
    """A ReplicaSet has it."""
    return bool(pod.metadata.owner_references)


def is_in_pool(pod: Pod) -> bool:
    """It waits, and nobody has taken it."""
    return pod.metadata.labels.get(names.ROLE) == names.POOL


def ticket_of(pod: Pod) -> str:
    """What the runner in that pod shows, and is shown."""
    return pod.variable(names.TICKET_VARIABLE).replace(names.UID_REFERENCE, f"{pod.metadata.uid}.")


def shows_its_ticket(pod: Pod, ticket: str) -> bool:
    """`ticket` is that pod's, which has one."""
    expected = ticket_of(pod)
    return bool(expected) and hmac.compare_digest(expected.encode(), ticket.encode("utf-8", "replace"))


def failure_of(text: str) -> Failure | None:
    """A failure out of an annotation."""
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=Failure)
    except msgspec.MsgspecError:
        return Failure("exited", text)


def _hosts(text: str) -> list[str]:
    return msgspec.json.decode(text, type=list[str])


def _phases(serving: Pod | None) -> dict[str, float]:
    text = serving.metadata.annotations.get(names.PHASES, "") if serving else ""
    return msgspec.json.decode(text, type=dict[str, float]) if text else {}
