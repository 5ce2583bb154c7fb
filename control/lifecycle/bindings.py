"""Which database an app uses: its binding, made on first use, and the URI that its code finds in the environment."""

from collections.abc import Sequence

import structlog

from control.domain.apps import App
from control.domain.clock import Clock
from control.domain.errors import SecretUnreadable
from control.store import Store

log = structlog.get_logger("control.bindings")


async def bind_database(store: Store, app: App, clock: Clock) -> tuple[App, str]:
    """The app, bound to its owner's database if it was bound to none, and its `PLATFORM_MONGO_URI`.

    Safe to repeat and to race. Raises NotFound (the app or its database is gone), SecretUnreadable, StoreUnavailable.
    """
    if app.database is not None:
        database = await store.databases.get(app.database)
    else:
        database = await store.databases.default_of(app.owner, app.owner_name, clock())
        app = await store.apps.bind(app.id, database.id, clock())
    return app, store.databases.uri(database)


async def bound_uris(store: Store, apps: Sequence[App]) -> dict[str, str]:
    """The URIs of the databases that these apps are bound to, by database id; unreadable ones are left out and logged."""
    ids = sorted({app.database for app in apps if app.database is not None})
    uris = {}
    for database_id, database in (await store.databases.of_ids(ids)).items():
        try:
            uris[database_id] = store.databases.uri(database)
        except SecretUnreadable as error:
            # One bad document must not keep the reconciler from every other app.
            log.error("a database's password cannot be read", database=database_id, reason=str(error))
    return uris
