"""Which screens there are: who looks, where, what must be seen before the picture is taken, and what is done before it."""

from typing import Final

from tools.pictures import acts, states
from tools.pictures.people import ADMIN
from tools.pictures.screen import Screen

APP: Final = "/apps/notes-api"

_ENTRY: Final = (
    Screen("signup", "/signup", "text=Create account", viewer=None),
    Screen("signup-refused", "/signup", "text=Create account", acts.sign_up_badly, viewer=None),
    Screen("login", "/login", "text=Log in", viewer=None),
    Screen("login-refused", "/login", "text=Log in", acts.log_in_badly, viewer=None),
    Screen("device", "/device", "text=Log in elsewhere"),
    Screen("device-asked", "/device", "text=Log in elsewhere", acts.ask_from_a_terminal),
    Screen("device-unknown", "/device?code=ABCD-EFGH", "text=Log in elsewhere", acts.see_alert),
    Screen("not-found", "/nowhere", "text=There is nothing at this address"),
)
_FLEET: Final = (
    Screen("apps", "/", "text=weather-proxy"),
    Screen("apps-menu", "/", "text=weather-proxy", acts.open_row_menu),
    Screen("apps-rename", "/", "text=weather-proxy", acts.rename_app),
    Screen("apps-delete", "/", "text=weather-proxy", acts.delete_app),
    Screen("account-menu", "/", "text=weather-proxy", acts.open_account_menu),
    Screen("palette", "/", "text=weather-proxy", acts.open_palette),
    Screen("palette-words", f"{APP}/edit", ".cm-content", acts.find_in_palette),
    Screen("palette-files", f"{APP}/edit", ".cm-content", acts.find_file),
    Screen("shortcuts", "/", "text=weather-proxy", acts.open_shortcuts),
    Screen("new", "/new", "text=Hello API"),
    Screen("trash", "/trash", "text=old-poll"),
)
_EDITOR: Final = (
    Screen("editor", f"{APP}/edit", ".cm-content"),
    Screen("editor-files", f"{APP}/edit", ".cm-content", acts.show_files),
    Screen("editor-sent", f"{APP}/edit", ".cm-content", acts.send),
    Screen("editor-woken", f"{APP}/edit", ".cm-content", acts.send_to_a_sleeper),
    Screen("editor-search", f"{APP}/edit?side=search", ".cm-content", acts.search_files),
    Screen("editor-deployed", "/apps/reading-list/edit", ".cm-content", acts.deploy),
    Screen("editor-failed", "/apps/shop-webhooks/edit", ".cm-content", acts.fail_to_deploy),
    Screen("editor-findings", "/apps/scratch/edit", ".cm-content", acts.see_finding),
    Screen("settings-drawer", f"{APP}/edit?drawer=settings", "text=Variables"),
    Screen("versions-drawer", f"{APP}/edit?drawer=versions", "text=compared with"),
    Screen("differences", f"{APP}/edit?diff=app.py", "text=Discard"),
)
_DASHBOARD: Final = (
    Screen("requests", APP, ':text("/notes/first")'),
    Screen("requests-failure", APP, ':text("/notes/import")', acts.choose_failure),
    Screen("requests-words", f"{APP}?q=status:%3E%3D400", ':text("/notes/import")'),
    Screen("app-menu", APP, ':text("/notes/first")', acts.open_app_menu),
    Screen("logs", f"{APP}?tab=logs", "text=kept"),
    Screen("logs-errors", f"{APP}?tab=logs&level=error", "text=has no stars"),
    Screen("wakes", f"{APP}?tab=wakes", ':text("ms")'),
    Screen("wakes-one", f"{APP}?tab=wakes", ':text("ms")', acts.choose_wake),
    Screen("database", f"{APP}?tab=database", "td >> text=notes"),
    Screen("documents", f"{APP}?tab=database&collection=notes", "text=Wake up"),
    Screen("documents-table", f"{APP}?tab=database&collection=notes&view=table", "text=Wake up"),
    Screen("metrics", f"{APP}?tab=metrics", "canvas"),
    Screen("metrics-end", f"{APP}?tab=metrics", "canvas", acts.scroll_down),
    Screen("versions", f"{APP}?tab=versions", "text=v3"),
    Screen("versions-one", f"{APP}?tab=versions&version=2&with=1", "text=compared with"),
    Screen("settings", f"{APP}?tab=settings", "text=Secrets"),
    Screen("settings-end", f"{APP}?tab=settings", "text=Secrets", acts.scroll_down),
)
_OWN: Final = (
    Screen("databases", "/databases", "table >> text=Archive"),
    Screen("databases-new", "/databases", "table >> text=Archive", acts.new_database),
    Screen("account", "/account", "text=Log-ins"),
    Screen("account-end", "/account", "text=Log-ins", acts.scroll_down),
    Screen("account-token", "/account", "text=Log-ins", acts.make_token),
)
_ADMIN: Final = (
    Screen("admin-all", "/", "text=weather-proxy", viewer=ADMIN),
    Screen("admin-overview", "/admin/overview", "text=What happened lately", viewer=ADMIN),
    Screen("admin-users", "/admin/users", "text=hedy", viewer=ADMIN),
    Screen("admin-user-new", "/admin/users", "text=hedy", acts.new_user, viewer=ADMIN),
    Screen("admin-user-menu", "/admin/users", "text=hedy", acts.open_user_menu, viewer=ADMIN),
    Screen("admin-apps", "/admin/apps", "text=weather-proxy", viewer=ADMIN),
    Screen("admin-settings", "/admin/settings", "text=Anybody may make an account", viewer=ADMIN),
    Screen("admin-settings-end", "/admin/settings", "text=Anybody may make an account", acts.scroll_down, viewer=ADMIN),
    Screen("admin-templates", "/admin/templates", "text=Hello API", viewer=ADMIN),
    Screen("admin-template", "/admin/templates", "text=Hello API", acts.open_template, viewer=ADMIN),
    Screen("admin-audit", "/admin/audit", '[role="table"] >> text=ada', viewer=ADMIN),
    Screen("admin-audit-one", "/admin/audit", '[role="table"] >> text=ada', acts.open_audit_entry, viewer=ADMIN),
    Screen("admin-backup", "/admin/backup", "text=Download a backup", viewer=ADMIN),
)
SCREENS: Final = (*_ENTRY, *_FLEET, *_EDITOR, *_DASHBOARD, *_OWN, *_ADMIN, *states.SCREENS)
