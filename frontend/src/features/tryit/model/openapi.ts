/**
 * What an app's OpenAPI document says of its routes: which there are, a request that each would take, and what is wrong with
 * one before it is sent. The document is somebody's own program talking, so nothing in it is taken for granted.
 */
import { Validator } from "@cfworker/json-schema";
import { filled, type Pair, queryOf, type TryRequest, takesBody, withQuery } from "./request";
import { sample } from "./sample";
import { list, type Raw, record, resolve, text } from "./schema";

export interface Parameter {
  name: string;
  place: "path" | "query" | "header";
  required: boolean;
  about: string;
  schema: Raw;
}

export interface Route {
  method: string;
  path: string;
  title: string;
  parameters: Parameter[];
  /** The body it takes, JSON before other types; null when it takes none. */
  body: { type: string; required: boolean; schema: Raw } | null;
}

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options"];

export function routesOf(document: Raw): Route[] {
  return Object.entries(record(document.paths)).flatMap(([path, item]) => {
    const shared = list(record(item).parameters);
    return METHODS.filter((method) => method in record(item)).map((method) =>
      routeOf(document, method.toUpperCase(), path, record(record(item)[method]), shared),
    );
  });
}

function routeOf(document: Raw, method: string, path: string, operation: Raw, shared: unknown[]): Route {
  const parameters = [...shared, ...list(operation.parameters)].flatMap((one) => parameterOf(resolve(document, one)));
  return {
    method,
    path,
    title: text(operation.summary) || text(operation.operationId),
    parameters,
    body: takesBody(method) ? bodyOf(document, resolve(document, operation.requestBody)) : null,
  };
}

function parameterOf(found: Raw): Parameter[] {
  const place = found.in;
  if (place !== "path" && place !== "query" && place !== "header") return [];
  const about = text(found.description);
  return [{ name: text(found.name), place, required: found.required === true, about, schema: record(found.schema) }];
}

function bodyOf(document: Raw, found: Raw): Route["body"] {
  const content = record(found.content);
  const type = Object.keys(content).sort((a, b) => rank(a) - rank(b))[0];
  if (type === undefined) return null;
  return { type, required: found.required === true, schema: resolve(document, record(content[type]).schema) };
}

const rank = (type: string) => (type.includes("json") ? 0 : type.includes("urlencoded") ? 1 : 2);

// --- a request for a route ------------------------------------------------------------------------------------------------

/** A request that the route would take: what the schemas give as examples and defaults, else something of the right type. */
export function requestFor(document: Raw, route: Route): TryRequest {
  const value = (one: Parameter) => String(sample(document, one.schema) ?? "");
  const path = route.path.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const parameter = route.parameters.find((one) => one.place === "path" && one.name === name.replace(/:.*/, ""));
    return parameter ? encodeURIComponent(value(parameter)) || whole : whole;
  });
  const needed = (place: string) =>
    route.parameters
      .filter((one) => one.place === place && one.required)
      .map((one): Pair => ({ name: one.name, value: value(one) }));
  const headers = needed("header");
  return { method: route.method, path: withQuery(path, needed("query")), body: bodyFor(document, route), headers };
}

function bodyFor(document: Raw, route: Route): string {
  if (route.body === null) return "";
  const value = sample(document, route.body.schema);
  if (route.body.type.includes("json")) return JSON.stringify(value, null, 2);
  if (route.body.type.includes("urlencoded"))
    return new URLSearchParams(
      Object.entries(record(value)).map(([name, one]) => [name, String(one ?? "")]),
    ).toString();
  return "";
}

