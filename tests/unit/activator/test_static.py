"""Who does not want the app does not wake it, and a person with an odd phone does."""

import pytest

from activator.request import Waiting, waiting
from activator.settings import Settings
from activator.static import StaticAnswers

SETTINGS = Settings(1, 2, 3, "t")
DEFAULT = StaticAnswers(SETTINGS.static_agents, SETTINGS.static_paths)
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"


def request(agent: str = "", path: str = "/") -> Waiting:
    headers = {"x-forwarded-host": "a.localhost", "x-forwarded-uri": path, "user-agent": agent}
    return waiting({name.encode(): value.encode() for name, value in headers.items()})


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        f"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) {CHROME} (compatible; Googlebot/2.1)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)",
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        "Better Stack Better Uptime Bot Mozilla/5.0",
        "Uptime-Kuma/1.23.11",
        "Pingdom.com_bot_version_1.4",
        "GoogleHC/1.0",
        "ELB-HealthChecker/2.0",
        "Amazon-Route53-Health-Check-Service (ref 1; report http://amzn.to/1)",
        "Consul Health Check",
        "Mozilla/5.0 (compatible;Cloudflare-Healthchecks/1.0;+https://www.cloudflare.com/)",
        "kube-probe/1.30",
        "Blackbox Exporter/0.25.0",
        "Prometheus/2.53.0",
        "check_http/v2.3.3 (monitoring-plugins 2.3.3)",
        "StatusCake",
        "updown.io daemon 2.11",
    ],
)
def test_crawlers_and_probes_are_answered_in_its_place(agent: str) -> None:
    answer = DEFAULT.answer(request(agent))
    assert answer is not None
    assert (answer.status, answer.body) == (200, b"asleep\n")


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.5.0",
        "python-httpx/0.27.0",
        f"Mozilla/5.0 (Linux; Android 13) {CHROME}",
        f"Mozilla/5.0 (Linux; Android 10; CUBOT P40) {CHROME}",
        f"Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus Build/PPR1) {CHROME}",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 [FBAN/FBIOS]",
        "GitHub-Hookshot/1f4b3a2",
        "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    ],
)
def test_people_and_programs_wake_it(agent: str) -> None:
    assert DEFAULT.answer(request(agent)) is None


def test_a_crawler_that_poses_as_such_a_phone_is_still_one() -> None:
    assert DEFAULT.answer(request(f"Mozilla/5.0 (Linux; Android 10; CUBOT P40) {CHROME} (compatible; Googlebot/2.1)"))


def test_paths_are_whole_paths_without_their_query() -> None:
    for path, status in (("/robots.txt?x=1", 200), ("/favicon.ico", 204)):
        answer = DEFAULT.answer(request(path=path))
        assert answer is not None
        assert answer.status == status
    for path in ("/robots.txt/more", "/x/favicon.ico", "/Robots.txt"):
        assert DEFAULT.answer(request(path=path)) is None


def test_both_lists_can_be_set_and_be_empty() -> None:
    nobody = StaticAnswers((), ())
    assert nobody.answer(request("Googlebot", "/robots.txt")) is None
    mine = StaticAnswers(("my probe", "!"), ("/status",))
    assert mine.answer(request("my probe/1")) is not None
    assert mine.answer(request(path="/status")) is not None
    assert mine.answer(request("Googlebot")) is None
