"""The web page as the door gives it: small on the wire, with the headers that keep it to itself."""

import re

import httpx

from tests.support.account import Account
from tests.support.platform import Platform

FIRST_LOAD_BYTES = 200 * 1024


def wire_bytes(platform: Platform, path: str) -> int:
    """Bytes of the body as they travel, compressed where the server compresses."""
    with httpx.stream("GET", f"{platform.url}{path}", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200, path
        return sum(len(chunk) for chunk in answer.iter_raw())


def test_the_first_load_is_small(platform: Platform) -> None:
    """The page, its scripts and its styles together: under 200 KB before the editor is asked for."""
    page = httpx.get(platform.url)
    linked = re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page.text)
    assert len(linked) >= 3, page.text
    assert len(page.content) + sum(wire_bytes(platform, path) for path in linked) < FIRST_LOAD_BYTES


def test_the_page_keeps_to_itself(platform: Platform) -> None:
    """A policy without inline script and without other hosts, and no framing."""
    policy = httpx.get(platform.url).headers["content-security-policy"]
    scripts = next(part for part in policy.split(";") if part.strip().startswith(("script-src", "default-src")))
    assert "'self'" in scripts
    assert "unsafe-inline" not in scripts.replace("style-src", "")
    assert "frame-ancestors 'none'" in policy


def test_the_api_describes_itself(platform: Platform, ada: Account) -> None:
    """OpenAPI and its page are served, without a log-in and without another host."""
    document = httpx.get(f"{platform.url}/api/openapi.json").json()
    assert "/api/apps/{key}/deploy" in document["paths"] or any("deploy" in path for path in document["paths"])
    docs = httpx.get(f"{platform.url}/api/docs")
    assert docs.status_code == 200
    assert not re.findall(r'(?:src|href)="https?://', docs.text)
