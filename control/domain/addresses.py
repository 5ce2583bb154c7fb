"""Addresses people type: an app's host name and URL. One door, one port; the default port of the scheme is left out."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


def app_host(name: str, apps_domain: str) -> str:
    """The host name of the app `name`, lower case, without port."""
    return f"{name}.{apps_domain}".lower()


def app_url(name: str, apps_domain: str, port: int, scheme: str = "http") -> str:
    """Where the app `name` answers, without a slash at the end. `{name}` as a name gives the template of all apps."""
    suffix = "" if _DEFAULT_PORTS.get(scheme) == port else f":{port}"
    return f"{scheme}://{name}.{apps_domain.lower()}{suffix}"


def platform_url(domain: str, port: int, host: str, scheme: str) -> str:
    """Where the platform answers, without a slash at the end.

    `host` is what the visitor asked for, with its port: believed about the port when the host name is the platform's,
    because behind a tunnel the visitor's port is not the door's.
    """
    if host.partition(":")[0].lower() == domain.lower():
        return f"{scheme}://{host.lower()}"
    suffix = "" if _DEFAULT_PORTS.get(scheme) == port else f":{port}"
    return f"{scheme}://{domain.lower()}{suffix}"
