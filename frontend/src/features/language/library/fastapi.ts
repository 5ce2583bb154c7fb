/** FastAPI's names, and Starlette's that it hands on. */
import { library } from "./known";

const SHARED = {
  route:
    "path: str, *, response_model=None, status_code: int = None, tags: list[str] = None, dependencies: list = None, summary: str = None, description: str = None, response_class=JSONResponse, include_in_schema: bool = True, name: str = None, deprecated: bool = None, responses: dict = None, operation_id: str = None, response_model_exclude_none: bool = False",
  checks:
    "alias: str = None, title: str = None, description: str = None, gt: float = None, ge: float = None, lt: float = None, le: float = None, min_length: int = None, max_length: int = None, pattern: str = None, examples: list = None, deprecated: bool = None, include_in_schema: bool = True",
  answer: "status_code: int = 200, headers: dict = None, media_type: str = None, background=None",
};

const ROUTES = `
  get($route) | Answers GET requests at the path.
  post($route) | Answers POST requests at the path.
  put($route) | Answers PUT requests at the path.
  patch($route) | Answers PATCH requests at the path.
  delete($route) | Answers DELETE requests at the path.
  head($route) | Answers HEAD requests at the path.
  options($route) | Answers OPTIONS requests at the path.
  api_route(path: str, *, methods: list[str] = None, response_model=None, status_code: int = None, tags: list[str] = None, name: str = None) | Answers several methods at the path.
  websocket(path: str, name: str = None) | Takes WebSocket connections at the path.
  include_router(router: APIRouter, *, prefix: str = "", tags: list[str] = None, dependencies: list = None) | Takes over a router's routes, below a prefix.
  add_api_route(path: str, endpoint, *, methods: list[str] = None) | Adds a route without a decorator.
  mount(path: str, app, name: str = None) | Hands everything below the path to another ASGI app.
  routes | The routes, in the order in which they are tried.
  dependency_overrides_provider | Whose overrides of dependencies count.`;

export const FASTAPI = library(
  `
class FastAPI(*, title: str = "FastAPI", summary: str = None, description: str = "", version: str = "0.1.0", lifespan=None, docs_url: str = "/docs", redoc_url: str = "/redoc", openapi_url: str = "/openapi.json", root_path: str = "", dependencies: list = None, default_response_class=JSONResponse, middleware: list = None, exception_handlers: dict = None, debug: bool = False) | The application: it holds the routes and answers requests.${ROUTES}
  middleware(middleware_type: str) | Wraps every request: async def (request, call_next).
  add_middleware(middleware_class, **options) | Puts a middleware around the app.
  exception_handler(exc_class_or_status_code) | Turns an exception or a status into an answer.
  on_event(event_type: str) | Runs at startup or shutdown. Prefer lifespan.
  openapi() | The app's OpenAPI document.
  state | A place for what lives as long as the app.
  dependency_overrides | Other functions in place of dependencies, for tests.
class APIRouter(*, prefix: str = "", tags: list[str] = None, dependencies: list = None, responses: dict = None, default_response_class=None) | A group of routes to put into an app with include_router.${ROUTES}
class HTTPException(status_code: int, detail=None, headers: dict = None) | Raise it to answer with an error status and a detail.
class Request(scope, receive) -> Request | The request as it came in.
  method | GET, POST and so on.
  url | The whole address; .path and .query are parts of it.
  headers | Headers by name, in any case.
  query_params | Parameters behind the question mark.
  path_params | Values of the path's placeholders.
  cookies | Cookies by name.
  client | Address of who asks: .host and .port.
  state | A place for what lives as long as the request.
  app | The application that answers.
  body() | The whole body as bytes; await it.
  json() | The body as JSON; await it.
  form() | The fields of a form; await it.
  stream() | The body in pieces; async for over it.
  is_disconnected() | Whether the client has gone; await it.
  url_for(name: str, **path_params) | The address of a route by its name.
class Response(content=None, $answer) | An answer with any content.
  status_code | The status to answer with.
  headers | Headers of the answer.
  set_cookie(key: str, value: str = "", max_age: int = None, expires=None, path: str = "/", domain: str = None, secure: bool = False, httponly: bool = False, samesite: str = "lax") | Sends a cookie along.
  delete_cookie(key: str, path: str = "/", domain: str = None) | Takes a cookie away.
class WebSocket(scope, receive, send) | One WebSocket connection.
  accept(subprotocol: str = None) | Takes the connection; await it first.
  receive_text() | The next message as text.
  receive_json() | The next message as JSON.
  receive_bytes() | The next message as bytes.
  send_text(data: str) | Sends text.
  send_json(data) | Sends JSON.
  send_bytes(data: bytes) | Sends bytes.
  close(code: int = 1000, reason: str = None) | Ends the connection.
  iter_text() | Messages as text until the other side leaves.
class WebSocketDisconnect(code: int = 1000) | Raised when the other side has gone.
class UploadFile(file, *, filename: str = None) | An uploaded file.
  filename | The name that the client gave.
  content_type | The type that the client gave.
  size | Bytes.
  read(size: int = -1) | Content as bytes; await it.
  seek(offset: int) | Moves to an offset; await it.
  close() | Done with it; await it.
class BackgroundTasks() | Work that is done after the answer was sent.
  add_task(func, *args, **kwargs) | Calls func once the answer is out.
Depends(dependency=None, *, use_cache: bool = True) | A parameter whose value another function gives.
Security(dependency=None, *, scopes: list[str] = None) | Like Depends, with scopes of OAuth2.
Query(default=..., *, $checks) | A parameter from behind the question mark, with checks.
Path(default=..., *, $checks) | A parameter from the path, with checks.
Body(default=..., *, embed: bool = None, media_type: str = "application/json", $checks) | A value from the JSON body, with checks.
Header(default=..., *, convert_underscores: bool = True, $checks) | A request header; underscores in the name stand for hyphens.
Cookie(default=..., *, $checks) | A cookie of the request.
Form(default=..., *, $checks) | A field of a form. Needs python-multipart, which is installed.
File(default=..., *, $checks) | An uploaded file as bytes; take UploadFile for large ones.
status | Names of status codes: status.HTTP_201_CREATED.
`,
  SHARED,
);

