"""Credentials for files on S3."""

from __future__ import annotations

from heavywater.errors import InvalidArgument

from .backend.connection import session

__all__ = ["remove_s3_credentials", "set_s3_credentials"]


def set_s3_credentials(secret_key_id: str, secret_access_key: str, session_token: str | None = None) -> None:
    """Sign requests to S3 with these keys from now on, in place of those of the environment.

    They stay in the memory of this process.

    Parameters
    ----------
    secret_key_id, secret_access_key : str
        The two parts of an access key.
    session_token : str, optional
        Of temporary credentials.

    Examples
    --------
    >>> h2o.persist.set_s3_credentials("name", "secret")
    >>> h2o.persist.remove_s3_credentials()
    """
    for name, value in (("secret_key_id", secret_key_id), ("secret_access_key", secret_access_key)):
        if not isinstance(value, str) or not value:
            raise InvalidArgument(f"set_s3_credentials: {name} is needed, a text")
    session().files.set_s3_credentials(secret_key_id, secret_access_key, session_token)


def remove_s3_credentials() -> None:
    """Forget the keys of `set_s3_credentials`.

    Examples
    --------
    >>> h2o.persist.remove_s3_credentials()
    """
    session().files.set_s3_credentials(None)


__path__: list[str] = []  # H2O has a module below this one, see h2o.elsewhere
