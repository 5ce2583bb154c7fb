"""What can go wrong, in the platform's own words. They say nothing of HTTP: `control.api.problems` maps them.

DomainError
├── NotFound            there is no such thing, or it was deleted
├── Conflict            the state that the change needs is not there
│   ├── NameTaken           an app or account of that name exists
│   ├── DraftChanged        somebody else saved; carries the etag that is current
│   ├── NotDeployed         the app has no live version yet
│   ├── LastAdmin           without this account nobody would be administrator
│   └── LostRace            another process changed it first; read again and retry
├── Invalid             it breaks a rule; carries findings where files are to blame
│   ├── TooLarge            it is over a limit at the door
│   ├── BadCursor           a list's cursor was not made by us
│   └── TooBroad            the search would take too long
├── SecretUnreadable    the key that encrypted it is not the one this process has
└── StoreUnavailable    MongoDB cannot be reached or has no primary now; try again
"""

from collections.abc import Sequence

from fp.api.problems import Finding


class DomainError(Exception):
    """Base of every error that the domain and the store raise."""


class NotFound(DomainError):
    """There is no `kind` (one of the product's words) with that key, or it was deleted."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"there is no {kind} {key!r}")
        self.kind = kind
        self.key = key


class Conflict(DomainError):
    """The state that the change needs is not there."""


class NameTaken(Conflict):
    """An app or an account of that name exists."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the name {name!r} is taken")
        self.name = name


class DraftChanged(Conflict):
    """The draft is not the one that the caller has seen; `etag` is the current one."""

    def __init__(self, etag: str) -> None:
        super().__init__("the draft was saved by somebody else in the meantime")
        self.etag = etag


class NotDeployed(Conflict):
    """The app has no live version yet."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is not deployed yet")
        self.name = name


class DeployOver(Conflict):
    """The deploy has ended, so there is nothing left to cancel."""

    def __init__(self, status: str) -> None:
        super().__init__(f"the deploy is over: it {status}")
        self.status = status


class LastAdmin(Conflict):
    """The account is the only administrator, and one there must be."""

    def __init__(self) -> None:
        super().__init__("This is the only administrator of the platform.")


class LostRace(Conflict):
    """Another process changed the document first; the caller reads it again and decides anew."""


class Invalid(DomainError):
    """It parses and breaks a rule. `findings` point into the files when files are to blame."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.findings = list(findings)


class TooLarge(Invalid):
    """It is over one of the limits at the door."""


class BadCursor(Invalid):
    """A list's cursor was not made by this list."""

    def __init__(self) -> None:
        super().__init__("the cursor is not one that this list gave out")


class TooBroad(Invalid):
    """The search took longer than it may; a smaller part of the list must do."""

    def __init__(self) -> None:
        super().__init__("The search took too long.")


class SecretUnreadable(DomainError):
    """A stored secret was encrypted with another FP_SECRET_KEY, or was tampered with."""


class StoreUnavailable(DomainError):
    """MongoDB cannot be reached or has no primary now; the same call may be tried again."""
