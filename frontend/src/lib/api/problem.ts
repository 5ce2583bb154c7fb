/**
 * Errors of the API as one class. Every answer of 400 and above is an RFC 9457 problem; what is not (a proxy's page, no
 * network) becomes one with the code `unreachable`, so that callers look at `code` and nothing else.
 */
import type { components } from "./schema.gen";

export type Finding = components["schemas"]["Finding"];

interface ProblemBody {
  title?: string;
  code?: string;
  detail?: string;
  hint?: string;
  findings?: Finding[];
}

export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly findings: Finding[];

  constructor(status: number, body: ProblemBody) {
    super(body.detail || body.title || `The server answered ${status}`);
    this.status = status;
    this.code = body.code ?? "unreachable";
    this.hint = body.hint ?? "";
    this.findings = body.findings ?? [];
  }
}

export async function problemOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    return new ApiError(response.status, JSON.parse(text) as ProblemBody);
  } catch {
    return new ApiError(response.status, {
      detail: `The server answered ${response.status} without saying why`,
      hint: "Try again in a moment.",
    });
  }
}

export function unreachable(): ApiError {
  return new ApiError(0, {
    detail: "The server cannot be reached",
    hint: "Check that fp is running; this page tries again.",
  });
}

/** Words for a person, for any thrown value: what happened, then what to do. */
export function explain(error: unknown): string {
  if (error instanceof ApiError)
    return error.hint ? `${error.message}. ${error.hint}`.replace("..", ".") : error.message;
  return error instanceof Error ? error.message : String(error);
}
