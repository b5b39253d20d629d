"""What stands among the paragraphs and is no running text: pointers, adverts, agency marks, corrections, addresses."""

from __future__ import annotations

import re

from crawlers.page import Block, clean

LONGEST_POINTER = 400
LONGEST_CORRECTION = 800

_POINTERS = (
    r"les (?:også|òg|mer|meir|hele saken|saken|innlegget|kronikken|svaret)",
    r"se (?:også|òg|video(?:en)?)",
    r"hør også|lytt til|følg saken|flere saker|mer om|siste fra|anbefalte saker|relaterte saker",
    r"lohk+[áa] maid|lue myös|read (?:also|more)",
)
_ALSO = re.compile(
    rf"^[\s–—\-•>»▶►●*|]*(?:{'|'.join(_POINTERS)})\b"
    r"(?:\s*(?:her|på [\w. ]{2,20}|om [^:]{2,40}|\(\+\)|i [\w. ]{2,30}))?\s*(?P<colon>:|$)?",
    re.IGNORECASE,
)
_LINES = (
    r"annonse|annonsør(?:innhold)?|reklame|advertisement|abonner|logg inn|tips oss|kortversjonen|kort fortalt",
    r"(?:saken|artikkelen) fortsetter (?:under|etter) (?:bildet|annonsen|videoen|annonse|bilde)\.?",
    r"vis mer|vis mindre|del artikkel(?:en)?|del saken|kommenter(?:er)?|kommentarfelt(?:et)?|gå til forsiden",
    r"til toppen|skriv ut|last ned|powered by labrador cms|saken oppdateres\.?",
    r"pushvarsel!.{0,80}|vis flere|skal du delta i kommentarfelt.{0,120}|javascript er skrudd av.{0,120}",
    r"artikkelen er (?:over|mer enn|flere) (?:\w+ )?år gammel\.?|les hele saken med abonnement.{0,40}",
    r"(?:foto|photo|illustrasjon|video|arkivfoto|skjermdump)\s*:\s*[^.!?]{2,80}",
    r"(?:publisert|sist oppdatert|oppdatert)\s*:?\s*[\d.\s:,kl-]{6,30}(?:[-–|]?\s*av\b.{0,60})?",
)
_LINE = re.compile(rf"^(?:{'|'.join(_LINES)})\s*$", re.IGNORECASE)
_POINTING = re.compile(r"^(?:les|se|lytt|hør)\b", re.IGNORECASE)

_AGENCY = re.compile(r"\s*[(\[]\s*(?:©|\(c\)|&copy;)?\s*NTB\s*[)\]]\s*\.?\s*$|\s*©\s*NTB\s*$")
_DATELINE = re.compile(r"^[A-ZÆØÅ][\w .ÆØÅæøå/-]{1,40}\s*\(NTB(?:-\w+)?\)\s*:?\s")

_STORY = r"(?:denne |dette |den )?(?:saken|saka|artikkelen|innlegget|teksten|nyhetssaken)"
_CORRECTION = re.compile(
    "|".join(
        (
            r"\bnrk (?:retter|rettar|beklager|beklagar)\b",
            rf"\b(?:i en tidligere|i ein tidlegare) (?:versjon|utgave|utgåve) av {_STORY}\b",
            r"\b(?:rettelse|retting|presisering|korrigering|rettet)\s*:",
            r"\bdet er gjort endring(?:ar|er)\b(?: (?:i|på) (?:saken|saka|artikkelen))?",
            r"\bartikkelen er (?:endra|endret|rettet|retta)\b",
            r"\b(?:saken|saka) er (?:rettet|retta|endret|endra|korrigert)\b",
            r"^(?:i en tidligere (?:versjon|utgave)|i ein tidlegare (?:versjon|utgåve))\b",
        )
    ),
    re.IGNORECASE,
)
# Cheap pieces, one of which every wording of a correction has; asked before the slow pattern.
_CORRECTS = ("versjon", "utg", "rett", "Rett", "eklag", "resisering", "orrigering", "endr")

_EMAIL = re.compile(
    r"(?:\b(?:e-?post|mail|e-mail)\s*:?\s*)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.IGNORECASE
)
_PHONE = re.compile(
    r"\b(?:tlf|tel|telefon|mobil|mob)\.?(?:nummer)?\s*:?\s*(?:\+47\s*)?\d(?:[ .]?\d){7}\b\.?", re.IGNORECASE
)
_PHONES = ("lf", "el", "ob")


def is_boilerplate(block: Block) -> bool:
    """Return whether a block points elsewhere, sells, or belongs to the page and not to the text."""
    text = block.text
    if len(text) > LONGEST_POINTER:
        return False
    if _LINE.match(text):
        return True
    if match := _ALSO.match(text):
        rest = text[match.end() :].strip()
        # "Les også boka …" in running text has neither a colon nor a link over most of it.
        return bool(match["colon"]) or not rest or len(block.linked) >= 0.6 * len(rest) > 0
    if len(block.linked) >= 0.9 * len(text) and _POINTING.match(text):
        return True
    return "simple-relation" in block.classes or "related-teaser" in block.classes


def is_correction(text: str) -> bool:
    """Return whether a paragraph of at most 800 characters is a note of correction; "opprettelse:" is none."""
    if len(text) > LONGEST_CORRECTION or not any(word in text for word in _CORRECTS):
        return False
    return bool(_CORRECTION.search(text))


def strip_agency(text: str, *, first: bool = False) -> tuple[str, str | None]:
    """Cut the agency's mark at the end of a text; returns the agency where a mark, or a `first` dateline, names one."""
    if "NTB" not in text:
        return text, None
    shorter = _AGENCY.sub("", text)
    if shorter != text:
        return shorter, "NTB"
    return text, "NTB" if first and _DATELINE.match(text) else None


def strip_contact(text: str) -> str:
    """Cut e-mail addresses and labelled phone numbers with the words that announce them; they are never stored."""
    shorter = _EMAIL.sub("", text) if "@" in text else text
    if any(word in text for word in _PHONES):
        shorter = _PHONE.sub("", shorter)
    if shorter == text:
        return text
    lines = (re.sub(r"\s+([.,;:)])", r"\1", clean(line)) for line in shorter.split("\n"))
    return "\n".join(line for line in lines if line)
