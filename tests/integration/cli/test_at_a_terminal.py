"""`fp` where a person sits: prompts, passwords, Ctrl-C, and what follows until it comes."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.integration.cli.conftest import PASSWORD, Fp, environment
from tests.integration.cli.real_platform import RealPlatform
from tests.integration.cli.test_with_a_platform import HELLO
from tests.support.platform import wait_for


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, process: subprocess.Popen[bytes], handle: int) -> None:
        self.process = process
        self._handle = handle
        self.shown = ""

    def until(self, words: str) -> None:
        """Read until the terminal shows these words."""
        deadline = time.monotonic() + 30
        while words not in self.shown:
            assert time.monotonic() < deadline, self.shown
            assert self._read(), f"the command ended: {self.shown}"

    def type(self, line: str) -> None:
        os.write(self._handle, f"{line}\n".encode())

    def interrupt(self) -> int:
        """Press Ctrl-C, once more if it came in the instant before a read, where Python does not notice it."""
        for _ in range(10):
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(3)
                break
        return self.end()

    def end(self) -> int:
        """Read to the end; answers the exit code."""
        while self._read():
            pass
        return self.process.wait(30)

    def _read(self) -> bool:
        if not select.select([self._handle], [], [], 30)[0]:
            raise AssertionError(f"nothing more is shown: {self.shown}")
        try:
            data = os.read(self._handle, 65536)
        except OSError:
            return False
        self.shown += data.decode()
        return bool(data)


@contextmanager
def terminal(home: Path, folder: Path, *arguments: str, **env: str) -> Iterator[Terminal]:
    """Run `fp` on a terminal; it is killed if it is still there in the end."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "fp", *arguments],
        env=environment(home, TERM="xterm", COLUMNS="120", **env),
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_a_password_is_asked_and_not_shown(home: Path, folder: Path, platform: RealPlatform, fp: Fp, ada: str) -> None:
    """With `--password` name and password are asked for, the password never appears."""
    fp("logout")
    with terminal(home, folder, "login", platform.url, "--password") as screen:
        screen.until("Username: ")
        screen.type(ada)
        screen.until("Password: ")
        screen.type(PASSWORD)
        assert screen.end() == 0
    assert PASSWORD not in screen.shown
    assert fp("whoami").returncode == 0


def test_ctrl_c_at_a_question(home: Path, folder: Path, platform: RealPlatform) -> None:
    """Exit code 130, no traceback."""
    with terminal(home, folder, "login", platform.url, "--password") as screen:
        screen.until("Username: ")
        assert screen.interrupt() == 130
    assert "Traceback" not in screen.shown


def test_delete_asks_for_the_name(home: Path, folder: Path, fp: Fp, ada: str) -> None:
    """A wrong name deletes nothing; the right one does."""
    (folder / "app.py").write_text(HELLO)
    with terminal(home, folder, "deploy", NO_COLOR="1") as screen:
        assert screen.end() == 0, screen.shown
    assert "Starting" in screen.shown
    for typed, code in (("something", 1), (ada, 0)):
        assert fp("status").returncode == 0
        with terminal(home, folder, "delete") as screen:
            screen.until("Type the app's name")
            screen.type(typed)
            assert screen.end() == code, screen.shown
    assert fp("status").returncode == 4


def test_logs_follow_until_ctrl_c(home: Path, folder: Path, fp: Fp, platform: RealPlatform, ada: str) -> None:
    """A line printed after the start appears once, without a control character of the app's; Ctrl-C is exit code 130."""
    (folder / "app.py").write_text(HELLO)
    assert fp("deploy").returncode == 0
    platform.visit(ada, "/?say=before")
    wait_for(lambda: "said before" in fp("logs").stdout, 20, "the first line")
    with terminal(home, folder, "logs", "-f") as screen:
        screen.until("said before")
        platform.visit(ada, "/?say=%1b%5b2Jafter")
        screen.until("[2Jafter")
        assert screen.interrupt() == 130
    assert "\x1b[2J" not in screen.shown
    assert screen.shown.count("said before") == screen.shown.count("after") == 1


def test_ctrl_c_leaves_the_deploy_running(home: Path, folder: Path, fp: Fp, ada: str) -> None:
    """The command ends with 130 and says so; the deploy ends as it would have."""
    (folder / "app.py").write_text("import time\n\ntime.sleep(3)\n" + HELLO)
    with terminal(home, folder, "deploy") as screen:
        screen.until("Writing the version")
        assert screen.interrupt() == 130
    assert "The deploy goes on" in screen.shown
    wait_for(lambda: "running" in fp("status").stdout, 30, "the deploy")