/** The route that a request would go to; one without placeholders before one with. */
export function routeFor(routes: readonly Route[], request: TryRequest): Route | undefined {
  const bare = (request.path.split("?", 1)[0] ?? "").replace(/\/$/, "") || "/";
  return routes
    .filter((route) => route.method === request.method && pattern(route.path).test(bare))
    .sort((a, b) => (a.path.match(/\{/g)?.length ?? 0) - (b.path.match(/\{/g)?.length ?? 0))[0];
}

function pattern(path: string): RegExp {
  const escaped = (path.replace(/\/$/, "") || "/").replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(
    `^${escaped.replace(/\{([^}]*)\}/g, (_, name: string) => (name.endsWith(":path") ? ".+" : "[^/]+"))}$`,
  );
}

// --- what is wrong with it ------------------------------------------------------------------------------------------------

export interface Doubt {
  /** `Body`, `Query q`, `Path slug`, `Header x`. */
  where: string;
  what: string;
}

const MANY = 8;

/** Why the app would refuse the request, as far as its document tells. */
export function doubts(document: Raw, route: Route, request: TryRequest): Doubt[] {
  return [...parameterDoubts(document, route, request), ...bodyDoubts(document, route, request)].slice(0, MANY);
}

function parameterDoubts(document: Raw, route: Route, request: TryRequest): Doubt[] {
  const query = queryOf(request.path);
  const given = (one: Parameter): string | undefined => {
    if (one.place === "query") return query.find((pair) => pair.name === one.name)?.value;
    const wanted = one.name.toLowerCase().replaceAll("_", "-");
    return filled(request.headers).find((pair) => pair.name.trim().toLowerCase() === wanted)?.value;
  };
  return route.parameters.flatMap((one) => {
    if (one.place === "path")
      return request.path.includes(`{${one.name}`) ? [{ where: `Path ${one.name}`, what: "is to be filled in" }] : [];
    const where = `${one.place === "query" ? "Query" : "Header"} ${one.name}`;
    const value = given(one);
    if (value === undefined) return one.required ? [{ where, what: "is missing" }] : [];
    const typed = asTyped(resolve(document, one.schema), value);
    return checked(document, one.schema, typed).map((doubt) => ({ where, what: doubt.what }));
  });
}

function bodyDoubts(document: Raw, route: Route, request: TryRequest): Doubt[] {
  if (route.body === null) return [];
  if (request.body.trim() === "") return route.body.required ? [{ where: "Body", what: "is missing" }] : [];
  if (!route.body.type.includes("json")) return [];
  try {
    return checked(document, route.body.schema, JSON.parse(request.body));
  } catch (error) {
    return [{ where: "Body", what: `is no JSON: ${error instanceof Error ? error.message : error}` }];
  }
}

/** A text from an address as the schema's type, as a server reads it; itself where it cannot be. */
function asTyped(schema: Raw, value: string): unknown {
  const types = [schema, ...list(schema.anyOf).map(record)].map((one) => one.type);
  if ((types.includes("integer") || types.includes("number")) && value.trim() !== "" && Number.isFinite(Number(value)))
    return Number(value);
  if (types.includes("boolean") && /^(true|false|1|0|on|off|yes|no)$/i.test(value))
    return /^(true|1|on|yes)$/i.test(value);
  return types.includes("array") ? [value] : value;
}

function checked(document: Raw, schema: Raw, value: unknown): Doubt[] {
  try {
    const whole = { ...schema, components: document.components, definitions: document.definitions };
    const result = new Validator(whole, "2020-12", false).validate(value);
    return leaves(result.errors).map((one) => ({ where: place(one.instanceLocation), what: words(one.error) }));
  } catch {
    return []; // a schema that cannot be read is the app's business, and no reason to refuse a request
  }
}

interface Unit {
  keyword: string;
  instanceLocation: string;
  error: string;
}

/** Of an error and those around it only the innermost is of use. */
function leaves(errors: readonly Unit[]): Unit[] {
  const around = new Set([
    "properties",
    "items",
    "$ref",
    "anyOf",
    "oneOf",
    "allOf",
    "prefixItems",
    "additionalProperties",
  ]);
  const inner = errors.filter((one) => !around.has(one.keyword));
  const seen = new Set<string>();
  return (inner.length > 0 ? inner : errors).filter((one) => {
    const key = `${one.instanceLocation} ${one.keyword}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

const place = (pointer: string) => ["Body", ...pointer.replace(/^#\/?/, "").split("/").filter(Boolean)].join(" ");
const words = (error: string) => error.charAt(0).toLowerCase() + error.slice(1).replace(/\.$/, "");
