/**
 * uPlot's options for a ChartFigure, and what is painted around it: colours are read from the theme's tokens whenever it
 * paints, so that another theme needs a new painting and nothing else.
 */
import uPlot from "uplot";
import {
  type ChartColour,
  type ChartFigure,
  ceiling,
  endOf,
  fitting,
  powersAround,
  runs,
  short,
  stacked,
  type Timeline,
  tickWord,
  timeTicks,
  timeWord,
} from "@/lib/chart";

const LABEL_PX = 84;
const MARK_PX = 26;
const SLEEP_PX = 3;
const FONT = '11px "Inter Variable", system-ui, sans-serif';

/** What is painted changes under the plot, which stays: it looks here. */
export interface Shown {
  timeline: Timeline;
  figure: ChartFigure;
}

interface Handlers {
  onAt: (index: number | null) => void;
  onZoom: ((since: number, until: number) => void) | undefined;
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The rows as uPlot draws them: of stacked bars the highest first, so that the lower ones cover it. */
export function dataOf({ timeline, figure }: Shown): uPlot.AlignedData {
  const middle = timeline.times.map((time) => time + timeline.step / 2);
  const rows =
    figure.kind === "bars" ? stacked(figure.series).reverse() : figure.series.map(({ values }) => [...values]);
  return [middle, ...rows];
}

/** The look of a plot depends on this alone; with another one a new plot is made. */
export function shapeOf({ kind, series }: ChartFigure): string {
  return `${kind}:${series.map(({ label, colour }) => `${label} ${colour}`).join()}`;
}

export function optionsOf(
  shown: { current: Shown },
  size: { width: number; height: number },
  handlers: () => Handlers,
): uPlot.Options {
  const { figure } = shown.current;
  const colours = figure.series.map(({ colour }) => colour);
  const rows = figure.kind === "bars" ? colours.reverse().map(bars) : colours.map(line);
  return {
    ...size,
    padding: [16, 24, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true, range: () => [shown.current.timeline.since, endOf(shown.current.timeline)] },
      y: figure.powers
        ? { distr: 3, range: (_plot, low, high) => powersAround(low ?? 0, high ?? 0) }
        : { range: (_plot, _low, high) => [0, ceiling(high)] },
    },
    axes: [timeAxis(shown), valueAxis(figure)],
    series: [{}, ...rows],
    cursor: {
      y: false,
      points: { show: figure.kind === "lines", size: 7 },
      drag: { x: true, y: false, setScale: false, dist: 8 },
    },
    hooks: {
      draw: [(plot) => paintSleep(plot, shown.current.timeline), (plot) => paintMarks(plot, shown.current.timeline)],
      setCursor: [(plot) => handlers().onAt(plot.cursor.idx ?? null)],
      setSelect: [(plot) => select(plot, handlers().onZoom)],
    },
  };
}

function bars(colour: ChartColour): uPlot.Series {
  return {
    fill: () => token(colour),
    width: 0,
    points: { show: false },
    paths: uPlot.paths.bars?.({ size: [0.74, 24, 1] }),
  };
}

/** A value with nothing on either side of it is a point: the line alone would not show it. */
function line(colour: ChartColour): uPlot.Series {
  const lonely: uPlot.Series.Points.Filter = (plot, row) => {
    const values = plot.data[row] ?? [];
    const empty = (index: number) => values[index] === null || values[index] === undefined;
    return [...values.keys()].filter((index) => !empty(index) && empty(index - 1) && empty(index + 1));
  };
  return {
    stroke: () => token(colour),
    width: 1.5,
    points: { show: true, size: 5, width: 0, fill: () => token(colour), filter: lonely },
  };
}

function timeAxis(shown: { current: Shown }): uPlot.Axis {
  const span = () => endOf(shown.current.timeline) - shown.current.timeline.since;
  return {
    size: 26,
    gap: 6,
    font: FONT,
    stroke: () => token("muted"),
    grid: { show: false },
    ticks: { show: false },
    border: { show: true, stroke: () => token("line-strong"), width: 1 },
    splits: (plot) => {
      const { since } = shown.current.timeline;
      return timeTicks(
        since,
        endOf(shown.current.timeline),
        Math.max(2, Math.floor(plot.bbox.width / LABEL_PX / devicePixelRatio)),
      );
    },
    values: (_plot, splits) =>
      splits.map((time, index) =>
        index === splits.length - 1 && shown.current.timeline.live
          ? "now"
          : (index === 0 || index === splits.length - 1 ? timeWord : tickWord)(time, span()),
      ),
  };
}

const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

function valueAxis({ whole, powers }: ChartFigure): uPlot.Axis {
  const tens: uPlot.Axis.Filter = (_plot, splits) =>
    splits.map((one) => (Number.isInteger(Math.log10(one)) ? one : null)) as number[];
  return {
    size: 46,
    gap: 6,
    font: FONT,
    stroke: () => token("muted"),
    grid: { stroke: () => token("line"), width: 1, ...(powers && { filter: tens }) },
    ticks: { show: false },
    space: 34,
    ...(whole && { incrs: WHOLE }),
    ...(powers && { filter: tens }),
    values: (_plot, splits) => splits.map((one) => (one === null ? "" : short(one))),
  };
}

function paintSleep(plot: uPlot, timeline: Timeline): void {
  const height = SLEEP_PX * devicePixelRatio;
  const floor = plot.bbox.top + plot.bbox.height;
  plot.ctx.save();
  plot.ctx.fillStyle = token("sleeping");
  for (const [first, end] of runs(timeline.asleep)) {
    const from = plot.valToPos(timeline.times[first] ?? 0, "x", true);
    const to = plot.valToPos((timeline.times[end - 1] ?? 0) + timeline.step, "x", true);
    plot.ctx.fillRect(from, floor - height, to - from, height);
  }
  plot.ctx.restore();
}

function paintMarks(plot: uPlot, timeline: Timeline): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const shown = timeline.marks.filter(({ time }) => time >= timeline.since && time <= endOf(timeline));
  const places = shown.map(({ time }) => Math.round(plot.valToPos(time, "x", true)));
  const labelled = fitting(places, MARK_PX * ratio);
  ctx.save();
  ctx.strokeStyle = token("muted");
  ctx.fillStyle = token("muted");
  ctx.lineWidth = ratio;
  ctx.font = FONT.replace("11px", `${11 * ratio}px`);
  ctx.textAlign = "center";
  places.forEach((place, index) => {
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(place + 0.5, bbox.top);
    ctx.lineTo(place + 0.5, bbox.top + bbox.height);
    ctx.stroke();
    if (labelled[index]) ctx.fillText(shown[index]?.label ?? "", place, bbox.top - 4 * ratio);
  });
  ctx.restore();
}

function select(plot: uPlot, onZoom: Handlers["onZoom"]): void {
  const { left, width } = plot.select;
  if (width <= 0) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom?.(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
}
