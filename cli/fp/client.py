"""A typed client of the platform's API: a method for each call, the wire structs in and out.

`with Client("http://localhost:8080", token) as client: client.deploy("todo")`. Every route that takes an app takes its
id or its name. Errors are those of `fp.errors`.
"""

import time
import uuid
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Protocol, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from fp.api.apps import (
    App,
    AppCreate,
    AppPage,
    AppSettings,
    AppSettingsPatch,
    AppState,
    Draft,
    DraftPut,
    Template,
    TemplatePage,
    ValidateRequest,
    Validation,
)
from fp.api.auth import Credentials, Session, SystemInfo, User
from fp.api.deploys import Deploy, DeployEvent
from fp.api.see import LogLine, LogPage, RequestPage, RequestRecord, WakeOutcome, WakePage, WakeRecord
from fp.errors import BadAnswer, Unreachable
from fp.sse import read_events
from fp.transport import Transport

Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)
_PAGE = 100
_SILENCE_SECONDS = 30.0
"""A stream that says nothing for so long is taken for dead; the platform sends a comment more often."""


class _Page(Protocol[Item_co]):
    @property
    def items(self) -> Sequence[Item_co]: ...
    @property
    def next(self) -> str | None: ...


class Client:
    """One platform, seen by one person. Use it in a `with` block, or call `close`."""

    poll_seconds = 1.0
    """How often a deploy is asked for when its event stream cannot be had."""

    def __init__(self, host: str, token: str | None = None) -> None:
        self._transport = Transport(host, token)
        self.host = self._transport.host

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    # --- accounts ---------------------------------------------------------------------------------------------------

    def info(self) -> SystemInfo:
        return self._transport.call("GET", "info", SystemInfo)

    def signup(self, username: str, password: str) -> Session:
        return self._transport.call("POST", "auth/signup", Session, body=Credentials(username, password))

    def login(self, username: str, password: str) -> Session:
        return self._transport.call("POST", "auth/login", Session, body=Credentials(username, password))

    def logout(self) -> None:
        self._transport.call("POST", "auth/logout", type(None))

    def me(self) -> User:
        return self._transport.call("GET", "auth/me", User)

    # --- apps -------------------------------------------------------------------------------------------------------

    def apps(self) -> Iterator[App]:
        """All apps of this person, page by page."""
        return self._pages("apps", AppPage)

    def app(self, app: str) -> App:
        return self._transport.call("GET", _path("apps", app), App)

    def create_app(self, name: str | None = None, template: str | None = None) -> App:
        return self._transport.call("POST", "apps", App, body=AppCreate(name, template))

    def delete_app(self, app: str) -> None:
        self._transport.call("DELETE", _path("apps", app), type(None))

    def change_settings(self, app: str, patch: AppSettingsPatch) -> AppSettings:
        path = _path("apps", app, "settings")
        return self._transport.call("PATCH", path, AppSettings, body=patch, repeatable=True)

    # --- code -------------------------------------------------------------------------------------------------------

    def draft(self, app: str) -> Draft:
        return self._transport.call("GET", _path("apps", app, "draft"), Draft)

    def save_draft(self, app: str, files: dict[str, str], entrypoint: str, etag: str | None) -> Draft:
        """Replace the draft. With `etag`, only if it still is the one with that etag; else raises DraftChanged."""
        headers = {"If-Match": f'"{etag}"'} if etag else {}
        body = DraftPut(files, entrypoint)
        return self._transport.call("PUT", _path("apps", app, "draft"), Draft, body=body, headers=headers)

    def validate(self, files: dict[str, str], entrypoint: str) -> Validation:
        body = ValidateRequest(files, entrypoint)
        return self._transport.call("POST", "validate", Validation, body=body, repeatable=True)

    # --- deploys ----------------------------------------------------------------------------------------------------

    def deploy(self, app: str) -> Deploy:
        """Start a deploy of the draft. Sent again after a lost connection it is still one deploy."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        path = _path("apps", app, "deploy")
        return self._transport.call("POST", path, Deploy, body={}, headers=headers, repeatable=True)

    def deploy_state(self, deploy: str) -> Deploy:
        return self._transport.call("GET", _path("deploys", deploy), Deploy)

    def follow_deploy(self, deploy: str) -> Iterator[Deploy]:
        """The deploy each time it changed, the last one finished.

        A stream that breaks is resumed after the last event seen; one that cannot be had is replaced by asking, so
        that the end is always known. Raises Unreachable when the platform stays away.
        """
        last, failures = 0, 0
        while failures < 3:
            try:
                for event in self._deploy_events(deploy, last):
                    last, failures = event.seq, 0
                    yield event.deploy
                    if event.deploy.status != "running":
                        return
            except (httpx.TransportError, BadAnswer):
                pass
            failures += 1
            time.sleep(self.poll_seconds * 0.2 * failures)
        yield from self._poll_deploy(deploy)

    def _deploy_events(self, deploy: str, last: int) -> Iterator[DeployEvent]:
        headers = {"Last-Event-ID": str(last)} if last else {}
        path = _path("deploys", deploy, "events")
        with self._transport.stream(path, headers=headers, read_seconds=_SILENCE_SECONDS) as lines:
            for event in read_events(lines):
                if event.kind == "deploy":
                    yield self._deploy_event(event.data)

    def _deploy_event(self, data: str) -> DeployEvent:
        try:
            return msgspec.json.decode(data, type=DeployEvent)
        except msgspec.MsgspecError as error:
            raise BadAnswer(f"An event of {self.host} cannot be read ({error})") from error

    def _poll_deploy(self, deploy: str) -> Iterator[Deploy]:
        missed = 0
        while True:
            try:
                state = self.deploy_state(deploy)
            except Unreachable:
                missed += 1
                if missed == 10:
                    raise
            else:
                missed = 0
                yield state
                if state.status != "running":
                    return
            time.sleep(self.poll_seconds)

    # --- operate and see --------------------------------------------------------------------------------------------

    def status(self, app: str) -> AppState:
        return self._transport.call("GET", _path("apps", app, "status"), AppState)

    def wake(self, app: str) -> AppState:
        """Wake the app and wait until it is up. Raises ApiError `app_failed` when it does not come up."""
        return self._transport.call("POST", _path("apps", app, "wake"), AppState, repeatable=True)

    def sleep(self, app: str) -> AppState:
        """Put the app to sleep, once nothing is in flight."""
        return self._transport.call("POST", _path("apps", app, "sleep"), AppState, repeatable=True)

    def requests(self, app: str) -> Iterator[RequestRecord]:
        """Requests of the app, newest first."""
        return self._pages(_path("apps", app, "requests"), RequestPage)

    def logs(self, app: str, search: str | None = None) -> Iterator[LogLine]:
        """Log lines of the app, newest first."""
        return self._pages(_path("apps", app, "logs"), LogPage, search=search)

    def wakes(self, app: str, outcome: WakeOutcome | None = None) -> Iterator[WakeRecord]:
        """Wakes of the app, newest first; with `outcome`, those that ended so."""
        return self._pages(_path("apps", app, "wakes"), WakePage, outcome=outcome)

    # --- templates --------------------------------------------------------------------------------------------------

    def templates(self) -> Iterator[Template]:
        return self._pages("templates", TemplatePage)

    def template(self, template: str) -> Template:
        return self._transport.call("GET", _path("templates", template), Template)

    def _pages(self, path: str, page: type[_Page[Item]], **params: str | None) -> Iterator[Item]:
        cursor: str | None = None
        while True:
            found = self._transport.call("GET", path, page, params={**params, "limit": _PAGE, "cursor": cursor})
            yield from found.items
            cursor = found.next
            if cursor is None:
                return


def _path(*parts: str) -> str:
    return "/".join(quote(part, safe="") for part in parts)
