import { describe, expect, it } from "vitest";
import { clientName } from "./client";

const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36";
const EDGE = `${CHROME} Edg/149.0.0.0`.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64");
const PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1";

describe("clientName", () => {
  it("names browser and system", () => {
    expect(clientName(CHROME, "browser")).toBe("Chrome on Linux");
    expect(clientName(EDGE, "browser")).toBe("Edge on Windows");
    expect(clientName(PHONE, "browser")).toBe("Safari on iPhone");
  });

  it("leaves programs as they call themselves", () => {
    expect(clientName("fp/0.1.0 on workshop", "bearer")).toBe("fp/0.1.0 on workshop");
    expect(clientName("Mozilla/5.0 something else", "bearer")).toBe("Mozilla/5.0 something else");
  });

  it("has a word for who says nothing", () => {
    expect(clientName("", "browser")).toBe("A browser");
    expect(clientName("", "bearer")).toBe("A program");
  });
});
