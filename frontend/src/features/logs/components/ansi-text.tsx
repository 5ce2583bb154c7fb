/**
 * A line's text with the look that its app gave it and what was searched marked. The eight base colours are the theme's own;
 * others keep their hue and are made light or dark enough to be read on the theme's surface.
 */
import { type CSSProperties, memo } from "react";
import { cn } from "@/lib/cn";
import { type Look, parseAnsi, type Run } from "../model/ansi";
import { marked } from "../model/marks";

const COLOUR = [
  "text-faint",
  "text-error",
  "text-running",
  "text-waking",
  "text-deploying",
  "text-(--kw)",
  "text-(--fn)",
  "text-text",
] as const;
const BACKGROUND = [
  "bg-raised",
  "bg-error-bg",
  "bg-running-bg",
  "bg-waking-bg",
  "bg-deploying-bg",
  "bg-sleeping-bg",
  "bg-deploying-bg",
  "bg-raised",
] as const;

export const AnsiText = memo(function AnsiText({ text, words }: { text: string; words?: string }) {
  return marked(parseAnsi(text), words).map((run, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
    run.found ? <Found key={index} run={run} /> : <Part key={index} run={run} />,
  );
});

function Part({ run }: { run: Run }) {
  if (Object.keys(run.look).length === 0) return run.text;
  return (
    <span className={classOf(run.look)} style={styleOf(run.look)}>
      {run.text}
    </span>
  );
}

function Found({ run }: { run: Run }) {
  return (
    <mark className="rounded-[2px] bg-waking-bg text-waking shadow-[0_0_0_1px_var(--line-strong)]">{run.text}</mark>
  );
}

function classOf(look: Look): string {
  const [ink, paper] = look.inverse ? [look.background, look.colour ?? 7] : [look.colour, look.background];
  return cn(
    typeof ink === "number" && COLOUR[ink % 8],
    typeof paper === "number" && BACKGROUND[paper % 8],
    look.inverse && ink === undefined && "text-text",
    (look.bold || (typeof ink === "number" && ink > 7)) && "font-semibold",
    look.dim && "text-muted",
    look.italic && "italic",
    look.underline && "underline underline-offset-2",
    look.strike && "line-through",
  );
}

function styleOf(look: Look): CSSProperties | undefined {
  const [ink, paper] = look.inverse ? [look.background, look.colour] : [look.colour, look.background];
  const style: CSSProperties = {};
  if (typeof ink === "object")
    style.color = `oklch(from rgb(${ink.join(" ")}) clamp(var(--ink-low), l, var(--ink-high)) c h)`;
  if (typeof paper === "object")
    style.backgroundColor = `color-mix(in oklab, rgb(${paper.join(" ")}) 18%, var(--surface))`;
  return style.color || style.backgroundColor ? style : undefined;
}
