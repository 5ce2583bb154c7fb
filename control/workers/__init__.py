"""The loops of the worker process. Each is an async callable that runs for ever and is a named task of `control.worker`."""
