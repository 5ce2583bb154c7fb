"""The OpenAPI document, made from the handlers and the wire structs themselves, so it cannot say anything else.

Paths, methods and parameters come from Litestar's routes; schemas come from msgspec, which also does the encoding. What
only ever goes out has all its fields always, so there every property is required. Print it with

    python -m control.api.openapi > openapi.json
"""

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

import msgspec
from litestar import Litestar, Response
from litestar.enums import ParamType
from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg
from litestar.response import Stream
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from control.api import explorer, problems, security, sse
from fp import __version__
from fp.api.deploys import DeployEvent
from fp.api.problems import Problem
from fp.api.tail import MESSAGES
from fp.archive import MEDIA_TYPE

Json = dict[str, Any]

_REF = "#/components/schemas/{name}"
_PROBLEM: Json = {"$ref": _REF.format(name="Problem")}
_CONSTRAINTS = {
    "ge": "minimum", "le": "maximum", "min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"
}  # fmt: skip
_BINARY: Json = {"type": "string", "format": "binary"}
_TYPES = {int: "integer", bool: "boolean"}
_SECURITY: Json = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": security.SESSION_COOKIE},
}
_ABOUT = (
    "JSON in and out; times are RFC 3339 in UTC; lists are `{items, next}`, and `next` is the `cursor` of the page after. "
    "Every error is a problem (RFC 9457) with one of a closed list of codes."
)


def make_openapi(app: Litestar) -> Json:
    """The document of the application, as JSON builtins; paths and schemas are sorted."""
    operations = sorted(_operations(app), key=lambda found: (found[0], found[1]))
    bodies = {body for _, _, handler in operations if (body := _body_of(handler))}
    answers = {answer for _, _, handler in operations if (answer := _answer_of(handler))} | {
        Problem,
        DeployEvent,
        *MESSAGES,
    }
    paths: dict[str, Json] = {}
    for path, method, handler in operations:
        paths.setdefault(path, {})[method.lower()] = _operation(path, handler)
    return {
        "openapi": "3.1.0",
        "info": {"title": "fp", "version": __version__, "description": _ABOUT},
        "paths": paths,
        "components": {"schemas": _schemas(bodies, answers), "securitySchemes": _SECURITY},
    }


@lru_cache(maxsize=1)
def encoded_openapi(app: Litestar) -> bytes:
    """The document as it is served; made when it is first asked for."""
    return msgspec.json.encode(make_openapi(app))


def _operations(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.resolve_include_in_schema():
                    yield from ((route.path_format, method, handler) for method in handler.http_methods)


def _operation(path: str, handler: HTTPRouteHandler) -> Json:
    text = inspect.getdoc(handler.fn) or ""
    summary, _, description = text.partition("\n\n")
    operation: Json = {
        "operationId": handler.fn.__name__,
        "summary": " ".join(summary.split()),
        "tags": _tags(handler),
        "parameters": [*_path_parameters(path), *_parameters(handler)],
        "responses": {**_success(handler), "default": {"description": "A problem.", "content": _problem_content()}},
    }
    if description:
        operation["description"] = description
    if (body := _body_of(handler)) is not None:
        needed = not (handler.parsed_data_field and handler.parsed_data_field.is_optional)
        operation["requestBody"] = {"required": needed, "content": {"application/json": {"schema": _ref(body)}}}
    if (kind := handler.opt.get("consumes")) is not None:
        operation["requestBody"] = {"required": True, "content": {kind: {"schema": dict(_BINARY)}}}
    if {security.logged_in, security.admin_only} & set(handler.resolve_guards()):
        operation["security"] = [{"bearer": []}, {"session": []}]
    return operation


def _tags(handler: HTTPRouteHandler) -> list[str]:
    """The handler's own tag, or else its router's."""
    return sorted(handler.tags or handler.resolve_tags())


def _success(handler: HTTPRouteHandler) -> Json:
    status = str(handler.status_code)
    if handler.media_type == sse.MEDIA_TYPE:
        content: Json = {sse.MEDIA_TYPE: {"schema": {"type": "string"}, "x-event": _ref(DeployEvent)}}
        return {
            status: {"description": "A stream of events named `deploy`; `data` is a DeployEvent.", "content": content},
            "204": {"description": "The deploy is over and its last event was seen."},
        }
    answer = _answer_of(handler)
    if answer is None and handler.media_type == MEDIA_TYPE:
        return {status: {"description": "The archive.", "content": {MEDIA_TYPE: {"schema": dict(_BINARY)}}}}
    if answer is None and handler.media_type == explorer.LINES:
        content = {explorer.LINES: {"schema": {"type": "string"}}}
        return {status: {"description": "Lines of JSON.", "content": content}}
    if answer is None:
        return {status: {"description": "Done."}}
    content = {"application/json": {"schema": _ref(answer)}}
    also: Mapping[int, str] = handler.opt.get("also", {})
    said = {status: _first_line(answer), **{str(other): text for other, text in also.items()}}
    return {each: {"description": text, "content": content} for each, text in said.items()}


def _parameters(handler: HTTPRouteHandler) -> Iterator[Json]:
    for field in _fields(handler, handler.parsed_fn_signature.parameters):
        given = field.kwarg_definition
        if not isinstance(given, ParameterKwarg) or given.name is None or given.param_type is ParamType.PATH:
            continue
        schema: Json = {"type": _TYPES.get(field.annotation, "string")}
        if words := _words(field.annotation):
            schema["enum"] = words
        schema |= {name: value for key, name in _CONSTRAINTS.items() if (value := getattr(given, key)) is not None}
        if isinstance(field.default, int):
            schema["default"] = field.default
        yield {
            "name": given.name,
            "in": given.param_type.value,
            "required": False,
            "schema": schema,
            "description": given.description or "",
        }


def _fields(handler: HTTPRouteHandler, taken: Mapping[str, FieldDefinition]) -> Iterator[FieldDefinition]:
    """What a function takes, and what the dependencies take that it asks for."""
    provided = handler.resolve_dependencies()
    for name, field in taken.items():
        yield field
        if name in provided:
            yield from _fields(handler, provided[name].parsed_fn_signature.parameters)


def _words(annotation: Any) -> list[str]:
    """Those that a parameter may be, where it is a closed list of words."""
    literals = [kind for kind in (annotation, *get_args(annotation)) if get_origin(kind) is Literal]
    return [word for kind in literals for word in get_args(kind)]


def _path_parameters(path: str) -> Iterator[Json]:
    about = {
        "key": "The app's id or name.",
        "database": "The database's id or name.",
        "collection": "The collection's name.",
    }
    for name in re.findall(r"{(\w+)}", path):
        yield {
            "name": name, "in": "path", "required": True, "schema": {"type": "string"},
            "description": about.get(name, "An id."),
        }  # fmt: skip


def _body_of(handler: HTTPRouteHandler) -> type[msgspec.Struct] | None:
    """The struct, also where a body may be left out."""
    field = handler.parsed_data_field
    kinds = [] if field is None else [field.annotation, *get_args(field.annotation)]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, msgspec.Struct)), None)


