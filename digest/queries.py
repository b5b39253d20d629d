"""Reading the SQL of mail and pages, with what both of them ask put in where a line says so."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_SHARED = Path(__file__).with_name("sql")
_INCLUDE = re.compile(r"^-- include (\w+\.sql)\n", re.MULTILINE)


@cache
def read_query(path: Path) -> str:
    """Return a query; `-- include NAME.sql` stands for the lines of that file in `digest/sql`."""
    text = path.read_text(encoding="utf-8")
    return _INCLUDE.sub(lambda match: (_SHARED / match[1]).read_text(encoding="utf-8"), text)
