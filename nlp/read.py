"""From an article to its reading: language, entities, links, ties, events, stance, fingerprint, embedding.

A pure function of text, models and gazetteer: nothing is fetched, nothing remembered, and an article is read the same
alone or among others, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from crawlers.article import Article, Kind, content_hash, document
from nlp.embed import Embedder, load_embedder
from nlp.entities import EntityModel, Parsed, load_entities
from nlp.events import RULES_VERSION, read_events
from nlp.fit import fitting
from nlp.language import detect
from nlp.links import Linker
from nlp.pairs import Judgement, PairReader
from nlp.places import Gazetteer, load_gazetteer
from nlp.reading import Link, Reading, Tie, TieMention
from nlp.sentences import split_sentences
from nlp.settings import ReadSettings
from nlp.signature import sign
from nlp.stance import find_opinion_form, find_stances
from nlp.ties import candidate_pairs, city_lists, find_ties, settle_ties

LONGEST = 1_000_000  # characters; a text above is refused
OSLO = ZoneInfo("Europe/Oslo")
_TOGETHER = 64


class TooLongError(ValueError):
    """The text has more characters than are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is read of an article: its joined text, and what is known about it. `published` is a day in Oslo."""

    text_id: str
    text: str
    version: int = 1
    title: str = ""
    language: str | None = None
    published: date | None = None
    kind: Kind = "unknown"
    source_id: str | None = None
    content_hash: str = ""


def as_text(article: Article) -> Text:
    """Lay an article out for reading."""
    return Text(
        text_id=article.article_id,
        version=article.version,
        text=document(article.title, article.lead, article.text),
        title=article.title,
        language=article.language,
        published=article.published_at.astimezone(OSLO).date(),
        kind=article.kind,
        source_id=article.source_id,
        content_hash=article.content_hash,
    )


class NoEntities:
    """Stands where no entity model is wanted: sentences only."""

    version = "no-entities"

    def read(self, texts: Iterable[str]) -> Iterator[Parsed]:
        """Yield the sentences of each text."""
        for text in texts:
            yield Parsed(entities=(), sentences=split_sentences(text), tokens=())


class Reader:
    """The models and the gazetteer, loaded once. `fylker` gives a paper's own fylke, for namesakes."""

    def __init__(
        self,
        *,
        entities: EntityModel,
        gazetteer: Gazetteer,
        linker: Linker,
        pairs: PairReader | None,
        embedder: Embedder | None,
        fylker: Mapping[str, str],
    ) -> None:
        self._entities = entities
        self._gazetteer = gazetteer
        self._linker = linker
        self._pairs = pairs
        self._embedder = embedder
        self._fylker = fylker
        parts = (entities.version, pairs.version if pairs else "rules", embedder.version if embedder else "none")
        self.model_version = f"{RULES_VERSION}+{'+'.join(parts)}"
        self.gazetteer_version = gazetteer.version
        self.gazetteer = gazetteer

    def read(self, article: Article) -> Reading:
        """Read one article version; raises TooLongError above a million characters."""
        return next(self.read_many([article]))

    def read_many(self, articles: Iterable[Article]) -> Iterator[Reading]:
        """Yield one reading an article, in order."""
        return self.read_texts(as_text(article) for article in articles)

    def read_texts(self, texts: Iterable[Text]) -> Iterator[Reading]:
        """Yield one reading a text, in order; models get a handful of texts at a time, which changes no answer."""
        waiting: list[Text] = []
        for text in texts:
            if len(text.text) > LONGEST:
                raise TooLongError(f"{text.text_id}: {len(text.text)} tegn; høyst {LONGEST} leses")
            waiting.append(text)
            if len(waiting) == _TOGETHER:
                yield from self._read_some(waiting)
                waiting = []
        yield from self._read_some(waiting)

    def _read_some(self, texts: Sequence[Text]) -> Iterator[Reading]:
        parsed = list(self._entities.read([text.text for text in texts])) if texts else []
        vectors = self._embedder.embed([text.text for text in texts]) if self._embedder and texts else [()] * len(texts)
        for text, seen, vector in zip(texts, parsed, vectors, strict=True):
            yield self._read_one(text, seen, tuple(float(x) for x in vector))

    def _read_one(self, text: Text, seen: Parsed, vector: tuple[float, ...]) -> Reading:
        whole, sentences = text.text, seen.sentences
        language = detect(whole)
        links = self._linker.link(
            whole,
            seen.entities,
            sentences=sentences,
            published=text.published,
            fylke=self._fylker.get(text.source_id or ""),
        )
        pairs = self._gazetteer.tie_pairs
        ruled = find_ties(whole, sentences, links, pairs=pairs)
        judged = self._judge(whole, sentences, links, ruled)
        mentions = settle_ties(ruled, {tie: j.stated for tie, j in judged.items()}, sentences, links, pairs=pairs)
        events, claims = read_events(whole, sentences, links, mentions, judged, text.published)
        opinion = text.kind in ("opinion", "unknown")
        return Reading(
            article_id=text.text_id,
            version=text.version,
            content_hash=text.content_hash or content_hash("", "", whole),
            model_version=self.model_version,
            language=language,
            entities=seen.entities,
            links=links,
            mentions=mentions,
            events=fitting(whole, events, mentions, sentences, links, pairs),
            stances=find_stances(whole, sentences, mentions, claims, judged) if opinion and mentions else (),
            signature=sign(whole),
            embedding=vector,
            opinion_form=find_opinion_form(text.title, whole),
        )

    def _judge(
        self, text: str, sentences: Sequence[tuple[int, int]], links: Sequence[Link], ruled: Sequence[TieMention]
    ) -> dict[Tie, Judgement]:
        """What the trained reader thinks of the pairs; of pairs that will not be kept, only whether they are stated."""
        pairs = self._gazetteer.tie_pairs
        if self._pairs is None or not (ties := candidate_pairs(text, sentences, links, pairs=pairs)):
            return {}

        def worth(judged: Mapping[Tie, Judgement]) -> list[Tie]:
            stated = {tie: judgement.stated for tie, judgement in judged.items()}
            kept = {mention.tie for mention in settle_ties(ruled, stated, sentences, links, pairs=pairs)}
            return [tie for tie in ties if tie in kept]

        lists = city_lists(text, links)
        return {j.tie: j for j in self._pairs.read(text, sentences, links, ties, lists=lists, worth=worth)}


def load_reader(settings: ReadSettings) -> Reader:
    """Load what the settings name; raises FileNotFoundError that says which weights are missing.

    Without the file of the trained tie reader the rules read alone.
    """
    gazetteer = load_gazetteer()
    entities = NoEntities() if settings.entities == "none" else load_entities(settings.entities or settings.tier)
    embedder = None
    if settings.embedding not in ("", "none"):
        embedder = load_embedder(None if settings.embedding == "shipped" else settings.embedding)
    return Reader(
        entities=entities,
        gazetteer=gazetteer,
        linker=Linker(gazetteer),
        pairs=PairReader.load(settings.pairs) if settings.pairs and settings.pairs.is_file() else None,
        embedder=embedder,
        fylker=settings.fylker,
    )
