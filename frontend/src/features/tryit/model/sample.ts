/** A value that a JSON Schema would accept: its own example or default first, else the plainest of its type. */
import { list, type Raw, record, resolve } from "./schema";

const DEEPEST = 5;

const FORMATS: Record<string, string> = {
  date: "2030-01-31",
  "date-time": "2030-01-31T12:00:00Z",
  time: "12:00:00",
  email: "ada@example.org",
  uuid: "3f2b8c1e-5a0d-4f7e-9c1b-2d6e8a4f0b7c",
  uri: "https://example.org",
};

export function sample(document: Raw, schema: unknown, depth = 0): unknown {
  const found = resolve(document, schema);
  const given = told(found);
  if (given !== undefined) return given;
  if (depth > DEEPEST) return null;
  const choice = [found.anyOf, found.oneOf].find((one) => Array.isArray(one) && one.length > 0) as
    | unknown[]
    | undefined;
  if (choice)
    return sample(document, choice.find((one) => resolve(document, one).type !== "null") ?? choice[0], depth + 1);
  if (Array.isArray(found.allOf) && found.allOf.length > 0)
    return merged(found.allOf.map((one) => sample(document, one, depth + 1)));
  const type = Array.isArray(found.type) ? found.type.find((one) => one !== "null") : found.type;
  return ofType(document, found, type ?? (found.properties ? "object" : undefined), depth);
}

function told(schema: Raw): unknown {
  if ("example" in schema) return schema.example;
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0];
  if ("default" in schema) return schema.default;
  if ("const" in schema) return schema.const;
  return Array.isArray(schema.enum) ? schema.enum[0] : undefined;
}

function ofType(document: Raw, schema: Raw, type: unknown, depth: number): unknown {
  switch (type) {
    case "object":
      return Object.fromEntries(
        properties(schema, depth).map(([name, one]) => [name, sample(document, one, depth + 1)]),
      );
    case "array":
      return schema.minItems === 0 || !schema.items ? [] : [sample(document, schema.items, depth + 1)];
    case "integer":
    case "number":
      return lowest(schema, type === "integer");
    case "boolean":
      return false;
    case "string":
      return FORMATS[String(schema.format)] ?? "text".padEnd(Number(schema.minLength) || 0, "x").slice(0, most(schema));
    default:
      return null;
  }
}

/** All of them at the top; further in only those that must be there, because a schema may hold itself. */
function properties(schema: Raw, depth: number): [string, unknown][] {
  const needed = list(schema.required);
  return Object.entries(record(schema.properties)).filter(([name]) => depth < 2 || needed.includes(name));
}

const most = (schema: Raw) => (typeof schema.maxLength === "number" ? schema.maxLength : 64);

function lowest(schema: Raw, whole: boolean): number {
  if (typeof schema.minimum === "number") return schema.minimum;
  if (typeof schema.exclusiveMinimum === "number") return schema.exclusiveMinimum + (whole ? 1 : 0.5);
  return typeof schema.maximum === "number" && schema.maximum < 1 ? schema.maximum : 1;
}

function merged(values: readonly unknown[]): unknown {
  const objects = values.filter((one) => typeof one === "object" && one !== null);
  return objects.length > 0 ? Object.assign({}, ...objects) : values[0];
}
