"""How the cluster comes to run what the documents say: deploys, the plan, the reconciler, and the view of what is."""
