/** What tabs of one browser tell each other: that somebody logged in or out. The theme travels by the storage's own event. */

export type TabNews = { kind: "logged-in"; user: string } | { kind: "logged-out" };

const CHANNEL = "fp:session";

export function tellTabs(news: TabNews): void {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(news);
  channel.close();
}

/** Calls with what other tabs tell, never with what this one told. */
export function hearTabs(hear: (news: TabNews) => void): () => void {
  if (typeof BroadcastChannel === "undefined") return () => undefined;
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<TabNews>) => hear(event.data);
  return () => channel.close();
}
