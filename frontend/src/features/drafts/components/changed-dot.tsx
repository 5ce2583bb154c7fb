/** Amber: changed since the last deploy. */
export function ChangedDot() {
  return (
    <span className="size-1.5 shrink-0 rounded-full bg-accent" title="Differs from the live version">
      <span className="sr-only">changed</span>
    </span>
  );
}
