/** True once `wanted` is, and nobody has typed for a moment: what takes the focus must not swallow a keystroke. */
import { useEffect, useState } from "react";

const REST_MS = 1_200;

export function useRested(wanted: boolean): boolean {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    if (!wanted) return setRested(false);
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setRested(true), REST_MS);
    };
    // From the last key on, even where it came before: nobody knows in the middle of which word this is.
    wait();
    window.addEventListener("keydown", wait, true);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("keydown", wait, true);
    };
  }, [wanted]);
  return wanted && rested;
}
