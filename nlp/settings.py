"""How texts are read: values that the command layer fills in from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

MODELS = Path(__file__).parent / "models"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSettings:
    """Which models read.

    `entities` names a folder or model instead of the tier's, or is `none`; `embedding` is `shipped`, `none`, or a
    folder or sentence-transformers name; `pairs` is the file of the trained tie reader, None for rules alone; `fylker`
    gives each paper's own fylke, by source_id, which tells namesakes apart.
    """

    tier: Literal["fast", "accurate"] = "fast"
    entities: str = ""
    embedding: str = "shipped"
    pairs: Path | None = MODELS / "pairs.safetensors"
    fylker: Mapping[str, str] = field(default_factory=dict)
