"""The commands, one module each with one function `run`, imported only when that command is called.

Shared by them: `_options` (arguments that several take), `_session` (platform, project and app a command works on),
`_output` (what goes to stdout and stderr, and how) and `_guard` (errors to exit codes).
"""
