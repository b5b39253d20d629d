"""The child process of a crawl: `python -m crawlers`, with its job on standard input."""

import sys

from crawlers.crawl import main

sys.exit(main())
