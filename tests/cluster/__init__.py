"""The whole platform on a Kubernetes: whatever KUBECONFIG names, put there by `tools/cluster.py`."""
