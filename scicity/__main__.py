"""`python -m scicity` is the command."""

import sys

from scicity.cli import main

sys.exit(main())
