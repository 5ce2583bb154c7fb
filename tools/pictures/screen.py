"""What a screen is."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tools.pictures.people import USER

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    """`seen`: a selector that says that the screen is whole. `act`: what a person does on it first. `viewer`: who looks.

    No `viewer` is somebody who has not logged in. A `path` is one of the platform's pages, or of the app that `app` names.
    """

    name: str
    path: str
    seen: str
    act: Act | None = None
    viewer: str | None = USER
    app: str | None = None
