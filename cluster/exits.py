"""How a process ended, in words: the same wherever apps run."""

import signal

from cluster.base import Failure


def exit_failure(code: int | None, *, ready: bool, tail: list[str]) -> Failure:
    """Why it died. `code`: negative for a signal, None where nobody could tell."""
    before = "" if ready else " before it was ready"
    traceback = "\n".join(tail) or None
    if code is not None and code < 0:
        name = signal_name(-code)
        hint = "The system kills a process that takes more memory than there is." if name == "SIGKILL" else None
        return Failure("killed", f"Process was killed by {name}{before}", hint=hint, traceback=traceback)
    how = "Process exited" if code is None else f"Process exited with code {code}"
    return Failure("exited", f"{how}{before}", traceback=traceback)


def signal_name(number: int) -> str:
    """`SIGKILL` for 9; the number itself where it has no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
