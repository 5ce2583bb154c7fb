import { describe, expect, it } from "vitest";
import { opened } from "./tabs";

describe("opened", () => {
  it("begins with the entrypoint, or any file where that is missing", () => {
    expect(opened(null, ["b.py", "app.py"], "app.py")).toEqual({ open: ["app.py"], active: "app.py" });
    expect(opened(null, ["b.py"], "app.py")).toEqual({ open: ["b.py"], active: "b.py" });
    expect(opened(null, [], "app.py")).toEqual({ open: [], active: "" });
  });

  it("brings back what was open, as far as it is still there", () => {
    const kept = { open: ["gone.py", "b.py", "b.py", "app.py"], active: "gone.py" };
    expect(opened(kept, ["b.py", "app.py"], "app.py")).toEqual({ open: ["b.py", "app.py"], active: "b.py" });
    expect(opened({ ...kept, active: "app.py" }, ["app.py", "b.py"], "app.py").active).toBe("app.py");
    expect(opened({ open: "spoilt" } as never, ["app.py"], "app.py").active).toBe("app.py");
  });
});
