"""The tests. README.md here says what each layer is for and what it needs."""
