import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from digest.letter import COLUMNS, SUBJECT, as_html, as_text, lay_out, standalone, write_confirmation, write_letter
from digest.mail import UNSUBSCRIBE
from digest.subscribers import Wishes
from digest.week import narrow
from digest.words import LANGUAGES

DEMO = "Bybånd (demo med oppdiktede tekster)"


class Tags(HTMLParser):
    """The tags of a page with their attributes, and the addresses that it would load or lead to."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.loaded, self.linked = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        self.loaded += [given[name] for name in ("src", "srcset", "background", "data") if name in given]
        self.loaded += [given["href"]] if tag == "link" else []
        self.linked += [given["href"]] if tag == "a" else []


def poisoned(told, title="</a><script>alert(1)</script>\r\nBcc: alle@eksempel.no", url="javascript:alert(1)"):
    """The digest as a paper would like it that prints markup and header lines."""

    def poison(item):
        steps = tuple(
            replace(step, sentence="<img src=https://spor.no/x.png> & <b>fet</b>", decided_by="<i>rådet</i>")
            for step in item.steps
        )
        return replace(item, cited=replace(item.cited, title=title, url=url, paper="<u>Avis</u>"), steps=steps)

    posts = tuple(replace(post, cited=replace(post.cited, title=title)) for post in told.posts)
    return replace(
        told, decisions=tuple(map(poison, told.decisions)), unsure=tuple(map(poison, told.unsure)), posts=posts
    )


def test_the_sections_stand_in_the_order_of_what_matters(told):
    letter = lay_out(told, "nb")
    assert [part.key for part in letter.parts] == [
        "decisions", "proposals", "unsure", "attention", "debates", "silent", "ukraine", "outages",
    ]  # fmt: skip
    assert [len(part.entries) for part in letter.parts[:5]] == [1, 1, 1, 1, 2]
    text = write_letter(told, "nb").text
    places = [text.index(part.title.upper()) for part in letter.parts]
    assert places == sorted(places)


def test_the_subject_tells_the_news_and_what_is_unsure_comes_last(told):
    assert lay_out(told, "nb").subject == (
        "Øvre Eiker har inngått vennskapsavtale med Balta; forslag om brudd: Bodø–Vyborg og 1 til"
    )
    assert lay_out(told, "en").subject.startswith("Øvre Eiker has signed a friendship agreement with Balta")


def test_a_quiet_week_is_short_and_says_so(quiet, told):
    letter = lay_out(quiet, "nb")
    assert letter.subject == "Uke 10: ingen nye vedtak"
    assert letter.summary.startswith("En stille uke: ingen nye vedtak og ingen nye forslag.")
    assert [part.key for part in letter.parts] == ["silent", "outages"]
    assert not letter.pictures
    assert len(as_text(letter)) < len(write_letter(told, "nb").text) / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_text_keeps_to_72_columns_but_for_addresses(told, language):
    for line in write_letter(told, language, title=DEMO, unsubscribe=True).text.splitlines():
        assert len(line) <= COLUMNS or re.fullmatch(r"https?://\S+", line), line


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_html_say_the_same(told, language):
    content = write_letter(told, language)
    seen = re.sub(r"<[^>]+>|&[a-z]+;", " ", content.html)
    for part in lay_out(told, language).parts:
        assert part.title in seen
        for entry in part.entries:
            for words in (entry.headline, entry.meta):
                assert " ".join(words.split()) in " ".join(content.text.split())
                assert " ".join(words.split()) in " ".join(seen.split())


def test_the_mail_loads_nothing_and_links_to_the_web_only(told):
    content = write_letter(told, "nb", site="https://bybaand.eksempel.no", unsubscribe=True)
    tags = Tags(content.html)
    assert set(tags.loaded) == {f"cid:{cid}" for cid in content.images}
    assert all(link.startswith("https://") for link in tags.linked)
    assert "url(" not in content.html
    assert not {tag for tag, _ in tags.tags} & {"script", "iframe", "form", "object", "link", "video"}


def test_with_a_site_the_mail_leads_to_the_pages_of_its_ties(told):
    letter = lay_out(told, "nb", site="https://bybaand.eksempel.no/")
    page = "https://bybaand.eksempel.no/avtaler/ovre-eiker_ua-balta.html"
    assert page in as_text(letter)
    assert f'href="{page}"' in as_html(letter)
    assert "/avtaler/" not in as_text(lay_out(told, "nb"))


def test_every_picture_says_its_numbers_in_words(told):
    content = write_letter(told, "nb")
    pictures = [given for tag, given in Tags(content.html).tags if tag == "img"]
    assert len(pictures) == 2
    for given in pictures:
        assert re.search(r"Bodø–Vyborg.*6\s+saker.*95\s%-intervall \d", given["alt"], re.DOTALL)
    assert all(png.startswith(b"\x89PNG") for png in content.images.values())
    assert sum(map(len, content.images.values())) < 100_000


def test_dark_mode_and_phone_rules_survive_the_inlining(told):
    html = write_letter(told, "nb").html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media (max-width: 480px)" in html
    assert 'name="color-scheme" content="light dark"' in html
    assert re.search(r'<body style="[^"]*font-family', html)
    assert len(html.encode()) < 102_000  # Gmail cuts off what is longer


def test_html_and_addresses_from_crawled_text_are_harmless(told):
    content = write_letter(poisoned(told), "nb")
    tags = Tags(content.html)
    assert not {tag for tag, _ in tags.tags} & {"script", "u", "i", "b"}
    assert not [link for link in tags.linked if not link.startswith("https://www.")]
    assert set(tags.loaded) == {f"cid:{cid}" for cid in content.images}
    assert not any(name.startswith("on") for _, given in tags.tags for name in given)
    assert "\nBcc:" not in content.text
    assert "javascript:" not in content.html + content.text


def test_the_words_of_others_are_at_most_200_characters(told):
    long = replace(
        told.decisions[0],
        steps=tuple(replace(step, sentence="ord " * 49 + "slutt") for step in told.decisions[0].steps),
    )
    letter = lay_out(replace(told, decisions=(long,)), "nb")
    assert all(len(entry.quote or "") <= 202 for part in letter.parts for entry in part.entries)


def test_the_demo_is_marked_in_subject_text_and_page(told):
    content = write_letter(told, "nb", title=DEMO)
    assert content.subject.endswith("(demo med oppdiktede tekster)")
    assert "[demo med oppdiktede tekster]" in content.text
    assert "Demo med oppdiktede tekster</p>" in content.html
    assert "demo" not in write_letter(told, "nb").html.lower()


def test_a_narrowed_letter_says_what_it_follows(told):
    letter = lay_out(narrow(told, Wishes(kommuner=("ovre-eiker",), only_decisions=True)), "nb")
    assert letter.remarks == ("Du følger: Øvre Eiker og bare vedtak.",)
    assert [part.key for part in letter.parts] == ["decisions", "outages"]
    nothing = lay_out(narrow(told, Wishes(kommuner=("moss",))), "nn")
    assert nothing.summary == "Ei stille veke for det du følgjer."


def test_what_is_only_reported_is_told_as_such(told):
    (part,) = [part for part in lay_out(told, "nb").parts if part.key == "unsure"]
    (entry,) = part.entries
    assert entry.tone == "unsure"
    assert entry.headline == "Vardø skal ha avsluttet avtalen med Severomorsk"
    assert "dato ikke oppgitt, meldt 4. april" in entry.meta
    assert entry.notes[0].text == "For usikkert til at vi har endret statusen."
    assert "bak betalingsmur" in entry.source.text


def test_names_of_debate_writers_stand_only_where_the_title_has_them(told):
    text = write_letter(told, "nb").text
    assert text.count("Synne Aaberge") == 1
    assert "Svar til Synne Aaberge: La den ligge" in text


def test_the_page_on_disk_holds_its_pictures(told):
    page = standalone(write_letter(told, "nb"))
    assert all(source.startswith("data:image/png;base64,") for source in Tags(page).loaded)
    assert "cid:" not in page


def test_the_unsubscribe_link_is_there_only_where_asked_for(told):
    assert UNSUBSCRIBE in write_letter(told, "nb", unsubscribe=True).html
    content = write_letter(told, "nb")
    assert UNSUBSCRIBE not in content.html + content.text


def test_many_headlines_leave_the_subject_short(told):
    many = replace(told, decisions=told.decisions[:1] * 9)
    subject = lay_out(many, "nb").subject
    assert len(subject) <= SUBJECT + 12
    assert re.search(r"og \d til$", subject)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_confirmation_names_the_link_and_nothing_else(language):
    content = write_confirmation(language, DEMO, "https://eksempel.no/bekreft/abc")
    assert Tags(content.html).linked == ["https://eksempel.no/bekreft/abc"]
    assert "\nhttps://eksempel.no/bekreft/abc\n" in content.text
    assert all(len(line) <= COLUMNS for line in content.text.splitlines())
    assert not content.images


def test_the_same_digest_gives_the_same_bytes(told):
    assert write_letter(told, "nb") == write_letter(told, "nb")


def test_a_week_that_is_not_over_says_so_and_claims_nothing_of_its_end(con):
    from digest.week import read_week

    letter = lay_out(read_week(con, "2024-W15"), "nb")
    assert letter.remarks == ("Uken er ikke over: dette er status så langt.",)
    assert letter.parts[-1].notes[0].text == "Ingen avbrudd så langt."
