"""Control groups as files, in both versions: where a process finds its own, what limits write, what events say."""

import json
from pathlib import Path

import pytest

from cluster.local import limits
from cluster.local.cgroups import Controller, Events, Group, Home, quota_us
from cluster.local.hierarchies import LEAF, Layout, NoHome, read_layout, settle, settle_v1, settle_v2

V1_MOUNTS = """\
22 1 0:19 / /proc rw,relatime - proc proc rw
30 25 0:26 / /sys/fs/cgroup/memory rw,nosuid shared:12 - cgroup cgroup rw,memory
31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct
32 25 0:28 / /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids
33 25 0:29 / /sys/fs/cgroup/systemd rw,nosuid - cgroup cgroup rw,name=systemd
"""
V1_OWN = """\
5:name=systemd:/user.slice
4:memory:/user.slice/one
3:cpu,cpuacct:/
2:pids:/user.slice
"""
V2_MOUNTS = "35 25 0:31 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
V2_OWN = "0::/user.slice/user-1000.slice/run-r1.scope\n"


def test_in_version_1_each_controller_has_a_place_of_its_own() -> None:
    assert read_layout(V1_MOUNTS, V1_OWN).v1 == {
        "memory": Path("/sys/fs/cgroup/memory/user.slice/one"),
        "cpu": Path("/sys/fs/cgroup/cpu,cpuacct"),
        "pids": Path("/sys/fs/cgroup/pids/user.slice"),
    }


def test_in_version_2_there_is_one_place() -> None:
    assert read_layout(V2_MOUNTS, V2_OWN) == Layout(v2=Path("/sys/fs/cgroup/user.slice/user-1000.slice/run-r1.scope"))


def test_where_both_are_mounted_both_are_found() -> None:
    both = read_layout(V1_MOUNTS + V2_MOUNTS, V1_OWN + "0::/\n")
    assert (set(both.v1), both.v2) == ({"memory", "cpu", "pids"}, Path("/sys/fs/cgroup"))


def test_a_mount_of_the_own_part_shows_it_at_its_top() -> None:
    mounts = "1 1 0:1 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
    assert read_layout(mounts, "4:memory:/docker/abc\n").v1 == {"memory": Path("/sys/fs/cgroup/memory")}


@pytest.mark.parametrize("own", ["4:memory:/elsewhere\n", "4:memory:/../x\n", ""])
def test_a_group_that_the_mount_does_not_show_is_no_place(own: str) -> None:
    mounts = "1 1 0:1 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
    assert read_layout(mounts, own) == Layout()


def test_blanks_in_a_mount_are_read() -> None:
    mounts = "1 1 0:1 / /my\\040groups rw - cgroup2 none rw\n"
    assert read_layout(mounts, "0::/\n").v2 == Path("/my groups")


