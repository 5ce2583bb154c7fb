"""Secrets of apps: sealed when they are set, opened only to start a version.

A box is bound to its app and its variable: copied into another document, or under another name, it does not open.
"""

import msgspec

from control.domain.config import Config
from control.domain.databases import Sealed
from control.store.secrets import SecretBox


class Vault:
    """Closes and opens the secrets of apps with the platform's keys."""

    def __init__(self, box: SecretBox) -> None:
        self._box = box

    def seal(self, app_id: str, name: str, value: str) -> Sealed:
        """`value` as it may be stored."""
        return self._box.seal(value, _purpose(app_id, name))

    def opened(self, app_id: str, config: Config) -> dict[str, str]:
        """The values of all secrets of a config of that app, by name. Raises SecretUnreadable."""
        return {name: self._box.open(sealed, _purpose(app_id, name)) for name, sealed in config.secrets.items()}

    def copied(self, config: Config, app_id: str, to: str) -> Config:
        """The config of the app `app_id` as the app `to` may have it. Raises SecretUnreadable."""
        secrets = {name: self.seal(to, name, value) for name, value in self.opened(app_id, config).items()}
        return msgspec.structs.replace(config, secrets=secrets)


def _purpose(app_id: str, name: str) -> str:
    return f"app:{app_id}:{name}"
