/** The current time, told again every `every` milliseconds, so that "12 s ago" stays true while the page is open. */
import { useEffect, useState } from "react";

export function useNow(every: number, running = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every, running]);
  return now;
}
