"""House numbers: how long source files may be, and what must not be left in them. Run by `just check`.

Files: median at most 150 lines, none over 400; every Python module opens with a docstring; no unfinished marks.
"""

import ast
import statistics
import subprocess
import sys
from pathlib import Path

MEDIAN, CEILING = 150, 400
ENDINGS = (".py", ".ts", ".tsx", ".go")
MARKS = ("TO" + "DO", "FIX" + "ME", "XX" + "X")


def sources() -> list[Path]:
    """Source files that git knows or would add, generated ones left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [Path(name) for name in listed if name.endswith(ENDINGS) and ".gen." not in name and Path(name).exists()]


def complaints(path: Path, text: str) -> list[str]:
    """What is wrong with one file."""
    found = []
    lines = text.count("\n")
    if lines > CEILING:
        found.append(f"{path}: {lines} lines, over {CEILING}: find the split")
    found += [f"{path}: holds {mark}: finish it" for mark in MARKS if mark in text]
    if path.suffix == ".py" and text.strip() and ast.get_docstring(ast.parse(text)) is None:
        found.append(f"{path}: opens without a docstring on its design")
    return found


def main() -> int:
    """0 when the house is in order."""
    texts = {path: path.read_text() for path in sources()}
    found = [line for path, text in texts.items() for line in complaints(path, text)]
    median = statistics.median(text.count("\n") for text in texts.values())
    if median > MEDIAN:
        found.append(f"the median file has {median:g} lines, over {MEDIAN}")
    print("\n".join(found) or f"{len(texts)} source files, median {median:g} lines")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
