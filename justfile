# The tasks of this repository. `./justw TASK` needs nothing installed but Python and Node.

set positional-arguments

python := ".venv/bin/python"
pytest := python + " -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --ignore tests/cluster"
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

# build the web page, which the control image takes along
web: (ensure "web")

# the whole platform in the cluster that KUBECONFIG names; the last line is the door's host:port
cluster-up: (ensure "platform" "web")
    @{{ python }} tools/cluster.py up

# out of it again
cluster-down: (ensure "platform")
    @{{ python }} tools/cluster.py down

# --- know -------------------------------------------------------------------------------------------------------------

# every layer and language within ten minutes; with arguments: those tests, long ones too
test *arguments: (ensure "platform" "apps" "web" "dev")
    {{ pytest }} {{ if arguments == "" { "-m 'not long'" } else { "" } }} "$@"
    cd traefik/plugin && go vet ./... && go test ./...
    cd frontend && npm test --silent

# the rest: processes that die again and again, crowds, the fuzzers, every journey through the browser
test-long *arguments: (ensure "platform" "apps" "web" "dev")
    {{ pytest }} -m long "$@"

# the same on the cluster that KUBECONFIG names: the contract, the whole platform in both data planes, what dies, who may what
test-cluster *arguments: (ensure "platform" "web" "dev")
    FP_TEST_CLUSTER=kubernetes FP_TEST_RUNNER_IMAGE="$({{ python }} tools/cluster.py image runner)" {{ python }} -m pytest --timeout 300 tests/contract "$@"
    {{ python }} -m pytest --timeout 600 tests/cluster "$@"

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

# the page in Chromium: loading, typing, scrolling, an hour of logs
bench-web: (ensure "platform" "apps" "web" "dev" "bench")
    {{ python }} -m bench web

# wakes, the warm path and memory on the cluster that KUBECONFIG names, beside a stock Deployment
bench-cluster *arguments: (ensure "platform" "web" "dev" "bench")
    {{ python }} -m bench cluster "$@"

# apps fall asleep and wake under load while processes are ended: 10,000 times, or as often as it is told
soak *arguments: (ensure "platform" "apps" "web" "dev")
    {{ python }} -m bench.soak "$@"

# pictures of every screen in both themes and three widths, and what axe finds there
screenshots *arguments: (ensure "platform" "apps" "web" "dev")
    {{ python }} -m tools.pictures "$@"

# --- keep -------------------------------------------------------------------------------------------------------------

# pin the newest versions, with hashes
lock:
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/tools.in -o requirements/tools.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --extra local -o requirements/platform.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --extra local --group dev -c requirements/platform.txt -o requirements/dev.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -c requirements/platform.txt -o requirements/pods.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/activator.in -c requirements/platform.txt -o requirements/activator.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/bootstrap.in -c requirements/platform.txt -o requirements/bootstrap.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/apps.in -o requirements/apps.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/bench.in -o requirements/bench.txt
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/apps.in requirements/bench-apps.in -c requirements/apps.txt -o requirements/bench-apps.txt

# the web page's types from the API's own description, and the list of what apps can import
generate: (ensure "platform" "apps" "web")
    {{ python }} -m cluster.packages .venv-apps/bin/python > requirements/apps.json
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
