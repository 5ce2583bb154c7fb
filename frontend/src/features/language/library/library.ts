/** All that is known of packages, by module, and where a name can be imported from. */
import { BSON, HTTPX, PYDANTIC, PYMONGO, PYMONGO_ERRORS } from "./data";
import {
  CORS,
  FASTAPI,
  RESPONSES,
  ROUTING,
  SECURITY,
  STARLETTE_APP,
  STATICFILES,
  TEMPLATING,
  TESTCLIENT,
} from "./fastapi";
import { FASTHTML } from "./fasthtml";
import type { Known } from "./known";
import { FURTHER, STANDARD } from "./python";

const pick = (from: readonly Known[], ...names: string[]) => from.filter((known) => names.includes(known.name));

/** A name that several modules have is offered for import from the first of them. */
export const LIBRARY: Readonly<Record<string, readonly Known[]>> = {
  fastapi: FASTAPI,
  "fastapi.responses": RESPONSES,
  "fastapi.staticfiles": STATICFILES,
  "fastapi.templating": TEMPLATING,
  "fastapi.middleware.cors": CORS,
  "fastapi.security": SECURITY,
  "fastapi.testclient": TESTCLIENT,
  pydantic: PYDANTIC,
  pymongo: PYMONGO.filter((known) => !/^(?:Async)?(?:Database|Collection)$|^Cursor$/.test(known.name)),
  "pymongo.database": pick(PYMONGO, "Database"),
  "pymongo.collection": pick(PYMONGO, "Collection"),
  "pymongo.asynchronous.database": pick(PYMONGO, "AsyncDatabase"),
  "pymongo.asynchronous.collection": pick(PYMONGO, "AsyncCollection"),
  "pymongo.errors": PYMONGO_ERRORS,
  bson: BSON,
  httpx: HTTPX,
  "fasthtml.common": FASTHTML,
  "starlette.applications": STARLETTE_APP,
  "starlette.routing": ROUTING,
  "starlette.requests": pick(FASTAPI, "Request"),
  "starlette.responses": RESPONSES,
  "starlette.websockets": pick(FASTAPI, "WebSocket", "WebSocketDisconnect"),
  "starlette.staticfiles": STATICFILES,
  "starlette.templating": TEMPLATING,
  "starlette.middleware.cors": CORS,
  ...STANDARD,
};

/** Types that members give, whichever module they are imported from. */
const TYPES = new Map([...PYMONGO, ...Object.values(STANDARD).flat(), ...FASTAPI].map((known) => [known.name, known]));

export function typeNamed(name: string): Known | undefined {
  return TYPES.get(name);
}

/** Modules to offer after `import` and `from`, beside the draft's own. */
export const KNOWN_MODULES: readonly string[] = [
  ...new Set([
    ...Object.keys(LIBRARY).flatMap((name) => name.split(".").map((_, end, all) => all.slice(0, end + 1).join("."))),
    ...FURTHER,
    ..."jinja2 litestar starlette websockets fasthtml".split(" "),
  ]),
];

/** Names that are too common to offer before they are imported: `get`, `path`, `time`. */
const IMPORTABLE = /^[A-Z]|^(?:asynccontextmanager|dataclass|fast_app|field_validator|model_validator|defaultdict)$/;

/** Every home of a name, the likeliest first; a name that is handed on by several modules counts once. */
export function homesNamed(name: string): string[] {
  const seen = new Set<Known>();
  return Object.entries(LIBRARY).flatMap(([module, names]) => {
    const known = IMPORTABLE.test(name) && names.find((each) => each.name === name);
    if (!known || seen.has(known) || module.startsWith("fasthtml")) return [];
    seen.add(known);
    return [module];
  });
}

/** Where a name could be imported from, first come first served. FastHTML's are taken by a star. */
export const HOMES: ReadonlyMap<string, { module: string; known: Known }> = new Map(
  Object.entries(LIBRARY)
    .filter(([module]) => !module.startsWith("fasthtml"))
    .reverse()
    .flatMap(([module, names]) => names.map((known) => [known.name, { module, known }] as const))
    .filter(([name]) => IMPORTABLE.test(name)),
);
