"""What the scale bench says: the figures of each size, its rows beside those of ten apps, and its charts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.measure import Load, percentile
from bench.results import Chart, Row
from tests.support.activator_door import Door


@dataclass
class Size:
    """One size and its figures; times in milliseconds, `up` in seconds, memory in MB, `idle`: processor ms a second."""

    apps: int
    door: Door
    up: float = 0.0
    memory: dict[str, float] = field(default_factory=dict)
    idle: float = 0.0
    loads: list[Load] = field(default_factory=list)
    wakes: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)

    @property
    def processes(self) -> dict[str, int]:
        """The node, activator and Traefik, by name."""
        activator, traefik = self.door.activator, self.door.traefik
        if activator is None or traefik is None:
            raise RuntimeError("not everything runs")
        return {"node": self.door.node.pid, "activator": activator.pid, "traefik": traefik.pid}

    @property
    def rps(self) -> float:
        """Median requests a second."""
        return median(load.rps for load in self.loads)

    @property
    def p99(self) -> float:
        """Median of the rounds' p99."""
        return median(load.p99 for load in self.loads)


def rows(sizes: Sequence[Size]) -> list[Row]:
    """The warm path of each size beside that with ten apps, then what wakes, changes and idleness cost."""
    return [*(_row(size, sizes[0]) for size in sizes), *_wakes_and_changes(sizes)]


def _row(size: Size, ten: Size) -> Row:
    ratio, slow = size.rps / ten.rps, size.p99 / ten.p99
    first = size is ten
    activator = size.memory["activator"]
    return Row(
        f"{size.apps:,} apps, warm at 50 connections",
        f"{size.rps:,.0f}/s, p99 {size.p99:.1f} ms; activator {activator:.0f} MB, node {size.memory['node']:.0f} MB; "
        f"up in {size.up:.1f} s",
        "" if first else f"with 10 apps {ten.rps:,.0f}/s, p99 {ten.p99:.1f} ms: ratios {ratio:.2f} and {slow:.2f}",
        "" if first else "both within 10 %; activator under 100 MB",
        None if first else ratio >= 0.9 and slow <= 1.1 and activator < 100,
    )


def _wakes_and_changes(sizes: Sequence[Size]) -> list[Row]:
    ten, most = sizes[0], sizes[-1]
    cost, base = median(most.changes), median(ten.changes)
    against = [f"with {size.apps:,}: " for size in sizes[:-1]]
    return [
        Row(
            f"wake, p50, with {most.apps:,} apps",
            f"{percentile(most.wakes, 0.5):.1f} ms",
            ", ".join(f"{word}{percentile(size.wakes, 0.5):.1f}" for word, size in zip(against, sizes, strict=False))
            + " ms",
        ),
        Row(
            f"a change to one app, with {most.apps:,} apps, all processes",
            f"{cost:.2f} ms of processor",
            ", ".join(f"{word}{median(size.changes):.2f}" for word, size in zip(against, sizes, strict=False)) + " ms",
            "the same as with 10",
            cost <= base * 1.25 + 0.1,
        ),
        Row(
            f"doing nothing, with {most.apps:,} apps, all processes",
            f"{most.idle:.1f} ms of processor a second",
            ", ".join(f"{word}{size.idle:.1f}" for word, size in zip(against, sizes, strict=False)) + " ms",
        ),
    ]


def charts(sizes: Sequence[Size]) -> list[Chart]:
    """Warm path, memory and cost of a change, over the number of apps."""
    ten = sizes[0]

    def over(value: Callable[[Size], float]) -> list[list[float]]:
        return [[size.apps, value(size)] for size in sizes]

    def chart(name: str, y: str, title: str, alt: str, **series: list[list[float]]) -> Chart:
        lines = {word.replace("_", " "): points for word, points in series.items()}
        return Chart(f"scale-{name}", title, alt, "lines", y, lines, x_title="known apps", log_x=True)

    return [
        chart(
            "warm",
            "share of that with 10 apps",
            "Warm throughput and p99 beside those with 10 apps",
            "Lines: throughput and p99 with 10 to 10,000 apps as a share of those with 10 apps.",
            throughput=over(lambda size: size.rps / ten.rps),
            p99=over(lambda size: size.p99 / ten.p99),
        ),
        chart(
            "memory",
            "megabytes",
            "Resident memory of each process, all apps asleep",
            "Lines: megabytes of the node, the activator and Traefik with 10 to 10,000 apps.",
            node=over(lambda size: size.memory["node"]),
            activator=over(lambda size: size.memory["activator"]),
            traefik=over(lambda size: size.memory["traefik"]),
        ),
        chart(
            "change",
            "processor, milliseconds",
            "What a change to one app costs, and a second of doing nothing",
            "Lines: processor milliseconds of one change and of an idle second, with 10 to 10,000 apps.",
            one_change=over(lambda size: median(size.changes)),
            an_idle_second=over(lambda size: size.idle),
        ),
    ]
