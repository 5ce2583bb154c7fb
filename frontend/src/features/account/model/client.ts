/** What a browser or program calls itself, as people call it. What is not known is shown as it came. */

const BROWSERS: readonly [mark: RegExp, name: string][] = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Headless)?(?:Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: readonly [mark: RegExp, name: string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

const named = (known: readonly [RegExp, string][], agent: string) => known.find(([mark]) => mark.test(agent))?.[1];

export function clientName(agent: string, kind: "browser" | "bearer"): string {
  const browser = agent.startsWith("Mozilla/") ? named(BROWSERS, agent) : undefined;
  if (!browser) return agent || (kind === "browser" ? "A browser" : "A program");
  const system = named(SYSTEMS, agent);
  return system ? `${browser} on ${system}` : browser;
}
