"""The templates people start from: one YAML file each, checked when the process starts.

A template is data of the shape `fp.api.apps.Template`. Loading decodes it strictly and runs the same validation a deploy
runs, so a template that would not deploy never reaches a user. All faults of all files are reported at once.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from fp.api.apps import ExampleRequest, Template
from fp.names import ENV_PLATFORM_MONGO_URI
from fp.validation import validate

FOLDER = Path(__file__).parent
STARTER = "hello"
"""The id of the template that an app without one starts as."""
_ORDER = (
    "hello", "todo", "notes", "counter", "htmx", "dashboard", "chat", "upload", "webhook", "job", "keys", "links"
)  # fmt: skip
# Who it belongs to is for the store to say, not for a file.
_FIELDS = frozenset(Template.__struct_fields__) - {"kind", "owner", "shared", "hidden", "changed"}
_EXAMPLE_FIELDS = frozenset(ExampleRequest.__struct_fields__)


class BadTemplates(Exception):
    """Some template files are wrong; the message has one line per fault."""


def load_templates(folder: Path = FOLDER) -> Mapping[str, Template]:
    """Every template of the folder by its id, the simplest first. Raises BadTemplates."""
    faults: list[str] = []
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            template = _read(path)
        except (msgspec.ValidationError, ValueError, OSError) as error:
            faults.append(f"{path.name}: {error}")
        else:
            faults += [f"{path.name}: {fault}" for fault in _faults(template, path.stem)]
            found[template.id] = template
    if faults:
        raise BadTemplates("\n".join(faults))
    return dict(sorted(found.items(), key=lambda item: _rank(item[0])))


def needs_database(files: Mapping[str, str]) -> bool:
    """Whether any of the files asks for the app's database."""
    return any(ENV_PLATFORM_MONGO_URI in text for text in files.values())


def _read(path: Path) -> Template:
    import yaml

    try:
        content = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(f"no YAML: {error}") from error
    if isinstance(content, dict):
        _check_fields(content)
    return msgspec.convert(content, Template)


def _check_fields(content: dict[str, Any]) -> None:
    """Raises ValueError on names that mean nothing: a misspelt field would be left out in silence."""
    if unknown := sorted(map(str, content.keys() - _FIELDS)):
        raise ValueError(f"unknown fields: {', '.join(unknown)}")
    for example in content.get("examples") or []:
        if isinstance(example, dict) and (unknown := sorted(map(str, example.keys() - _EXAMPLE_FIELDS))):
            raise ValueError(f"an example has unknown fields: {', '.join(unknown)}")


def _faults(template: Template, stem: str) -> Iterator[str]:
    if template.id != stem:
        yield f"its id is {template.id!r}, the file's name says {stem!r}"
    if not template.examples:
        yield "it has no example request"
    result = validate(template.files, template.entrypoint)
    yield from (f"{finding.file}:{finding.line}: {finding.message}" for finding in result.findings)
    if result.ok and result.framework != template.framework:
        yield f"it says {template.framework}, its code is {result.framework}"
    if needs_database(template.files) is not template.needs_database:
        yield f"it says needs_database: {str(template.needs_database).lower()}, its files say otherwise"


def _rank(template_id: str) -> tuple[int, str]:
    return (_ORDER.index(template_id) if template_id in _ORDER else len(_ORDER), template_id)
