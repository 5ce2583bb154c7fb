/** Paths of a draft as a tree: the entrypoint first, then folders, then files, each in order of name. */
export interface Folder {
  kind: "folder";
  name: string;
  path: string;
  children: Node[];
}

export interface Leaf {
  kind: "file";
  name: string;
  path: string;
}

export type Node = Folder | Leaf;

export const MAX_FILES = 50;
export const MAX_TOTAL_BYTES = 500 * 1024;

export function tree(paths: readonly string[], entrypoint: string): Node[] {
  const root: Folder = { kind: "folder", name: "", path: "", children: [] };
  for (const path of paths) place(root, path);
  return ordered(root.children, entrypoint);
}

function ordered(nodes: Node[], entrypoint: string): Node[] {
  const rank = (node: Node) => (node.path === entrypoint ? 0 : node.kind === "folder" ? 1 : 2);
  for (const node of nodes) if (node.kind === "folder") node.children = ordered(node.children, entrypoint);
  return nodes.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function place(root: Folder, path: string): void {
  const parts = path.split("/");
  let folder = root;
  parts.forEach((name, depth) => {
    const here = parts.slice(0, depth + 1).join("/");
    if (depth === parts.length - 1) {
      folder.children.push({ kind: "file", name, path: here });
      return;
    }
    const found = folder.children.find((child): child is Folder => child.kind === "folder" && child.path === here);
    const next: Folder = found ?? { kind: "folder", name, path: here, children: [] };
    if (!found) folder.children.push(next);
    folder = next;
  });
}

const TEXT = /\.(py|css|js|svg|html|json|txt|md)$/;
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** Why `path` cannot be a new file's path, or null when it can. */
export function pathProblem(path: string, taken: readonly string[]): string | null {
  if (path === "") return "Type a name";
  if (path.length > 200) return "200 characters at most";
  if (!path.split("/").every((part) => SEGMENT.test(part))) return "Letters, digits, _ - and . in each part";
  if (!TEXT.test(path)) return "End in .py .css .js .svg .html .json .txt or .md";
  if (taken.includes(path)) return "This file exists";
  if (taken.some((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`)))
    return "A folder and a file cannot share a name";
  if (taken.length >= MAX_FILES) return `An app holds ${MAX_FILES} files at most`;
  return null;
}

export function totalBytes(files: Readonly<Record<string, string>>): number {
  const encoder = new TextEncoder();
  return Object.values(files).reduce((sum, text) => sum + encoder.encode(text).length, 0);
}
