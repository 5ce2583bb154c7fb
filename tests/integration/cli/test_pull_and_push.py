"""`fp pull` and `fp push` against a real platform: between the browser's draft and a folder, and nobody's work is lost."""

import json
from pathlib import Path

from fp.client import Client
from tests.integration.cli.conftest import Fp
from tests.integration.cli.real_platform import RealPlatform
from tests.integration.cli.test_with_a_platform import HELLO, token_of


def files_of(folder: Path) -> dict[str, str]:
    """What lies in the folder, but for `.fp.yaml`."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".fp.yaml")
    return {str(path.relative_to(folder)): path.read_bytes().decode() for path in found}


def test_push_then_go_on_in_the_browser_then_pull(
    fp: Fp, folder: Path, home: Path, platform: RealPlatform, ada: str
) -> None:
    """A push deploys nothing and needs no sound code; what the browser makes of it comes back without a question."""
    (folder / "app.py").write_text("def (:\n")
    pushed = fp("push")
    assert (pushed.returncode, pushed.stdout) == (0, ""), pushed.stderr
    assert "1 of 1 files changed" in pushed.stderr
    assert json.loads(fp("status", "--json").stdout)["version"] is None
    draft = {"app.py": HELLO, "pages/größe.html": "<p>\r\n</p>"}
    with Client(platform.url, token_of(home)) as browser:
        browser.save_draft(ada, draft, "app.py", None)
        pulled = json.loads(fp("pull", "--json").stdout)
        assert pulled["files"] == ["app.py", "pages/größe.html"]
        assert files_of(folder) == draft
        assert fp("push").returncode == 0
        assert browser.draft(ada).files == draft
    assert "nothing changed" in fp("push").stderr
    assert "0 of 2 files written" in fp("pull").stderr


def test_what_was_changed_here_is_not_written_over(
    fp: Fp, folder: Path, home: Path, platform: RealPlatform, ada: str
) -> None:
    """Not by a pull, whose other files do not come either; and a push does not write over what the browser saved."""
    (folder / "app.py").write_text(HELLO)
    assert fp("push").returncode == 0
    with Client(platform.url, token_of(home)) as browser:
        edited = browser.save_draft(ada, {"app.py": HELLO + "# theirs\n", "new.py": ""}, "app.py", None)
        (folder / "app.py").write_text(HELLO + "# mine\n")
        refused = fp("pull")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "app.py would be written over" in refused.stderr
        assert files_of(folder) == {"app.py": HELLO + "# mine\n"}
        refused = fp("push")
        assert refused.returncode == 1
        assert browser.draft(ada).etag == edited.etag
        (folder / "notes.txt").write_text("mine alone")
        forced = fp("pull", "--force")
        assert forced.returncode == 0
        assert "notes.txt" in forced.stderr
        assert files_of(folder) == {"app.py": HELLO + "# theirs\n", "new.py": "", "notes.txt": "mine alone"}
        assert fp("push").returncode == 0
        assert sorted(browser.draft(ada).files) == ["app.py", "new.py", "notes.txt"]


def test_a_folder_that_this_machine_never_sent(
    fp: Fp, folder: Path, home: Path, platform: RealPlatform, ada: str
) -> None:
    """Into an empty folder an app just comes, with a `.fp.yaml` that names it; over files of the same names it does not."""
    with Client(platform.url, token_of(home)) as browser:
        browser.create_app(ada)
        browser.save_draft(ada, {"web/main.py": HELLO}, "web/main.py", None)
    (folder / ".fp.yaml").unlink()
    (folder / "web").mkdir()
    (folder / "web" / "main.py").write_text("x = 1\n")
    assert fp("pull", ada).returncode == 1
    (folder / "web" / "main.py").unlink()
    assert fp("pull", ada).returncode == 0
    assert files_of(folder) == {"web/main.py": HELLO}
    assert (folder / ".fp.yaml").read_text() == f"name: {ada}\nentrypoint: web/main.py\n"
    assert fp("push").returncode == 0
    assert fp("pull", "nowhere").returncode == 4


def test_a_version_comes_back(fp: Fp, folder: Path, ada: str) -> None:
    """Its files, over a folder that is what was sent last; the draft stays what it is."""
    (folder / "app.py").write_text(HELLO)
    assert fp("deploy").returncode == 0
    (folder / "app.py").write_text(HELLO + "# two\n")
    assert fp("push").returncode == 0
    assert fp("pull", "--version", "1").returncode == 0
    assert files_of(folder) == {"app.py": HELLO}
    assert fp("pull", "--version", "9").returncode == 4
    assert fp("pull", "--version", "0").returncode == 2


def test_a_link_leads_nowhere(fp: Fp, folder: Path, home: Path, platform: RealPlatform, ada: str) -> None:
    """A folder of the app that is a link to somewhere else here is not written through."""
    outside = folder.parent / "outside"
    outside.mkdir()
    (folder / "pages").symlink_to(outside)
    with Client(platform.url, token_of(home)) as browser:
        browser.create_app(ada)
        browser.save_draft(ada, {"app.py": HELLO, "pages/a.html": "x"}, "app.py", None)
    refused = fp("pull", "--force")
    assert refused.returncode == 1
    assert "pages/a.html" in refused.stderr
    assert not list(outside.iterdir())


def test_files_that_no_app_can_have(fp: Fp, folder: Path, ada: str) -> None:
    """A push names them and sends nothing."""
    (folder / "app.py").write_bytes(b"\xff\xfe")
    refused = fp("push")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "app.py" in refused.stderr
    assert fp("status").returncode == 4
