"""How right readings are, measured on labelled texts: kommuner, cities, ties, events, and what went wrong most.

The labels are those of `shared/gold/guidelines.md`: what is marked borderline counts neither way.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp.places import Gazetteer
from nlp.read import Text
from nlp.reading import Reading

SAID = ("happened", "proposed", "historical")


@dataclass(slots=True, kw_only=True)
class Tally:
    """Right, wrong and missed answers of one class."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the answers that are right; 0 where there are none."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Share of the truth that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


@dataclass(slots=True, kw_only=True)
class Scores:
    """All tallies of one evaluation, by group (`kommune`, `city`, `tie`, `event`, `action`, `stance`) and class."""

    texts: int = 0
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    misses: list[dict[str, Any]] = field(default_factory=list)

    def tally(self, group: str, name: str = "all") -> Tally:
        """The tally of a class, made when first asked for."""
        return self.tallies.setdefault((group, name), Tally())

    def as_json(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {
            "texts": self.texts,
            "scores": [
                {
                    "group": group,
                    "class": name,
                    "precision": round(tally.precision, 4),
                    "recall": round(tally.recall, 4),
                    "f1": round(tally.f1, 4),
                    "right": tally.right,
                    "wrong": tally.wrong,
                    "missed": tally.missed,
                }
                for (group, name), tally in sorted(self.tallies.items())
            ],
            "misses": self.misses,
        }


def read_gold(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the labelled texts; raises ValueError that names file and line of a bad one."""
    for number, line in enumerate(path.read_text("utf8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            record["text"], record["mentions"], record["ties"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}:{number}: ikke en merket tekst ({error})") from None
        yield record


def as_text(record: Mapping[str, Any]) -> Text:
    """Lay a labelled text out for reading, with no more than its text and date."""
    return Text(text_id=str(record.get("id", "")), text=record["text"])


def evaluate(pairs: Iterable[tuple[Mapping[str, Any], Reading]], gazetteer: Gazetteer) -> Scores:
    """Compare readings with their labels."""
    scores = Scores()
    for record, reading in pairs:
        scores.texts += 1
        language = record.get("lang") or record.get("language") or reading.language
        _score_mentions(scores, record, reading, gazetteer)
        _score_ties(scores, record, reading, gazetteer, language)
    return scores


def fold(name: str) -> str:
    """A name without case, accents and signs, for comparing spellings."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ð", "d").replace("þ", "th").replace("ø", "o"))
    return "".join(letter for letter in plain if letter.isalnum())


def _spellings(gazetteer: Gazetteer, place_id: str) -> set[str]:
    place = gazetteer.get(place_id)
    if place is None:
        return set()
    return {fold(place.name), fold(place.name_en), *(fold(name.text) for name in place.names)}


def _numbers(gazetteer: Gazetteer, place_id: str) -> set[str]:
    place = gazetteer.get(place_id)
    return {today.kommune_number for today in gazetteer.today(place) if today.kommune_number} if place else set()


def _score_mentions(scores: Scores, record: Mapping[str, Any], reading: Reading, gazetteer: Gazetteer) -> None:
    text = record["text"]
    gold = [_as_mention(mention, text) for mention in record["mentions"]]
    open_spans = [
        (entry["start"], entry["end"])
        for entry in record.get("borderline", ())
        if "start" in entry and str(entry.get("why", "")).startswith("mention:")
    ] + [(m["start"], m["end"]) for m in gold if m["kind"] == "borderline"]
    traps = [(m["start"], m["end"], m["info"]) for m in gold if m["kind"] == "trap"]
    taken: set[int] = set()
    links = [link for link in reading.links if link.place_id and link.kind in ("kommune", "city")]
    for mention in gold:
        if mention["kind"] not in ("kommune", "city"):
            continue
        hit = None
        for number, link in enumerate(links):
            if (
                number in taken
                or link.kind != mention["kind"]
                or not (link.start < mention["end"] and mention["start"] < link.end)
            ):
                continue
            names = (_numbers if link.kind == "kommune" else _spellings)(gazetteer, link.place_id or "")
            wanted = mention["id"] if link.kind == "kommune" else fold(mention["id"])
            if wanted in names:
                hit = number
                break
        if hit is None:
            scores.tally(mention["kind"]).missed += 1
            scores.misses.append(
                _miss(record, mention["kind"], "mangler", text[mention["start"] : mention["end"]], mention["id"])
            )
        else:
            taken.add(hit)
            scores.tally(mention["kind"]).right += 1
    for number, link in enumerate(links):
        span = (link.start, link.end)
        if number in taken or any(start < span[1] and span[0] < end for start, end in open_spans):
            continue
        scores.tally(link.kind).wrong += 1
        scores.misses.append(
            _miss(record, link.kind, "for mye", text[link.start : link.end], f"{link.place_id}: {link.rule}")
        )
    for start, end, info in traps:
        bad = any(link.start < end and start < link.end for link in links)
        tally = scores.tally("trap", _trap_class(info))
        tally.right += not bad
        tally.wrong += bad


_TRAPS = (
    ("club", ("club", "player", "handball", "football", "volleyball", "band")),
    ("person", ("surname", "given name", "king", "person")),
    ("newspaper", ("newspaper", "magazine", "paper title")),
    ("institution", ("hospital", "school", "museum", "airport", "facility", "lighthouse", "bridge", "stadium")),
    ("company or ship", ("company", "ship", "mill", "power contract", "sponsorship")),
    ("common word", ("adverb", "noun", "common", "epithet", "the sun", "title")),
    ("no tie", ("tie", "friendship", "dismiss")),
    ("event", ("regatta", "race", "event", "movement", "festival")),
    ("other place", ("hamlet", "neighbourhood", "island", "region")),
)  # fmt: skip


