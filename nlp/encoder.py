"""The shared text encoder: one folder of base weights, and for each task a small difference in 4 bits.

The base folder is a plain sentence-transformers model (float8 safetensors). A task's file holds, for every changed
tensor, tuned minus base in blocks of 32 values: a float16 scale and 16 bytes (low nibbles first), value =
(nibble - 8) * scale; small tensors (biases, norms, heads) are kept whole in float16.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import BertConfig, BertModel

MODELS = Path(__file__).parent / "models"
BASE = MODELS / "embedding"
_BLOCK = 32
_SMALL = 4096


def base_state(folder: Path = BASE) -> dict[str, Tensor]:
    """Return the base weights in float32; raises FileNotFoundError that says how to get them."""
    path = folder / "model.safetensors"
    if not path.is_file():
        raise FileNotFoundError(
            f"no encoder weights at {path}; the models are part of the project (nlp/models), "
            "or are made anew with `python -m nlp.training`"
        )
    return {name: tensor.to(torch.float32) for name, tensor in load_file(path).items()}


def pack_difference(tuned: Mapping[str, Tensor], base: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors to store for a tuned encoder; names not in `base` are kept whole (heads)."""
    packed: dict[str, Tensor] = {}
    for name, tensor in tuned.items():
        tensor = tensor.detach().to(torch.float32)
        if name in base and tensor.numel() > _SMALL:
            difference = tensor - base[name]
            if difference.abs().max() == 0:
                continue
            blocks = difference.reshape(-1, _BLOCK)
            peak = blocks.gather(1, blocks.abs().argmax(1, keepdim=True))
            scale = (peak / -8).to(torch.float16)
            safe = torch.where(scale == 0, torch.ones_like(scale), scale).to(torch.float32)
            nibbles = (torch.round(blocks / safe) + 8).clamp(0, 15).to(torch.uint8)
            packed[name + ":4"] = nibbles[:, : _BLOCK // 2] | (nibbles[:, _BLOCK // 2 :] << 4)
            packed[name + ":scale"] = scale.reshape(-1)
        elif name not in base or not torch.equal(tensor, base[name]):
            packed[name] = tensor.to(torch.float16)
    return packed


def unpack_difference(packed: Mapping[str, Tensor], base: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return base plus difference, and the tensors that only the task has, in float32."""
    state = dict(base)
    for name, tensor in packed.items():
        if name.endswith(":4"):
            plain = name.removesuffix(":4")
            nibbles = torch.cat([tensor & 15, tensor >> 4], dim=1).to(torch.float32) - 8
            difference = nibbles * packed[plain + ":scale"].to(torch.float32)[:, None]
            state[plain] = base[plain] + difference.reshape(base[plain].shape)
        elif not name.endswith(":scale"):
            state[name] = tensor.to(torch.float32)
    return state


def save_difference(path: Path, tuned: Mapping[str, Tensor], notes: Mapping[str, str], base: Path = BASE) -> int:
    """Write a task's file and return its size in bytes; `notes` (strings) are kept in its header."""
    save_file(pack_difference(tuned, base_state(base)), path, metadata=dict(notes))
    path.chmod(0o644)
    return path.stat().st_size


def load_encoder(
    difference: Path | None = None, base: Path = BASE
) -> tuple[BertModel, dict[str, Tensor], dict[str, str]]:
    """Return the encoder of a task (the base itself without `difference`), the task's own tensors and its notes.

    Tensors of the encoder carry the names of `BertModel`; all other names in the task's file come back as they are.
    """
    state, notes = base_state(base), {}
    if difference is not None:
        with safe_open(os.fspath(difference), framework="pt") as file:
            notes = dict(file.metadata() or {})
        state = unpack_difference(load_file(difference), state)
    model = BertModel(BertConfig.from_pretrained(base), add_pooling_layer=False)
    known = model.state_dict().keys()
    model.load_state_dict({name: tensor for name, tensor in state.items() if name in known})
    model.eval()
    return model, {name: tensor for name, tensor in state.items() if name not in known}, notes