def controls(folder: Path, *names: str) -> Path:
    """A folder with empty control files, as the kernel makes them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()
    return folder


V1_FILES: dict[Controller, list[str]] = {
    "memory": ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.swappiness", "memory.oom_control"],
    "cpu": ["cpu.cfs_period_us", "cpu.cfs_quota_us", "cpu.stat"],
    "pids": ["pids.max", "pids.events"],
}
V2_FILES = [
    "memory.max",
    "memory.swap.max",
    "memory.oom.group",
    "memory.events",
    "cpu.max",
    "cpu.stat",
    "pids.max",
    "pids.events",
]


def group1(tmp_path: Path) -> Group:
    """One of version 1 on a folder in place of a kernel."""
    home = Home(1, {controller: str(tmp_path / controller) for controller in V1_FILES})
    for controller, names in V1_FILES.items():
        controls(tmp_path / controller / "i-1", "cgroup.procs", "tasks", *names)
    return home.group("i-1")


def group2(tmp_path: Path) -> Group:
    """One of version 2, likewise."""
    home = Home(2, {"memory": str(tmp_path), "cpu": str(tmp_path), "pids": str(tmp_path)})
    controls(tmp_path / "i-1", "cgroup.procs", *V2_FILES)
    return home.group("i-1")


def limited(group: Group) -> None:
    """With every limit there is."""
    group.limit_memory(64)
    group.limit_processes(20)
    group.limit_cpu(0.5)


def contents(folder: Path, names: list[str]) -> dict[str, str]:
    """What was written into control files."""
    return {name: (folder / "i-1" / name).read_text() for name in names}


def test_the_limits_of_version_1(tmp_path: Path) -> None:
    limited(group1(tmp_path))
    written = contents(tmp_path / "memory", ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"])
    assert set(written.values()) == {"67108864"}
    assert contents(tmp_path / "pids", ["pids.max"]) == {"pids.max": "20"}
    assert contents(tmp_path / "cpu", V1_FILES["cpu"][:2]) == {
        "cpu.cfs_period_us": "100000",
        "cpu.cfs_quota_us": "50000",
    }


def test_where_swap_is_not_counted_none_is_used(tmp_path: Path) -> None:
    group = group1(tmp_path)
    (tmp_path / "memory" / "i-1" / "memory.memsw.limit_in_bytes").unlink()
    limited(group)
    assert contents(tmp_path / "memory", ["memory.swappiness"]) == {"memory.swappiness": "0"}


def test_the_limits_of_version_2(tmp_path: Path) -> None:
    limited(group2(tmp_path))
    assert contents(tmp_path, ["memory.max", "memory.swap.max", "memory.oom.group", "cpu.max", "pids.max"]) == {
        "memory.max": "67108864",
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "cpu.max": "50000 100000",
        "pids.max": "20",
    }


def test_a_controller_that_is_not_there_is_not_written(tmp_path: Path) -> None:
    home = Home(1, {"pids": str(tmp_path / "pids")})
    controls(tmp_path / "pids" / "i-1", "pids.max", "pids.events", "tasks")
    limited(home.group("i-1"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pids"]
    assert home.group("i-1").events() == Events()


def test_a_limit_whose_file_is_missing_is_an_error_and_no_new_file(tmp_path: Path) -> None:
    group = group2(tmp_path)
    (tmp_path / "i-1" / "memory.max").unlink()
    with pytest.raises(FileNotFoundError):
        group.limit_memory(64)


def test_a_process_joins_through_one_file_of_each_tree(tmp_path: Path) -> None:
    assert group1(tmp_path).join == [str(tmp_path / each / "i-1" / "tasks") for each in ("memory", "cpu", "pids")]
    assert group2(tmp_path / "two").join == [str(tmp_path / "two" / "i-1" / "cgroup.procs")]


def test_events_are_read_in_either_version(tmp_path: Path) -> None:
    one, two = group1(tmp_path / "1"), group2(tmp_path / "2")
    (tmp_path / "1/memory/i-1/memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
    (tmp_path / "1/pids/i-1/pids.events").write_text("max 7\n")
    (tmp_path / "1/cpu/i-1/cpu.stat").write_text("nr_periods 9\nnr_throttled 3\nthrottled_time 2500000\n")
    (tmp_path / "2/i-1/memory.events").write_text("low 0\nhigh 0\nmax 41\noom 1\noom_kill 2\noom_group_kill 1\n")
    (tmp_path / "2/i-1/pids.events").write_text("max 7\n")
    (tmp_path / "2/i-1/cpu.stat").write_text("usage_usec 5\nnr_periods 9\nnr_throttled 3\nthrottled_usec 2500\n")
    assert one.events() == two.events() == Events(killed=2, refused=7)
    assert one.throttled_ms() == two.throttled_ms() == 2.5


def test_a_group_that_is_gone_has_no_events_and_no_processes(tmp_path: Path) -> None:
    for home in (Home(1, {"memory": str(tmp_path / "x")}), Home(2, {"memory": str(tmp_path / "x")})):
        group = home.group("i-1")
        group.kill()
        assert (group.events(), group.pids(), group.exists(), group.remove()) == (Events(), set(), False, True)


@pytest.mark.parametrize(("cpus", "microseconds"), [(1.0, 100_000), (0.25, 25_000), (3.5, 350_000), (0.0001, 1000)])
def test_a_quota_is_never_less_than_the_kernel_takes(cpus: float, microseconds: int) -> None:
    assert quota_us(cpus) == microseconds


def test_a_home_of_version_1_lies_below_the_own_group_and_weighs_a_process_a_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    own: dict[Controller, Path] = {"memory": controls(tmp_path / "m"), "cpu": controls(tmp_path / "c")}
    controls(tmp_path / "c" / "fp-x", "cpu.shares")
    assert settle_v1(own, "fp-x") == Home(1, {"memory": str(tmp_path / "m/fp-x"), "cpu": str(tmp_path / "c/fp-x")})
    assert (tmp_path / "c/fp-x/cpu.shares").read_text() == "4096"


def test_a_tree_of_version_1_that_may_not_be_written_is_left_out(tmp_path: Path) -> None:
    own: dict[Controller, Path] = {"memory": controls(tmp_path / "m"), "pids": tmp_path / "nowhere"}
    assert settle_v1(own, "fp-x").folders == {"memory": str(tmp_path / "m/fp-x")}
    with pytest.raises(NoHome, match="may not be written"):
        settle(Layout(v1={"pids": tmp_path / "nowhere"}), "fp-x")


def root2(folder: Path, controllers: str = "cpu memory pids io") -> Path:
    """The root of all groups of version 2."""
    controls(folder, "cgroup.procs", "cgroup.subtree_control")
    (folder / "cgroup.controllers").write_text(controllers)
    controls(folder / "fp-x", "cgroup.subtree_control")
    return folder


def test_the_root_of_version_2_keeps_its_processes(tmp_path: Path) -> None:
    root = root2(tmp_path)
    (root / "cgroup.procs").write_text("1\n2\n")
    home = settle(Layout(v2=root), "fp-x")
    assert home == Home(2, dict.fromkeys(("memory", "cpu", "pids"), str(root / "fp-x")))
    assert (root / "cgroup.subtree_control").read_text() == "+memory +cpu +pids"
    assert (root / "fp-x" / "cgroup.subtree_control").read_text() == "+memory +cpu +pids"
    assert not (root / LEAF).exists()


def test_a_process_in_the_leaf_makes_its_home_beside_it(tmp_path: Path) -> None:
    """As the node does that comes after one that moved the platform there."""
    base = root2(tmp_path, "memory pids")
    controls(base, "cgroup.type")
    leaf = controls(base / LEAF, "cgroup.procs")
    assert settle_v2(leaf, "fp-x") == Home(2, dict.fromkeys(("memory", "pids"), str(base / "fp-x")))


def test_a_group_that_cannot_be_emptied_is_not_used(tmp_path: Path) -> None:
    """On a folder nobody ever leaves `cgroup.procs`; a kernel does the same to who may not move them."""
    base = root2(tmp_path)
    controls(base, "cgroup.type")
    (base / "cgroup.procs").write_text("1\n")
    controls(base / LEAF, "cgroup.procs")
    with pytest.raises(NoHome, match="may not be written"):
        settle(Layout(v2=base), "fp-x")
    assert (base / "cgroup.subtree_control").read_text() == ""


def test_the_version_with_more_controllers_is_taken(tmp_path: Path) -> None:
    v1: dict[Controller, Path] = {"memory": controls(tmp_path / "m")}
    assert settle(Layout(v1=v1, v2=root2(tmp_path / "two", "memory")), "fp-x").version == 1
    assert settle(Layout(v1=v1, v2=root2(tmp_path / "two", "memory pids")), "fp-x").version == 2


def test_without_any_the_reason_is_told() -> None:
    with pytest.raises(NoHome, match="no cgroups"):
        settle(Layout(), "fp-x")


@pytest.mark.parametrize(
    ("home", "nproc", "words"),
    [
        (
            Home(2, {"memory": "m", "cpu": "m", "pids": "m"}),
            False,
            "memory, CPU and processes of each app, by cgroup v2",
        ),
        (
            Home(1, {"memory": "m", "pids": "p"}),
            False,
            "memory and processes of each app, by cgroup v1; CPU is not limited (why)",
        ),
        (
            None,
            True,
            "private memory of each process, by rlimit; processes of this user in all, by rlimit; CPU is not limited (why)",
        ),
        (
            None,
            False,
            "private memory of each process, by rlimit; processes are not limited; CPU is not limited (why)",
        ),
    ],
)
def test_what_is_limited_and_what_is_not_is_said_in_words(home: Home | None, nproc: bool, words: str) -> None:
    assert limits.in_words(home, "why", nproc=nproc) == words


def test_the_homes_of_earlier_nodes_are_remembered_until_they_are_empty(tmp_path: Path) -> None:
    file = tmp_path / "limits.json"
    old = Home(1, {"memory": str(controls(tmp_path / "old"))})
    controls(tmp_path / "old" / "i-1")
    limits.Offer(old, [], "").save(file)
    offer = limits.survey(file, "off")
    found = offer.find("i-1")
    assert found is not None
    assert [group.name for group in offer.others(set())] == ["i-1"]
    assert offer.others({"i-1"}) == []
    offer.prune()
    offer.save(file)
    assert len(json.loads(file.read_bytes())["homes"]) == 1
    assert found.remove()
    offer.prune()
    offer.save(file)
    assert json.loads(file.read_bytes())["homes"] == []
    assert "FP_CGROUPS=off" in json.loads(file.read_bytes())["words"]


def test_two_platforms_of_a_machine_have_two_homes() -> None:
    assert limits.home_name(Path("/a/limits.json")) != limits.home_name(Path("/b/limits.json"))
