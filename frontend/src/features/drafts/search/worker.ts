/** Runs expressions beside the page. One that would go on for hours can be stopped in no other way than by ending its thread. */
import { replaceAll, search } from "../model/search";
import type { Question } from "./protocol";

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  postMessage(data.kind === "search" ? search(data.files, data.query) : replaceAll(data.files, data.query, data.by));
});
