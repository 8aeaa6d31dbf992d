"""Entry point of `python -m scicity`."""

import sys

from scicity.cli import main

sys.exit(main())
