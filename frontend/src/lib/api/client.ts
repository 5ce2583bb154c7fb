/**
 * The one way to the API: a typed fetch over the generated schema. It sends the CSRF token that the session's cookie
 * carries, turns every failure into an ApiError, and tells the page when the login has run out.
 */
import createClient, { type Middleware } from "openapi-fetch";
import { useAppStore } from "../app-store";
import { useConnection } from "../connection";
import { ApiError, problemOf, unreachable } from "./problem";
import type { paths } from "./schema.gen";

const SAFE = new Set(["GET", "HEAD"]);

export function readCookie(name: string): string {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

const session: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set("X-CSRF-Token", readCookie("fp_csrf"));
    return request;
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) {
      useConnection.getState().find();
      return;
    }
    const problem = await problemOf(response);
    // A proxy that answers in the server's place says nothing that we would say.
    if (problem.code === "unreachable" && response.status >= 502) useConnection.getState().lose();
    if (problem.code === "not_logged_in" && schemaPath !== "/api/auth/me") useAppStore.getState().expire();
    throw problem;
  },
  onError({ error }) {
    if (error instanceof ApiError || (error instanceof DOMException && error.name === "AbortError"))
      return error as Error;
    useConnection.getState().lose();
    return unreachable();
  },
};

export const api = createClient<paths>({ credentials: "same-origin" });
api.use(session);

/** The body of a successful answer; a failed one has already been thrown. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
