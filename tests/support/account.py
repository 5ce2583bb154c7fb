"""Somebody who uses the platform over its HTTP API, as a script would: an account, apps, deploys, requests to apps."""

from typing import Any, Final

import httpx

from tests.support.platform import Platform, wait_for

PASSWORD: Final = "correct horse battery"
"""Of everybody on the platforms of the tests."""


class Account:
    """A signed-up user. Every method does one HTTP call and raises on an unexpected status."""

    def __init__(self, platform: Platform, username: str = "ada", password: str = PASSWORD) -> None:
        self.platform = platform
        self.username = username
        self.http = httpx.Client(base_url=platform.url, timeout=60)
        self.visitor = httpx.Client(base_url=platform.url, timeout=60)
        platform.users += [self.http, self.visitor]
        answer = self.http.post("/api/auth/signup", json={"username": username, "password": password})
        if answer.status_code != 201:
            answer = self.http.post(
                "/api/auth/login", json={"username": username, "password": password}
            ).raise_for_status()
        self.token: str = answer.json()["token"]
        self.http.cookies.clear()
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def api(self, method: str, path: str, **more: Any) -> Any:
        """One API call; its decoded body."""
        answer = self.http.request(method, f"/api{path}", **more)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def create(self, name: str, files: dict[str, str] | None = None, template: str | None = None) -> dict[str, Any]:
        """A new app, with these files as its draft."""
        body = {"name": name} | ({"template": template} if template else {})
        app: dict[str, Any] = self.api("POST", "/apps", json=body)
        if files is not None:
            self.save(name, files)
        return app

    def save(self, name: str, files: dict[str, str], entrypoint: str = "app.py") -> None:
        """Replace the draft."""
        self.api("PUT", f"/apps/{name}/draft", json={"files": files, "entrypoint": entrypoint})

    def deploy(self, name: str) -> dict[str, Any]:
        """Deploy the draft and wait for its end, however it ends."""
        deploy = self.api("POST", f"/apps/{name}/deploy", json={})
        return self.deployed(deploy["id"])

    def deployed(self, deploy: str, seconds: float = 60) -> dict[str, Any]:
        """The deploy once it has ended."""

        def ended() -> dict[str, Any] | None:
            answer: dict[str, Any] = self.api("GET", f"/deploys/{deploy}")
            return answer if answer["status"] != "running" else None

        result: dict[str, Any] = wait_for(ended, seconds, f"the end of deploy {deploy}")
        return result

    def publish(self, name: str, files: dict[str, str]) -> None:
        """A new app with these files, deployed; fails the test when it does not deploy."""
        self.create(name, files)
        ended = self.deploy(name)
        assert ended["status"] == "succeeded", ended

    def call(self, name: str, path: str = "/", method: str = "GET", **more: Any) -> httpx.Response:
        """A visitor's request to the app's own address."""
        headers = {"Host": f"{name}.localhost:{self.platform.port}"} | more.pop("headers", {})
        return self.visitor.request(method, path, headers=headers, **more)

    def status(self, name: str) -> str:
        """The app's status word."""
        word: str = self.api("GET", f"/apps/{name}/status")["status"]
        return word

    def requests(self, name: str) -> list[dict[str, Any]]:
        """The app's newest request records."""
        items: list[dict[str, Any]] = self.api("GET", f"/apps/{name}/requests")["items"]
        return items

    def logs(self, name: str) -> list[dict[str, Any]]:
        """The app's newest log lines."""
        items: list[dict[str, Any]] = self.api("GET", f"/apps/{name}/logs")["items"]
        return items
