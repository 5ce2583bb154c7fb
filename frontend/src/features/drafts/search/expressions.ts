/**
 * The page's end of the worker that runs expressions. It works on one question at a time: a new one ends what still runs, and
 * so does the time that a question may take. A worker that has answered is kept for the next question.
 */
import type { Files } from "../model/merge";
import type { Found, Query } from "../model/search";
import type { Question } from "./protocol";

const MOST_MS = 2_000;

/** Why there is no answer: it took too long, something else was asked instead, or the worker could not be loaded. */
export type Unanswered = "late" | "dropped" | "gone";

export class Expressions {
  private worker: Worker | undefined;
  private settle: ((why: Unanswered) => void) | undefined;

  search(files: Files, query: Query): Promise<Found | Unanswered> {
    return this.ask<Found>({ kind: "search", files, query });
  }

  /** The texts of the files that change. */
  replace(files: Files, query: Query, by: string): Promise<Record<string, string> | Unanswered> {
    return this.ask<Record<string, string>>({ kind: "replace", files, query, by });
  }

  /** Ends what runs, if anything does. The next question starts anew. */
  stop(why: Unanswered = "dropped"): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.settle?.(why);
  }

  private ask<Answer>(question: Question): Promise<Answer | Unanswered> {
    if (this.settle) this.stop();
    this.worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "search" });
    const worker = this.worker;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.stop("late"), MOST_MS);
      const settle = (answer: Answer | Unanswered) => {
        clearTimeout(timer);
        this.settle = undefined;
        resolve(answer);
      };
      this.settle = settle;
      worker.onmessage = ({ data }: MessageEvent<Answer>) => settle(data);
      worker.onerror = () => this.stop("gone");
      worker.postMessage(question);
    });
  }
}
