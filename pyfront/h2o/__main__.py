"""``python -m h2o``: the command ``h2o``."""

import sys

from h2o_command.main import main

sys.exit(main())
