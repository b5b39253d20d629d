"""The digest as a letter: laid out once, then written as text (72 columns) and as HTML with inline pictures.

Both forms are made from the same `Letter`, so neither says what the other does not.
"""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, TypeVar

import css_inline
import jinja2

from digest import charts
from digest.mail import UNSUBSCRIBE, Content
from digest.week import Course, Digest, News, NewTie, Outage, Post, Print, Shift, Silent, Stand, Step, TieName
from digest.words import (
    Language,
    body_name,
    clauses,
    count,
    counted,
    country_name,
    cut,
    day,
    decimal,
    decision_day,
    form_name,
    headline,
    label,
    listed,
    moment,
    plain,
    quoted,
    safe_link,
    say,
    sentence_case,
    slug,
    source_state,
    span,
    stance_name,
    status_name,
)

COLUMNS = 72
SUBJECT = 90
"""Most characters of a subject; phones show the first forty or so, so the news comes first."""
MOST = {
    "decisions": 12,
    "earlier": 5,
    "proposals": 8,
    "unsure": 6,
    "attention": 3,
    "debates": 6,
    "silent": 5,
    "ukraine": 5,
}
_CHARTED = 6
_QUIET_SILENT = 3
_MOST_TIES = 4
Tone = Literal["sure", "unsure", "open", "plain"]
_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A short remark, with a link where there is one."""

    text: str
    link: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An inline picture: content id, PNG, what it shows in words, and its figures alone for mail without pictures."""

    cid: str
    png: bytes
    alt: str
    figures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item: a tag, a headline, when and who, the sentence, the source, remarks, a picture, ties and their pages."""

    headline: str
    tag: str = ""
    tone: Tone = "plain"
    url: str | None = None
    meta: str = ""
    quote: str | None = None
    source: Note | None = None
    notes: tuple[Note, ...] = ()
    picture: Picture | None = None
    ties: tuple[TieName, ...] = ()
    about: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section of the letter."""

    key: str
    title: str
    entries: tuple[Entry, ...]
    notes: tuple[Note, ...] = ()
    picture: Picture | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The whole digest in words of one language. `mark` says what kind of texts it is made of (demo), if any."""

    language: Language
    name: str
    mark: str
    subject: str
    week: str
    days: str
    summary: str
    remarks: tuple[str, ...]
    parts: tuple[Part, ...]
    closing: tuple[Note, ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, in order."""
        return tuple(
            picture
            for part in self.parts
            for picture in (part.picture, *(entry.picture for entry in part.entries))
            if picture
        )


def write_letter(
    digest: Digest, language: Language, *, title: str = "Bybånd", site: str = "", unsubscribe: bool = False
) -> Content:
    """Return the mail that tells a digest; `site` is the public address of the pages, if any.

    `title` may carry a mark in brackets, «Bybånd (demo …)», which then stands in subject and masthead. With
    `unsubscribe` the letter ends with the link that `mail.compose` makes each subscriber's own.
    """
    letter = lay_out(digest, language, title=title, site=site, unsubscribe=unsubscribe)
    return Content(
        subject=letter.subject,
        text=as_text(letter),
        html=as_html(letter),
        images={picture.cid: picture.png for picture in letter.pictures},
    )


def lay_out(
    digest: Digest, language: Language, *, title: str = "Bybånd", site: str = "", unsubscribe: bool = False
) -> Letter:
    """Put the digest into words: sections in the order of what matters, empty ones left out."""
    name, mark = _title(title)
    year, week, _ = digest.first_day.isocalendar()
    parts = (
        _decisions("decisions", digest.decisions, language, digest),
        _decisions("proposals", digest.proposals, language, digest),
        _decisions("unsure", digest.unsure, language, digest),
        _attention(digest, language),
        _debates(digest, language),
        _silent(digest, language),
        _ukraine(digest, language),
        _decisions("earlier", digest.earlier, language, digest),
        _outages(digest, language),
    )
    return Letter(
        language=language,
        name=name,
        mark=mark,
        subject=_subject(digest, language, mark),
        week=say(language, "week", week=week, year=year),
        days=span(language, digest.first_day, digest.last_day),
        summary=_summary(digest, language),
        remarks=tuple(
            remark
            for remark, applies in (
                (say(language, "running"), not digest.is_over),
                (
                    say(language, "your_wishes", what=_followed(digest, language)),
                    bool(digest.followed) or digest.only_decisions,
                ),
            )
            if applies
        ),
        parts=tuple(_with_links(part, language, site) for part in parts if part),
        closing=_closing(digest, language, site, unsubscribe),
    )


