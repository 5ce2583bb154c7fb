/**
 * A query as people type it, made into the strict Extended JSON that the server takes. Beside JSON it understands what
 * MongoDB's own shell does: keys without quotes, single quotes, a comma too many, /patterns/, ObjectId("…"), ISODate("…"),
 * NumberLong(…), NumberDecimal("…") and UUID("…"). Numbers stay the digits that were typed.
 *
 * A mistake has its place and words. Every key's place is kept, so that the server's complaint about `filter.a.$foo` finds
 * the letters it is about.
 */

export interface Place {
  from: number;
  to: number;
}

export interface Mistake extends Place {
  message: string;
}

/** A field at the top: where its value is. */
export interface Member {
  key: string;
  value: Place;
}

export interface QueryText {
  json: string;
  members: Member[];
  places: Map<string, Place>;
  mistake?: undefined;
}

class Wrong extends Error {
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

const WORD = /[A-Za-z_$][\w$.]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const PATTERN = /\/((?:[^/\\\n]|\\.)+)\/([a-z]*)/y;
const SPACE = /\s*/y;
const LITERALS = new Set(["true", "false", "null"]);

/** What a function of the shell means; null when its argument is none of that kind. */
const CALLS: Record<string, (argument: string) => object | null> = {
  ObjectId: (hex) => (/^[0-9a-f]{24}$/i.test(hex) ? { $oid: hex } : null),
  ISODate: (time) => (Number.isNaN(Date.parse(time)) ? null : { $date: new Date(time).toISOString() }),
  Date: (time) => (Number.isNaN(Date.parse(time)) ? null : { $date: new Date(time).toISOString() }),
  NumberLong: (digits) => (/^-?\d+$/.test(digits) ? { $numberLong: digits } : null),
  NumberInt: (digits) => (/^-?\d+$/.test(digits) ? { $numberInt: digits } : null),
  NumberDecimal: (digits) => (digits === "" ? null : { $numberDecimal: digits }),
  UUID: (uuid) => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid) ? { $uuid: uuid } : null),
};

export function readQuery(text: string, name = "filter"): QueryText | { mistake: Mistake } {
  if (text.trim() === "") return { json: "{}", members: [], places: new Map() };
  const reader = new Reader(text);
  try {
    return { json: reader.whole(name), members: reader.members, places: reader.places };
  } catch (error) {
    if (error instanceof Wrong) return { mistake: { message: error.message, ...error.place } };
    if (error instanceof RangeError) return { mistake: { message: "It is nested too deeply", from: 0, to: 1 } };
    throw error;
  }
}

class Reader {
  readonly members: Member[] = [];
  readonly places = new Map<string, Place>();
  private at = 0;

  constructor(private readonly text: string) {}

  whole(name: string): string {
    this.space();
    if (this.text[this.at] !== "{") throw this.wrong('A query is an object, such as {"city": "Rome"}');
    const json = this.object(name, 0);
    this.space();
    if (this.at < this.text.length) throw this.wrong("Nothing may follow the last }", this.text.length);
    return json;
  }

  private value(path: string, depth: number): string {
    this.space();
    const sign = this.text[this.at];
    if (sign === undefined) throw this.wrong("A value is missing at the end");
    if (sign === "{") return this.object(path, depth + 1);
    if (sign === "[") return this.list(path, depth + 1);
    if (sign === '"' || sign === "'") return JSON.stringify(this.quoted(sign));
    const pattern = this.take(PATTERN);
    if (pattern)
      return JSON.stringify({ $regularExpression: { pattern: pattern[1], options: sorted(pattern[2] ?? "") } });
    const number = this.take(NUMBER);
    return number ? number[0] : this.word();
  }

  private object(path: string, depth: number): string {
    const begin = this.at++;
    const parts: string[] = [];
    const seen = new Set<string>();
    while (!this.closes("}", begin)) {
      const from = this.at;
      const key = this.key();
      const place = { from, to: this.at };
      if (seen.has(key)) throw new Wrong(`The key ${key} is there twice; the first one would be lost`, place);
      seen.add(key);
      const inner = `${path}.${key}`;
      if (!this.places.has(inner)) this.places.set(inner, place);
      this.expect(":", `A colon is missing after ${key}`);
      this.space();
      const start = this.at;
      parts.push(`${JSON.stringify(key)}: ${this.value(inner, depth)}`);
      if (depth === 0) this.members.push({ key, value: { from: start, to: this.at } });
      this.comma("}");
    }
    return `{${parts.join(", ")}}`;
  }

  private list(path: string, depth: number): string {
    const begin = this.at++;
    const parts: string[] = [];
    while (!this.closes("]", begin)) {
      parts.push(this.value(`${path}.${parts.length}`, depth));
      this.comma("]");
    }
    return `[${parts.join(", ")}]`;
  }

