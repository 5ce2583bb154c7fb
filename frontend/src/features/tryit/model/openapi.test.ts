import { describe, expect, it } from "vitest";
import { doubts, requestFor, routeFor, routesOf } from "./openapi";

/** As FastAPI makes it of a few routes. */
const DOCUMENT = {
  openapi: "3.1.0",
  paths: {
    "/notes": {
      post: {
        summary: "Create",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Note" } } },
        },
      },
      get: {
        summary: "Newest",
        parameters: [
          { name: "limit", in: "query", required: true, schema: { type: "integer", maximum: 100, default: 20 } },
        ],
      },
    },
    "/notes/{slug}": {
      get: { summary: "Read", parameters: [{ name: "slug", in: "path", required: true, schema: { type: "string" } }] },
    },
    "/notes/first": { get: { operationId: "first" } },
    "/form": {
      post: {
        requestBody: {
          content: {
            "application/x-www-form-urlencoded": {
              schema: { type: "object", properties: { title: { type: "string", example: "Wake up" } } },
            },
          },
        },
      },
    },
    "/key": {
      get: { parameters: [{ name: "x-key", in: "header", required: true, schema: { type: "string", minLength: 3 } }] },
    },
  },
  components: {
    schemas: {
      Note: {
        type: "object",
        required: ["title"],
        properties: {
          title: { type: "string", minLength: 1 },
          stars: { anyOf: [{ type: "integer", minimum: 0, maximum: 5 }, { type: "null" }] },
          parent: { $ref: "#/components/schemas/Note" },
        },
      },
    },
  },
};
const routes = routesOf(DOCUMENT);
const route = (method: string, path: string) => {
  const found = routes.find((one) => one.method === method && one.path === path);
  if (!found) throw new Error(`${method} ${path} is not there`);
  return found;
};

describe("routes", () => {
  it("are all there, with their titles", () => {
    expect(routes.map((one) => `${one.method} ${one.path} ${one.title}`)).toEqual([
      "GET /notes Newest",
      "POST /notes Create",
      "GET /notes/{slug} Read",
      "GET /notes/first first",
      "POST /form ",
      "GET /key ",
    ]);
  });

  it("are found by a request, the plain one first", () => {
    expect(routeFor(routes, { method: "GET", path: "/notes/first?x=1", body: "" })?.path).toBe("/notes/first");
    expect(routeFor(routes, { method: "GET", path: "/notes/wake-up", body: "" })?.path).toBe("/notes/{slug}");
    expect(routeFor(routes, { method: "DELETE", path: "/notes", body: "" })).toBeUndefined();
  });

  it("take nonsense for nothing", () => {
    for (const nonsense of [
      {},
      { paths: 3 },
      { paths: { "/": null } },
      { paths: { "/": { get: { parameters: "x" } } } },
    ])
      expect(() => routesOf(nonsense as never)).not.toThrow();
  });
});

describe("a request for a route", () => {
  it("has a body of the schema's shape, and ends where the schema leads in a circle", () => {
    const request = requestFor(DOCUMENT, route("POST", "/notes"));
    expect(JSON.parse(request.body)).toEqual({
      ...{ title: "text", stars: 0 },
      parent: { title: "text", stars: 0, parent: { title: "text" } },
    });
  });

  it("has the query and the headers that are needed", () => {
    expect(requestFor(DOCUMENT, route("GET", "/notes")).path).toBe("/notes?limit=20");
    expect(requestFor(DOCUMENT, route("GET", "/key")).headers).toEqual([{ name: "x-key", value: "text" }]);
    expect(requestFor(DOCUMENT, route("POST", "/form")).body).toBe("title=Wake+up");
  });

  it("is one that the schemas accept", () => {
    for (const one of routes) expect(doubts(DOCUMENT, one, requestFor(DOCUMENT, one)), one.path).toEqual([]);
  });
});

describe("what is wrong with a request", () => {
  const post = (body: string) => doubts(DOCUMENT, route("POST", "/notes"), { method: "POST", path: "/notes", body });

  it("is told with its place", () => {
    expect(post("")).toEqual([{ where: "Body", what: "is missing" }]);
    expect(post("{")[0]?.what).toMatch(/^is no JSON/);
    expect(post("{}")[0]).toMatchObject({ where: "Body", what: expect.stringContaining("title") });
    expect(post('{"title": 3}')[0]).toMatchObject({ where: "Body title" });
    expect(post('{"title": "a", "parent": {"title": ""}}')[0]).toMatchObject({ where: "Body parent title" });
    expect(post('{"title": "a", "stars": null}')).toEqual([]);
  });

  it("is found in the query, the path and the headers", () => {
    const query = (path: string) => doubts(DOCUMENT, route("GET", "/notes"), { method: "GET", path, body: "" });
    expect(query("/notes")).toEqual([{ where: "Query limit", what: "is missing" }]);
    expect(query("/notes?limit=many")[0]?.where).toBe("Query limit");
    expect(query("/notes?limit=101")[0]?.where).toBe("Query limit");
    expect(query("/notes?limit=100")).toEqual([]);
    const key = (value: string) =>
      doubts(DOCUMENT, route("GET", "/key"), {
        method: "GET",
        path: "/key",
        body: "",
        headers: [{ name: "X-Key", value }],
      });
    expect(key("k")).toHaveLength(1);
    expect(key("key")).toEqual([]);
    const slug = { method: "GET", path: "/notes/{slug}", body: "" };
    expect(doubts(DOCUMENT, route("GET", "/notes/{slug}"), slug)[0]?.where).toBe("Path slug");
  });
});