def _answer_of(handler: HTTPRouteHandler) -> type[msgspec.Struct] | None:
    """The struct that a handler answers, also inside `Response[...]`."""
    answer = handler.parsed_fn_signature.return_type.annotation
    if get_origin(answer) is Response:
        answer = get_args(answer)[0]
    is_struct = isinstance(answer, type) and issubclass(answer, msgspec.Struct)
    return answer if is_struct and answer is not Stream else None


def _schemas(bodies: Iterable[type], answers: Iterable[type]) -> Json:
    """Every schema by name. A struct that goes out only has all of its properties, always."""
    _, incoming = msgspec.json.schema_components(sorted(bodies, key=str), ref_template=_REF)
    _, outgoing = msgspec.json.schema_components(sorted(answers, key=str), ref_template=_REF)
    for name, schema in outgoing.items():
        if name not in incoming and name != Problem.__name__ and "properties" in schema:
            schema["required"] = list(schema["properties"])
            for given in schema["properties"].values():
                given.pop("default", None)
    for struct in _structs({*bodies, *answers}):
        for field in msgspec.structs.fields(struct):
            if datetime in {field.type, *get_args(field.type)}:
                named = {**incoming, **outgoing}[struct.__name__]["properties"][field.encode_name]
                _mark_time(named)
    return dict(sorted({**outgoing, **incoming}.items()))


def _structs(kinds: Iterable[Any]) -> set[type[msgspec.Struct]]:
    """Those of the kinds that are structs, and all structs inside them."""
    found: set[type[msgspec.Struct]] = set()
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in found:
            found.add(kind)
            waiting += [field.type for field in msgspec.structs.fields(kind)]
    return found


def _mark_time(schema: Json) -> None:
    """msgspec says of a time only that it is a string."""
    for option in schema.get("anyOf", [schema]):
        if option.get("type") == "string":
            option["format"] = "date-time"


def _ref(struct: type[msgspec.Struct]) -> Json:
    return {"$ref": _REF.format(name=struct.__name__)}


def _first_line(struct: type[msgspec.Struct]) -> str:
    return (inspect.getdoc(struct) or struct.__name__).partition("\n")[0]


def _problem_content() -> Mapping[str, Json]:
    return {problems.MEDIA_TYPE: {"schema": _PROBLEM}}


def main() -> None:
    """Prints the document, indented."""
    from control.api.application import make_api

    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(make_openapi(make_api(None))), indent=2) + b"\n")


if __name__ == "__main__":
    main()
