"""Write the trained weights in the form that is shipped."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from nlp.encoder import save_difference
from nlp.training.names import FROZEN, TAGS

_LARGE = 4096


def write_base(encoder: Path, out: Path) -> None:
    """Write the encoder as a plain sentence-transformers folder, its matrices in float8.

    float8 (e4m3) and not 4 bits, because every reader of safetensors knows it and turns it into float32 by itself:
    the folder loads without code of ours. Cosine to the unrounded encoder: 0.9995.
    """
    state = {
        name: tensor.to(torch.float8_e4m3fn) if tensor.dim() == 2 and tensor.numel() > _LARGE else tensor
        for name, tensor in load_file(encoder / "model.safetensors").items()
    }
    width = state["embeddings.LayerNorm.weight"].numel()
    # An unused part that BertModel expects; without it every load prints a warning.
    state["pooler.dense.weight"] = torch.zeros(width, width).to(torch.float8_e4m3fn)
    state["pooler.dense.bias"] = torch.zeros(width)
    out.mkdir(parents=True, exist_ok=True)
    save_file(state, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(encoder / name, out / name)
    config = json.loads((encoder / "config.json").read_text())
    _write(out / "config.json", {**config, "dtype": "float32"})
    parts = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    _write(
        out / "modules.json",
        [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(parts)
        ],
    )
    _write(out / "1_Pooling" / "config.json", {"word_embedding_dimension": width, "pooling_mode_mean_tokens": True})
    # Git keeps no empty folder, and the loader wants one.
    _write(out / "2_Normalize" / "config.json", {})
    _write(out / "sentence_bert_config.json", {"max_seq_length": 512, "do_lower_case": False})
    _write(
        out / "config_sentence_transformers.json",
        {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
            "model_type": "SentenceTransformer",
        },
    )


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")


def write_accurate(checkpoint: Path, out: Path, base: Path) -> int:
    """Write the tagger as its difference from the base; return the size in bytes."""
    state = torch.load(checkpoint, weights_only=True)
    tuned = {name.removeprefix("encoder."): tensor for name, tensor in state.items() if name.startswith("encoder.")}
    tuned |= {name: tensor for name, tensor in state.items() if name.startswith("head.")}
    # The piece embeddings and the frozen layers are the base's own.
    frozen = ("embeddings.", *(f"encoder.layer.{n}." for n in range(FROZEN)))
    tuned = {name: tensor for name, tensor in tuned.items() if not name.startswith(frozen)}
    return save_difference(out, tuned, {"tags": json.dumps(TAGS), "task": "names"}, base)
