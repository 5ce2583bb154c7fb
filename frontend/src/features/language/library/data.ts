/** Names of the database's and of the data's packages: pymongo, bson, pydantic; and of httpx. */
import { library } from "./known";

const FIND = "filter: dict = None, projection: dict = None, skip: int = 0, limit: int = 0, sort: list = None";

const collection = (wait: string) => `
  find(${FIND}) -> Cursor | Documents that match the filter, as they are read.
  find_one(filter: dict = None, projection: dict = None, sort: list = None) | The first document that matches, or None${wait}.
  insert_one(document: dict) | Adds a document; .inserted_id of the answer is its _id${wait}.
  insert_many(documents: list[dict], ordered: bool = True) | Adds many documents${wait}.
  update_one(filter: dict, update: dict, upsert: bool = False, array_filters: list = None) | Changes the first that matches; with upsert it makes one${wait}.
  update_many(filter: dict, update: dict, upsert: bool = False) | Changes all that match${wait}.
  replace_one(filter: dict, replacement: dict, upsert: bool = False) | Puts another document in its place${wait}.
  delete_one(filter: dict) | Removes the first that matches${wait}.
  delete_many(filter: dict) | Removes all that match${wait}.
  find_one_and_update(filter: dict, update: dict, upsert: bool = False, return_document: bool = False, sort: list = None) | Changes one and gives it, before or after${wait}.
  find_one_and_delete(filter: dict, sort: list = None) | Removes one and gives it${wait}.
  count_documents(filter: dict) | How many match${wait}.
  estimated_document_count() | About how many there are; costs nothing${wait}.
  distinct(key: str, filter: dict = None) | The different values of a field${wait}.
  aggregate(pipeline: list[dict]) | Runs an aggregation pipeline${wait}.
  create_index(keys, unique: bool = False, expireAfterSeconds: int = None, name: str = None) | Makes an index; does nothing when it is there${wait}.
  drop() | Removes the collection${wait}.
  bulk_write(requests: list, ordered: bool = True) | Many writes in one call${wait}.`;

const client = (name: string, database: string) => `
class ${name}(host: str = None, *, tz_aware: bool = False, serverSelectionTimeoutMS: int = 30000, maxPoolSize: int = 100, appname: str = None) | A connection to MongoDB. The platform's is at PLATFORM_MONGO_URI.
  get_default_database(default: str = None) -> ${database} | The database that the address names: here, the app's own.
  get_database(name: str = None) -> ${database} | A database by name.
  list_database_names() | Names of the databases.
  close() | Ends the connections.
  admin -> ${database} | The server's own database.`;

const DATABASE = `
  get_collection(name: str) -> Collection | A collection by name; so does db[name] and db.name.
  list_collection_names() | Names of the collections.
  create_collection(name: str, *, capped: bool = None, size: int = None) | Makes a collection with options.
  drop_collection(name: str) | Removes a collection.
  command(command, value=1) | Runs a command of the database.
  name | The database's name.`;

const CURSOR = `
class Cursor() | Documents as they are read; loop over it.
  sort(key_or_list, direction: int = None) -> Cursor | In this order; -1 for descending.
  limit(limit: int) -> Cursor | At most that many.
  skip(skip: int) -> Cursor | Leaves out the first ones.
  to_list(length: int = None) | All of them as a list.`;

export const PYMONGO = library(`${client("MongoClient", "Database")}
${client("AsyncMongoClient", "AsyncDatabase")}
ASCENDING | From low to high: 1.
DESCENDING | From high to low: -1.
class ReturnDocument() | Which document find_one_and_update gives: BEFORE or AFTER.
class UpdateOne(filter: dict, update: dict, upsert: bool = False) | An update for bulk_write.
class InsertOne(document: dict) | An insert for bulk_write.
class IndexModel(keys, **options) | An index for create_indexes.
class Database() | One database.${DATABASE}
class AsyncDatabase() | One database.${DATABASE.replace("-> Collection", "-> AsyncCollection")}
class Collection() | One collection of documents.${collection("")}
class AsyncCollection() | One collection of documents.${collection("; await it")}${CURSOR}
`);

export const PYMONGO_ERRORS = library(`
class DuplicateKeyError() | Raised when a unique index already has the value.
class PyMongoError() | What all of pymongo's errors are.
class OperationFailure() | Raised when the server refuses.
class ConnectionFailure() | Raised when the server cannot be reached.
`);

export const BSON = library(`
class ObjectId(oid: str = None) | The kind of _id that MongoDB makes.
  is_valid(oid: str) | Whether the text can be an ObjectId.
  generation_time | When it was made.
`);

export const PYDANTIC = library(`
class BaseModel(**data) | A class whose fields are checked: declare them with types.
  model_dump(*, mode: str = "python", include=None, exclude=None, by_alias: bool = False, exclude_unset: bool = False, exclude_none: bool = False) | The fields as a dict.
  model_dump_json(*, indent: int = None, exclude_none: bool = False) | The fields as JSON text.
  model_validate(obj) | A checked model from a dict or an object.
  model_validate_json(json_data: str) | A checked model from JSON text.
  model_copy(*, update: dict = None, deep: bool = False) | A copy, with some fields changed.
  model_json_schema() | The JSON schema.
  model_fields | The fields by name.
Field(default=..., *, default_factory=None, alias: str = None, title: str = None, description: str = None, gt: float = None, ge: float = None, lt: float = None, le: float = None, min_length: int = None, max_length: int = None, pattern: str = None, examples: list = None, frozen: bool = None, exclude: bool = None) | A field with a default, checks and words for the documentation.
ConfigDict(*, extra: str = None, frozen: bool = None, populate_by_name: bool = None, from_attributes: bool = None, str_strip_whitespace: bool = None) | How a model behaves: model_config = ConfigDict(...).
field_validator(*fields: str, mode: str = "after") | Checks fields by a function of your own.
model_validator(*, mode: str) | Checks the whole model by a function of your own.
field_serializer(*fields: str) | Writes fields in a way of your own.
computed_field(func=None) | A field that is worked out from the others.
class ValidationError() | Raised when data does not fit a model.
class HttpUrl() | An address with http or https.
class SecretStr() | Text that is not printed.
class EmailStr() | An e-mail address. Needs email-validator.
class PositiveInt() | A whole number above zero.
class TypeAdapter(type) | Checks data against any type.
`);

export const HTTPX = library(`
get(url: str, *, params: dict = None, headers: dict = None, timeout: float = 5.0, follow_redirects: bool = False) | A GET request.
post(url: str, *, content=None, data: dict = None, json=None, files=None, headers: dict = None, timeout: float = 5.0) | A POST request.
class Client(*, base_url: str = "", headers: dict = None, timeout: float = 5.0) | Keeps connections between requests.
  get(url: str, *, params: dict = None, headers: dict = None) | A GET request.
  post(url: str, *, json=None, data: dict = None, headers: dict = None) | A POST request.
class AsyncClient(*, base_url: str = "", headers: dict = None, timeout: float = 5.0) | Keeps connections between requests; use it with async with.
  get(url: str, *, params: dict = None, headers: dict = None) | A GET request; await it.
  post(url: str, *, json=None, data: dict = None, headers: dict = None) | A POST request; await it.
class HTTPError() | What all of httpx's errors are.
`);
