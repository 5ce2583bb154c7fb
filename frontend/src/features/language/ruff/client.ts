/**
 * The page's end of ruff. The worker starts with the first question, not before; one that cannot be loaded answers nothing,
 * and then there is no ruff and everything else works on.
 */
import type { RuffAnswer, RuffProblem, RuffRequest } from "./protocol";

type Question = Omit<RuffRequest, "id">;

export interface Ruff {
  /** Null when ruff is not there. */
  check: (question: Omit<Question, "kind">) => Promise<RuffProblem[] | null>;
  /** The new text. Rejects with ruff's reason, such as a syntax error; null when ruff is not there. */
  rewrite: (question: Question) => Promise<string | null>;
}

export class RuffWorker implements Ruff {
  private worker: Worker | undefined;
  private broken = false;
  private last = 0;
  private readonly waiting = new Map<number, (answer: RuffAnswer | null) => void>();

  async check(question: Omit<Question, "kind">): Promise<RuffProblem[] | null> {
    const answer = await this.ask({ ...question, kind: "check" });
    return answer && "problems" in answer ? answer.problems : null;
  }

  async rewrite(question: Question): Promise<string | null> {
    const answer = await this.ask(question);
    if (answer && "failure" in answer) throw new Error(answer.failure);
    return answer && "text" in answer ? answer.text : null;
  }

  private ask(question: Question): Promise<RuffAnswer | null> {
    const worker = this.start();
    if (!worker) return Promise.resolve(null);
    this.last += 1;
    const id = this.last;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      worker.postMessage({ ...question, id });
    });
  }

  private start(): Worker | undefined {
    if (this.worker || this.broken) return this.worker;
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "ruff" });
    this.worker.addEventListener("message", ({ data }: MessageEvent<RuffAnswer>) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    });
    this.worker.addEventListener("error", () => this.fail());
    return this.worker;
  }

  private fail(): void {
    this.broken = true;
    this.worker?.terminate();
    this.worker = undefined;
    for (const resolve of this.waiting.values()) resolve(null);
    this.waiting.clear();
  }
}
