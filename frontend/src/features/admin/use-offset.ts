/** How far down within what scrolls the rows begin, once they are there: what is above them wraps on a narrow screen. */
import { type RefObject, useLayoutEffect, useRef, useState } from "react";

export function useOffset(scroller: RefObject<HTMLElement | null>, shown: boolean) {
  const rows = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const box = scroller.current;
    const whole = box?.firstElementChild;
    if (!box || !whole || !shown) return;
    const measure = () => {
      const top = (rows.current?.getBoundingClientRect().top ?? 0) - box.getBoundingClientRect().top;
      setOffset(Math.round(top + box.scrollTop));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(whole);
    return () => observer.disconnect();
  }, [scroller, shown]);
  return { rows, offset };
}
