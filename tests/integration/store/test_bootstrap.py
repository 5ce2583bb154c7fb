"""A bare mongod becomes the platform's, whatever a killed bootstrap left half done."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from control.domain.errors import StoreUnavailable
from control.store import bootstrap as boot
from control.store import open_store
from tests.support.control_mongo import ROOT_USER, SECRET_KEY, MongoServer
from tests.support.ports import free_port

Client = boot.Client


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MongoServer]:
    with MongoServer(tmp_path / "mongo") as made:
        yield made


def environ(server: MongoServer, password: str | None = None) -> dict[str, str]:
    password = password or server.password
    return {"FP_MONGO_URI": server.uri, "FP_MONGO_ROOT_USER": ROOT_USER, "FP_MONGO_ROOT_PASSWORD": password}


def works(server: MongoServer) -> bool:
    with Client(server.uri) as client:
        client["platform"]["probe"].insert_one({})
        return bool(client.admin.command("hello")["isWritablePrimary"])


def test_a_fresh_server_takes_writes_afterwards_and_a_second_run_changes_nothing(server: MongoServer) -> None:
    server.launch()
    assert boot.main(environ(server)) == 0
    assert works(server)
    assert boot.main(environ(server)) == 0
    assert works(server)


def test_data_survives_a_restart_on_another_port(server: MongoServer) -> None:
    server.start()
    assert works(server)
    server.stop()
    server.port = free_port()
    server.launch()
    assert boot.main(environ(server)) == 0
    with Client(server.uri) as client:
        assert client["platform"]["probe"].count_documents({}) == 1
    assert works(server)


def test_a_server_that_hangs_up_at_first_is_waited_for(server: MongoServer) -> None:
    def hang_up_then_launch() -> None:
        with socket.create_server(("127.0.0.1", server.port)) as early:
            for _ in range(4):
                early.accept()[0].close()
        server.launch()

    with ThreadPoolExecutor(1) as threads:
        launching = threads.submit(hang_up_then_launch)
        assert boot.main(environ(server)) == 0
        launching.result()
    assert works(server)


@pytest.mark.parametrize("moved", [False, True])
def test_a_bootstrap_killed_before_it_made_the_user_is_finished(server: MongoServer, moved: bool) -> None:
    server.launch()
    boot._wait_for_port(server.address, 1e12)
    with boot._connect(server.address) as bare:
        boot._configure_bare(bare, [server.address])
        boot._wait_for_primary(bare, 1e12)
    if moved:
        server.stop()
        server.port = free_port()
        server.launch()
    assert boot.main(environ(server)) == 0
    assert works(server)


def test_other_credentials_are_told_apart_from_a_server_that_is_down(
    server: MongoServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.start()
    assert boot.main(environ(server, "another")) == 1
    assert "other credentials" in capsys.readouterr().err
    server.stop()
    with pytest.raises(boot.BootstrapError, match="does not answer"):
        boot.bootstrap(server.address, ROOT_USER, server.password, seconds=0.2)
    assert boot.main({}) == 2
    assert "FP_MONGO_ROOT_USER" in capsys.readouterr().err


async def test_a_store_says_unavailable_in_its_own_words_and_works_again_after_an_outage(server: MongoServer) -> None:
    server.start()
    async with open_store(server.uri, SECRET_KEY, timeout_seconds=0.5) as store:
        await store.ping()
        server.stop()
        for call in (store.ping, store.settings.get, store.apps.living, store.deploys.apps_deploying):
            with pytest.raises(StoreUnavailable):
                await call()
        with pytest.raises(StoreUnavailable):
            await store.deploys.claim("w", 1)
        server.start()
        await store.ping()
        assert await store.apps.living() == []
    server.stop()
    with pytest.raises(StoreUnavailable):
        async with open_store(server.uri, SECRET_KEY, timeout_seconds=0.5):
            raise AssertionError("opened without a server")
