"""What an administrator set holds for deploys: which packages apps may import, and how many versions stay."""

from control.domain.accounts import User
from control.store import Store
from control.store.audit import AuditFilter
from fp.api.admin import AuditEntry
from tests.support.api_stack import until
from tests.support.control_mongo import make_app
from tests.support.control_node import deployed

HELLO = {"app.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"}


async def test_deploys_keep_to_the_platforms_settings_and_are_audited(store: Store, ada: User, loops: None) -> None:
    app = await make_app(store, ada)
    await store.settings.change({"versions_kept": 1})
    for number in range(3):
        ended = await deployed(store, app, {"app.py": HELLO["app.py"] + f"# {number}\n"})
        assert ended.status == "succeeded", ended.findings
    # The live one is what it was when the newest was written.
    assert [version.number for version in (await store.versions.page(app.id)).items] == [3, 2]
    await store.settings.change({"allowed_imports": ["starlette"]})
    refused = await deployed(store, app, HELLO)
    assert refused.status == "failed"
    assert "fastapi" in refused.findings[0].message
    await store.settings.change({"allowed_imports": None})

    async def told_all() -> list[AuditEntry] | None:
        # The end of a deploy is told right after it.
        found = (await store.audit.page(AuditFilter(app=app.id, operation="deploy_ended"))).items
        return found if len(found) == 4 else None

    told = await until(told_all)
    assert [(one.credential, one.status, one.target) for one in told[:1]] == [("worker", 422, refused.id)]
    assert [one.status for one in told] == [422, 200, 200, 200]
