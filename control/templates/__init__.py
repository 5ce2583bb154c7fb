"""The templates people start from: one YAML file each, checked when the process starts.

A template is data of the shape `fp.api.apps.Template`. Loading decodes it strictly and runs the same validation a deploy
runs, so a template that would not deploy never reaches a user. All faults of all files are reported at once.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from fp.api.apps import Template
from fp.validation import validate

FOLDER = Path(__file__).parent
STARTER = "hello"
"""The id of the template that an app without one starts as."""
_ORDER = ("hello", "todo", "notes", "counter")
_FIELDS = frozenset(Template.__struct_fields__)


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


def _read(path: Path) -> Template:
    import yaml

    try:
        content = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(f"no YAML: {error}") from error
    if isinstance(content, dict) and (unknown := sorted(map(str, content.keys() - _FIELDS))):
        raise ValueError(f"unknown fields: {', '.join(unknown)}")
    return msgspec.convert(content, Template)


def _faults(template: Template, stem: str) -> list[str]:
    faults = [] if template.id == stem else [f"its id is {template.id!r}, the file's name says {stem!r}"]
    if not template.examples:
        faults.append("it has no example request")
    result = validate(template.files, template.entrypoint)
    faults += [f"{finding.file}:{finding.line}: {finding.message}" for finding in result.findings]
    if result.ok and result.framework != template.framework:
        faults.append(f"it says {template.framework}, its code is {result.framework}")
    return faults


def _rank(template_id: str) -> tuple[int, str]:
    return (_ORDER.index(template_id) if template_id in _ORDER else len(_ORDER), template_id)
