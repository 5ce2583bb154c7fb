"""End to end: a whole platform, started as a person starts it, asked from outside."""
