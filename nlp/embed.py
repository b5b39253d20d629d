"""Texts as vectors: for search by meaning, near-duplicates and stance. Any sentence-transformers model will do."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from nlp.encoder import BASE

Role = Literal["query", "passage"]


class Embedder:
    """A sentence-transformers model. `version` changes with the weights; `dimensions` is the length of a vector."""

    def __init__(self, model: SentenceTransformer, version: str, prefixes: dict[Role, str]) -> None:
        self.model, self.version, self.prefixes = model, version, prefixes
        self.dimensions = int(model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str], role: Role = "passage") -> NDArray[np.float32]:
        """Return one L2-normalised row a text. Texts longer than the model's window (512 pieces) are cut.

        The answer depends on neither the other texts nor their order: texts are encoded one at a time.
        """
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        prefix = self.prefixes[role]
        rows = [
            self.model.encode(
                prefix + text[: self._most], normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
            )
            for text in texts
        ]
        found = np.stack(rows).astype(np.float32)
        length = np.linalg.norm(found, axis=1, keepdims=True)  # half precision leaves it a little off one
        return np.asarray(found / np.where(length == 0, 1, length), dtype=np.float32)

    @property
    def _most(self) -> int:
        """Characters that can matter: no piece of a Norwegian text is longer than 16 on the average."""
        return 16 * int(self.model.max_seq_length or 8192)


def load_embedder(name: str | Path | None = None) -> Embedder:
    """Load the shipped model, or any other by its folder or sentence-transformers name.

    Raises FileNotFoundError where the shipped weights are missing. Models of the E5 family get their prefixes
    ("query: ", "passage: "); others use the prompts that the model itself declares.
    """
    disable_progress_bar()  # it would stand amid what commands print
    folder = BASE if name is None else Path(name)
    if name is None and not (folder / "model.safetensors").is_file():
        raise FileNotFoundError(
            f"no embedding model at {folder}; it is part of the project (nlp/models), "
            "or is made anew with `python -m nlp.training`"
        )
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    model = SentenceTransformer(str(folder if folder.is_dir() else name), device="cpu")
    if name is None and torch.cpu._is_avx512_bf16_supported():
        model.to(torch.bfloat16)  # 1.6 times as fast; cosine to float32 .9999, and the same MRR (docs/models.md)
    prompts: dict[str, str] = dict(model.prompts or {})
    e5 = "e5" in str(name).lower().replace("-", "").split("/")[-1]
    prefixes: dict[Role, str] = {
        "query": prompts.get("query") or ("query: " if e5 else ""),
        "passage": prompts.get("document") or prompts.get("passage") or ("passage: " if e5 else ""),
    }
    weights = folder / "model.safetensors"
    if weights.is_file():
        version = f"{folder.name}-{sha256(weights.read_bytes()).hexdigest()[:8]}"
    else:
        version = Path(str(name)).name
    return Embedder(model, version, prefixes)
