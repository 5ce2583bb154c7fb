"""A version's bundle as it lies in its Secret: packed, small, and read back without its workload."""

import base64
import zlib

import msgspec

from cluster.base import Bundle, Limits, Workload
from cluster.credentials import ingest_credential


class Stored(msgspec.Struct, frozen=True):
    """What a runner needs of a version, whichever instance it is."""

    app: str
    name: str
    version: str
    number: int
    entrypoint: str
    env: dict[str, str]
    limits: Limits
    files: dict[str, str]


def pack(workload: Workload) -> str:
    """The value of the Secret's one key: base64, as Secrets have it."""
    stored = Stored(
        app=workload.app,
        name=workload.name,
        version=workload.version,
        number=workload.number,
        entrypoint=workload.entrypoint,
        env=workload.env,
        limits=workload.limits,
        files=workload.files,
    )
    return base64.b64encode(zlib.compress(msgspec.json.encode(stored), 6)).decode()


def unpack(value: str) -> Stored:
    """What `pack` packed."""
    return msgspec.json.decode(zlib.decompress(base64.b64decode(value)), type=Stored)


def bundle(stored: Stored, instance: str, ingest: str, token: str) -> Bundle:
    """What the runner of `instance` becomes. `ingest`: where it ships its records; `token`: the internal credential."""
    credential = ingest_credential(token, stored.app, stored.number, instance)
    return Bundle(
        app=stored.app,
        name=stored.name,
        version=stored.version,
        number=stored.number,
        instance=instance,
        entrypoint=stored.entrypoint,
        env=stored.env,
        limits=stored.limits,
        files=stored.files,
        ingest={"address": ingest, "credential": credential},
    )
