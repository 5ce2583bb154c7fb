"""Answers for who asks a sleeping app without wanting it: crawlers, uptime probes, browsers after an icon.

An app that is asleep is well, so a probe hears 200, and a crawler may come again. Who is meant is settled by what the user agent
contains and by the path, both settable. An entry with a `!` is overlooked in the agent before it is searched, because names of
phones hold the strangest words and the people behind them want to see the app.
"""

import re

from activator.answers import NO_STORE, Answer, Header
from activator.request import Waiting

ROBOTS = b"User-agent: *\nAllow: /\n"
_TEXT: Header = ("Content-Type", "text/plain; charset=utf-8")
_ASLEEP = Answer(200, (_TEXT, NO_STORE), b"asleep\n")
_BY_PATH = {
    "/robots.txt": Answer(200, (_TEXT, ("Cache-Control", "max-age=3600")), ROBOTS),
    "/favicon.ico": Answer(204, (("Cache-Control", "max-age=60"),)),
}
_NOBODY = re.compile(r"(?!)")


class StaticAnswers:
    """`agents`: parts of user agents in lower case, some with a `!`; `paths`: whole paths. Either may be empty."""

    def __init__(self, agents: tuple[str, ...], paths: tuple[str, ...]) -> None:
        self._overlooked = _any_of([agent[1:] for agent in agents if agent.startswith("!")])
        self._agents = _any_of([agent for agent in agents if not agent.startswith("!")])
        self._paths = frozenset(paths)

    def answer(self, request: Waiting) -> Answer | None:
        """What to answer in a sleeping app's place, or None: the request is for the app."""
        if request.path in self._paths:
            return _BY_PATH.get(request.path, _ASLEEP)
        return _ASLEEP if self._agents.search(self._overlooked.sub(" ", request.agent)) else None


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, filter(None, words)))) if any(words) else _NOBODY
