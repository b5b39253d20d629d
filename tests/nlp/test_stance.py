"""The form of opinion that a text shows, and what it wants."""

import pytest

from nlp.reading import Tie, TieMention
from nlp.sentences import split_sentences
from nlp.stance import find_opinion_form, find_stances


@pytest.mark.parametrize(
    ("title", "text", "form"),
    [
        ("", "Dette er et debattinnlegg, skrevet av en ekstern bidragsyter. Moss bør si opp avtalen.", "debatt"),
        ("Svar til Høyre", "Vi er uenige.", "debatt"),
        ("", "Moss bør si opp avtalen.\n\nDette er et leserinnlegg.", "leserbrev"),
        ("", "Kommunestyret møttes torsdag.", None),
    ],
)
def test_the_form_is_read_where_the_text_names_it(title: str, text: str, form: str | None) -> None:
    assert find_opinion_form(title, text) == form


@pytest.mark.parametrize(
    ("text", "stand"),
    [
        ("Moss og Karlstad er vennskapsbyer. Jeg mener Moss må avslutte avtalen og kutte båndene nå.", "end"),
        ("Moss og Karlstad er vennskapsbyer. Vi bør beholde avtalen og ta vare på vennskapet.", "keep"),
    ],
)
def test_a_plain_wish_is_a_stance(text: str, stand: str) -> None:
    sentences = split_sentences(text)
    tie = Tie(kommune_id="moss", city_id="karlstad")
    mention = TieMention(tie=tie, start=sentences[0][0], end=sentences[0][1], score=0.9, rule="by hand")
    (stance,) = find_stances(text, sentences, [mention], [], {})
    assert stance.stance == stand
    assert 0 < stance.score <= 1
    assert text[stance.start : stance.end]
