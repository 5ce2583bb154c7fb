"""A zygote that forks and does not say so in time: another one is asked, and there is one process of the app all the same.

The first process may be well: it has its ticket and asks for its code. Two of one instance would answer requests and
keep their records under the same numbers.
"""

import asyncio
from pathlib import Path

import pytest

from tests.support.node_harness import LocalHarness, apply, get, pid_in, workload
from tests.support.node_ingest import until
from tests.support.node_process import APPS_PYTHON, pids_of

TARDY = """\
#!{python} -IS
import importlib, importlib.util, pathlib, sys, time
spec = importlib.util.spec_from_file_location("boot", sys.argv[3])
boot = importlib.util.module_from_spec(spec)
spec.loader.exec_module(boot)
sys.path.extend(boot.site_packages())
boot.load_package()
boot.add_builtins()
zygote = importlib.import_module("_fp_runner.zygote")
tell = zygote.Zygote._tell
late = pathlib.Path({late!r})


def tardy(self, message):
    if message["type"] == "forked" and self._prepared.level == {level!r} and late.exists():
        late.unlink()
        time.sleep(5)
    tell(self, message)


zygote.Zygote._tell = tardy
zygote.run(int(sys.argv[5]))
"""
SLOW_IMPORT = "import time\ntime.sleep(0.01)\n"


@pytest.mark.parametrize(("level", "warm_mb"), [("zygote", "0"), ("imported", "128")])
async def test_a_fork_that_is_confirmed_too_late_leaves_one_process(tmp_path: Path, level: str, warm_mb: str) -> None:
    late, python = tmp_path / "late", tmp_path / "python"
    python.write_text(TARDY.format(python=APPS_PYTHON, late=str(late), level=level))
    python.chmod(0o755)
    async with LocalHarness.running(tmp_path, FP_RUNNER_PYTHON=str(python), FP_WARM_MB=warm_mb) as local:
        version = workload("app")
        await apply(local.cluster, workload("app", code=SLOW_IMPORT + version.files["app.py"]))
        await until(lambda: "an app has a zygote" in local.node.log() or warm_mb == "0", 20.0)
        await local.cluster.scale("app", 0)
        await until(lambda: local.instances("app") == 0)
        late.touch()
        await local.cluster.scale("app", 1)
        await until(lambda: "zygote stuck" in local.node.log() or "does not answer" in local.node.log(), 15.0)
        await local.follower.awake("app", 15.0)
        # Both have had the time to come up by now, if anybody let them.
        await asyncio.sleep(1.5)
        assert local.instances("app") == 1
        assert local.node.log().count('"instance ready"') == 2
        assert pid_in(await get(await local.follower.awake("app"))) in pids_of(local.node.folder / "spool" / "app")
