from __future__ import annotations

from pathlib import Path

import pytest
import torch

from nlp.encoder import base_state, pack_difference, unpack_difference


def tensors() -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    generator = torch.Generator().manual_seed(1)
    base = {"w": torch.randn(128, 64, generator=generator), "same": torch.ones(128, 64), "bias": torch.zeros(64)}
    tuned = {
        "w": base["w"] + 0.01 * torch.randn(128, 64, generator=generator),
        "same": base["same"].clone(),
        "bias": torch.full((64,), 0.25),
        "head.weight": torch.ones(3, 64),
    }
    return base, tuned


def test_a_packed_difference_comes_back_within_a_sixteenth_of_its_peak() -> None:
    base, tuned = tensors()
    state = unpack_difference(pack_difference(tuned, base), base)
    change = (tuned["w"] - base["w"]).abs()
    assert (state["w"] - tuned["w"]).abs().max() < change.max() / 7
    assert (state["w"] - tuned["w"]).abs().mean() < change.mean() / 8
    assert torch.equal(state["bias"], tuned["bias"])
    assert torch.equal(state["head.weight"], tuned["head.weight"])


def test_unchanged_tensors_take_no_room() -> None:
    base, tuned = tensors()
    packed = pack_difference(tuned, base)
    assert not any(name.startswith("same") for name in packed)
    assert packed["w:4"].numel() == base["w"].numel() // 2


def test_a_missing_base_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"model\.safetensors.*nlp\.training"):
        base_state(tmp_path)
