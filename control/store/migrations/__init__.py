"""Changes of the stored schema: numbered, in order, each run once, by one process at a time.

A migration is an async function of the database that may be run again after it died half-way. It is noted in the
collection `migrations` once it is through. New databases run all of them too, so there is one way to any schema.
"""

from control.store.migrations.runner import MIGRATIONS, Migration, migrate

__all__ = ["MIGRATIONS", "Migration", "migrate"]
