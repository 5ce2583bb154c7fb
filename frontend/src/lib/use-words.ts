/**
 * A field's own text while it is typed; it is told after a short rest, and takes over what is set from elsewhere.
 * `meant`: what is told of a text, always the same function.
 */
import { useEffect, useRef, useState } from "react";

const REST_MS = 150;

const asTyped = (text: string) => text;

export function useWords(value: string, onChange: (words: string) => void, meant = asTyped) {
  const [words, setWords] = useState(value);
  const told = useRef(value);
  const tell = useRef(onChange);
  tell.current = onChange;
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setWords(value);
  }, [value]);
  useEffect(() => {
    const next = meant(words);
    if (next === told.current) return;
    const timer = setTimeout(() => {
      told.current = next;
      tell.current(next);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [words, meant]);
  return [words, setWords] as const;
}
