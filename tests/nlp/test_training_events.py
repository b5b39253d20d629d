"""What the tie reader is taught from."""

from __future__ import annotations

import torch

from nlp.pairs import Passage, lay_out, load_model
from nlp.settings import ReadSettings
from nlp.training.events import Example, hide, mean


def test_hiding_leaves_the_pair_and_whole_evidence_sentences() -> None:
    """Sentence 0 names the pair, 1 holds evidence, 2 neither."""
    said = (-1, *[0] * 20, *[1] * 20, *[2] * 20, -1)
    marks = tuple(1 if at == 3 else 2 if at == 9 else 0 for at in range(len(said)))
    passage = Passage(ids=tuple(range(len(said))), sentence=said, places=())
    example = Example(
        source="a", language="nb", passage=passage, kinds=marks, sentences={1: (0,)}, text=(0,), stance=-1
    )
    _, attention, kinds, pool, _ = lay_out([passage], [marks])
    torch.manual_seed(1)
    seen = []
    for _ in range(200):
        left, averages = hide([example], attention, kinds, pool)
        assert left[0, [0, 3, 9]].tolist() == [1, 1, 1]
        sums = averages[0].sum(1)
        assert torch.all(torch.isclose(sums, torch.tensor(1.0)) | (sums == 0))
        assert not averages[0][:, left[0] == 0].any()
        seen.append([int(left[0, start : start + 20].sum()) for start in (1, 21, 41)])
    named, told, neither = zip(*seen, strict=True)
    assert min(named) > 0
    assert min(told) > 0
    assert 20 < neither.count(0) < 60  # a fifth
    assert 17 < sum(told) / len(told) < 19  # less a tenth


def test_a_reader_named_twice_counts_twice() -> None:
    """So that `--mean` makes the shipped weights from those of two trainings."""
    path = ReadSettings().pairs
    assert path is not None
    models = [load_model(path) for _ in range(3)]
    with torch.no_grad():
        for model, value in zip(models, (3.0, 3.0, 0.0), strict=True):
            model.marks.fill_(value)
    assert torch.allclose(mean(models).marks, torch.tensor(2.0))
