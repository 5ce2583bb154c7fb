# The tasks of this repository. `./justw TASK` needs nothing installed but Python and Node.

set positional-arguments

python := ".venv/bin/python"
export PYTHONPATH := justfile_directory() + ":" + justfile_directory() + "/cli"

# what there is
[private]
default:
    @just --list --unsorted

# --- run --------------------------------------------------------------------------------------------------------------

# the whole platform on this machine, until Ctrl-C
up: prepare
    @exec {{ python }} -m fp.local up

# stop it
down: (ensure "platform")
    @{{ python }} -m fp.local down

# the command line, from this checkout: `./justw fp deploy`
fp *arguments: (ensure "platform")
    @cd "{{ invocation_directory() }}" && "{{ justfile_directory() }}/{{ python }}" -m fp "$@"

# --- know -------------------------------------------------------------------------------------------------------------

# everything but the cluster: unit, contract, integration, web, plugin
test *arguments: (ensure "platform" "apps" "web" "dev")
    {{ python }} -m pytest --numprocesses 2 --dist loadfile "$@"
    cd traefik/plugin && go vet ./... && go test ./...
    cd frontend && npm test --silent

# formatting, lint, strict types, import rules, in every language
check: (ensure "platform" "apps" "web" "dev")
    .venv/bin/ruff format --check .
    .venv/bin/ruff check .
    .venv/bin/mypy cli/fp cluster control activator runner bench tests tools
    .venv/bin/lint-imports
    cd traefik/plugin && test -z "$(gofmt -l .)" && go vet ./...
    cd frontend && npm run --silent check
    {{ python }} tools/house.py
    @just generated

# put the formatting right
fmt: (ensure "platform" "dev" "web")
    .venv/bin/ruff format .
    .venv/bin/ruff check --fix .
    cd traefik/plugin && gofmt -w .
    cd frontend && npm run --silent fmt

# every benchmark, side by side with what it is compared to; results in docs/benchmarks.md
bench *arguments: (ensure "platform" "apps" "web" "dev" "bench")
    {{ python }} -m bench "$@"

# the same, small: fails on a wrong answer, never on a slow machine
bench-smoke: (ensure "platform" "apps" "web" "dev" "bench")
    {{ python }} -m bench --smoke

# apps fall asleep and wake under load while processes are ended: 10,000 times, or as often as it is told
soak *arguments: (ensure "platform" "apps" "web" "dev")
    {{ python }} -m bench.soak "$@"

# --- keep -------------------------------------------------------------------------------------------------------------

# pin the newest versions, with hashes
lock:
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/tools.in -o requirements/tools.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --extra local -o requirements/platform.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --extra local --group dev -c requirements/platform.txt -o requirements/dev.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/apps.in -o requirements/apps.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/bench.in -o requirements/bench.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/apps.in requirements/bench-apps.in -c requirements/apps.txt -o requirements/bench-apps.txt

# the web page's types from the API's own description
generate: (ensure "platform" "web")
    {{ python }} -m control.api.openapi > .tools/openapi.json
    cd frontend && OPENAPI=../.tools/openapi.json npm run --silent generate

[private]
generated:
    {{ python }} -m control.api.openapi > .tools/openapi.json
    cd frontend && npx --no-install openapi-typescript ../.tools/openapi.json -o ../.tools/schema.gen.ts >/dev/null
    diff -q frontend/src/lib/api/schema.gen.ts .tools/schema.gen.ts || (echo "The web page's types are behind the API: just generate" >&2; exit 1)

[private]
prepare: (ensure "platform" "apps" "web")

[private]
ensure +parts:
    @tools/ensure "$@"
