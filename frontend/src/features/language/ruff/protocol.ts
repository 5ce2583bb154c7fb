/** What the editor and the worker that holds ruff say to each other. Offsets are in UTF-16 units, as in the editor. */
export interface RuffEdit {
  from: number;
  to: number;
  insert: string;
}

export interface RuffProblem {
  from: number;
  to: number;
  code: string;
  message: string;
  /** The code is not needed at all: shown faded. */
  unnecessary: boolean;
  fix: { title: string; edits: RuffEdit[] } | null;
}

export interface RuffRequest {
  id: number;
  kind: "check" | "format" | "fix";
  path: string;
  text: string;
  firstParty: readonly string[];
}

export type RuffAnswer =
  | { id: number; problems: RuffProblem[] }
  | { id: number; text: string }
  | { id: number; failure: string }
  /** Ruff could not be loaded. */
  | { id: number; gone: true };
