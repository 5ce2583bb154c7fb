/** FastHTML's names: the app, its answers to HTMX, and the HTML elements as functions. */
import { type Known, library } from "./known";

const NAMES = library(`
fast_app(db_file: str = None, live: bool = False, pico: bool = None, debug: bool = False, hdrs: tuple = None, routes: tuple = None, secret_key: str = None, before=None, static_path: str = ".") | An app and its decorator for routes: app, rt = fast_app().
class FastHTML(*, debug: bool = False, routes: list = None, hdrs: tuple = None, before=None, lifespan=None, secret_key: str = None, default_hdrs: bool = True) | The application.
  route(path: str = None, methods: list[str] = None, name: str = None) | Answers requests at the path, by default the function's name.
  get(path: str) | Answers GET requests at the path.
  post(path: str) | Answers POST requests at the path.
  put(path: str) | Answers PUT requests at the path.
  delete(path: str) | Answers DELETE requests at the path.
  ws(path: str) | Takes WebSocket messages at the path.
  mount(path: str, app) | Hands everything below the path to another ASGI app.
serve(host: str = "0.0.0.0", port: int = None) | Starts a server. Not needed here: the platform serves the app.
Titled(title: str, *content, **attributes) | A title and a main part with it as heading.
Redirect(loc: str) | Sends the browser elsewhere.
HtmxHeaders() | The HTMX headers of a request.
Beforeware(f, skip: list = None) | A function to call before each request.
NotStr(s: str) | HTML that is put in as it is. Never for what visitors typed.
to_xml(elm) | The HTML of an element.
Card(*content, header=None, footer=None) | A box of its own.
Grid(*content) | Parts side by side.
Group(*content) | Fields and buttons in one row.
Container(*content) | A part as wide as reads well.
`);

const ELEMENTS =
  "A Article Aside B Body Br Button Caption Code Dd Details Dialog Div Dl Dt Em Fieldset Figure Footer Form H1 H2 H3 H4 Head Header Hr Html I Iframe Img Input Label Legend Li Link Main Meta Nav Ol Option P Pre Script Section Select Small Span Strong Style Summary Table Tbody Td Textarea Tfoot Th Thead Time Title Tr Ul Video";

const element = (name: string): Known => ({
  ...{ name, kind: "function", type: "", members: [] },
  signature: "(*content, id=None, cls=None, hx_get=None, hx_post=None, hx_target=None, hx_swap=None, **attributes)",
  doc: `The HTML element <${name.toLowerCase()}>.`,
});

export const FASTHTML: Known[] = [...NAMES, ...ELEMENTS.split(" ").map(element)];
