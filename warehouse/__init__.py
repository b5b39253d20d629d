"""The warehouse: files at the seam become one DuckDB file that analysts query."""

from warehouse.build import Built, build
from warehouse.connect import SCHEMA, WarehouseError, connect
from warehouse.decisions import Rules
from warehouse.questions import attention, decisions, evidence, shifts, silence, stance, status

__all__ = [
    "SCHEMA",
    "Built",
    "Rules",
    "WarehouseError",
    "attention",
    "build",
    "connect",
    "decisions",
    "evidence",
    "shifts",
    "silence",
    "stance",
    "status",
]
