"""The store as one object: every collection, and the few changes that touch more than one.

Those are ordered so that a crash between two writes leaves nothing that anyone could see: a deploy is there before the older
ones end. An app is made in a transaction with its draft, whose code nobody would own otherwise; so is one rule of `users.py`
kept, and so do records count in `intake.py`.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.mongo_client import AsyncMongoClient
from pymongo.write_concern import WriteConcern

from control.domain.apps import App, Draft, code_hash, make_draft
from control.domain.databases import Database
from control.domain.deploys import Deploy, Source, new_deploy
from control.domain.errors import Conflict, NameTaken, StoreUnavailable
from control.domain.names import free_name
from control.domain.platform import PlatformSettings
from control.store.apps import Apps
from control.store.audit import Audit
from control.store.backup import Backups
from control.store.connections import Connections
from control.store.databases import Databases
from control.store.deploys import Deploys
from control.store.devices import Devices
from control.store.drafts import Drafts
from control.store.errors import translated
from control.store.events import Events
from control.store.examples import Examples, OpenApis
from control.store.explorer import Explorer
from control.store.failures import Failures
from control.store.figures import Figures
from control.store.fleet import Fleet
from control.store.indexes import ensure_indexes, keep_for
from control.store.intake import Intake
from control.store.leases import Leases
from control.store.logs import Logs
from control.store.mapping import Document
from control.store.metrics import Metrics
from control.store.migrations import migrate
from control.store.platform import Platform
from control.store.requests import Requests
from control.store.secrets import SecretBox
from control.store.sessions import Sessions
from control.store.templates import Templates
from control.store.users import Users
from control.store.vault import Vault
from control.store.versions import Versions
from control.store.wakes import Wakes
from fp.api.apps import ExampleRequest

DATABASE = "platform"
RESTORING = "restoring"
"""The collection with one document while `control.store.restore` works."""
_NAME_TRIES = 20


class Store:
    """All collections. Every call may raise StoreUnavailable."""

    def __init__(self, client: AsyncMongoClient[Document], box: SecretBox, mongo_uri: str) -> None:
        durable = WriteConcern(w="majority", j=True)
        self._client = client
        self._database = client.get_database(DATABASE, write_concern=durable)
        # A batch of records that a power cut takes is posted again by the shipper: no need to wait for the disk.
        quick = client.get_database(DATABASE, write_concern=WriteConcern(w=1))
        self.users = Users(self._database["users"], quick["users"])
        self.sessions = Sessions(self._database["sessions"], quick["sessions"])
        self.devices = Devices(self._database["devices"])
        self.apps = Apps(self._database["apps"])
        self.drafts = Drafts(self._database["drafts"])
        self.versions = Versions(self._database["versions"])
        self.events = Events(self._database["events"])
        self.deploys = Deploys(self._database["deploys"])
        self.vault = Vault(box)
        self.databases = Databases(self._database["databases"], client, box, mongo_uri)
        self.explorer = Explorer(Connections(self.databases.uri))
        self.requests = Requests(quick["requests"])
        self.logs = Logs(quick["logs"])
        self.wakes = Wakes(quick["wakes"])
        self.metrics = Metrics(quick["metrics"])
        self.fleet = Fleet(self._database["apps"], quick["metrics"])
        self.failures = Failures(quick["errors"])
        self.intake = Intake(client, (self.requests, self.logs, self.wakes), self.metrics, self.failures)
        self.leases = Leases(self._database["leases"])
        self.audit = Audit(self._database["audit"])
        self.figures = Figures(client, self._database)
        self.backups = Backups(client, box.current, DATABASE)
        self.settings = Platform(self._database["settings"])
        self.examples = Examples(self._database["examples"])
        self.openapis = OpenApis(self._database["openapi"])
        self.templates = Templates(self._database["templates"], self._database["template_overrides"])

    async def ping(self) -> None:
        """Returns when MongoDB answers and can be written to; raises StoreUnavailable."""
        with translated():
            await self._client.admin.command("ping")

    async def prepare(self) -> None:
        """Indexes and migrations; every process does it at start, the first one does the work."""
        await self._check_whole()
        await ensure_indexes(self._database, (await self.settings.get()).kept_seconds())
        await migrate(self._database)

    async def _check_whole(self) -> None:
        """Raises StoreUnavailable while a restore is under way, or was interrupted and must be run again."""
        with translated():
            if await self._database[RESTORING].find_one() is not None:
                raise StoreUnavailable("a backup is being restored; if that was interrupted, run the restore again")

    async def change_settings(self, fields: Mapping[str, Any], seen: int | None = None) -> PlatformSettings:
        """Changes the platform's settings (see `Platform.change`), and how long MongoDB keeps records by them."""
        settings = await self.settings.change(fields, seen)
        await keep_for(self._database, settings.kept_seconds())
        return settings

    async def create_app(self, app: App, source: Source, examples: Sequence[ExampleRequest] = ()) -> tuple[App, Draft]:
        """Stores a new app, its first draft and its first saved requests: all of it or nothing.

        An empty name is filled with a free one. Raises NameTaken, and Invalid for the requests.
        """
        draft = make_draft(app.id, source.files, source.entrypoint, app.created_at)
        for _ in range(_NAME_TRIES):
            named = app if app.name else msgspec.structs.replace(app, name=free_name())
            try:
                await self._insert_app(named, draft, examples)
            except NameTaken:
                if app.name:
                    raise
                continue
            return named, draft
        raise NameTaken("every name that was tried")

    async def _insert_app(self, app: App, draft: Draft, examples: Sequence[ExampleRequest]) -> None:
        async def step(session: AsyncClientSession) -> None:
            await self.drafts.create(draft, session)
            if examples:
                await self.examples.put(app.id, examples, session)
            await self.apps.create(app, session)

        with translated():
            async with self._client.start_session() as session:
                await session.with_transaction(step)

    async def request_deploy(
        self, app: App, by: str, source: Source, now: datetime, *, request_key: str | None = None
    ) -> Deploy:
        """Queues a deploy of `source` and ends the app's older ones; the worker is woken by the change stream.

        The same `request_key` (an Idempotency-Key) again answers the deploy that it made. Raises NotFound.
        """
        if request_key is not None:
            queued = await self.deploys.by_request_key(app.id, request_key)
            if queued is not None:
                return queued
        number = await self.apps.next_deploy_number(app.id)
        taken = code_hash(source.files, source.entrypoint)
        made = new_deploy(app.id, number, by, now, rollback_of=source.rollback_of, code_hash=taken)
        deploy = await self.deploys.create(made, source, request_key)
        # A newer one may have been queued since our number was taken: it has not seen us, so we give way to it ourselves.
        newest = await self.deploys.newest(app.id) or deploy
        await self.deploys.supersede_older(newest, now)
        return deploy if newest.id == deploy.id else await self.deploys.get(deploy.id)

    async def delete_database(self, database: Database) -> None:
        """Drops a database that no app is bound to. Raises NotFound, and Conflict with the apps' names.

        It is marked before the apps are looked at for the last time: who binds an app looks for the mark afterwards.
        """
        await self._check_unbound(database)
        await self.databases.begin_delete(database.id)
        try:
            await self._check_unbound(database)
        except Conflict:
            await self.databases.end_delete(database)
            raise
        await self.explorer.connections.forget(database.id)
        await self.databases.delete(database.id)

    async def _check_unbound(self, database: Database) -> None:
        names = (await self.apps.bound_to([database.id])).get(database.id)
        if names:
            raise Conflict(
                f"Apps use {database.name}: {', '.join(names)}. Bind them to another database or delete them."
            )

    async def purge_app(self, app_id: str) -> None:
        """Removes all that belonged to a deleted app, its document last; safe to repeat."""
        await self.drafts.delete(app_id)
        await self.deploys.delete_of_app(app_id)
        await self.versions.delete_of_app(app_id)
        await self.requests.delete_of_app(app_id)
        await self.logs.delete_of_app(app_id)
        await self.wakes.delete_of_app(app_id)
        await self.metrics.delete_of_app(app_id)
        await self.failures.delete_of_app(app_id)
        await self.events.delete_of_app(app_id)
        await self.examples.delete_of_app(app_id)
        await self.openapis.delete_of_app(app_id)
        await self.apps.forget(app_id)


@asynccontextmanager
async def open_store(mongo_uri: str, secret_key: bytes, *, timeout_seconds: float = 5.0) -> AsyncIterator[Store]:
    """A connected store, prepared; `timeout_seconds` bounds how long a call looks for a primary.

    Raises StoreUnavailable when MongoDB cannot be reached.
    """
    client: AsyncMongoClient[Document] = AsyncMongoClient(
        mongo_uri,
        tz_aware=True,
        appname="fp-control",
        serverSelectionTimeoutMS=int(timeout_seconds * 1000),
        connectTimeoutMS=int(timeout_seconds * 1000),
        retryWrites=True,
        retryReads=True,
    )
    try:
        store = Store(client, SecretBox([secret_key]), mongo_uri)
        await store.prepare()
        try:
            yield store
        finally:
            await store.explorer.connections.close()
    finally:
        await client.close()
