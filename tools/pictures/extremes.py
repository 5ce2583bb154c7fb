"""The other accounts: nothing at all, names without an end, and apps that a visitor meets asleep or paused."""

from typing import Final

from tests.support.account import PASSWORD, Account
from tests.support.platform import Platform, wait_for
from tools.pictures.fleet import small
from tools.pictures.people import ADMIN, LONGEST, LONGEST_APP, NEWCOMER

_LONG_PATH: Final = "/reconcile/" + "/".join(f"quarter-{number}-of-the-financial-year" for number in range(1, 9))
_UNBROKEN: Final = "a1b2c3d4" * 40
_FOLDER: Final = "internal_accounting_reconciliation/quarterly_statements_of_all_subsidiaries"

_RECONCILE: Final = '''"""Reconciles invoices."""

import logging
import os

from fastapi import FastAPI
from pymongo import MongoClient

app = FastAPI(title="The quarterly invoice reconciliation API of Featherstonehaugh, Featherstonehaugh and Sons")
log = logging.getLogger("internal.accounting.reconciliation.quarterly_statements_of_all_subsidiaries")
db = MongoClient(os.environ["PLATFORM_MONGO_URI"]).get_default_database()


class ReconciliationErrorOfTheQuarterlyStatementsOfAllSubsidiaries(Exception):
    pass


@app.get("/reconcile/{path:path}")
def reconcile_quarterly_statements_of_all_subsidiaries(path: str):
    log.info("reconciled %s", path)
    log.info("in one word: UNBROKEN")
    db.reconciliation_of_the_quarterly_statements_of_all_subsidiaries_by_currency_and_year.insert_one(
        {"a_field_whose_name_is_as_long_as_it_can_sensibly_be_and_then_some": "UNBROKEN", "path": path}
    )
    return {"path": path, "word": "UNBROKEN"}


@app.get("/fail")
def fail():
    raise ReconciliationErrorOfTheQuarterlyStatementsOfAllSubsidiaries("no invoice with the reference UNBROKEN")
'''.replace("UNBROKEN", _UNBROKEN)

_SLOW: Final = '''"""Takes its time to start, as an app does that loads much."""

import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    await asyncio.sleep(6)
    yield


app = FastAPI(title="Slow start", lifespan=lifespan)


@app.get("/")
def index():
    return {"app": "Slow start"}
'''


def others(platform: Platform) -> None:
    """The accounts beside the one with the fleet, the administrator's first."""
    _visited(Account(platform, ADMIN, PASSWORD))
    Account(platform, NEWCOMER, PASSWORD)
    _long(Account(platform, LONGEST, PASSWORD))


def _visited(grace: Account) -> None:
    grace.publish("slow-start", {"app.py": _SLOW})
    grace.publish("summer-fair", small("Summer fair"))
    grace.api("POST", "/apps/summer-fair/pause")
    grace.api("POST", "/apps/slow-start/sleep")


def _long(account: Account) -> None:
    files = {
        "app.py": _RECONCILE,
        f"{_FOLDER}/__init__.py": "",
        f"{_FOLDER}/reconciliation_by_currency.py": "RATES = {}\n",
    }
    account.publish(LONGEST_APP, files)
    account.api("POST", "/databases", json={"label": "Quarterly statements of all subsidiaries, since the start"})
    settings = {
        "env": {"RECONCILIATION_" + "OF_ALL_SUBSIDIARIES_" * 4: _UNBROKEN},
        "secrets": {"SECRET_" * 12: "s3cret"},
    }
    account.api("PATCH", f"/apps/{LONGEST_APP}/settings", json=settings)
    account.api("POST", "/auth/tokens", json={"name": "a token of " + "sixty-four " * 4, "scope": "deploy"})
    for path in (_LONG_PATH, "/fail", "/reconcile/" + _UNBROKEN):
        account.call(LONGEST_APP, path, params={"currency": _UNBROKEN})
    wait_for(lambda: len(account.requests(LONGEST_APP)) >= 3, 20, "the records of the long requests")
