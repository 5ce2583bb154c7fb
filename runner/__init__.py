"""The process that becomes a user's app, and the zygote that forks it.

Nothing here may be seen by the user's code: `boot.py` loads this folder under the name `_fp_runner`, every import inside
is relative, and the only foreign package is uvicorn. So a user's `runner.py` or `control.py` imports as if we were not
there. The path of a runner, in order, is in `serve.py`; the zygote's is in `zygote.py`.
"""