def _with_links(part: Part, language: Language, site: str) -> Part:
    """Lead from each entry to the site's pages of its ties, where there is a site."""
    if not safe_link(site):
        return part

    def link(tie: TieName) -> str:
        return f"{site.rstrip('/')}/avtaler/{slug(tie.tie_id)}.html"

    def linked(entry: Entry) -> Entry:
        if len(entry.ties) == 1 and part.key in ("silent", "attention", "ukraine"):
            return replace(entry, url=link(entry.ties[0]))
        about = tuple(
            Note(text="", link=say(language, "all_about", tie=_tie(tie, language)), url=link(tie))
            for tie in entry.ties[:_MOST_TIES]
        )
        return replace(entry, about=about)

    return replace(part, entries=tuple(map(linked, part.entries)))


def _title(title: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.+?)\s*\((.+)\)\s*", plain(title))
    return (found[1], found[2]) if found else (plain(title), "")


def _subject(digest: Digest, language: Language, mark: str) -> str:
    """Tell the news: the first in full, as many more in short as there is room for, then how many are left."""
    ending = f" ({mark})" if mark else ""
    steps = [item.steps[0] for item in (*digest.decisions, *digest.proposals, *digest.unsure)]
    if not steps:
        week = say(language, "week_short", week=digest.first_day.isocalendar().week)
        words = say(language, "quiet_subject", week=sentence_case(week))
        if digest.posts:
            words += f", {count(language, len(digest.posts), 'post')}"
        elif digest.tie_stories and not digest.followed and not digest.only_decisions:
            words += f", {say(language, 'wrote_one', stories=count(language, digest.tie_stories, 'story'))}"
        return cut(words, SUBJECT) + ending
    subject, left = _head(steps[0], language), len(steps) - 1
    for step in steps[1:]:
        short = _short(step, language)
        if len(subject) + 2 + len(short) > SUBJECT:
            break
        subject, left = f"{subject}; {short}", left - 1
    if left:
        subject = f"{cut(subject, SUBJECT)} {say(language, 'and_more', n=left)}"
    return cut(subject, SUBJECT + 12) + ending


def _short(step: Step, language: Language) -> str:
    ties = listed(language, [_tie(tie, language) for tie in step.ties])
    key = "short_reported" if step.state == "reported" else "short_news"
    return say(language, key, label=label(language, step.action), ties=ties)


def _summary(digest: Digest, language: Language) -> str:
    if digest.is_quiet:
        key = "quiet_yours" if digest.followed else "quiet_decisions" if digest.only_decisions else "quiet"
        words = [say(language, key)]
    else:
        numbers = [
            (number, noun)
            for number, noun in (
                (sum(step.state == "decided" for item in digest.decisions for step in item.steps), "new_decision"),
                (len(digest.proposals), "proposal"),
                (len(digest.unsure), "unsure"),
                (len(digest.posts), "post"),
            )
            if number
        ]
        # One sentence writes all its numbers alike.
        worded = count if any(number > 12 for number, _ in numbers) else counted
        told = [worded(language, number, noun) for number, noun in numbers]
        words = [sentence_case(listed(language, told)) + "."]
    if not digest.followed and not digest.only_decisions:
        words.append(
            say(
                language,
                "read_this_week",
                stories=count(language, digest.stories, "story"),
                papers=count(language, digest.papers, "paper"),
                ties=digest.tie_stories or say(language, "none"),
            )
        )
    return " ".join(words)


def _followed(digest: Digest, language: Language) -> str:
    only = (say(language, "only_decisions"),) if digest.only_decisions else ()
    return listed(language, [*map(plain, digest.followed), *only])


def _shown(key: str, told: Sequence[_Told], make: Callable[[_Told], Entry]) -> tuple[Entry, ...]:
    return tuple(make(one) for one in told[: MOST[key]])


