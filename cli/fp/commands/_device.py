"""Log in by device (RFC 8628): show a code, wait until somebody has approved it in a browser."""

import platform
import time

from fp.api.auth import Session
from fp.client import Client
from fp.commands._browser import open_page
from fp.commands._output import clean, note
from fp.errors import ApiError, FpError, Unreachable

_SLOWER_SECONDS = 5
_MAX_PAUSE_SECONDS = 60
_AGAIN = {"authorization_pending", "slow_down", "rate_limited", "unavailable"}


def log_in(client: Client) -> Session:
    """The session that somebody let us have. Raises FpError when nobody did in time, or said no."""
    code = client.start_device(f"fp on {platform.node() or 'an unnamed machine'}")
    note(clean(f"To log in, open {code.verification_uri} and enter the code {code.user_code}"))
    opened = open_page(code.verification_uri_complete)
    where = "in the browser that opened" if opened else f"at {code.verification_uri_complete}"
    note(clean(f"Waiting until it is approved {where} ..."))
    pause, end = code.interval, time.monotonic() + code.expires_in
    while time.monotonic() < end:
        time.sleep(min(max(pause, 1), _MAX_PAUSE_SECONDS))
        try:
            return client.poll_device(code.device_code)
        except Unreachable:
            continue
        except ApiError as error:
            if error.code not in _AGAIN:
                raise _ended(error) from None
            if error.code in {"slow_down", "rate_limited"}:
                pause += _SLOWER_SECONDS
    raise FpError("Nobody approved the log in", "Run `fp login` again.")


def _ended(error: ApiError) -> FpError:
    if error.code == "access_denied":
        return FpError("The log in was denied")
    if error.code == "expired_token":
        return FpError("Nobody approved the log in in time", "Run `fp login` again.")
    return error
