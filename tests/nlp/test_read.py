"""From text to reading, with the real gazetteer and linker; entity model and embedding have tests of their own."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.article import Article, content_hash, document
from nlp.read import LONGEST, Reader, Text, TooLongError, load_reader
from nlp.reading import Reading
from nlp.settings import ReadSettings

STORY = (
    "Tromsø og Murmansk er vennskapsbyer. "
    "Kommunestyret i Tromsø vedtok onsdag å si opp avtalen med den russiske byen.\n\n"
    "Bodø beholder Vyborg."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(ReadSettings(entities="none", embedding="none", pairs=None))


def read(reader: Reader, text: str, published: date | None = None) -> Reading:
    return next(reader.read_texts([Text(text_id="t", text=text, published=published)]))


def test_a_story_becomes_links_ties_and_dated_events(reader: Reader) -> None:
    reading = read(reader, STORY, date(2022, 10, 27))
    assert reading.language == "nb"
    assert ("tromso", "ru-murmansk") in {(m.tie.kommune_id, m.tie.city_id) for m in reading.mentions}
    (event,) = [event for event in reading.events if event.action == "terminated"]
    assert (event.date, event.decided_by) == (date(2022, 10, 26), "kommunestyre")
    assert "si opp avtalen" in STORY[event.start : event.end]


def test_an_article_is_read_as_title_lead_and_text(reader: Reader) -> None:
    when = datetime(2022, 10, 27, 22, 30, tzinfo=UTC)
    article = Article(
        article_id="x:1", version=2, source_id="nordlys", publisher_group="amedia", url="https://x.no/1", kind="news",
        title="Slutt for Murmansk", lead="Tromsø og Murmansk er vennskapsbyer.", text="Avtalen er sagt opp.",
        language="nb", published_at=when, published_from="jsonld", published_precision="second", fetched_at=when,
        content_hash=content_hash("Slutt", "", "x"), word_count=4,
    )  # fmt: skip
    reading = reader.read(article)
    whole = document(article.title, article.lead, article.text)
    assert (reading.article_id, reading.version, reading.content_hash) == ("x:1", 2, article.content_hash)
    assert {whole[link.start : link.end] for link in reading.links if link.place_id == "tromso"} == {"Tromsø"}


def test_the_answer_is_the_same_alone_among_others_and_in_any_order(reader: Reader) -> None:
    texts = [
        Text(text_id=str(n), text=text) for n, text in enumerate([STORY, "", "Moss og Karlstad er venner.", "x", STORY])
    ]
    together = {reading.article_id: reading for reading in reader.read_texts(texts)}
    backwards = {reading.article_id: reading for reading in reader.read_texts(reversed(texts))}
    alone = {text.text_id: next(reader.read_texts([text])) for text in texts}
    assert together == backwards == alone


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Ø",
        "\0",
        "\0\0Tromsø\0og Murmansk er vennskapsbyer.",
        "🙂🙃 Tromsø 🇳🇴 og Murmansk 🇷🇺 er vennskapsbyer 👩‍👩‍👧",
        "<p>Tromsø&nbsp;og <b>Murmansk</b> er vennskapsbyer</p><script>alert('Moss')</script>",
        "Тромсё и Мурманск — города-побратимы. Tromsø/Мурманск.",
        "VADSØ\u00adORDFØREREN: \u202eMURMANSK\u202c",
        "Tromsø\r\nog\r\nMurmansk\r\ner\r\nvennskapsbyer",
        "é" * 1000,
        "Moss-" * 500,
        "((((((" * 500,
    ],
)
def test_odd_texts_get_an_answer(reader: Reader, text: str) -> None:
    reading = read(reader, text, date(2024, 4, 8))
    for part in (*reading.links, *reading.mentions, *reading.events, *reading.stances):
        assert 0 <= part.start < part.end <= len(text)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from(STORY.split(" "))), max_size=40).map(" ".join))
def test_any_text_gets_an_answer_with_spans_inside_it(reader: Reader, text: str) -> None:
    reading = read(reader, text)
    for part in (*reading.links, *reading.mentions, *reading.events):
        assert 0 <= part.start < part.end <= len(text)
    assert reading == read(reader, text)


def test_a_million_characters_are_read_and_more_are_refused(reader: Reader) -> None:
    text = (STORY + "\n\n" + "Det regnet i byen hele dagen, og ingen gikk ut. " * 60 + "\n\n") * 400
    reading = read(reader, text[:LONGEST])
    assert reading.mentions
    with pytest.raises(TooLongError, match="tegn"):
        read(reader, "x" * (LONGEST + 1))