def _rest(key: str, told: Sequence[object], language: Language) -> tuple[Note, ...]:
    more = len(told) - MOST[key]
    return (Note(text=sentence_case(say(language, "and_more", n=more)) + "."),) if more > 0 else ()


def _decisions(key: str, items: Sequence[News], language: Language, digest: Digest) -> Part | None:
    if not items:
        return None
    entries: list[Entry] = []
    for item in items[: MOST[key]]:
        entries += _news(item, language, digest)
    return Part(key=key, title=say(language, key), entries=tuple(entries), notes=_rest(key, items, language))


def _news(item: News, language: Language, digest: Digest) -> list[Entry]:
    """Return a story's steps; the source stands once, under the last."""
    entries = [_step(step, language, digest) for step in item.steps]
    counts = say(
        language,
        "in_papers",
        stories=count(language, item.stories, "story"),
        papers=count(language, item.papers, "paper"),
    )
    *before, last = entries
    source = _source(item.cited, language, digest, counts if item.stories > 1 or item.papers > 1 else None)
    return [*before, replace(last, source=source)]


def _head(step: Step, language: Language) -> str:
    cities = list(dict.fromkeys(plain(tie.city_in(language)) for tie in step.ties))
    return headline(language, step.action, step.state, plain(step.ties[0].kommune), cities)


def _step(step: Step, language: Language, digest: Digest) -> Entry:
    year = digest.first_day.isocalendar().year
    proposal = step.state == "proposed"
    if step.is_ahead and step.date_from:
        tag = say(language, "ahead", when=day(language, step.date_from, year=year))
    elif proposal:
        tag = say(language, "proposed" if step.is_new else "again")
    else:
        tag = say(language, step.state)
    countries = dict.fromkeys(country_name(language, tie.country) for tie in step.ties)
    notes = []
    if step.state == "reported":
        notes.append(Note(text=say(language, "reported_why")))
    if step.contradicted:
        notes.append(Note(text=say(language, "conflict")))
    elif step.denials:
        notes.append(Note(text=say(language, "denied", reports=count(language, step.denials, "report"))))
    if proposal:
        when = None if step.is_ahead or step.date_precision != "day" else _when(step, language, year)
        who = say(language, "by", who=body_name(language, step.decided_by)) if step.decided_by else None
    else:
        when = _when(step, language, year)
        who = (
            say(language, "by", who=body_name(language, step.decided_by))
            if step.decided_by
            else say(language, "by_nobody")
        )
    return Entry(
        tag=tag,
        tone="open" if proposal else "sure" if step.state == "decided" else "unsure",
        headline=_head(step, language),
        meta=sentence_case(clauses([listed(language, [name for name in countries if name]) or None, when, who])),
        quote=step.sentence,
        notes=tuple(notes),
        ties=step.ties,
    )


def _when(step: Step, language: Language, year: int) -> str:
    return decision_day(language, step.date_from, step.date_to, step.date_precision, step.reported_on, year)


def _source(cited: Print, language: Language, digest: Digest, counts: str | None = None) -> Note:
    return Note(text=_print_meta(cited, language, digest, counts), link=cited.title, url=safe_link(cited.url))


def _print_meta(cited: Print, language: Language, digest: Digest, counts: str | None = None) -> str:
    return clauses(
        [
            cited.paper,
            day(language, cited.day, year=digest.first_day.isocalendar().year)
            if cited.day
            else say(language, "no_dates"),
            form_name(language, cited.opinion_form) if cited.is_opinion else None,
            counts,
            say(language, "withdrawn") if cited.withdrawn else say(language, "paid") if cited.paid else None,
        ]
    )


