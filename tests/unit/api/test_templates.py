"""Templates are checked when they are loaded: what would not deploy is refused, with every fault named."""

from pathlib import Path

import pytest

from control.templates import STARTER, BadTemplates, load_templates

GOOD = """
id: mine
name: Mine
description: One file.
icon: box
framework: fastapi
entrypoint: app.py
examples: [{path: /}]
files:
  app.py: |
    from fastapi import FastAPI

    app = FastAPI()
"""


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    (folder / name).write_text(text)
    return folder


def test_ours_are_there_and_the_starter_is_one_small_file() -> None:
    templates = load_templates()
    assert list(templates)[:4] == ["hello", "todo", "notes", "counter"]
    assert list(templates[STARTER].files) == ["app.py"]
    assert all(template.examples and template.description and template.icon for template in templates.values())
    assert all(template.tags and template.category != "other" for template in templates.values())


def test_a_good_one_loads(tmp_path: Path) -> None:
    assert load_templates(write(tmp_path, GOOD))["mine"].framework == "fastapi"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("app = FastAPI()", "app = FastAPI("), "mine.yaml: app.py:3"),
        (("app = FastAPI()", "x = 1"), "mine.yaml"),
        (("framework: fastapi", "framework: fasthtml"), "its code is fastapi"),
        (("id: mine", "id: other"), "the file's name says"),
        (("entrypoint: app.py", "entrypoint: main.py"), "main.py"),
        (("icon: box", "icons: box"), "icons"),
        (("name: Mine", "name: [1]"), "name"),
        (("examples: [{path: /}]", "examples: []"), "no example"),
        (("examples: [{path: /}]", "examples: [{path: /, header: {}}]"), "unknown fields: header"),
        (("icon: box", "icon: box\nowner: ada"), "unknown fields: owner"),
        (("icon: box", "icon: box\ncategory: misc"), "category"),
        (("icon: box", "icon: box\nneeds_database: true"), "needs_database"),
        (("id: mine", "id: {"), "YAML"),
    ],
)
def test_a_fault_is_named_with_its_file(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    with pytest.raises(BadTemplates) as refused:
        load_templates(write(tmp_path, GOOD.replace(*change)))
    assert told in str(refused.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("FastAPI()", "FastAPI("))
    write(tmp_path, "id: 5", "second.yaml")
    with pytest.raises(BadTemplates) as refused:
        load_templates(tmp_path)
    assert "mine.yaml" in str(refused.value)
    assert "second.yaml" in str(refused.value)
