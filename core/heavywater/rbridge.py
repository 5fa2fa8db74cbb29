"""The name under which R, and Python scripts that share a session with it, know the bridge (`heavywater.bridge`)."""

from .bridge.entrance import attach

__all__ = ["attach"]
