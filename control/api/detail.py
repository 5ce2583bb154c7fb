"""One request in whole: its record, what it printed, and a failure's traceback with the code that then ran.

The code is that of the version which answered, not of the draft: the line numbers are true for it alone. Old versions are
pruned; then the frames are told without code.
"""

from control.domain.errors import NotFound
from control.domain.filtering import LogFilter
from control.domain.tracebacks import frames_of
from control.store import Store
from fp.api.see import RequestDetail, RequestRecord, SourceState

MAX_LINES = 200


async def detail_of(store: Store, app_id: str, record_id: str) -> RequestDetail:
    """Raises NotFound."""
    record = await store.requests.get(app_id, record_id)
    printed = await store.logs.page(app_id, only=LogFilter(request_id=record.id), ascending=True, limit=MAX_LINES)
    files, state, note = await _source(store, app_id, record)
    frames = frames_of(record.error or "", files)
    wake = None
    if record.cold_start_ms is not None:
        # A record's id is `<instance>-<its own>`; the wake is that of the instance.
        wake = await store.wakes.of_instance(app_id, record.id.rpartition("-")[0], record.time)
    return RequestDetail(record, printed.items, printed.next is not None, frames, state, note, wake)


async def _source(store: Store, app_id: str, record: RequestRecord) -> tuple[dict[str, str] | None, SourceState, str]:
    """The files of the version that answered, whether they are kept, and what to tell when they are not."""
    if record.error is None:
        return None, "none", ""
    if record.version is None:
        return None, "gone", "It is not known which version answered, so no code is shown."
    try:
        return (await store.versions.by_number(app_id, record.version)).files, "kept", ""
    except NotFound:
        return None, "gone", f"Version {record.version} is no longer kept, so its code cannot be shown."
