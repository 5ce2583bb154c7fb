"""Documents to wire structs: what an app, a deploy or a draft looks like to its owner.

A list is presented with one query per collection, however many apps it has.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from cluster.base import AppView
from control.api.services import Services
from control.domain import apps, deploys
from control.domain.addresses import app_host, app_url
from control.domain.config import Config, changed_settings
from control.domain.sharing import told
from control.domain.status import status_of
from control.lifecycle.deploying import to_finding
from fp.api.apps import App, AppSettings, AppState, Draft, Sharing
from fp.api.deploys import Deploy
from fp.api.problems import Finding


def url_of(services: Services, app: apps.App) -> str:
    settings = services.settings
    return app_url(app.name, settings.apps_domain, settings.port)


def host_of(services: Services, app: apps.App) -> str:
    return app_host(app.name, services.settings.apps_domain)


async def present_apps(services: Services, found: Sequence[apps.App]) -> list[App]:
    """The apps in the order given."""
    store = services.store
    ids = [app.id for app in found]
    # At once: one after another each would wait for whatever else this process does meanwhile.
    newest, differs = await asyncio.gather(store.deploys.newest_of(ids), _count_differences(services, found))
    return [
        App(
            id=app.id,
            name=app.name,
            url=url_of(services, app),
            status=status_of(app, newest.get(app.id), services.views.get(app.id)),
            owner=app.owner_name,
            version=app.live.number if app.live else None,
            idle_minutes=app.idle_minutes,
            created_at=app.created_at,
            updated_at=app.updated_at,
            last_request_at=app.last_request_at,
            draft_differs=differs.get(app.id, 0),
        )
        for app in found
    ]


async def _count_differences(services: Services, found: Sequence[apps.App]) -> dict[str, int]:
    """How many files of each draft differ from the live version; apps without a difference are left out.

    Files are read only of live apps whose hashes differ, which are few.
    """
    drafts, versions = services.store.drafts, services.store.versions
    live = {app.id: app.live.version for app in found if app.live}
    summaries, hashes = await asyncio.gather(
        drafts.summaries([app.id for app in found]), versions.summaries(list(live.values()))
    )
    deployed = {app: hashes[version].code_hash for app, version in live.items() if version in hashes}
    stale = [app for app, draft in summaries.items() if app in live and draft.etag != deployed.get(app)]
    files, texts = await asyncio.gather(versions.of_ids([live[app] for app in stale]), drafts.of_apps(stale))
    new = {app: draft.count for app, draft in summaries.items() if app not in live}
    return new | {app: len(apps.changed_paths(draft, files.get(live[app]))) for app, draft in texts.items()}


async def present_app(services: Services, app: apps.App) -> App:
    return (await present_apps(services, [app]))[0]


async def present_state(services: Services, app: apps.App) -> AppState:
    """What the app is doing now, and why not more."""
    deploy = await services.store.deploys.newest(app.id)
    view = services.views.get(app.id)
    status = status_of(app, deploy, view)
    findings = _findings(deploy, view)
    return AppState(
        status=status,
        version=app.live.number if app.live else None,
        since=_since(status, deploy),
        failure=_failure(app, findings, view),
        deploy=deploy.id if deploy else None,
        findings=findings,
    )


def _since(status: str, deploy: deploys.Deploy | None) -> datetime | None:
    return deploy.created_at if deploy and status == "deploying" else None


def _findings(deploy: deploys.Deploy | None, view: AppView | None) -> list[Finding]:
    """What the live version's last start died of, or else what the newest deploy failed for."""
    if view is not None and view.failure is not None:
        return [to_finding(view.failure)]
    return deploy.findings if deploy is not None and deploy.status == "failed" else []


def _failure(app: apps.App, findings: Sequence[Finding], view: AppView | None) -> str | None:
    starts = view is None or view.failure is None
    if starts and app.trouble is not None:
        return app.trouble.message
    return findings[0].message if findings else None


async def present_draft(services: Services, app: apps.App, draft: apps.Draft) -> Draft:
    live = await services.store.versions.get(app.live.version) if app.live else None
    return Draft(
        files=draft.files,
        entrypoint=draft.entrypoint,
        etag=draft.etag,
        updated_at=draft.updated_at,
        changed=apps.changed_paths(draft, live),
    )


async def present_settings(services: Services, app: apps.App) -> AppSettings:
    found = await services.store.databases.of_ids([app.database]) if app.database else {}
    database = found.get(app.database) if app.database else None
    live = await services.store.versions.summaries([app.live.version]) if app.live else {}
    deployed = live[app.live.version].config if app.live and app.live.version in live else None
    return AppSettings(
        idle_minutes=app.idle_minutes,
        database=database.name if database else None,
        env=app.config.env,
        secrets=sorted(app.config.secrets),
        memory_mb=app.config.memory_mb,
        cpus=app.config.cpus,
        default_memory_mb=services.settings.limits.memory_mb,
        default_cpus=services.settings.limits.cpus,
        undeployed=changed_settings(app.config, deployed) if deployed is not None else [],
        sharing=present_sharing(app.config),
    )


def present_sharing(config: Config) -> Sharing:
    return Sharing(**told(config.sharing))


def present_deploy(services: Services, app: apps.App, deploy: deploys.Deploy) -> Deploy:
    return Deploy(
        id=deploy.id,
        app=app.id,
        status=deploy.status,
        stages=deploy.stages,
        findings=deploy.findings,
        version=deploy.version,
        url=url_of(services, app),
        created_at=deploy.created_at,
        finished_at=deploy.finished_at,
        by=deploy.by,
        rollback_of=deploy.rollback_of,
        cancelled_by=deploy.cancelled_by,
        draft_etag=deploy.code_hash,
    )
