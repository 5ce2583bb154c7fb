"""The app that `fp init` writes when no platform is asked for a template."""

HELLO = '''"""A first app: change it, then `fp deploy`."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index() -> dict[str, str]:
    return {"message": "Hello! Your app is live."}


@app.get("/hello/{name}")
def hello(name: str) -> dict[str, str]:
    return {"message": f"Hello, {name}."}
'''

FILES = {"app.py": HELLO}
