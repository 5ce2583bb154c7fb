"""The script that starts a runner: `python -I -S boot.py serve`, `pool`, `zygote <fd>` or, for an import only, `dry <fd>`.

`-I -S` leaves sys.path with the standard library only, so nothing of the platform and no `.pth` file can slip in. This
script adds the interpreter's site-packages by itself, then loads the folder it lies in as the package `_fp_runner`: a
name that no user module has, and a folder that is never on sys.path, so `import runner` finds the user's or nothing.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

PACKAGE = "_fp_runner"
USAGE = "usage: boot.py serve | boot.py pool | boot.py zygote <fd> | boot.py dry <fd>"


def site_packages() -> list[str]:
    """Folders of third-party packages of the running interpreter, its virtual environment's when it has one."""
    environment = Path(sys.executable).parent.parent
    if (environment / "pyvenv.cfg").is_file():
        sys.prefix = sys.exec_prefix = str(environment)
    library = Path(sys.prefix) / sys.platlibdir / f"python{sys.version_info.major}.{sys.version_info.minor}"
    plain = Path(sys.prefix) / "lib" / library.name
    found = [folder / "site-packages" for folder in (plain, library)]
    return list(dict.fromkeys(str(folder) for folder in found if folder.is_dir()))


def load_package() -> None:
    """Make this folder importable as `_fp_runner`, without putting any folder on sys.path."""
    here = Path(__file__).resolve().parent
    spec = importlib.util.spec_from_file_location(PACKAGE, here / "__init__.py", submodule_search_locations=[str(here)])
    if spec is None or spec.loader is None:
        raise SystemExit(f"cannot load the runner from {here}")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)


def add_builtins() -> None:
    """What `-S` leaves out and scripts use: `exit`, `quit`, `help`."""
    import site

    site.setquit()
    site.sethelper()


def main(arguments: list[str]) -> None:
    sys.path.extend(site_packages())
    load_package()
    add_builtins()
    match arguments:
        case ["serve"]:
            importlib.import_module(f"{PACKAGE}.serve").run_alone()
        case ["pool"]:
            importlib.import_module(f"{PACKAGE}.serve").run_pooled()
        case ["zygote", number] if number.isdecimal():
            importlib.import_module(f"{PACKAGE}.zygote").run(int(number))
        case ["dry", number] if number.isdecimal():
            importlib.import_module(f"{PACKAGE}.dry").run(int(number))
        case _:
            raise SystemExit(USAGE)


if __name__ == "__main__":
    main(sys.argv[1:])
