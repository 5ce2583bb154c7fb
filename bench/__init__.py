"""Benchmarks anyone can run: `just bench`. Each compares us with something run beside us in the same run.

A figure alone says more about the machine than about the code, so every result is a ratio or a difference, and the
report names the machine and the commit. `--smoke` runs all of it small: it fails on a wrong answer, never on a slow one.

    __main__ ─▶ the benches ─▶ results (bench/results/*.json) ─▶ report (docs/benchmarks.md)
                                            └──▶ plots, in an environment of its own ─▶ docs/images/bench/*.svg
"""
