"""What `fp call` refuses before it asks anybody."""

from typing import Any

import pytest

from fp.commands.call import run
from fp.errors import UsageError


@pytest.mark.parametrize(
    ("words", "options"),
    [(["items"], {}), (["a", "b", "/"], {}), (["/"], {"header": ["nothing"]}), (["/"], {"data": "@nowhere"})],
    ids=["no path", "two apps", "no header", "no file"],
)
def test_what_is_no_request_is_refused(words: list[str], options: dict[str, Any]) -> None:
    """Each with a way to write it."""
    with pytest.raises(UsageError) as refused:
        run(words, **options)
    assert refused.value.hint
