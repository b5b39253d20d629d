"""How papers mark opinion: labels, disclaimers of all periods, sections, and who signs at the foot of a post."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawlers.article import Author, OpinionForm

_FORMS: tuple[tuple[OpinionForm, str], ...] = (
    (
        "leserbrev",
        r"leserbrev(?:et)?|leserinnlegg(?:et)?|lesarbrev(?:et)?|lesarinnlegg(?:et)?|lesernes mening|lohkkiid oaivil",
    ),
    ("kronikk", r"kronikk(?:en|er)?|kronihkka|gjestekommentar|essay"),
    (
        "leder",
        r"leder(?:en|artikkel(?:en)?)?|leiar(?:en|artikkel(?:en)?)?|på lederplass|editorial"
        r"|(?:avisa|redaksjonen|[\wæøå]{2,12}) mener",
    ),
    ("kommentar", r"kommentar(?:en|er)?|apropos|spaltist(?:en)?|signert|petit|commentary|analyse|[\w. ]{3,30} says"),
    (
        "debatt",
        r"debatt(?:en|innlegg(?:et)?)?|innlegg(?:et)?|ordskifte(?:t)?|replikk(?:en)?|op-?eds?|digástallan|svar",
    ),
)
_LABEL = {form: re.compile(rf"^(?:{words})\s*[:.|–-]?$", re.IGNORECASE) for form, words in _FORMS}
_ANY = re.compile(r"^(?:meninger|meining(?:ar)?|mening|opinion|ytring(?:er|en)?|oaivilat)\s*[:.|–-]?$", re.IGNORECASE)
_KICKER = re.compile(
    r"^(?P<label>(?i:debatt|kronikk|leserinnlegg|leserbrev|lesarbrev|kommentar|leder|meninger|apropos))"
    r"(?:\s*:\s*|\s*\n\s*|(?=[A-ZÆØÅ«–]))"
)
_GLUED = re.compile(
    r"^(?P<label>Meninger|Debattinnlegg|Debatt|Kronikk|Leserinnlegg|Leserbrev|Lesarbrev|Kommentar|Lederartikkel|Leder|Apropos)"
    r"(?=[A-ZÆØÅ«–]|\s*:|\s+Dette er )"
)
_THINKS = r"(?:gir|gjev) uttrykk for [^.]{3,60}"
_WORDINGS: tuple[tuple[OpinionForm | None, str], ...] = (
    ("debatt", r"dette er et debattinnlegg(?:, skrevet av en ekstern bidragsyter)?\s*\.\s*(?:innlegget {thinks}\.?)?"),
    ("debatt", r"dette er eit debattinnlegg(?:, skrive av ein ekstern bidragsytar)?\s*\.\s*(?:innlegget {thinks}\.?)?"),
    ("leserbrev", r"dette er et leser(?:brev|innlegg)(?:, skrevet av en ekstern bidragsyter)?\s*\.\s*"
                  r"(?:(?:innlegget|leserbrevet|leserinnlegget) {thinks}\.?)?"),
    ("leserbrev", r"dette er eit lesar(?:brev|innlegg)(?:, skrive av ein ekstern bidragsytar)?\s*\.\s*"
                  r"(?:(?:innlegget|lesarbrevet|lesarinnlegget) {thinks}\.?)?"),
    ("kronikk", r"dette er e(?:n|in) kronikk(?:, skr(?:evet|ive) av e(?:n|in) ekstern bidragsyt(?:e|a)r)?\s*\.\s*"
                r"(?:kronikken {thinks}\.?)?"),
    ("kronikk", r"meninger i kronikker står for skribentens regning\s*\.?"),
    (None, r"meninger i (?:teksten|innlegget|artikkelen) står for skribentens regning\s*\.?"),
    ("leder", r"dette er en leder(?:artikkel)?(?:, skrevet av [^.]{3,60})?\s*\.\s*"
              r"(?:(?:lederen|lederartikkelen|artikkelen) {thinks}\.?)?"),
    ("kommentar", r"dette er en kommentar(?:artikkel)?(?:, skrevet av [^.]{3,60})?\s*\.\s*"
                  r"(?:(?:kommentaren|artikkelen) {thinks}\.?)?"),
    ("kommentar", r"this (?:is a )?commentary[^.]{0,60}member of the editorial staff[^.]{0,80}\."
                  r"(?:[^.]{0,60}writer.s(?: own)? opinions?\s*\.?)?"),
    ("debatt", r"this is an op-?ed,? written by an external contributor\s*\.\s*"
               r"(?:all views expressed are the writer.?s(?: own)? opinions?\s*\.?)?"),
    (None, r"du leser nå en meningsartikkel\s*\.\s*(?:den uttrykker skribentens mening(?:er)?\s*\.?)?"),
    (None, r"dette er en meningsytring\s*\.?\s*(?:innholdet {thinks}\.?)?"),
)  # fmt: skip
_DISCLAIMERS = tuple(
    (form, re.compile(wording.replace("{thinks}", _THINKS), re.IGNORECASE)) for form, wording in _WORDINGS
)
_PLACE_LINE = re.compile(r"^[A-ZÆØÅ][\w.’'æøåÆØÅ-]+(?: [\w.’'æøåÆØÅ-]+){1,3}(?:\s*[,–/(].{2,90})?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """Whether marks of opinion were found, and of which form where they tell."""

    opinion: bool
    form: OpinionForm | None = None


def label(text: str) -> Marking | None:
    """Read a short text as an opinion label: `Leserbrev`, `Kronikk:`, `HT mener:`; None where it is none."""
    text = " ".join(text.split())
    if not 3 <= len(text) <= 40:
        return None
    for form, pattern in _LABEL.items():
        if pattern.match(text):
            return Marking(opinion=True, form=form)
    return Marking(opinion=True) if _ANY.match(text) else None


def segment(words: list[str]) -> OpinionForm | None:
    """Return the form that a part of an address names, the last one first: `/meninger/leserinnlegg/` is leserbrev."""
    for word in reversed(words):
        if (found := label(word.replace("-", " "))) and found.form:
            return found.form
    return None


def strip_disclaimer(text: str) -> tuple[str, Marking | None]:
    """Cut disclaimers and a label glued to the next word out of a text; returns what is left and what they say."""
    marking: Marking | None = None
    if len(text) < 5:
        return text, None
    lowered = text.lower()
    if "dette er e" in lowered or "this " in lowered or "mening" in lowered:
        for form, pattern in _DISCLAIMERS:
            if match := pattern.search(text):
                before = text[: match.start()].strip()
                glued = label(before)
                text = f"{'' if glued else before} {text[match.end() :].lstrip()}".strip()
                if marking is None or marking.form is None:
                    marking = Marking(opinion=True, form=(glued.form if glued else None) or form)
    return text, marking


def strip_label(text: str) -> tuple[str, Marking | None]:
    """Cut a label glued to the front of a lead (`MeningerVi må …`, `Debatt: Vi må …`); only for known opinion pages."""
    match = _GLUED.match(text) or _KICKER.match(text)
    if match is None:
        return text, None
    found = label(match["label"])
    return (text[match.end() :].lstrip(" :\n"), found) if found else (text, None)


def signatures(paragraphs: list[str]) -> tuple[Author, ...]:
    """Read who signs a post from its last lines: `Kari Hansen, leder, Vadsø SV`; empty where nobody does.

    Reads at most six lines from the end, upwards, as long as they look like a name of two to four words.
    """
    found: list[Author] = []
    lines = [line for paragraph in paragraphs[-6:] for line in paragraph.split("\n")][-6:]
    for line in reversed(lines):
        line = line.strip().rstrip(".")
        if len(line) > 110 or not _PLACE_LINE.match(line):
            break
        signed = people(line)
        if not signed or not all(is_name(author.name) for author in signed):
            break
        found[:0] = signed
    return tuple(found)


_PARTICLES = frozenset(["von", "van", "der", "de", "den", "av", "af", "la", "bin", "al", "di", "du", "ter", "dos"])
_NO_NAME = frozenset(
    re.findall(
        r"\S+",
        """
        arbeiderpartiet høyre fremskrittspartiet senterpartiet venstre rødt kommune fylkeskommune redaksjonen leder
        nestleder ordfører  styret styreleder universitetet norges norsk norske tromsø bodø kirkenes avisa nrk ntb
        partiet ap sv sp frp krf mdg inp  fylkesting kommunestyre stortinget regjeringen foreningen forbundet
        høgskolen rådmann skole hilsen kilde foto les se  lokallag fylkeslag fagforbundet ungdom sentrum nord sør
        øst vest lag klubb as asa ks lo nho norge god jul leve heia nei ja takk
        """,
    )
)
_WORD = re.compile(r"^(?:[A-ZÆØÅÁČĐŊŠŦŽÖÄÜ][\w’'æøåáčđŋšŧž]*\.?(?:-[A-ZÆØÅÁČĐŊŠŦŽ]?[\w’']+)*)$")


def is_name(text: str) -> bool:
    """Return whether a text looks like a person's name: two to five capitalised words, none a party or office."""
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > 60:
        return False
    if any(word.lower().strip(".") in _NO_NAME for word in words):
        return False
    return all(_WORD.match(word) or word.lower() in _PARTICLES for word in words) and bool(_WORD.match(words[0]))


