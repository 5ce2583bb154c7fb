/**
 * What a chart over time shows, apart from how it is drawn: one time axis that several charts share (`Timeline`), and for
 * each chart its rows of values (`ChartFigure`). Times are seconds since 1970; a step covers `step` seconds from its time on.
 */

/** Tokens of the theme that a row may be drawn in. */
export type ChartColour = "accent" | "muted" | "error" | "running" | "deploying" | "waking" | "sleeping" | "kw";

export interface ChartSeries {
  label: string;
  colour: ChartColour;
  /** One for each step; null where there is none. */
  values: readonly (number | null)[];
}

export interface ChartMark {
  time: number;
  label: string;
}

export interface Timeline {
  since: number;
  until: number;
  step: number;
  times: readonly number[];
  /** Whether the app slept through (most of) that step: drawn as a line at zero, so that it differs from silence. */
  asleep: readonly boolean[];
  marks: readonly ChartMark[];
  /** The last step is still going on. */
  live: boolean;
}

export interface ChartFigure {
  id: string;
  title: string;
  /** Small and muted after the title: `ms`, `a minute`. */
  unit: string;
  kind: "bars" | "lines";
  /** Bars stand on one another, the first at the bottom. */
  series: readonly ChartSeries[];
  format: (value: number) => string;
  /** Only whole numbers at the axis: nothing happens half a time. */
  whole?: true;
  /** An axis of powers of ten, where one slow answer would flatten all others. */
  powers?: true;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TICKS = [
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
];
const DAYS = [DAY, 2 * DAY, 5 * DAY, 10 * DAY];

/** Where the drawing of the last step ends: a step that is not over is as wide as the others. */
export function endOf(timeline: Timeline): number {
  return Math.max(timeline.until, (timeline.times.at(-1) ?? timeline.since) + timeline.step);
}

/** Rows on top of one another; a part that is nothing has no top of its own, so that no colour shines out under it. */
export function stacked(series: readonly ChartSeries[]): (number | null)[][] {
  const heights: number[] = [];
  return series.map(({ values }) =>
    values.map((value, index) => {
      const height = (heights[index] ?? 0) + (value ?? 0);
      heights[index] = height;
      return value ? height : null;
    }),
  );
}

/** The end of an axis from 0: the next of 1, 2, 2.5, 5 times a power of ten; 1 when there is nothing. */
export function ceiling(highest: number): number {
  if (!(highest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= highest * 0.999_999) ?? 10;
  return factor * power;
}

/** The runs of true as [first, last + 1]. */
export function runs(flags: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  flags.forEach((flag, index) => {
    const last = found.at(-1);
    if (flag && last?.[1] === index) last[1] = index + 1;
    else if (flag) found.push([index, index + 1]);
  });
  return found;
}

/** Which step an arrow key leads to; undefined for a key that means nothing here. From nowhere it begins at the end. */
export function stepTo(key: string, at: number | null, count: number): number | undefined {
  const last = count - 1;
  const moves: Record<string, number> = {
    ArrowLeft: at === null ? last : at - 1,
    ArrowRight: at === null ? last : at + 1,
    PageUp: (at ?? last) - 10,
    PageDown: (at ?? last) + 10,
    Home: 0,
    End: last,
  };
  const next = moves[key];
  return next === undefined || last < 0 ? undefined : Math.max(0, Math.min(last, next));
}

/** A moment as the axis names it: `14:02`, with the day where the axis is longer than one. */
export function timeWord(time: number, span: number): string {
  const at = new Date(time * 1000);
  const wall = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (span <= DAY - HOUR) return wall;
  const day = at.toLocaleDateString("en-US", { month: "short", day: "numeric" });
  return span > 3 * DAY && wall === "00:00" ? day : `${day} ${wall}`;
}

/** A moment between the ends: they say the day, so that it is only said again where it changes. */
export function tickWord(time: number, span: number): string {
  const at = new Date(time * 1000);
  if (span > 3 * DAY || span <= DAY - HOUR) return timeWord(time, span);
  const midnight = at.getHours() === 0 && at.getMinutes() === 0;
  return midnight ? timeWord(time, 4 * DAY) : timeWord(time, 0);
}

/** The powers of ten around what there is, for an axis that has no zero. */
export function powersAround(low: number, high: number): [number, number] {
  if (!(high > 0)) return [1, 100];
  const power = (value: number, round: (value: number) => number) => 10 ** round(Math.log10(value));
  const [from, to] = [power(Math.max(low, 0.01), Math.floor), power(high, Math.ceil)];
  return to > from ? [from, to] : [from, from * 10];
}

/** Whether a chart has anything to draw but sleep. */
export function isEmpty(figure: ChartFigure): boolean {
  return figure.series.every(({ values }) => values.every((value) => !value));
}

/** Where the axis has words: at both ends, and at round local times between them; at most `most` in all. */
export function timeTicks(since: number, until: number, most: number): number[] {
  const span = until - since;
  const room = span / Math.max(1, most - 1);
  const gap = [...TICKS, ...DAYS].find((one) => one >= room) ?? span;
  const shift = -new Date(since * 1000).getTimezoneOffset() * MINUTE;
  const between: number[] = [];
  for (let time = Math.ceil((since + shift) / gap) * gap - shift; time < until; time += gap)
    if (time - since > room * 0.75 && until - time > room * 0.75) between.push(time);
  return [since, ...between, until];
}

/** One step in words: `14:02, 12 answered, 1 failed, asleep`. */
export function tell(timeline: Timeline, figure: ChartFigure, index: number): string {
  const time = timeline.times[index];
  if (time === undefined) return "";
  const values = figure.series.map(({ label, values }) => `${label} ${valueWord(figure, values[index])}`);
  const marks = marksIn(timeline, index).map((mark) => `${mark.label} deployed`);
  const words = [timeWord(time, endOf(timeline) - timeline.since), ...values, ...marks];
  return (timeline.asleep[index] ? [...words, "asleep"] : words).join(", ");
}

export function valueWord(figure: ChartFigure, value: number | null | undefined): string {
  return value === null || value === undefined ? "none" : figure.format(value);
}

export function marksIn(timeline: Timeline, index: number): ChartMark[] {
  const time = timeline.times[index] ?? Number.POSITIVE_INFINITY;
  return timeline.marks.filter((mark) => mark.time >= time && mark.time < time + timeline.step);
}

/** Of marks at these places (pixels), those whose labels fit beside one another; the later ones win. */
export function fitting(places: readonly number[], width: number): boolean[] {
  let free = Number.POSITIVE_INFINITY;
  const kept = places.map(() => false);
  for (let index = places.length - 1; index >= 0; index--) {
    const place = places[index] ?? 0;
    if (place + width > free) continue;
    free = place;
    kept[index] = true;
  }
  return kept;
}

/** A number at an axis: `1.2k`, `0.5`. */
export function short(value: number): string {
  if (value >= 1_000_000) return `${trim(value / 1_000_000)}M`;
  if (value >= 10_000) return `${trim(value / 1000)}k`;
  return value >= 1000 ? value.toLocaleString("en-US") : trim(value);
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}
