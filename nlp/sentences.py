"""Words and sentences of Norwegian text, as character offsets. No model is needed."""

from __future__ import annotations

import re
from functools import cache

import spacy
from spacy.language import Language

# Never the end of a sentence before a capital: something must follow ("kl. 12", "St. Olav", "jf. Stortinget").
_ABBREVIATIONS = """
adm. adv. alm. art. ass. avd. bd. bl.a. ca. cand. d.v.s. dir. dr. dvs. eg. eks. eng. ev. evt. f. f.eks. f.v. fhv. fr.
frk. fung. fv. gen. gl. gt. hhv. hr. inkl. ing. int. jf. jfr. jr. kap. kapt. kl. kol. kst. lat. lt. m.a. maks. mag. min.
mr. mrs. ms. n.n. nem. norv. nr. ny. nyno. o. oblt. op. oppl. ordf. p.g.a. pga. pr. prof. red. ref. rep. rv. s. s.k.
sen. sgt. siv. sml. spes. st. stk. str. stud. sv. t.d. t.eks. t.v. tekn. tlf. tv. ty. u. utg. v. vgs. vs. å. årg.
"""
_OPEN = frozenset(_ABBREVIATIONS.split())
_MONTH_NAMES = "januar februar mars april mai juni juli august september oktober november desember"
_MONTHS = frozenset(_MONTH_NAMES.split())
_END = re.compile(
    r"""(?P<stop>\.{1,}|[!?…]+[.!?…]*)      # the stop itself
        (?P<close>["'»”’)\]]*)               # what closes after it
        (?P<gap>[^\S\n]+|(?=[–—][^\S\n]))    # space before the next
    """,
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"[^\s(\[«“\"]*$")
_OPENERS = "\"'«“”‘(["
_DASHES = "-–—−"
_BLANK = re.compile(r"\n(?:[^\S\n]*\n)+")
_WRAPPED_LINE = 50


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences as (start, end) without the white space around them.

    A blank line always ends a sentence. A single line break does too, unless the line looks wrapped (long, no stop at
    its end) or the next line goes on in lower case.
    """
    sentences: list[tuple[int, int]] = []
    for start, end in paragraphs(text):
        sentences.extend(_split_paragraph(text, start, end))
    return tuple(sentences)


def paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Return the paragraphs as (start, end) without the white space around them."""
    found: list[tuple[int, int]] = []
    at = 0
    for piece in _BLANK.split(text):
        start = text.index(piece, at) if piece else at
        at = start + len(piece)
        line_start = start
        lines = piece.split("\n")
        position = start
        for number, line in enumerate(lines):
            line_end = position + len(line)
            last = number == len(lines) - 1
            if last or not _is_wrapped(line, lines[number + 1]):
                _add(found, text, line_start, line_end)
                line_start = line_end + 1
            position = line_end + 1
    return tuple(found)


def _is_wrapped(line: str, following: str) -> bool:
    line, following = line.rstrip(), following.lstrip()
    if not line or not following:
        return False
    if following[0].islower():
        return True
    if following[0] in _DASHES + "•*":
        return False
    return len(line) >= _WRAPPED_LINE and line[-1] not in '.!?:…"»”'


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and (text[start].isspace() or text[start] == "\0"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == "\0"):
        end -= 1
    if start < end:
        found.append((start, end))


def _split_paragraph(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if match.end() < end and _ends_sentence(text, begin, match, end):
            _add(found, text, begin, match.end("close"))
            begin = match.end("close")
    _add(found, text, begin, end)
    return found


def _ends_sentence(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    following = text[match.end() : min(end, match.end() + 40)].lstrip()
    if not following:
        return False
    head = following.lstrip(_OPENERS)
    dashed = head[:1] in tuple(_DASHES) and head[1:2].isspace()
    if dashed:
        head = head[1:].lstrip().lstrip(_OPENERS)
    if not head or head[0].islower():
        return False
    if match["stop"] != "." or match["close"]:
        return True
    if dashed:
        return True
    before = _WORD_BEFORE.search(text, max(begin, match.start() - 40), match.start())
    word = (before.group() if before else "").lower()
    if word + "." in _OPEN:
        return False
    if len(word) == 1 and word.isalpha():  # an initial: "Per A. Hansen"
        return text[match.start() - 1].islower()
    if re.fullmatch(r"(?:\w\.)+\w", word):  # "D.C.", "m.m.", "o.l."
        return text[match.start() - 1].islower()
    if word.isdigit() and len(word) <= 2:  # "26. april", "Harald 5. Konge"
        return head.split()[0].lower() not in _MONTHS and not head[0].isdigit()
    return True


@cache
def _tokenizer() -> Language:
    return spacy.blank("nb")


def tokenise(text: str) -> tuple[tuple[int, int], ...]:
    """Return the words and signs of the text as (start, end); white space is no token.

    spaCy's Norwegian rules, but the full stop that ends a sentence is always a token of its own ("… og Ap.").
    """
    stops = {end for _start, end in split_sentences(text)}
    return split_tokens(text, stops)


def split_tokens(text: str, sentence_ends: set[int]) -> tuple[tuple[int, int], ...]:
    """Return the tokens, given where the sentences end."""
    tokens: list[tuple[int, int]] = []
    for token in _tokenizer().tokenizer(text):
        if token.is_space:
            continue
        start, end = token.idx, token.idx + len(token)
        if end in sentence_ends and end - start > 1 and text[end - 1] == "." and text[end - 2] != ".":
            tokens += [(start, end - 1), (end - 1, end)]
        else:
            tokens.append((start, end))
    return tuple(tokens)