def _attention(digest: Digest, language: Language) -> Part | None:
    written = [course for course in digest.courses if course.points[-1].stories][:_CHARTED]
    charted = [course for course in written if course.points[-1].share is not None]
    if not digest.shifts and (digest.is_quiet or not written):
        return None
    picture = None
    notes: list[Note] = []
    if charted:
        picture = Picture(
            cid="uken",
            png=_week_chart(tuple(charted), language),
            alt=charts.week_alt(charted, language),
            figures=charts.week_figures(charted, language),
        )
    elif written:
        notes.append(Note(text=say(language, "no_figure")))
    if not digest.shifts:
        notes.append(Note(text=say(language, "no_shift")))
    return Part(
        key="attention",
        title=say(language, "attention"),
        entries=_shown("attention", digest.shifts, lambda shift: _shift(shift, language)),
        notes=(*_rest("attention", digest.shifts, language), *notes),
        picture=picture,
        caption=say(language, "most_written") if picture else "",
    )


@lru_cache(maxsize=256)
def _week_chart(courses: tuple[Course, ...], language: Language) -> bytes:
    return charts.week_chart(courses, language)


@lru_cache(maxsize=256)
def _course_chart(course: Course, language: Language) -> bytes:
    return charts.course_chart(course, language)


def _shift(shift: Shift, language: Language) -> Entry:
    tie = charts.tie_label(language, shift.course)
    before = decimal(language, shift.before)
    if shift.surge:
        key = "surge" if shift.before else "first_surge"
        words = say(language, key, tie=tie, stories=count(language, round(shift.after), "story"), before=before)
    else:
        week = int(shift.week.rpartition("W")[2])
        words = say(language, "level", tie=tie, before=before, after=decimal(language, shift.after), week=week)
    if shift.ratio is None or shift.ratio_high is None:
        how = say(language, "nothing_before", weeks=shift.weeks_before)
    else:
        how = say(
            language,
            "ratio",
            ratio=decimal(language, shift.ratio),
            low=decimal(language, shift.ratio_low),
            high=decimal(language, shift.ratio_high),
        )
    return Entry(
        headline=words,
        notes=(Note(text=how),),
        picture=Picture(
            cid=_cid(shift.course.tie.tie_id),
            png=_course_chart(shift.course, language),
            alt=charts.course_alt(shift.course, language),
            figures=charts.course_figures(shift.course, language),
        ),
        ties=(shift.course.tie,),
    )


def _cid(tie_id: str) -> str:
    return re.sub(r"[^a-z0-9.-]+", ".", tie_id.lower())


def _debates(digest: Digest, language: Language) -> Part | None:
    if not digest.posts:
        return None
    return Part(
        key="debates",
        title=say(language, "debates"),
        entries=_shown("debates", digest.posts, lambda post: _post(post, language, digest)),
        notes=_rest("debates", digest.posts, language),
    )


def _post(post: Post, language: Language, digest: Digest) -> Entry:
    notes = []
    if post.answers:
        meta = _print_meta(post.answers, language, digest)
        notes.append(
            Note(text=f"{say(language, 'reply')}:|{meta}", link=post.answers.title, url=safe_link(post.answers.url))
        )
    answered = (
        say(language, "unanswered")
        if not post.replies
        else say(language, "answered_one")
        if post.replies == 1
        else say(language, "answered", n=post.replies)
    )
    stands = "; ".join(_stand(stand, language) for stand in post.stands)
    return Entry(
        tag=sentence_case(form_name(language, post.cited.opinion_form)),
        headline=post.cited.title,
        url=safe_link(post.cited.url),
        meta=_print_meta_of_post(post.cited, language, digest),
        quote=post.sentence if post.sentence != post.cited.title else None,
        notes=(Note(text=f"{sentence_case(stands)}. {answered}."), *notes),
    )


def _stand(stand: Stand, language: Language) -> str:
    doubt = "" if stand.sure else f" {say(language, 'probably')}"
    ties = listed(language, [_tie(tie, language) for tie in stand.ties[:_MOST_TIES]])
    return f"{stance_name(language, stand.stance)}{doubt}: {ties}"


def _print_meta_of_post(cited: Print, language: Language, digest: Digest) -> str:
    return clauses(
        [
            cited.paper,
            day(language, cited.day, year=digest.first_day.isocalendar().year)
            if cited.day
            else say(language, "no_dates"),
            say(language, "paid") if cited.paid else None,
        ]
    )


def _tie(tie: TieName, language: Language) -> str:
    return f"{plain(tie.kommune)}–{plain(tie.city_in(language))}"


