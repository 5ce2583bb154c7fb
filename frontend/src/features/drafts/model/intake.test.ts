import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { MAX_FILES } from "@/lib/paths";
import { type Candidate, judge } from "./intake";
import { BadZip, unzip } from "./zip";

const file = (path: string, text: string): Candidate => ({ path, bytes: strToU8(text) });
const reasons = (candidates: Candidate[], files = {}) => judge(candidates, files).refused.map(({ why }) => why);

describe("judge", () => {
  it("takes texts, tells what it would replace, and counts what is there already", () => {
    const files = { "app.py": "one", "same.md": "same" };
    const intake = judge([file("app.py", "two"), file("same.md", "same"), file("new.css", "x")], files);
    expect(intake.taken).toEqual([
      { path: "app.py", text: "two", replaces: true },
      { path: "new.css", text: "x", replaces: false },
    ]);
    expect(intake).toMatchObject({ refused: [], same: 1 });
    expect(judge([file("a.py", "x")], {}, "lib").taken[0]?.path).toBe("lib/a.py");
  });

  it("refuses binaries, other kinds, hidden and misplaced files, each with its reason", () => {
    expect(reasons([{ path: "x.txt", bytes: new Uint8Array([0xff, 0xfe]) }])).toEqual(["It is no text (UTF-8)"]);
    expect(reasons([file("x.txt", "a\0b")])[0]).toContain("no text");
    expect(reasons([file("x.png", "x")])[0]).toContain("kind");
    expect(reasons([file(".env", "x")])[0]).toContain("Hidden");
    expect(reasons([file("../x.py", "x")])).toHaveLength(1);
    expect(reasons([file("app.py/x.py", "x")], { "app.py": "" })[0]).toContain("folder");
    expect(reasons([file("a.py", "x"), file("a.py", "y")])[0]).toContain("twice");
  });

  it("stops at the limits and keeps what fits", () => {
    expect(reasons([file("big.txt", "x".repeat(102_401))])[0]).toContain("100 KB");
    const many = Array.from({ length: MAX_FILES + 3 }, (_, index) => file(`f${index}.py`, ""));
    expect(judge(many, {}).taken).toHaveLength(MAX_FILES);
    const large = Array.from({ length: 6 }, (_, index) => file(`f${index}.txt`, "x".repeat(100_000)));
    expect(judge(large, {}).taken).toHaveLength(5);
    expect(judge(large, {}).refused[0]?.why).toContain("500 KB");
  });
});

describe("unzip", () => {
  it("reads what is in it, without the one folder around it and without what nobody means", () => {
    const archive = zipSync({
      "shop/app.py": strToU8("app = 1\n"),
      "shop/lib/x.py": [strToU8("x = 1\n"), { level: 0 }],
      "__MACOSX/shop/app.py": strToU8("junk"),
    });
    const found = unzip(archive).map(({ path, bytes }) => [path, bytes && new TextDecoder().decode(bytes)]);
    expect(found).toEqual([
      ["app.py", "app = 1\n"],
      ["lib/x.py", "x = 1\n"],
    ]);
    expect(unzip(zipSync({ "static/a.css": strToU8("") }))[0]?.path).toBe("static/a.css");
  });

  it("refuses paths that lead out, links and what is encrypted", () => {
    const why = (archive: Uint8Array) => unzip(archive).map(({ refused }) => refused);
    expect(why(zipSync({ "../evil.py": strToU8("x") }))[0]).toContain("out of the archive");
    expect(why(zipSync({ "a\\..\\..\\evil.py": strToU8("x") }))[0]).toContain("out of the archive");
    expect(why(zipSync({ "/etc/evil.py": strToU8("x") }))[0]).toContain("out of the archive");
    expect(why(zipSync({ "l.py": [strToU8("/etc/passwd"), { os: 3, attrs: 0o120777 << 16 }] }))[0]).toContain("link");
    const locked = zipSync({ "a.py": strToU8("x") });
    const at = locked.findIndex((_, i) => locked[i] === 0x50 && locked[i + 1] === 0x4b && locked[i + 2] === 1);
    locked[at + 8] = (locked[at + 8] ?? 0) | 1;
    expect(why(locked)[0]).toContain("encrypted");
  });

  it("stops a bomb early, whatever size it claims", () => {
    const bomb = zipSync({ "a.txt": new Uint8Array(20_000_000) }, { level: 9 });
    for (let i = 0; i + 4 < bomb.length; i++)
      if (bomb[i] === 0x50 && bomb[i + 1] === 0x4b && bomb[i + 2] === 1) bomb.fill(0, i + 24, i + 28);
    // Whoever reads it to its end finds it broken.
    bomb.fill(0xff, 8_000, 9_000);
    expect(unzip(bomb)).toEqual([{ path: "a.txt", bytes: null, refused: "It is over 100 KB" }]);
  });

  it("unpacks no more than so much of many", () => {
    const one = new Uint8Array(102_401);
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`f${index}.txt`, one]));
    const reasons = unzip(zipSync(many)).map(({ refused }) => refused);
    expect(reasons[0]).toContain("100 KB");
    expect(reasons.at(-1)).toContain("too much");
  });

  it("says what is no archive", () => {
    expect(() => unzip(strToU8("PK nothing of the kind, but long enough"))).toThrow(BadZip);
    const whole = zipSync({ "a.py": strToU8("x".repeat(100)) });
    expect(() => unzip(whole.slice(0, whole.length - 30))).toThrow(BadZip);
    expect(() => unzip(new Uint8Array(3 * 1024 * 1024))).toThrow("2 MB");
    const broken = whole.slice();
    broken[0] = 0;
    expect(() => unzip(broken)).toThrow(BadZip);
  });
});
