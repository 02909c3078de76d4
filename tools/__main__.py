"""Entry point of `python tools`, which `./oms` runs."""

import sys

from oms_cli.main import main

sys.exit(main())
