"""A typed client of the platform's API: a method for each call, the wire structs in and out.

`with Client("http://localhost:8080", token) as client: client.deploy("todo")`. Every route that takes an app takes its
id or its name. Errors are those of `fp.errors`.
"""

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import IO, Protocol, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from fp.administration import Administration
from fp.api.accounts import DeviceCode, DevicePoll, DeviceStart, NewToken, Token, TokenCreate, TokenPage, TokenScope
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
    ValidateApp,
    ValidateRequest,
    Validation,
)
from fp.api.auth import Credentials, Session, SystemInfo, User
from fp.api.databases import CollectionPage, Database, DatabaseCollection, DatabasePage, Document, DocumentPage
from fp.api.deploys import Deploy, DeployEvent
from fp.api.see import (
    LogLine,
    LogPage,
    RequestDetail,
    RequestPage,
    RequestRecord,
    TestRequest,
    TestResponse,
    WakeOutcome,
    WakePage,
    WakeRecord,
)
from fp.api.versions import AppVersion, AppVersionPage, Rollback, VersionDetail
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
        self.admin = Administration(self._transport)

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

    def start_device(self, client: str) -> DeviceCode:
        """Ask to be let in by somebody with a browser, who reads `client`."""
        return self._transport.call("POST", "auth/device", DeviceCode, body=DeviceStart(client))

    def poll_device(self, device_code: str) -> Session:
        """The session, once somebody has approved. Raises ApiError with one of RFC 8628's codes until then."""
        return self._transport.call("POST", "auth/device/token", Session, body=DevicePoll(device_code))

    def tokens(self) -> Iterator[Token]:
        """Named tokens of this person, newest first."""
        return self._pages("auth/tokens", TokenPage)

    def create_token(self, name: str, scope: TokenScope, expires_days: int | None) -> NewToken:
        body = TokenCreate(name, scope, expires_days)
        return self._transport.call("POST", "auth/tokens", NewToken, body=body)

    def revoke_token(self, token_id: str) -> None:
        self._transport.call("DELETE", _path("auth", "tokens", token_id), type(None))

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

    def settings(self, app: str) -> AppSettings:
        return self._transport.call("GET", _path("apps", app, "settings"), AppSettings)

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

    def validate(self, files: dict[str, str], entrypoint: str, *, load: bool = False) -> Validation:
        """What the platform says to these files. `load`: also whether they can be imported there."""
        body = ValidateRequest(files, entrypoint, load)
        return self._transport.call("POST", "validate", Validation, body=body, repeatable=True)

    def validate_app(self, app: str, files: dict[str, str], entrypoint: str, *, load: bool = False) -> Validation:
        """The same for files of that app, whose variables they find when they are imported."""
        path, body = _path("apps", app, "validate"), ValidateApp(files, entrypoint, load)
        return self._transport.call("POST", path, Validation, body=body, repeatable=True)

    # --- deploys ----------------------------------------------------------------------------------------------------

    def deploy(self, app: str) -> Deploy:
        """Start a deploy of the draft. Sent again after a lost connection it is still one deploy."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        path = _path("apps", app, "deploy")
        return self._transport.call("POST", path, Deploy, body={}, headers=headers, repeatable=True)

    def versions(self, app: str) -> Iterator[AppVersion]:
        """The app's versions, newest first."""
        return self._pages(_path("apps", app, "versions"), AppVersionPage)

    def version(self, app: str, version: int) -> VersionDetail:
        return self._transport.call("GET", _path("apps", app, "versions", str(version)), VersionDetail)

    def rollback(self, app: str, version: int) -> Deploy:
        """Start a deploy of an older version. Sent again after a lost connection it is still one deploy."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        path = _path("apps", app, "rollback")
        return self._transport.call("POST", path, Deploy, body=Rollback(version), headers=headers, repeatable=True)

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

    def restart(self, app: str) -> AppState:
        """Start the app anew, the same version, and wait until it is up."""
        return self._transport.call("POST", _path("apps", app, "restart"), AppState)

    def sleep(self, app: str) -> AppState:
        """Put the app to sleep, once nothing is in flight."""
        return self._transport.call("POST", _path("apps", app, "sleep"), AppState, repeatable=True)

    def requests(self, app: str, **only: str | None) -> Iterator[RequestRecord]:
        """Requests of the app, newest first. `only`: status, method, path, since, until, ms_over, cold, request_id."""
        return self._pages(_path("apps", app, "requests"), RequestPage, **only)

    def request(self, app: str, request: str) -> RequestDetail:
        """One request with its log lines and its traceback's code."""
        return self._transport.call("GET", _path("apps", app, "requests", request), RequestDetail)

    def logs(self, app: str, **only: str | None) -> Iterator[LogLine]:
        """Log lines of the app, newest first. `only`: q, level, since, until, request_id."""
        return self._pages(_path("apps", app, "logs"), LogPage, **only)

    def tail(self, app: str, **query: str | int | None) -> Iterator[bytes]:
        """Messages of the live tail (`fp.api.tail`), undecoded. `query`: after, lines, level, q. Raises SocketBroken."""
        path = _path("apps", app, "logs", "stream")
        with self._transport.messages(path, params=query, silence_seconds=_SILENCE_SECONDS) as told:
            yield from told

    def send(self, app: str, request: TestRequest) -> TestResponse:
        """Send the app a request through the front door."""
        return self._transport.call("POST", _path("apps", app, "test"), TestResponse, body=request)

    def wakes(self, app: str, outcome: WakeOutcome | None = None) -> Iterator[WakeRecord]:
        """Wakes of the app, newest first; with `outcome`, those that ended so."""
        return self._pages(_path("apps", app, "wakes"), WakePage, outcome=outcome)

    # --- databases --------------------------------------------------------------------------------------------------

    def databases(self) -> Iterator[Database]:
        """Databases of this person, newest first."""
        return self._pages("databases", DatabasePage)

    def collections(self, database: str) -> Iterator[DatabaseCollection]:
        return self._pages(_path("databases", database, "collections"), CollectionPage)

    def documents(
        self, database: str, collection: str, query: Mapping[str, str], page_size: int = _PAGE
    ) -> Iterator[Document]:
        """Documents that match. `query`: `filter`, `projection` and `sort` as JSON, and `format`; each may be absent."""
        path = _path("databases", database, "collections", collection, "documents")
        return self._pages(path, DocumentPage, page_size, **query)

    def export(self, database: str, collection: str, file: IO[bytes]) -> int:
        """Write a whole collection to `file`, one document a line as Extended JSON; answers how many bytes that were."""
        path = _path("databases", database, "collections", collection, "export")
        return self._transport.download(path, file)

    # --- templates --------------------------------------------------------------------------------------------------

    def templates(self) -> Iterator[Template]:
        return self._pages("templates", TemplatePage)

    def template(self, template: str) -> Template:
        return self._transport.call("GET", _path("templates", template), Template)

    def _pages(self, path: str, page: type[_Page[Item]], size: int = _PAGE, /, **params: str | None) -> Iterator[Item]:
        cursor: str | None = None
        while True:
            found = self._transport.call("GET", path, page, params={**params, "limit": size, "cursor": cursor})
            yield from found.items
            cursor = found.next
            if cursor is None:
                return


def _path(*parts: str) -> str:
    return "/".join(quote(part, safe="") for part in parts)
