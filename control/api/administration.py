"""All that administrators do to the platform as a whole, as one router; each route in it says itself who may."""

from litestar import Router

from control.api import audit_pages, backup, platform_settings, stats

ROUTER = Router("/", route_handlers=[audit_pages.ROUTER, backup.ROUTER, platform_settings.ROUTER, stats.ROUTER])
