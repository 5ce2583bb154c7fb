"""An app's log is followed through the front door, as a browser's page does it: by the cookie and the page's origin."""

import json

from websockets.sync.client import connect

from tests.support.account import Account
from tests.support.apps import HELLO


def test_a_line_that_is_printed_is_told(ada: Account) -> None:
    ada.publish("live", HELLO)
    port = ada.platform.port
    address = f"ws://localhost:{port}/api/apps/live/logs/stream?q=hello%20from"
    page = {"Cookie": f"fp_session={ada.token}", "Origin": f"http://localhost:{port}"}
    with connect(address, additional_headers=page, proxy=None) as socket:
        while (message := json.loads(socket.recv(30)))["type"] != "live":
            assert message["type"] == "lines"
        ada.call("live", "/")
        message = json.loads(socket.recv(30))
        assert [item["text"] for item in message["items"]] == ["hello from the root"]
