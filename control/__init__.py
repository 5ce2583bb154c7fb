"""Control decides what should run: it owns MongoDB, tells the cluster what should be, and serves the HTTP API.

Two processes are built from it, `control.app` (the API) and `control.worker` (the loops). Imports go one way:
app and worker > api and workers > lifecycle > store > domain.
"""
