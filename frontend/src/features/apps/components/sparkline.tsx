/** Requests of the last hours as bars over a line of dashes, where nothing came. Told in words to who cannot see it. */
import { plural } from "@/lib/format";
import { barPath } from "../fleet";

const WIDTH = 96;
const HEIGHT = 22;

export function Sparkline({ bars }: { bars: readonly number[] }) {
  const sum = bars.reduce((total, count) => total + count, 0);
  return (
    <svg
      role="img"
      aria-label={`${plural(sum, "request")} in ${bars.length} hours`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT + 1}`}
      width={WIDTH}
      height={HEIGHT + 1}
    >
      <path d={`M0 ${HEIGHT}h${WIDTH}`} className="stroke-line-strong" strokeDasharray="3 1" fill="none" />
      <path d={barPath(bars, WIDTH, HEIGHT)} className="fill-accent" />
    </svg>
  );
}