def _silent(digest: Digest, language: Language) -> Part | None:
    if not digest.silent:
        return None
    most = _QUIET_SILENT if digest.is_quiet else MOST["silent"]
    notes: tuple[Note, ...] = ()
    if len(digest.silent) > most:
        notes = (
            Note(
                text=say(
                    language,
                    "silent_more",
                    n=count(language, len(digest.silent), "tie"),
                    weeks=count(language, digest.silent_weeks, "week"),
                )
            ),
        )
    return Part(
        key="silent",
        title=say(language, "silent"),
        entries=tuple(_silence(silent, language, digest) for silent in digest.silent[:most]),
        notes=notes,
    )


def _silence(silent: Silent, language: Language, digest: Digest) -> Entry:
    caveats = []
    if not silent.sees_local_paper:
        caveats.append(say(language, "no_local"))
    if silent.weeks > silent.healthy_weeks:
        missing = silent.weeks - silent.healthy_weeks
        caveats.append(say(language, "unhealthy_weeks", n=count(language, missing, "week")))
    if not silent.is_verified:
        caveats.append(say(language, "unverified"))
    is_new = silent.healthy_weeks == digest.silent_weeks and silent.last_day is not None
    weeks = count(language, silent.healthy_weeks, "week")
    return Entry(
        tag=sentence_case(status_name(language, silent.status)),
        headline=_tie(silent.tie, language),
        meta=sentence_case(
            clauses(
                [
                    say(language, "new_silence", weeks=weeks) if is_new else None,
                    say(language, "silence_for", weeks=weeks) if silent.last_day and not is_new else None,
                    say(language, "last_story", day=day(language, silent.last_day)) if silent.last_day else None,
                    None if silent.last_day else say(language, "never_story", weeks=silent.healthy_weeks),
                ]
            )
        ),
        notes=tuple(Note(text=caveat) for caveat in caveats),
        ties=(silent.tie,),
    )


def _ukraine(digest: Digest, language: Language) -> Part | None:
    told = [
        _tie(tie, language)
        for item in digest.decisions
        for step in item.steps
        if step.action == "signed"
        for tie in step.ties
        if tie.country == "UA"
    ]
    if digest.only_decisions or not (told or digest.ukraine):
        return None
    notes = [Note(text=say(language, "ukraine_told", ties=listed(language, told)))] if told else []
    if not digest.followed:
        total = count(language, digest.ukraine_ties, "tie")
        notes.append(Note(text=say(language, "ukraine_total", n=total)))
    return Part(
        key="ukraine",
        title=say(language, "ukraine"),
        entries=_shown("ukraine", digest.ukraine, lambda new: _new_tie(new, language, digest)),
        notes=(*_rest("ukraine", digest.ukraine, language), *notes),
    )


def _new_tie(new: NewTie, language: Language, digest: Digest) -> Entry:
    return Entry(
        tag=sentence_case(status_name(language, new.status)),
        headline=_tie(new.tie, language),
        meta=say(language, "first_named") if new.cited else "",
        source=_source(new.cited, language, digest) if new.cited else None,
        ties=(new.tie,),
    )


def _outages(digest: Digest, language: Language) -> Part:
    """Always there: whether something is missing is part of every week's news."""
    if not digest.outages:
        sources = count(language, digest.papers, "source")
        key = "outages_none" if digest.is_over else "outages_so_far"
        return Part(
            key="outages",
            title=say(language, "sources"),
            entries=(),
            notes=(Note(text=say(language, key, sources=sources)),),
        )
    return Part(
        key="outages",
        title=say(language, "outages"),
        entries=tuple(_outage(outage, language) for outage in digest.outages),
        notes=(Note(text=say(language, "outages_mean")),),
    )


def _outage(outage: Outage, language: Language) -> Entry:
    return Entry(
        headline=outage.name,
        meta=clauses(
            [
                say(language, "outage", missing=outage.missing, days=count(language, outage.days, "day")),
                listed(language, [source_state(language, state) for state in outage.states]),
            ]
        ),
    )