def _trap_class(info: str) -> str:
    """One of a handful of classes for the labellers' free words; the first that fits."""
    words = info.lower()
    return next((name for name, keys in _TRAPS if any(key in words for key in keys)), "other")


def _as_mention(mention: Mapping[str, Any], text: str) -> dict[str, Any]:
    return {
        "start": mention["start"],
        "end": mention["end"],
        "kind": mention.get("kind") or mention.get("label"),
        "id": mention.get("id") or mention.get("info") or text[mention["start"] : mention["end"]],
        "info": mention.get("info") or "",
    }


def _score_ties(
    scores: Scores, record: Mapping[str, Any], reading: Reading, gazetteer: Gazetteer, language: str
) -> None:
    gold_ties: dict[tuple[str, str], Mapping[str, Any]] = {
        (tie["kommune_number"], fold(tie["city_en"])): tie for tie in record["ties"]
    }
    open_ties, open_events = _left_open(record)
    found: dict[tuple[str, str], set[str]] = {}
    for mention in reading.mentions:
        key = _key(mention.tie.kommune_id, mention.tie.city_id, gold_ties, open_ties, gazetteer)
        found.setdefault(key, set())
    for event in reading.events:
        if event.factuality in SAID:
            key = _key(event.tie.kommune_id, event.tie.city_id, gold_ties, open_ties, gazetteer)
            found.setdefault(key, set()).add(event.action)
    for key in gold_ties.keys() | found.keys():
        if key in open_ties:
            continue
        right, wrong = key in gold_ties and key in found, key not in gold_ties
        for name in ("all", language):
            _count(scores.tally("tie", name), right, wrong)
        if not right:
            scores.misses.append(_miss(record, "tie", "for mye" if wrong else "mangler", f"{key[0]} – {key[1]}", ""))
        told = {action for action in gold_ties.get(key, {}).get("actions", ()) if action != "mentioned"}
        for action in sorted(told | found.get(key, set())):
            if (*key, action) in open_events and action not in told:
                continue
            right, wrong = action in told and action in found.get(key, set()), action not in told
            for group, name in (("event", "all"), ("event", language), ("action", action)):
                _count(scores.tally(group, name), right, wrong)
            if not right:
                scores.misses.append(
                    _miss(
                        record,
                        "event",
                        "for mye" if wrong else "mangler",
                        f"{key[0]} – {key[1]}: {action}",
                        _why(reading, action),
                    )
                )
    for tie in record["ties"]:
        if tie.get("stance"):
            scores.misses.extend(_score_stance(scores, record, reading, tie, gazetteer))


def _score_stance(
    scores: Scores, record: Mapping[str, Any], reading: Reading, gold: Mapping[str, Any], gazetteer: Gazetteer
) -> list[dict[str, Any]]:
    said = "none"
    for stance in reading.stances:
        if gold["kommune_number"] in _numbers(gazetteer, stance.tie.kommune_id) and fold(gold["city_en"]) in _spellings(
            gazetteer, stance.tie.city_id
        ):
            said = stance.stance
    if said == gold["stance"]:
        scores.tally("stance", said).right += 1
        return []
    scores.tally("stance", said).wrong += 1
    scores.tally("stance", gold["stance"]).missed += 1
    return [
        _miss(
            record, "stance", "feil", f"{gold['kommune_number']} – {gold['city_en']}", f"{said}, ikke {gold['stance']}"
        )
    ]


def _key(
    kommune_id: str,
    city_id: str,
    gold: Mapping[tuple[str, str], Any],
    left_open: set[tuple[str, str]],
    gazetteer: Gazetteer,
) -> tuple[str, str]:
    numbers, names = _numbers(gazetteer, kommune_id), _spellings(gazetteer, city_id)
    for number, name in (*gold, *sorted(left_open)):
        if number in numbers and name in names:
            return number, name
    place = gazetteer.get(city_id)
    return min(numbers, default=kommune_id), fold(place.name_en) if place else city_id


def _left_open(record: Mapping[str, Any]) -> tuple[set[tuple[str, str]], set[tuple[str, str, str]]]:
    ties: set[tuple[str, str]] = set()
    events: set[tuple[str, str, str]] = set()
    for entry in record.get("borderline", ()):
        if entry.get("kommune_number") and entry.get("city_en"):
            key = (entry["kommune_number"], fold(entry["city_en"]))
            if str(entry.get("why", "")).startswith("tie:"):
                ties.add(key)
            events.update((*key, action) for action in entry.get("actions", ()))
    return ties, events


def _count(tally: Tally, right: bool, wrong: bool) -> None:
    if right:
        tally.right += 1
    elif wrong:
        tally.wrong += 1
    else:
        tally.missed += 1


def _why(reading: Reading, action: str) -> str:
    return "; ".join(sorted({event.rule for event in reading.events if event.action == action}))


def _miss(record: Mapping[str, Any], group: str, what: str, item: str, why: str) -> dict[str, Any]:
    return {"id": record.get("id", ""), "group": group, "what": what, "item": item, "why": why}


def worst(scores: Scores, most: int = 12) -> Sequence[dict[str, Any]]:
    """The texts with most misses first, events and ties before mentions."""
    weight = {"event": 3, "tie": 3, "stance": 2, "kommune": 1, "city": 1}
    per_text: Counter[str] = Counter()
    for miss in scores.misses:
        per_text[miss["id"]] += weight.get(miss["group"], 1)
    order = {text: rank for rank, (text, _) in enumerate(per_text.most_common())}
    return sorted(scores.misses, key=lambda miss: (order[miss["id"]], -weight.get(miss["group"], 1)))[:most]
