"""`python -m control.store.bootstrap`: makes a bare mongod of this machine ready for the platform, at each start.

mongod runs with a key file and as a member of the replica set `fp`; what is missing at first is the set's configuration
and any user. Both are made here through MongoDB's localhost exception, which ends with the first user. Each step looks
first at what is there, so it may be killed between any two of them and run again; on a finished server it only looks.
The port may be another one than last time: then the set's single member is given its new address by force.

Settings: FP_MONGO_URI (the address), FP_MONGO_ROOT_USER, FP_MONGO_ROOT_PASSWORD, and FP_MONGO_MEMBERS where the members are
known to others by other names than this address, or are several: `host:port`, comma-separated. Exit code 0: a primary takes
writes with these credentials; 1: it says why not; 2: the settings are wrong. Imports nothing but pymongo, because everybody
waits for it.
"""

import os
import socket
import sys
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError

REPLICA_SET = "fp"
ROOT_ROLES = ["root"]
START_SECONDS = 30.0
POLL_SECONDS = 0.02

_AUTHENTICATION_FAILED = 18
_NOT_YET_INITIALIZED = 94
_ALREADY_INITIALIZED = 23
_USER_EXISTS = 51003
_UNAUTHORIZED = 13

WRONG_PASSWORD = "it has other credentials; the passwords in the data folder are not the ones it was made with"

Client = MongoClient[dict[str, Any]]


class BootstrapError(Exception):
    """MongoDB cannot be made ready; the message says what to do."""


def main(environ: Mapping[str, str]) -> int:
    """Runs all steps; see the module's text for the exit codes."""
    try:
        address, user, password = read_settings(environ)
        members = read_members(environ, address)
    except BootstrapError as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return 2
    try:
        bootstrap(address, user, password, members)
    except (BootstrapError, PyMongoError) as error:
        print(f"bootstrap: MongoDB at {address} is not ready: {error}", file=sys.stderr)
        return 1
    return 0


def read_settings(environ: Mapping[str, str]) -> tuple[str, str, str]:
    """`host:port`, user and password. Raises BootstrapError that names everything that is missing."""
    names = ("FP_MONGO_URI", "FP_MONGO_ROOT_USER", "FP_MONGO_ROOT_PASSWORD")
    missing = [name for name in names if not environ.get(name)]
    if missing:
        raise BootstrapError(f"{', '.join(missing)} must be set")
    uri, user, password = (environ[name] for name in names)
    address = urlsplit(uri).netloc.rpartition("@")[2]
    host, _, port = address.rpartition(":")
    if not host or "," in address or not port.isdecimal():
        raise BootstrapError("FP_MONGO_URI must name one server as host:port")
    return address, user, password


def read_members(environ: Mapping[str, str], address: str) -> list[str]:
    """The set's members, `host:port` each; the one at `address` where no others are named."""
    named = [member.strip() for member in environ.get("FP_MONGO_MEMBERS", "").split(",") if member.strip()]
    return named or [address]


def bootstrap(
    address: str, user: str, password: str, members: list[str] | None = None, *, seconds: float = START_SECONDS
) -> None:
    """Configures the replica set, makes the first user, waits for the primary. Safe to repeat at any half-done point."""
    deadline = time.monotonic() + seconds
    while True:
        _wait_for_port(address, deadline)
        try:
            return _steps(address, user, password, members or [address], deadline)
        except ConnectionFailure:
            # A server that has just started, or was just told of other members, may hang up on whom it let in.
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_SECONDS)


def _steps(address: str, user: str, password: str, members: list[str], deadline: float) -> None:
    with _connect(address, user, password) as client:
        if _authenticates(client):
            _configure(client, members, deadline)
            _wait_for_primary(client, deadline, anywhere=len(members) > 1)
            return
    with _connect(address) as bare:
        _configure_bare(bare, members)
        _wait_for_primary(bare, deadline)
        _create_root(bare, user, password)
    with _connect(address, user, password) as client:
        if not _authenticates(client):
            raise BootstrapError(WRONG_PASSWORD)


def _connect(address: str, user: str | None = None, password: str | None = None) -> Client:
    host, _, port = address.rpartition(":")
    who: dict[str, Any] = {} if user is None else {"username": user, "password": password, "authSource": "admin"}
    return MongoClient(
        host.strip("[]"),
        int(port),
        directConnection=True,
        serverSelectionTimeoutMS=500,
        heartbeatFrequencyMS=10_000,
        **who,
    )


def _wait_for_port(address: str, deadline: float) -> None:
    """A bare connect: the driver looks at a server that refused it only twice a second."""
    host, _, port = address.rpartition(":")
    while True:
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=1.0).close()
        except OSError as error:
            if time.monotonic() > deadline:
                raise BootstrapError(f"it does not answer: {error}") from error
            time.sleep(POLL_SECONDS)
        else:
            return


def _authenticates(client: Client) -> bool:
    try:
        client.admin.command("ping")
    except OperationFailure as error:
        if error.code != _AUTHENTICATION_FAILED:
            raise
        return False
    return True


def _configure(client: Client, members: list[str], deadline: float) -> None:
    """The set has these members; for a client with the root user's rights."""
    while True:
        try:
            config = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as error:
            # A server that has just started says so too, until it has read its configuration.
            if error.code != _NOT_YET_INITIALIZED or time.monotonic() > deadline:
                raise
            if _initiate(client, members):
                return
            time.sleep(POLL_SECONDS)
        else:
            break
    if len(config["members"]) != len(members):
        raise BootstrapError(f"its replica set has {len(config['members'])} members, and {len(members)} are wanted")
    if len(members) == 1 and config["members"][0]["host"] != members[0]:
        config["members"][0]["host"] = members[0]
        client.admin.command("replSetReconfig", config, force=True)


def _configure_bare(bare: Client, members: list[str]) -> None:
    """The same without any user yet; the localhost exception allows to write a configuration, not to read it."""
    if bare.admin.command("hello").get("hosts") == members or _initiate(bare, members):
        return
    bare.admin.command("replSetReconfig", _first_config(members), force=True)


def _initiate(client: Client, members: list[str]) -> bool:
    """False when the set has a configuration already."""
    try:
        client.admin.command("replSetInitiate", _first_config(members))
    except OperationFailure as error:
        if error.code != _ALREADY_INITIALIZED:
            raise
        return False
    return True


def _first_config(members: list[str]) -> dict[str, Any]:
    # The first one is where the first user is made, so it is to be the primary as long as nothing is wrong.
    listed = [{"_id": number, "host": host, "priority": 1 if number else 2} for number, host in enumerate(members)]
    return {"_id": REPLICA_SET, "version": 1, "protocolVersion": 1, "members": listed}


def _wait_for_primary(client: Client, deadline: float, *, anywhere: bool = False) -> None:
    """Until this member is the primary, or, `anywhere`, until there is one."""
    while not (said := client.admin.command("hello")).get("isWritablePrimary") and not (
        anywhere and said.get("primary")
    ):
        if time.monotonic() > deadline:
            raise BootstrapError("it did not become primary; its own log says why")
        time.sleep(POLL_SECONDS)


def _create_root(bare: Client, user: str, password: str) -> None:
    try:
        bare.admin.command("createUser", user, pwd=password, roles=ROOT_ROLES)
    except OperationFailure as error:
        if error.code == _UNAUTHORIZED:
            raise BootstrapError(WRONG_PASSWORD) from error
        if error.code != _USER_EXISTS:
            raise


if __name__ == "__main__":
    sys.exit(main(os.environ))
