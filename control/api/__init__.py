"""The HTTP API: thin handlers, one resource a file, over `control.store`, `control.lifecycle` and the cluster.

A request passes, in order: `front` (request id, one log line, the last safety net), Litestar's router, `security` (who is
it, may a browser's request be trusted), the handler, and on the way out `problems`, the only file that knows which error
is which answer. Handlers hold no state: what they need is in `services.Services`, made by `control.app`.
"""
