"""Types and rules, without I/O: what an app, a draft, a version and a deploy are, and what may become of them.

Nothing in here reads a clock, a file or a socket; the time is passed in. Every error is one of `control.domain.errors`.
"""
