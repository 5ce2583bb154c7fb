"""The platform's settings exist as a document from the first start on, so an administrator finds them in a shell."""

from pymongo.asynchronous.database import AsyncDatabase

from control.store.mapping import Document


async def run(database: AsyncDatabase[Document]) -> None:
    await database["settings"].update_one({"_id": "platform"}, {"$setOnInsert": {"signup_open": True}}, upsert=True)
