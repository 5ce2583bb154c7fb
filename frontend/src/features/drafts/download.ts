/** Taking files along: one as it is in the editor, or the whole draft as the ZIP that the server makes. */

export function saveFile(path: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  click(address, path.slice(path.lastIndexOf("/") + 1));
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The saved draft with its settings file; the browser writes it to its downloads. */
export function saveArchive(app: string): void {
  click(`/api/apps/${encodeURIComponent(app)}/export`, "");
}

function click(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
