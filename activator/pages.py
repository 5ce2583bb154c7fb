"""Notices as visitors get them: a small page for who would rather see one, a problem for everybody else.

A page is one document without anything to fetch, dark or light as the visitor likes it, and still for who wants no motion.
Style and scripts never change, so its policy names them by their hashes and nothing else may run; what differs from page to
page is escaped text. A page that waits asks in the background, so that nothing blinks, on a path that the app never sees.
"""

import base64
import hashlib
from html import escape
from typing import Final

from activator.answers import NO_STORE, Answer, Header, problem
from activator.notices import LEAST_PAGE_SECONDS, Notice
from activator.request import WAKE_PATH, Waiting

_STYLE: Final = """:root{color-scheme:light dark;--bg:#faf9f7;--text:#1b1d23;--muted:#646a78;--faint:#d3cec5;--line:#5b5bd6;
--focus:#b86e00}@media(prefers-color-scheme:dark){:root{--bg:#0c0e14;--text:#e7e9ef;--muted:#969eb0;--faint:#313848;
--line:#9d9df5;--focus:#ffc766}}*{box-sizing:border-box}body{margin:0;min-height:100vh;min-height:100dvh;display:grid;
place-items:center;background:var(--bg);color:var(--text);padding:24px;
font:14px/1.5 "Inter Variable",Inter,system-ui,-apple-system,"Segoe UI",sans-serif}
main{width:100%;max-width:344px;text-align:center;overflow-wrap:anywhere}svg{display:block;margin:0 auto}
h1{font-size:20px;line-height:1.3;letter-spacing:-.02em;font-weight:600;margin:32px 0 8px;text-wrap:balance}
p{margin:0;color:var(--muted);text-wrap:pretty}p+p{margin-top:16px}b{font-weight:500;color:var(--text);
font-variant-numeric:tabular-nums}a{color:inherit;text-decoration-color:var(--faint);text-underline-offset:3px;
display:inline-block;padding:8px}a:hover{color:var(--text);text-decoration-color:currentcolor}
a:focus-visible{outline:2px solid var(--focus);border-radius:4px}.l{stroke:var(--line)}.d{stroke:var(--faint)}
.up{animation:up .9s cubic-bezier(.2,.7,.2,1)}@keyframes up{from{transform:translateY(34px)}}
@media(prefers-reduced-motion:reduce){.up{animation:none}}"""

_SUN: Final = (
    '<defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="#f5a524"/><stop offset="1" stop-color="#f5844a"/>'
    '</linearGradient><clipPath id="c"><path d="M0 0h140v36H0z"/></clipPath></defs><g clip-path="url(#c)">'
    '<path class="up" d="M40 36v-4a30 30 0 0 1 60 0v4z" fill="url(#g)"/></g>'
)
_NO_SUN: Final = (
    '<path class="d" d="M41 35v-3a29 29 0 0 1 58 0v3" fill="none" stroke-width="2" stroke-dasharray="2 5"/>'
)
_MARK: Final = (
    '<svg width="140" height="48" viewBox="0 0 140 48" aria-hidden="true" stroke-linecap="round">{sun}'
    '<path class="l" d="M1 36h138" stroke-width="2"/>'
    '<path class="l" d="M36 44h68" stroke-width="2" stroke-opacity=".45"/></svg>'
)

# Asks again as long as it is told to ask again; whatever else it hears, the page itself should hear.
_OPENS: Final = f"""(async()=>{{const t=document.getElementById("t"),wait=s=>new Promise(r=>setTimeout(r,1e3*s));
setTimeout(()=>t.textContent=t.dataset.late,8e3);for(;;){{let s=1;try{{
const r=await fetch("{WAKE_PATH}",{{cache:"no-store"}});s=r.status==503&&r.headers.get("retry-after")
if(!s)return location.reload()}}catch{{s=1}}await wait(s)}}}})()"""

# A page that nobody looks at does not try again: an app that fails is not woken for ever by a forgotten tab.
_AGAIN: Final = """(()=>{const b=document.getElementById("s"),end=Date.now()+1e3*b.textContent,
go=()=>document.hidden||(clearInterval(i),location.reload()),i=setInterval(()=>{
const s=Math.ceil((end-Date.now())/1e3);b.textContent=Math.max(s,0);s<1&&go()},250)})()"""


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _policy(script: str) -> Header:
    scripts = f"script-src {_hash(script)}; connect-src 'self'; " if script else ""
    rules = f"default-src 'none'; style-src {_hash(_STYLE)}; {scripts}base-uri 'none'; form-action 'none'"
    return ("Content-Security-Policy", rules)


_SCRIPTS: Final = {"nothing": "", "again": _AGAIN, "opens": _OPENS}
_HEADERS: Final[dict[str, tuple[Header, ...]]] = {
    then: (
        ("Content-Type", "text/html; charset=utf-8"),
        NO_STORE,
        ("X-Robots-Tag", "noindex"),
        ("X-Content-Type-Options", "nosniff"),
        _policy(script),
    )
    for then, script in _SCRIPTS.items()
}


def tell(request: Waiting, notice: Notice) -> Answer:
    """The notice as that request's client wants it. Only what a browser can safely ask again is asked again by itself."""
    if not request.html:
        hint = f"Its owner finds the reason at {notice.link}" if notice.link else ""
        headers = _retry_after(notice.retry)
        return problem(notice.status, notice.code, notice.title, notice.text, headers=headers, hint=hint)
    return page(notice if request.method == "GET" else _still(notice))


def page(notice: Notice) -> Answer:
    """The notice as a page of less than 6 KB."""
    script = _SCRIPTS[notice.then]
    seconds = max(notice.retry or 0, LEAST_PAGE_SECONDS) if notice.then == "again" else notice.retry
    document = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(notice.title)}</title><style>{_STYLE}</style>{_without_script(notice, seconds)}</head><body><main>"
        f"{_MARK.format(sun=_SUN if notice.then == 'opens' else _NO_SUN)}<h1>{escape(notice.title)}</h1>"
        f"{_text(notice, seconds)}</main>{f'<script>{script}</script>' if script else ''}</body></html>"
    )
    return Answer(notice.status, (*_HEADERS[notice.then], *_retry_after(seconds)), document.encode())


def _text(notice: Notice, seconds: int | None) -> str:
    late = f' data-late="{escape(notice.late)}"' if notice.late else ""
    parts = [f'<p id="t" role="status"{late}>{escape(notice.text)}</p>']
    if notice.then == "again":
        parts.append(f'<p>fp tries again in <b id="s">{seconds}</b> s</p>')
    if notice.link:
        parts.append(f'<p><a href="{escape(notice.link)}">Is it yours? See what went wrong</a></p>')
    return "".join(parts)


def _without_script(notice: Notice, seconds: int | None) -> str:
    if notice.then == "nothing":
        return ""
    return f'<noscript><meta http-equiv="refresh" content="{seconds}"></noscript>'


def _still(notice: Notice) -> Notice:
    return Notice(
        status=notice.status,
        code=notice.code,
        title=notice.title,
        text=notice.text,
        retry=notice.retry,
        link=notice.link,
    )


def _retry_after(seconds: int | None) -> tuple[Header, ...]:
    return () if seconds is None else (("Retry-After", str(seconds)),)
