/** Short names for the generated wire types. */
import type { components } from "./schema.gen";

type Schemas = components["schemas"];

export type App = Schemas["App"];
export type AppStatus = App["status"];
export type AppState = Schemas["AppState"];
export type AppSettings = Schemas["AppSettings"];
export type Deploy = Schemas["Deploy"];
export type DeployEvent = Schemas["DeployEvent"];
export type Draft = Schemas["Draft"];
export type ExampleRequest = Schemas["ExampleRequest"];
export type Finding = Schemas["Finding"];
export type LogLine = Schemas["LogLine"];
export type RequestRecord = Schemas["RequestRecord"];
export type Stage = Schemas["Stage"];
export type SystemInfo = Schemas["SystemInfo"];
export type Template = Schemas["Template"];
export type TestRequest = Schemas["TestRequest"];
export type TestResponse = Schemas["TestResponse"];
export type User = Schemas["User"];
export type Validation = Schemas["Validation"];
export type WakeRecord = Schemas["WakeRecord"];