def _closing(digest: Digest, language: Language, site: str, unsubscribe: bool) -> tuple[Note, ...]:
    notes = [Note(text=say(language, "method"))]
    if url := safe_link(site):
        notes.append(Note(text="", link=say(language, "more_on_site"), url=url))
    if unsubscribe:
        notes.append(Note(text=f"{say(language, 'why_you')}|", link=say(language, "unsubscribe"), url=UNSUBSCRIBE))
    built = say(language, "read_at", when=moment(language, digest.built_at))
    notes.append(Note(text=f"{say(language, 'no_tracking')} {built}"))
    return tuple(notes)


def split_note(note: Note) -> tuple[str, str]:
    """Return what stands before and after a note's link: `|` in its text is the link's place, else its end."""
    before, bar, after = note.text.partition("|")
    return (before, after) if bar else ("", before)


def as_text(letter: Letter) -> str:
    """Return the letter as plain text of at most 72 columns; an address stands whole on a line of its own."""
    lines = [letter.name.upper(), f"{letter.week} · {letter.days}"]
    if letter.mark:
        lines.append(f"[{letter.mark}]")
    lines += ["=" * COLUMNS, "", *_wrapped(letter.summary)]
    for remark in letter.remarks:
        lines += ["", *_wrapped(remark)]
    for part in letter.parts:
        lines += ["", "", part.title.upper(), "-" * COLUMNS]
        for at, entry in enumerate(part.entries):
            lines += ([""] if at else []) + _entry_lines(entry, letter.language)
        if part.picture:
            words = part.picture.figures
            lines += [""] if part.entries else []
            lines += _wrapped(f"{part.caption}. {words}" if part.caption else words)
        for at, note in enumerate(part.notes):
            lines += ([""] if at or part.entries or part.picture else []) + _note_lines(note)
    lines += ["", "", "=" * COLUMNS]
    for at, note in enumerate(letter.closing):
        lines += ([""] if at else []) + _note_lines(note)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _entry_lines(entry: Entry, language: Language) -> list[str]:
    lines = _wrapped(f"{f'[{entry.tag}] ' if entry.tag else ''}{entry.headline}")
    if entry.url:
        lines.append(entry.url)
    lines += _wrapped(entry.meta) if entry.meta else []
    lines += _wrapped(quoted(language, entry.quote), "  | ") if entry.quote else []
    for note in entry.notes:
        lines += _note_lines(note)
    if entry.source:
        lines += _note_lines(entry.source)
    for note in entry.about:
        lines += _note_lines(note)
    if entry.picture:
        lines += _wrapped(entry.picture.figures)
    return lines


def _note_lines(note: Note) -> list[str]:
    before, after = split_note(note)
    words = clauses([" ".join(part for part in (before, note.link) if part), after])
    return [*_wrapped(words), *([note.url] if note.url else [])]


def _wrapped(text: str, indent: str = "") -> list[str]:
    # What may not be torn apart («12 %») is only afterwards made of ordinary spaces.
    lines = textwrap.wrap(text, COLUMNS, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines]


def as_html(letter: Letter) -> str:
    """Return the letter as HTML with inline styles; pictures are `cid:` addresses, nothing else is loaded."""
    html = _template("letter.html").render(
        letter=letter, split=split_note, quoted=lambda text: quoted(letter.language, text)
    )
    return _inliner().inline(html)


def standalone(content: Content) -> str:
    """Return the HTML with its pictures inside, as a page to open in a browser."""
    html = content.html
    for cid, png in content.images.items():
        html = html.replace(f'"cid:{cid}"', f'"data:image/png;base64,{base64.b64encode(png).decode()}"')
    return html


@cache
def _template(name: str) -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).with_name("templates"))
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template(name)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


def write_confirmation(language: Language, title: str, link: str) -> Content:
    """Return the mail that asks an address whether it wants the digest."""
    name, _ = _title(title)
    body, button = say(language, "confirm_body", title=name), say(language, "confirm_link")
    otherwise = say(language, "confirm_else")
    subject = say(language, "confirm_subject", title=name)
    text = "\n".join([*_wrapped(body), "", f"{button}:", link, "", *_wrapped(otherwise), ""])
    html = _template("confirm.html").render(
        language=language, subject=subject, body=body, button=button, link=link, otherwise=otherwise
    )
    return Content(subject=subject, text=text, html=html, images={})
