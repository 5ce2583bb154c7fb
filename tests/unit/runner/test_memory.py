"""A process knows what it takes, with what it has forked; and asking harms none of its children."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MB = 2**20
CODE = """
import os, signal, sys
sys.path.insert(0, {root!r})
from runner import memory
os.setsid()
before = memory.used_bytes()
held = b"x" * (50 * 2**20)
alone = memory.used_bytes()
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    more = b"y" * (30 * 2**20)
    os.write(writer, b".")
    signal.pause()
os.read(reader, 1)
both = memory.used_bytes()
os.kill(child, 9)
waited = os.waitpid(child, 0)[0] == child
print(before, alone, both, memory.used_bytes(), waited)
"""


def test_memory_is_what_the_process_and_its_children_take() -> None:
    root = str(Path(__file__).parents[3])
    done = subprocess.run([sys.executable, "-c", CODE.format(root=root)], capture_output=True, text=True, check=True)
    before, alone, both, after = map(int, done.stdout.split()[:4])
    assert 3 * MB < before < 40 * MB
    assert 49 * MB < alone - before < 52 * MB
    assert 29 * MB < both - alone < 40 * MB, "a child's own counts, what it shares does so once"
    assert abs(after - alone) < 3 * MB
    assert done.stdout.split()[4] == "True", "whoever waits for its child still finds it"
