"""What can keep the platform from starting, in words for the person who typed `up`."""


class LocalError(Exception):
    """Something a person must mend. `message` says what and where, `hint` what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