  /** True after the bracket that closes; at the end of the text the one that opened is to blame. */
  private closes(bracket: string, begin: number): boolean {
    this.space();
    if (this.at >= this.text.length)
      throw new Wrong(`The ${this.text[begin]} is never closed`, { from: begin, to: begin + 1 });
    if (this.text[this.at] !== bracket) return false;
    this.at++;
    return true;
  }

  private comma(bracket: string): void {
    this.space();
    const sign = this.text[this.at];
    if (sign === ",") this.at++;
    else if (sign !== bracket && sign !== undefined) throw this.wrong(`A comma or a ${bracket} is missing here`);
  }

  private key(): string {
    const sign = this.text[this.at];
    if (sign === '"' || sign === "'") return this.quoted(sign);
    const word = this.take(WORD) ?? this.take(/\d+/y);
    if (!word) throw this.wrong("A field's name is missing here");
    return word[0];
  }

  private quoted(mark: string): string {
    const begin = this.at++;
    let found = "";
    while (this.text[this.at] !== mark) {
      const sign = this.text[this.at];
      if (sign === undefined || sign === "\n")
        throw new Wrong("The text is never closed with a quote", { from: begin, to: this.at });
      found += sign === "\\" ? this.escaped() : sign;
      this.at++;
    }
    this.at++;
    return found;
  }

  private escaped(): string {
    const from = this.at++;
    const sign = this.text[this.at] ?? "";
    const code = /^u([0-9a-fA-F]{4})/.exec(this.text.slice(this.at, this.at + 5));
    if (code?.[1]) {
      this.at += 4;
      return String.fromCharCode(Number.parseInt(code[1], 16));
    }
    const plain = ESCAPES[sign];
    if (plain === undefined)
      throw new Wrong(`\\${sign} means nothing; a backslash is written \\\\`, { from, to: from + 2 });
    return plain;
  }

  private word(): string {
    const from = this.at;
    const found = this.take(WORD)?.[0];
    if (found === undefined) throw this.wrong(`A value cannot begin with ${this.text[this.at]}`);
    if (LITERALS.has(found)) return found;
    if (found === "new") {
      this.space();
      return this.word();
    }
    const call = CALLS[found];
    if (call) return this.call(found, call, from);
    throw new Wrong(`${found} is no value; a text has quotes around it`, { from, to: this.at });
  }

  private call(name: string, meaning: (argument: string) => object | null, from: number): string {
    this.expect("(", `A ( is missing after ${name}`);
    this.space();
    const sign = this.text[this.at];
    const argument = sign === '"' || sign === "'" ? this.quoted(sign) : (this.take(/[^)\s]*/y)?.[0] ?? "");
    this.expect(")", `A ) is missing after ${name}(`);
    const found = meaning(argument);
    if (!found) throw new Wrong(`${name} cannot be made of ${argument || "nothing"}`, { from, to: this.at });
    return JSON.stringify(found);
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }

  private expect(sign: string, message: string): void {
    this.space();
    if (this.text[this.at] !== sign) throw this.wrong(message);
    this.at++;
  }

  private space(): void {
    this.take(SPACE);
  }

  /** A mistake at the letter that is next; past the end at the last one. */
  private wrong(message: string, to = this.at + 1): Wrong {
    const from = Math.min(this.at, Math.max(0, this.text.length - 1));
    return new Wrong(message, { from, to: Math.min(to, this.text.length) });
  }
}

const ESCAPES: Record<string, string> = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

const sorted = (letters: string) => [...letters].sort().join("");

/** `{"a": 1}` and `b` = `2` become `{"a": 1, "b": 2}`; a field that is there gets the new value. */
export function withField(text: string, field: string, value: string): string {
  const read = readQuery(text);
  const part = `${JSON.stringify(field)}: ${value}`;
  if (read.mistake || read.members.length === 0) return `{${part}}`;
  const there = read.members.find(({ key }) => key === field);
  if (there) return text.slice(0, there.value.from) + value + text.slice(there.value.to);
  const end = text.lastIndexOf("}");
  return `${text.slice(0, end).replace(/[\s,]*$/, "")}, ${part}${text.slice(end)}`;
}

/** A complaint of the server about one part of a query, at its place; null when it is about none of them. */
export function complaint(detail: string, name: string, text: string): Mistake | null {
  const found = /^([a-z]+)((?:\.[^:]*)?): ([\s\S]+)$/.exec(detail);
  if (found?.[1] !== name) return null;
  const read = readQuery(text, name);
  const place = read.mistake ? undefined : placeOf(read.places, `${name}${found[2]}`);
  return { message: found[3] ?? "", ...(place ?? { from: 0, to: text.length }) };
}

/** The place of that key, or of the nearest one around it. */
function placeOf(places: Map<string, Place>, path: string): Place | undefined {
  for (let rest = path; rest.includes("."); rest = rest.slice(0, rest.lastIndexOf("."))) {
    const place = places.get(rest);
    if (place) return place;
  }
  return undefined;
}
