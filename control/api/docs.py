"""The API's own documentation: the OpenAPI document, and one page that shows it.

The page is made here from that document, without a script and without a request to anyone else's server; the policy names its
one style sheet by hash, and nothing else may load.
"""

import base64
import hashlib
from html import escape
from typing import Any

from litestar import Request, Response, Router, get

from control.api import problems
from control.api.openapi import Json, encoded_openapi, make_openapi

_STYLE = """
:root { color-scheme: light dark; --line: light-dark(#ddd, #34373c); --soft: light-dark(#5c5e62, #a3a5a8); }
body { max-width: 56rem; margin: 0 auto; padding: 2rem 1.25rem 6rem; font: 15px/1.55 system-ui, sans-serif;
       background: light-dark(#fff, #141517); color: light-dark(#1d1e20, #ebeae6); }
h1 { margin: 0 0 .5rem; } h2 { margin: 3rem 0 .5rem; text-transform: capitalize; }
code, pre { font: 13px/1.5 ui-monospace, monospace; } a { color: light-dark(#0b5bd3, #7db0ff); }
details { border-top: 1px solid var(--line); padding: .5rem 0; } summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.5rem; font: 600 13px ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
td, th { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-top: 1px solid var(--line); }
.soft { color: var(--soft); }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI document."""
    return Response(encoded_openapi(request.app), media_type="application/json", headers={"Cache-Control": "no-cache"})


@get("/docs", include_in_schema=False, sync_to_thread=False)
def docs(request: Request[Any, Any, Any]) -> Response[str]:
    """The page."""
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return Response(render(make_openapi(request.app)), media_type="text/html", headers=headers)


def render(document: Json) -> str:
    """The OpenAPI document as one HTML page."""
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            by_tag.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    body = "".join(f'<h2 id="{escape(tag)}">{escape(tag)}</h2>{"".join(items)}' for tag, items in by_tag.items())
    schemas = "".join(_schema(name, schema) for name, schema in document["components"]["schemas"].items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>fp API</title><style>{_STYLE}</style><h1>fp API</h1>"
        f'<p>{_text(document["info"]["description"])}</p><p><a href="/api/openapi.json">OpenAPI document</a></p>'
        f"{body}<h2>Problems</h2>{_problems()}<h2>Schemas</h2>{schemas}</html>"
    )


def _operation(path: str, method: str, operation: Json) -> str:
    rows = [_row(parameter["name"], parameter["in"], parameter["description"]) for parameter in operation["parameters"]]
    if "requestBody" in operation:
        [(kind, content)] = operation["requestBody"]["content"].items()
        rows.append(_row("body", _type(content["schema"]) if kind == "application/json" else kind, ""))
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        kind = next((_type(found["schema"]) for found in content.values()), "")
        rows.append(_row("any error" if status == "default" else status, kind, response["description"]))
    return (
        f'<details id="{escape(operation["operationId"])}"><summary><b>{method.upper()}</b> <code>{escape(path)}</code> '
        f'<span class="soft">{_text(operation["summary"])}</span></summary>'
        f"<p>{_text(operation.get('description', ''))}</p><table>{''.join(rows)}</table></details>"
    )


def _problems() -> str:
    rows = (
        f'<tr id="problem-{code}"><td><code>{code}</code></td><td>{problems.STATUS[code]}</td><td>{escape(title)}</td></tr>'
        for code, title in problems.TITLES.items()
    )
    return f"<table>{''.join(rows)}</table>"


def _schema(name: str, schema: Json) -> str:
    required = schema.get("required", [])
    rows = [
        _row(field if field in required else f"{field}?", _type(given), "")
        for field, given in schema.get("properties", {}).items()
    ]
    about = _text(schema.get("description", ""))
    return (
        f'<details id="schema-{escape(name)}"><summary><code>{escape(name)}</code></summary><p>{about}</p>'
        f"<table>{''.join(rows)}</table></details>"
    )


def _row(name: str, kind: str, about: str) -> str:
    return f"<tr><td><code>{escape(name)}</code></td><td>{kind}</td><td>{_text(about)}</td></tr>"


def _type(schema: Json) -> str:
    """A schema in a few words, as HTML; a reference is a link."""
    match schema:
        case {"$ref": ref}:
            name = escape(ref.rpartition("/")[2])
            words = f'<a href="#schema-{name}">{name}</a>'
        case {"anyOf": options}:
            words = " or ".join(map(_type, options))
        case {"enum": values}:
            words = " | ".join(f"<code>{escape(str(value))}</code>" for value in values)
        case {"prefixItems": items}:
            words = f"[{', '.join(map(_type, items))}]"
        case {"items": item}:
            words = f"list of {_type(item)}"
        case {"additionalProperties": dict() as item}:
            words = f"map to {_type(item)}"
        case _:
            words = escape(str(schema.get("format") or schema.get("type", "any")))
    return words


def _text(text: str) -> str:
    """Prose with `code` in it, as HTML."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))


ROUTER = Router("/", route_handlers=[openapi_json, docs])
