/** The canvas of a chart: uPlot, made once, then given new values, a new size, another theme and the place to point at. */
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./chart.css";
import { dataOf, optionsOf, type Shown, shapeOf } from "./chart-plot";

interface Props extends Shown {
  /** The step that is pointed at, here or in a chart beside it. */
  at: number | null;
  onAt: (index: number | null) => void;
  onZoom?: (since: number, until: number) => void;
}

export function ChartCanvas({ timeline, figure, at, onAt, onZoom }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const shown = useRef<Shown>({ timeline, figure });
  const handlers = useRef({ onAt, onZoom });
  shown.current = { timeline, figure };
  handlers.current = { onAt, onZoom };
  const shape = shapeOf(figure);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a plot is made anew only for rows of another look
  useEffect(() => {
    const parent = box.current;
    if (!parent) return;
    const size = () => ({ width: Math.max(160, parent.clientWidth), height: parent.clientHeight });
    const made = new uPlot(
      optionsOf(shown, size(), () => handlers.current),
      dataOf(shown.current),
      parent,
    );
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize(size()));
    resized.observe(parent);
    const themed = new MutationObserver(() => made.redraw(false));
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(dataOf({ timeline, figure }));
  }, [timeline, figure]);

  useEffect(() => {
    const made = plot.current;
    if (!made) return;
    const time = at === null ? undefined : timeline.times[at];
    const left = time === undefined ? -10 : made.valToPos(time + timeline.step / 2, "x");
    made.setCursor({ left, top: time === undefined ? -10 : 4 }, false);
  }, [at, timeline]);

  return <div ref={box} className="h-full w-full overflow-hidden" />;
}
