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

/** `folders`: those to show also while nothing is in them. */
export function tree(paths: readonly string[], entrypoint: string, folders: readonly string[] = []): Node[] {
  const root: Folder = { kind: "folder", name: "", path: "", children: [] };
  for (const path of folders) folderAt(root, path);
  for (const path of paths) {
    const cut = path.lastIndexOf("/");
    const home = cut < 0 ? root : folderAt(root, path.slice(0, cut));
    home.children.push({ kind: "file", name: path.slice(cut + 1), path });
  }
  return ordered(root.children, entrypoint);
}

function ordered(nodes: Node[], entrypoint: string): Node[] {
  const rank = (node: Node) => (node.path === entrypoint ? 0 : node.kind === "folder" ? 1 : 2);
  for (const node of nodes) if (node.kind === "folder") node.children = ordered(node.children, entrypoint);
  return nodes.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function folderAt(root: Folder, path: string): Folder {
  let folder = root;
  const parts = path.split("/");
  parts.forEach((name, depth) => {
    const here = parts.slice(0, depth + 1).join("/");
    const found = folder.children.find((child): child is Folder => child.kind === "folder" && child.path === here);
    const next: Folder = found ?? { kind: "folder", name, path: here, children: [] };
    if (!found) folder.children.push(next);
    folder = next;
  });
  return folder;
}

/** Every folder that holds one of the paths, and the empty ones, in order. */
export function folderPaths(paths: readonly string[], folders: readonly string[] = []): string[] {
  const all = new Set(folders);
  for (const path of paths) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) all.add(parts.slice(0, depth).join("/"));
  }
  return [...all].sort();
}

/** One line of the drawn tree, with what assistive technology is told of its place. */
export interface Row {
  kind: "folder" | "file";
  path: string;
  name: string;
  level: number;
  position: number;
  of: number;
  /** Null for a file. */
  expanded: boolean | null;
}

/** The lines in sight from top to bottom; `closed` folders hide what is in them. */
export function rows(nodes: readonly Node[], closed: ReadonlySet<string>, level = 1): Row[] {
  return nodes.flatMap((node, index) => {
    const expanded = node.kind === "folder" ? !closed.has(node.path) : null;
    const { kind, path, name } = node;
    const own: Row = { kind, path, name, level, position: index + 1, of: nodes.length, expanded };
    return node.kind === "folder" && expanded ? [own, ...rows(node.children, closed, level + 1)] : [own];
  });
}
