"""Distil the encoder into static word vectors for the fast tier: each word read alone, reduced to a few dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import BertModel, PreTrainedTokenizerFast


@torch.no_grad()
def encode_words(base: Path, words: Sequence[str], *, batch: int = 512) -> np.ndarray:
    """Return one vector a word: the mean of the encoder's last layer over the word's pieces."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(base)
    model = BertModel.from_pretrained(base, add_pooling_layer=False).eval()
    order = sorted(range(len(words)), key=lambda i: len(words[i]))
    out = np.zeros((len(words), model.config.hidden_size), dtype=np.float32)
    for at in range(0, len(order), batch):
        chosen = order[at : at + batch]
        inputs = tokenizer(
            [words[i] for i in chosen], padding=True, truncation=True, max_length=24, return_tensors="pt"
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]).last_hidden_state
        mask = inputs["attention_mask"].float().clone()
        mask[:, 0] = 0  # the sentence marks say nothing about the word
        mask[torch.arange(len(chosen)), inputs["attention_mask"].sum(1) - 1] = 0
        vectors = (hidden.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
        out[chosen] = vectors.numpy()
    return out


def reduce(vectors: np.ndarray, fit: np.ndarray, dimensions: int) -> np.ndarray:
    """Project on the principal directions of `fit`, each scaled to about unit variance damped by its square root."""
    mean = fit.mean(0)
    _u, spread, directions = np.linalg.svd(fit - mean, full_matrices=False)
    spread = spread / np.sqrt(len(fit))
    projected = (vectors - mean) @ directions[:dimensions].T
    scaled: np.ndarray = projected / np.sqrt(spread[:dimensions] * spread[0])
    return scaled.astype(np.float32)
