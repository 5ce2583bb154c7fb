"""The whole platform on this machine: one supervisor over MongoDB, Traefik, control, the activator and the node.

It knows the parts only as commands to start, never as imports, so it stays small: the standard library and nothing
else, because it lives as long as the platform does. `python -m fp.local up|down` is what `fp up` and `fp down` run.
"""
