"""All state of the platform, in MongoDB; nothing else imports pymongo.

One file a collection, structs of `control.domain` and `fp.api` in and out, every index in `indexes.py`. A change of
state is one atomic update that names the state it starts from; the loser of a race gets `LostRace`. pymongo's own
exceptions end in `errors.py`: callers see `control.domain.errors` only.

    async with open_store(settings.mongo_uri, settings.secret_key) as store:
        app = await store.apps.by_key("my-app")

The two names are imported on first use, because `control.store.bootstrap` runs at each start and needs none of it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from control.store.facade import Store, open_store

__all__ = ["Store", "open_store"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from control.store import facade

    return getattr(facade, name)