_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_ROLE_IN_BRACKETS = re.compile(r"^(?P<name>[^()]{3,60}?)\s*\((?P<role>[^()]{2,60})\)$")
_AND = re.compile(r"\s+(?:og|and|ja|&)\s+")


def people(text: str) -> tuple[Author, ...]:
    """Read a byline: `A, B og C`; `Name, role, place`; `Name / Role`; `Name (Ap)`; else one name as printed.

    Addresses and leading words such as "Av" or "Tekst:" are dropped.
    """
    text = " ".join(_EMAIL.sub(" ", text).split()).strip(" ,;/|–-")
    text = re.sub(
        r"^(?:av|tekst(?: og foto)?|skrevet av|forfatter|by)\s*:?\s+(?=[A-ZÆØÅ])", "", text, flags=re.IGNORECASE
    )
    text = re.sub(r"\s*\(foto\)\s*", " ", text, flags=re.IGNORECASE).strip()
    if not text or len(text) > 300:
        return ()
    if is_name(text):
        return (Author(name=text),)
    if match := _ROLE_IN_BRACKETS.match(text):
        return (Author(name=match["name"].strip(), role=match["role"].strip()),)
    if " / " in text:
        name, role = (part.strip() for part in text.split(" / ", 1))
        if name and role:
            return (Author(name=name, role=role),)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    ends = _AND.split(parts[-1]) if parts else []
    if len(ends) > 1 and all(is_name(part) for part in [*parts[:-1], *ends]):
        return tuple(Author(name=name) for name in [*parts[:-1], *ends])
    if len(parts) > 1 and all(is_name(part) for part in parts):
        return tuple(Author(name=name) for name in parts)
    if len(parts) > 1 and is_name(parts[0]):
        return (Author(name=parts[0], role=", ".join(parts[1:])),)
    if len(parts) > 1 and (several := _AND.split(parts[0])) and len(several) > 1 and all(map(is_name, several)):
        return tuple(Author(name=name, role=", ".join(parts[1:])) for name in several)
    for dash in (" – ", " - ", " | "):
        name, _, role = text.partition(dash)
        if role and is_name(name):
            return (Author(name=name, role=role.strip()),)
    return (Author(name=text),)


def merge(first: tuple[Author, ...], second: tuple[Author, ...]) -> tuple[Author, ...]:
    """Join two bylines by name, ignoring case; a role known to only one of them is kept."""
    found: dict[str, Author] = {}
    for author in (*first, *second):
        key = author.name.casefold()
        if key not in found:
            found[key] = author
        elif found[key].role is None and author.role:
            found[key] = Author(name=found[key].name, role=author.role)
    return tuple(found.values())
