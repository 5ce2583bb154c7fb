"""The command line's entry: one table of commands, and nothing imported before it is known which one is meant.

`fp --help` prints that table by itself, so it needs neither Typer nor HTTP. A command's own module is imported when the
command is called; Typer reads its options from the function `run` there.
"""

import difflib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple


class Command(NamedTuple):
    """A command's name, its line in the help, the group it is listed under, and the module where several are alike."""

    name: str
    summary: str
    group: str
    among: str = ""

    @property
    def module(self) -> str:
        return f"fp.commands.{self.among or self.name}"


COMMANDS = (
    Command("init", "Start an app in this folder: app.py and .fp.yaml", "Write and deploy"),
    Command("validate", "Check the app in this folder the way a deploy does", "Write and deploy"),
    Command("deploy", "Check, upload, start; prints the app's URL", "Write and deploy"),
    Command("push", "Save this folder as the app's draft, deploying nothing", "Write and deploy"),
    Command("pull", "Bring the app's draft, or a version, into this folder", "Write and deploy"),
    Command("call", "Send an app a request: fp call [APP] PATH", "Write and deploy"),
    Command("open", "Open the app in the browser", "Write and deploy"),
    Command("env", "Variables and secrets: list, set, unset", "Write and deploy"),
    Command("versions", "What was deployed, newest first", "Write and deploy"),
    Command("rollback", "Go back to a version", "Write and deploy"),
    Command("apps", "List your apps", "See"),
    Command("status", "What an app is doing", "See"),
    Command("logs", "The last log lines; -f follows", "See"),
    Command("requests", "The last requests, cold starts marked", "See"),
    Command("wakes", "How it woke, phase by phase", "See"),
    Command("db", "Databases: list, collections, find, export", "See"),
    Command("wake", "Start a sleeping app now", "Operate", "operate"),
    Command("sleep", "Put an app to sleep now", "Operate", "operate"),
    Command("restart", "Start an app anew", "Operate", "operate"),
    Command("delete", "Delete an app", "Operate"),
    Command("up", "Run the whole platform on this machine", "Platform"),
    Command("down", "Stop it", "Platform"),
    Command("admin", "For administrators: settings, stats, audit, backup, restore", "Platform"),
    Command("login", "Log in to a platform", "Platform"),
    Command("logout", "Log out of it", "Platform"),
    Command("whoami", "Who you are there", "Platform"),
    Command("tokens", "Tokens for scripts and CI: list, create, revoke", "Platform"),
)

_ENVIRONMENT = """Environment
  FP_HOST    address or context of the platform, default http://localhost:8080
  FP_TOKEN   token to use instead of a login
  FP_APP     app that commands mean when none is given
  NO_COLOR   no colours

Exit codes: 0 ok, 1 failed, 2 usage, 3 not logged in, 4 not found, 130 interrupted.
`fp COMMAND --help` shows a command's options."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; answers the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _dispatch(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has enough, as in `fp logs | head`; Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def help_text() -> str:
    """What `fp --help` prints."""
    width = max(len(command.name) for command in COMMANDS)
    parts = ["Usage: fp COMMAND [OPTIONS]", "", "Deploy Python web apps to your own fp platform.", ""]
    for group in dict.fromkeys(command.group for command in COMMANDS):
        own = [command for command in COMMANDS if command.group == group]
        parts += [group, *(f"  {command.name:<{width}}  {command.summary}" for command in own), ""]
    return "\n".join([*parts, _ENVIRONMENT])


def _dispatch(given: list[str]) -> int:
    if not given or given[0] in {"-h", "--help", "help"}:
        print(help_text())
        return 0
    if given[0] in {"-V", "--version", "version"}:
        from fp import __version__

        print(f"fp {__version__}")
        return 0
    command = next((command for command in COMMANDS if command.name == given[0]), None)
    if command is None:
        return _unknown(given[0])
    return _run(command, given[1:])


def _unknown(name: str) -> int:
    near = difflib.get_close_matches(name, [command.name for command in COMMANDS], n=1)
    hint = f"Did you mean `fp {near[0]}`?" if near else "`fp --help` lists them."
    print(f"fp: there is no command `{name}`\n    {hint}", file=sys.stderr)
    return 2


def _run(command: Command, arguments: list[str]) -> int:
    import typer

    from fp.commands._guard import guarded

    # httpx brings a command line of its own; without it, importing httpx takes half as long.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None is how Python spells "not to be had"
    module = importlib.import_module(command.module)
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    # A group is a module with several commands.
    alone = module.RUNS[command.name] if command.among else getattr(module, "run", None)
    for name, run in getattr(module, "COMMANDS", {command.name: alone}).items():
        app.command(name, context_settings={"help_option_names": ["-h", "--help"]})(guarded(run))
    try:
        app(arguments, prog_name=f"fp {command.name}")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
