"""Opening a page in the browser of whoever sits at the terminal, where there is one."""

import os
import sys


def open_page(url: str) -> bool:
    """Opens an http(s) address; answers whether it did. What a browser prints stays its own."""
    if not url.startswith(("http://", "https://")) or not _has_browser():
        return False
    import webbrowser

    return webbrowser.open(url)


def _has_browser() -> bool:
    """On Linux a browser needs a display; without one a text browser would take over the terminal."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
