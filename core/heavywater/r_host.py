"""The command ``python -m heavywater.r_host``: see `heavywater.bridge.r_host`."""

from .bridge.r_host import main

if __name__ == "__main__":
    main()
