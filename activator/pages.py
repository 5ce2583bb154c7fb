"""The pages a visitor may see in an app's place: it wakes, it failed, nobody is there, try again.

Each is one small document without anything to fetch, dark or light as the visitor likes it, and still for who wants no
motion. What comes from an app or its visitors is escaped.
"""

from html import escape

from activator.answers import NO_STORE, RETRY_SOON, Answer
from cluster.base import Failure

_STYLE = """:root{color-scheme:light dark;--bg:#faf9f7;--text:#1b1d23;--muted:#646a78;--line:#5b5bd6;--raised:#f4f2ee}
@media(prefers-color-scheme:dark){:root{--bg:#0c0e14;--text:#e7e9ef;--muted:#969eb0;--line:#9d9df5;--raised:#191d27}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--bg);
color:var(--text);font:14px/1.5 "Inter Variable",Inter,system-ui,sans-serif;padding:24px}
main{width:100%;max-width:344px;text-align:center}main.wide{max-width:560px}
h1{font-size:20px;line-height:1.3;letter-spacing:-.02em;font-weight:600;margin:32px 0 8px;overflow-wrap:anywhere}
p{margin:0;color:var(--muted)}pre{margin:24px 0 0;padding:12px 16px;border-radius:8px;background:var(--raised);
text-align:left;white-space:pre-wrap;overflow-wrap:anywhere;font:12.5px/1.5 "JetBrains Mono Variable",ui-monospace,monospace}
svg{display:block;margin:0 auto}"""

_RISE = """.sun{animation:rise 900ms cubic-bezier(.2,.7,.2,1) both}@keyframes rise{from{transform:translateY(34px)}}
@media(prefers-reduced-motion:reduce){.sun{animation:none}}"""

_MARK = """<svg width="140" height="48" viewBox="0 0 140 48" aria-hidden="true"><defs>
<linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#f5a524"/><stop offset="1" stop-color="#f5844a"/>
</linearGradient><clipPath id="c"><path d="M0 0h140v36H0z"/></clipPath></defs><g clip-path="url(#c)">
<path class="sun" d="M40 36V32a30 30 0 0 1 60 0v4z" fill="url(#s)"/></g>
<path d="M1 36h138" stroke="var(--line)" stroke-width="2" stroke-linecap="round"/>
<path d="M36 44h68" stroke="var(--line)" stroke-opacity=".45" stroke-width="2" stroke-linecap="round"/></svg>"""

# The page asks in the background, so that nothing blinks: a HEAD is held until the app answers, and does nothing there.
_RELOAD = """<script>(async()=>{for(;;){await new Promise(r=>setTimeout(r,400));try{
await fetch(location.href,{method:"HEAD",cache:"no-store"});return location.reload()}catch{}}})()</script>
<noscript><meta http-equiv="refresh" content="1"></noscript>"""

_HTML = ("Content-Type", "text/html; charset=utf-8")
_ROBOTS = ("X-Robots-Tag", "noindex")


def _page(
    status: int, title: str, text: str, *, more: str = "", style: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    kind = ' class="wide"' if "<pre>" in more else ""
    document = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}{style}</style></head><body><main{kind}>{_MARK}"
        f'<h1 role="status">{title}</h1><p>{text}</p>{more}</main></body></html>'
    )
    return Answer(status, (_HTML, NO_STORE, _ROBOTS, *headers), document.encode())


def waking(name: str) -> Answer:
    """What a page load gets after a second of waiting: 503, and it opens the app by itself."""
    return _page(
        503,
        f"{escape(name)} is waking up",
        "It was asleep to save power. This page opens it as soon as it answers.",
        more=_RELOAD,
        style=_RISE,
        headers=(RETRY_SOON,),
    )


def failed(name: str, failure: Failure) -> Answer:
    """The app does not start: its own words and where, without the traceback."""
    words = escape(failure.message[:1000])
    if failure.file is not None:
        words = f"{escape(failure.file)}{f', line {failure.line}' if failure.line else ''}\n{words}"
    text = "Its owner finds the traceback in the app's deploys and logs."
    return _page(502, f"{escape(name)} does not start", text, more=f"<pre>{words}</pre>")


def unknown(host: str) -> Answer:
    """No app has that host."""
    return _page(404, "There is no app here", f"No app answers at {escape(host[:253])}.")


def did_not_answer(name: str) -> Answer:
    """The connection to the app broke before it answered."""
    text = "The connection to it broke before it answered. Try again; its owner finds why in the app's logs."
    return _page(502, f"{escape(name)} did not answer", text)


def try_again(name: str) -> Answer:
    """The app could not be woken in time, or too many wait for it."""
    text = "It could not be woken in time. Try again in a moment."
    return _page(503, f"{escape(name)} is still asleep", text, headers=(RETRY_SOON,))
