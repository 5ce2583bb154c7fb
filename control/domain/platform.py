"""Settings of the whole platform that an administrator changes while it runs; kept in MongoDB, unlike a process's own."""

import msgspec


class PlatformSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`signup_open`: whether anyone may make an account; the very first one always may."""

    signup_open: bool = True