export const RESPONSES = library(
  `
class JSONResponse(content, $answer) | An answer with JSON.
class HTMLResponse(content=None, $answer) | An answer with HTML.
class PlainTextResponse(content=None, $answer) | An answer with plain text.
class RedirectResponse(url: str, status_code: int = 307, headers: dict = None, background=None) | Sends the browser elsewhere. After a form use status_code=303.
class StreamingResponse(content, $answer) | An answer in pieces, from a generator.
class FileResponse(path, status_code: int = 200, headers: dict = None, media_type: str = None, filename: str = None) | An answer with a file's content.
class Response(content=None, $answer) | An answer with any content.
`,
  SHARED,
);

export const STATICFILES = library(`
class StaticFiles(*, directory=None, packages=None, html: bool = False, check_dir: bool = True) | Serves the files of a folder; mount it.
`);

export const TEMPLATING = library(`
class Jinja2Templates(directory=None, *, context_processors: list = None, env=None) | HTML templates from a folder.
  TemplateResponse(request: Request, name: str, context: dict = None, status_code: int = 200, headers: dict = None, media_type: str = None) | An answer with a rendered template.
  get_template(name: str) | A template by name.
  env | Jinja's own settings: filters, globals.
`);

export const CORS = library(`
class CORSMiddleware(app, allow_origins: list[str] = (), allow_methods: list[str] = ("GET",), allow_headers: list[str] = (), allow_credentials: bool = False, allow_origin_regex: str = None, max_age: int = 600) | Lets pages of other origins call the app.
`);

export const SECURITY = library(`
class HTTPBearer(*, scheme_name: str = None, description: str = None, auto_error: bool = True) | Wants a bearer token in the Authorization header.
class HTTPBasic(*, scheme_name: str = None, realm: str = None, auto_error: bool = True) | Wants a name and password by HTTP Basic.
class HTTPBasicCredentials(username: str, password: str) | Name and password of HTTP Basic.
class OAuth2PasswordBearer(tokenUrl: str, scopes: dict = None, auto_error: bool = True) | Wants a token that a log-in at tokenUrl gives.
class OAuth2PasswordRequestForm() | The form of an OAuth2 log-in: .username and .password.
class APIKeyHeader(*, name: str, auto_error: bool = True) | Wants a key in a header.
`);

export const TESTCLIENT = library(`
class TestClient(app, base_url: str = "http://testserver", raise_server_exceptions: bool = True) | Calls an app without a server.
`);

export const STARLETTE_APP = library(`
class Starlette(debug: bool = False, routes: list = None, middleware: list = None, exception_handlers: dict = None, lifespan=None) | The application: a list of routes.
  mount(path: str, app, name: str = None) | Hands everything below the path to another ASGI app.
  add_middleware(middleware_class, **options) | Puts a middleware around the app.
  add_route(path: str, route, methods: list[str] = None, name: str = None) | Adds a route.
  state | A place for what lives as long as the app.
`);

export const ROUTING = library(`
class Route(path: str, endpoint, *, methods: list[str] = None, name: str = None) | One path and what answers it.
class Mount(path: str, app=None, routes: list = None, name: str = None) | Everything below a path.
class WebSocketRoute(path: str, endpoint, *, name: str = None) | A path that takes WebSocket connections.
`);
