import { describe, expect, it } from "vitest";
import {
  type ChartFigure,
  ceiling,
  endOf,
  fitting,
  isEmpty,
  powersAround,
  runs,
  short,
  stacked,
  stepTo,
  type Timeline,
  tell,
  tickWord,
  timeTicks,
  timeWord,
} from "./chart";

const at = (text: string) => Date.parse(`2026-01-10T${text}:00`) / 1000;
const since = at("12:00");
const timeline: Timeline = {
  since,
  until: since + 170,
  step: 60,
  times: [since, since + 60, since + 120],
  asleep: [false, true, false],
  marks: [{ time: since + 130, label: "v7" }],
  live: true,
};
const figure: ChartFigure = {
  id: "requests",
  title: "Requests",
  unit: "a minute",
  kind: "bars",
  series: [
    { label: "Answered", colour: "accent", values: [4, 0, 2] },
    { label: "Failed", colour: "error", values: [0, 0, 1] },
  ],
  format: String,
};

describe("bars", () => {
  it("stand on one another, and nothing has no top", () => {
    expect(stacked(figure.series)).toEqual([
      [4, null, 2],
      [null, null, 3],
    ]);
  });

  it("leave room to the next round number", () => {
    expect([0, 0.3, 1, 1.1, 21, 26, 999, 1000].map(ceiling)).toEqual([1, 0.5, 1, 2, 25, 50, 1000, 1000]);
  });

  it("end where the last step will", () => {
    expect(endOf(timeline) - since).toBe(180);
  });
});

describe("an axis of powers", () => {
  it("spans what there is", () => {
    expect([powersAround(0.4, 12), powersAround(3, 512), powersAround(5, 5), powersAround(10, 10)]).toEqual([
      [0.1, 100],
      [1, 1000],
      [1, 10],
      [10, 100],
    ]);
    expect(powersAround(0, 0)).toEqual([1, 100]);
  });

  it("is not needed for nothing", () => {
    const none = { ...figure, series: [{ label: "x", colour: "accent" as const, values: [0, null] }] };
    expect([isEmpty(none), isEmpty(figure)]).toEqual([true, false]);
  });
});

describe("sleep", () => {
  it("is drawn in runs", () => {
    expect(runs([true, true, false, true])).toEqual([
      [0, 2],
      [3, 4],
    ]);
    expect(runs([])).toEqual([]);
  });
});

describe("keys", () => {
  it("move within the chart and nothing else does", () => {
    expect(["ArrowLeft", "ArrowRight", "Home", "End", "PageUp"].map((key) => stepTo(key, 11, 13))).toEqual([
      10, 12, 0, 12, 1,
    ]);
    expect([stepTo("ArrowRight", 12, 13), stepTo("ArrowLeft", 0, 13), stepTo("ArrowLeft", null, 13)]).toEqual([
      12, 0, 12,
    ]);
    expect([stepTo("a", 3, 13), stepTo("Home", null, 0)]).toEqual([undefined, undefined]);
  });
});

describe("words", () => {
  it("tell a step whole", () => {
    expect(tell(timeline, figure, 0)).toBe("12:00, Answered 4, Failed 0");
    expect(tell(timeline, figure, 1)).toBe("12:01, Answered 0, Failed 0, asleep");
    expect(tell(timeline, figure, 2)).toBe("12:02, Answered 2, Failed 1, v7 deployed");
    expect(tell(timeline, figure, 3)).toBe("");
  });

  it("name the day where one is not enough", () => {
    expect(timeWord(at("14:02"), 3600)).toBe("14:02");
    expect(timeWord(at("14:02"), 86_400)).toBe("Jan 10 14:02");
    expect(timeWord(at("00:00"), 30 * 86_400)).toBe("Jan 10");
  });

  it("name the day at midnight alone where the ends say it", () => {
    expect(["22:00", "00:00"].map((text) => tickWord(at(text), 86_400))).toEqual(["22:00", "Jan 10"]);
    expect([tickWord(at("22:00"), 3600), tickWord(at("22:00"), 7 * 86_400)]).toEqual(["22:00", "Jan 10 22:00"]);
  });

  it("are short at an axis", () => {
    expect([0.25, 12, 1500, 12_500, 2_500_000].map(short)).toEqual(["0.25", "12", "1,500", "12.5k", "2.5M"]);
  });
});

describe("the axis", () => {
  it("names its ends, and round times between that do not touch", () => {
    const ticks = timeTicks(at("12:03"), at("13:03"), 6);
    expect(ticks.map((time) => timeWord(time, 3600))).toEqual(["12:03", "12:15", "12:30", "12:45", "13:03"]);
  });

  it("never has more words than asked for", () => {
    for (const span of [600, 3600, 21_600, 86_400, 604_800, 2_592_000])
      for (const most of [2, 3, 6, 12])
        expect(timeTicks(since - span, since, most).length).toBeLessThanOrEqual(most + 1);
  });

  it("keeps the later of two labels that would touch", () => {
    expect(fitting([0, 10, 60], 20)).toEqual([false, true, true]);
  });
});
