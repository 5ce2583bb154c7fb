/** Python itself: keywords, builtins, and the names of the standard library that web apps reach for most. */
import { type Known, library } from "./known";

export const KEYWORDS =
  "False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield".split(
    " ",
  );

export const BUILTINS = library(`
abs(x) | The size of a number.
all(iterable) | Whether every one is true.
any(iterable) | Whether one is true.
class bool(x=False) | True or False.
class bytes(source=b"") | Bytes.
callable(obj) | Whether it can be called.
class dict(**kwargs) | Values by key.
dir(obj) | Its names.
divmod(a, b) | Quotient and rest.
enumerate(iterable, start: int = 0) | Each with its number.
filter(function, iterable) | Those for which the function says yes.
class float(x=0) | A number with a point.
format(value, spec: str = "") | A value as text.
class frozenset(iterable=()) | A set that cannot be changed.
getattr(obj, name: str, default=...) | An attribute by its name.
hasattr(obj, name: str) | Whether it has the attribute.
hash(obj) | Its hash.
id(obj) | Its identity.
class int(x=0, base: int = 10) | A whole number.
isinstance(obj, classinfo) | Whether it is of the class.
issubclass(cls, classinfo) | Whether it is a subclass.
iter(obj) | An iterator.
len(obj) | How many.
class list(iterable=()) | A list.
map(function, *iterables) | The function's answer for each.
max(iterable, *, key=None, default=...) | The largest.
min(iterable, *, key=None, default=...) | The smallest.
next(iterator, default=...) | The next one.
class object() | What everything is.
open(file, mode: str = "r", encoding: str = None) | Opens a file.
print(*values, sep: str = " ", end: str = "\\n", file=None, flush: bool = False) | Writes a line; here, into the app's log.
class property(fget=None) | A method that reads like an attribute.
class range(start, stop=None, step: int = 1) | Numbers in a row.
repr(obj) | It as text, for programmers.
reversed(sequence) | From the end.
round(number, ndigits: int = None) | Rounded.
class set(iterable=()) | Different values.
setattr(obj, name: str, value) | Sets an attribute by its name.
class slice(start, stop=None, step=None) | A part of a sequence.
sorted(iterable, *, key=None, reverse: bool = False) | A sorted list.
class staticmethod(function) | A method without self.
class classmethod(function) | A method of the class.
class str(obj="") | Text.
sum(iterable, start=0) | The sum.
super() | The class above.
class tuple(iterable=()) | A tuple.
class type(obj) | Its class.
vars(obj=None) | Its attributes as a dict.
zip(*iterables, strict: bool = False) | Several side by side.
class Exception(*args) | What most errors are.
class ValueError(*args) | A value that will not do.
class TypeError(*args) | A value of the wrong kind.
class KeyError(*args) | A key that is not there.
class IndexError(*args) | Beyond the end.
class AttributeError(*args) | An attribute that is not there.
class RuntimeError(*args) | Something else went wrong.
class NotImplementedError(*args) | Not written yet.
class FileNotFoundError(*args) | No such file.
class PermissionError(*args) | Not allowed.
class TimeoutError(*args) | It took too long.
class StopIteration(*args) | An iterator's end.
__name__ | The module's name.
__file__ | The module's file.
`);

