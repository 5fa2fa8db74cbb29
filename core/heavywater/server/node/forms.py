"""Forms in the bodies of requests."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from ...errors import InvalidArgument


async def read_form(request: Request, most_files: int, most_fields: int) -> FormData:
    """The form in the body; files lie on disk where they are large.

    Raises
    ------
    InvalidArgument
        It is no form, or has too many files or fields.
    """
    try:
        return await request.form(max_files=most_files, max_fields=most_fields)
    except HTTPException as error:
        raise InvalidArgument(f"the body is no valid form ({error.detail})") from None
    except KeyError:
        raise InvalidArgument("the body is no valid form (multipart without a boundary)") from None
    except MultiPartException as error:
        raise InvalidArgument(f"the body is no valid form ({error.message})") from None
