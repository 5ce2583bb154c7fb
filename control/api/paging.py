"""The two query parameters that every list takes."""

from typing import Annotated

from litestar.params import QueryParameter

from control.domain.pages import DEFAULT_LIMIT, MAX_LIMIT

Cursor = Annotated[
    str | None, QueryParameter(name="cursor", max_length=500, description="`next` of the page before.", required=False)
]
PageSize = Annotated[
    int, QueryParameter(name="limit", ge=1, le=MAX_LIMIT, description=f"Items a page, {DEFAULT_LIMIT} by default.")
]