const MODULES: Readonly<Record<string, string>> = {
  os: `
environ | The environment: the app's variables, secrets and PLATFORM_MONGO_URI.
getenv(key: str, default=None) | A variable of the environment, or the default.
path | Paths as text.
listdir(path=".") | Names in a folder.
getcwd() | The current folder.
urandom(size: int) | Random bytes.`,
  json: `
dumps(obj, *, indent: int = None, default=None, sort_keys: bool = False, ensure_ascii: bool = True) | JSON text.
loads(s: str) | From JSON text.
dump(obj, fp, *, indent: int = None) | JSON into a file.
load(fp) | JSON from a file.
class JSONDecodeError() | Raised for text that is no JSON.`,
  datetime: `
class datetime(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, microsecond: int = 0, tzinfo=None) -> datetime | A moment.
  now(tz=None) -> datetime | This moment; give it timezone.utc.
  fromisoformat(text: str) -> datetime | From text like 2026-01-31T12:00.
  fromtimestamp(timestamp: float, tz=None) -> datetime | From seconds since 1970.
  isoformat(sep: str = "T", timespec: str = "auto") | As text like 2026-01-31T12:00.
  strftime(format: str) | As text in a format of your own.
  timestamp() | Seconds since 1970.
  date() | The day of it.
  replace(**parts) | With some parts changed.
  astimezone(tz=None) | In another time zone.
class date(year: int, month: int, day: int) | A day.
class time(hour: int = 0, minute: int = 0, second: int = 0) | A time of day.
class timedelta(days: float = 0, seconds: float = 0, microseconds: float = 0, milliseconds: float = 0, minutes: float = 0, hours: float = 0, weeks: float = 0) | A length of time.
class timezone(offset) | A time zone; timezone.utc.
  utc | Universal time.
UTC | Universal time.`,
  pathlib: `
class Path(*parts) -> Path | A path of the file system.
  read_text(encoding: str = None) | The file's text.
  write_text(data: str, encoding: str = None) | Writes the file's text.
  read_bytes() | The file's bytes.
  exists() | Whether it is there.
  parent -> Path | The folder it is in.
  name | The last part.
  glob(pattern: str) | Files that match.
  mkdir(parents: bool = False, exist_ok: bool = False) | Makes the folder.`,
  re: `
compile(pattern: str, flags=0) | A pattern to use again.
search(pattern: str, string: str, flags=0) | The first place where it fits.
match(pattern: str, string: str, flags=0) | Whether the beginning fits.
fullmatch(pattern: str, string: str, flags=0) | Whether the whole fits.
findall(pattern: str, string: str, flags=0) | All places where it fits.
sub(pattern: str, repl, string: str, count: int = 0) | Puts something else in its place.
split(pattern: str, string: str) | Splits where it fits.
escape(pattern: str) | Text that stands for itself.`,
  random: `
choice(seq) | One of them.
choices(population, weights=None, k: int = 1) | Several, with repetition.
sample(population, k: int) | Several different ones.
randint(a: int, b: int) | A whole number from a to b.
random() | A number from 0 to 1.
shuffle(x) | Mixes a list.`,
  secrets: `
token_urlsafe(nbytes: int = None) | Random text for addresses and keys.
token_hex(nbytes: int = None) | Random hexadecimal text.
compare_digest(a, b) | Compares without telling by the time it takes.`,
  asyncio: `
sleep(delay: float, result=None) | Waits without holding up others.
gather(*aws, return_exceptions: bool = False) | Waits for all of them.
create_task(coro) | Runs it beside.
wait_for(aw, timeout: float) | Waits no longer than that.
to_thread(func, *args, **kwargs) | Runs what blocks in a thread.
class Queue(maxsize: int = 0) | A queue between tasks.
class Lock() | One at a time.
class TaskGroup() | Tasks that end together.
timeout(delay: float) | Limits what is inside async with.`,
  typing: `
Annotated | A type with more about it: Annotated[str, Query(max_length=50)].
Any | Anything.
Literal | One of these values.
Optional | That or None.
TypedDict | A dict with known keys.
Protocol | What something must be able to do.
NamedTuple | A tuple with names.
TYPE_CHECKING | True only for type checkers.`,
  collections: `
class Counter(iterable=None) | Counts how often.
class defaultdict(default_factory=None) | A dict that makes what is missing.
class deque(iterable=(), maxlen: int = None) | A list with two ends.
class OrderedDict() | A dict that keeps its order.`,
  "collections.abc": `
AsyncIterator | What async for loops over.
Callable | What can be called.
Iterable | What can be looped over.
Iterator | What gives one after the other.
Mapping | What is like a dict.
Sequence | What is like a list.`,
  contextlib: `
asynccontextmanager(func) | Makes an async with of a generator, such as an app's lifespan.
contextmanager(func) | Makes a with of a generator.
suppress(*exceptions) | Goes on after these errors.
class AsyncExitStack() | Several async with as one.`,
  functools: `
cache(func) | Remembers every answer.
lru_cache(maxsize: int = 128) | Remembers the last answers.
partial(func, *args, **kwargs) | A function with some arguments given.
wraps(wrapped) | For decorators: keeps name and docstring.`,
  dataclasses: `
dataclass(cls=None, *, frozen: bool = False, slots: bool = False, kw_only: bool = False) | A class made of its fields.
field(*, default=..., default_factory=...) | A field with a default of its own.
asdict(obj) | The fields as a dict.
replace(obj, **changes) | A copy with some fields changed.`,
  enum: `
class Enum() | Named values.
class StrEnum() | Named values that are text.
class IntEnum() | Named values that are numbers.
auto() | A value by itself.`,
  logging: `
getLogger(name: str = None) | A logger; what it writes is in the app's log.
basicConfig(*, level=None, format: str = None) | What is logged, and how.
info(msg, *args) | Logs for information.
warning(msg, *args) | Logs a warning.
error(msg, *args) | Logs an error.
exception(msg, *args) | Logs an error with its traceback.
INFO | The level of informations.
DEBUG | The level of everything.`,
  uuid: `
class UUID(hex: str = None) | A unique id.
uuid4() -> UUID | A new random id.`,
  time: `
time() | Seconds since 1970.
sleep(seconds: float) | Waits. In async code use asyncio.sleep.
monotonic() | Seconds that only go forward.
perf_counter() | Seconds for measuring.`,
  hashlib: `
sha256(data: bytes = b"") | SHA-256; .hexdigest() of it is text.
md5(data: bytes = b"") | MD5, not for secrets.`,
  base64: `
b64encode(s: bytes) | Base64 of bytes.
b64decode(s) | Bytes of Base64.
urlsafe_b64encode(s: bytes) | Base64 that may stand in an address.`,
  math: `
ceil(x) | Up to a whole number.
floor(x) | Down to a whole number.
sqrt(x) | The square root.
pi | 3.14159…
inf | Larger than any number.`,
  io: `
class BytesIO(initial=b"") | Bytes that read like a file.
class StringIO(initial="") | Text that reads like a file.`,
  csv: `
reader(csvfile, delimiter: str = ",") | Rows as lists.
writer(csvfile, delimiter: str = ",") | Writes rows.
class DictReader(f, fieldnames=None) | Rows as dicts.
class DictWriter(f, fieldnames) | Writes dicts as rows.`,
  html: `
escape(s: str, quote: bool = True) | Text that is safe inside of HTML.
unescape(s: str) | Text of escaped HTML.`,
  "urllib.parse": `
quote(string: str, safe: str = "/") | Text that may stand in an address.
unquote(string: str) | Text of an address.
urlencode(query) | Parameters for behind the question mark.
urlparse(url: str) | The parts of an address.
urljoin(base: str, url: str) | An address relative to another.`,
};

export const STANDARD: Readonly<Record<string, Known[]>> = Object.fromEntries(
  Object.entries(MODULES).map(([name, text]) => [name, library(text)]),
);

/** Further modules that can be imported, for their names alone. */
export const FURTHER =
  "abc argparse array ast bisect calendar colorsys concurrent.futures copy decimal difflib email fractions glob gzip heapq hmac http importlib inspect ipaddress itertools mimetypes operator pickle platform pprint queue shutil sqlite3 ssl statistics string struct sys tempfile textwrap threading traceback unicodedata unittest urllib urllib.request weakref xml.etree.ElementTree zipfile zlib zoneinfo".split(
    " ",
  );
