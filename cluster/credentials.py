"""The credential with which one instance may post its own records, and nothing else.

It is derived from the internal token, so that whoever has that can check it without asking anybody, also for an instance that
is gone by now.
"""

import hashlib
import hmac


def ingest_credential(token: str, app: str, number: int, instance: str) -> str:
    """What `instance` of version `number` of `app` shows to control's ingest."""
    about = f"ingest\0{app}\0{number}\0{instance}".encode()
    return hmac.new(token.encode(), about, hashlib.sha256).hexdigest()
