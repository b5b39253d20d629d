import pytest

from crawlers.article import Author
from crawlers.opinion import label, people, segment, signatures, strip_disclaimer, strip_label


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Leserbrev", "leserbrev"), ("Debattinnlegg", "debatt"), ("Kronikk:", "kronikk"), ("Leder", "leder"),
        ("Kommentar\u00a0", "kommentar"),
        ("HT mener:", "leder"), ("Apropos", "kommentar"), ("Op-ed", "debatt"),
        ("Arne O. Holm says", "kommentar"), ("Lesarbrev", "leserbrev"),
    ],
)  # fmt: skip
def test_labels_of_all_periods_name_their_form(text: str, form: str) -> None:
    found = label(text)
    assert found is not None
    assert found.form == form


def test_meninger_is_opinion_of_unknown_form() -> None:
    found = label("Meninger")
    assert found is not None
    assert (found.opinion, found.form) == (True, None)


@pytest.mark.parametrize("text", ["Nyheter", "Kommentarfelt stenges", "Sport", "Debatten om veien fortsetter", ""])
def test_ordinary_words_are_no_label(text: str) -> None:
    assert label(text) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Dette er et debattinnlegg. Innlegget gir uttrykk for skribentens holdninger.", "debatt"),
        ("Dette er et debattinnlegg, skrevet av en ekstern bidragsyter. "
         "Innlegget gir uttrykk for skribentens holdninger.", "debatt"),
        ("DETTE ER EN KRONIKK, skrevet av en ekstern bidragsyter. "
         "Kronikken gir uttrykk for skribentens holdninger.", "kronikk"),
        ("Dette er eit debattinnlegg. Innlegget gir uttrykk for haldningane til skribenten.", "debatt"),
        ("Meninger i kronikker står for skribentens regning.", "kronikk"),
        ("Du leser nå en meningsartikkel. Den uttrykker skribentens mening.", None),
        ("This is a commentary written by a member of the editorial staff. "
         "All views expressed are the writer's own opinions.", "kommentar"),
        ("Dette er en leder, skrevet av redaksjonen. Lederen gir uttrykk for avisas syn.", "leder"),
    ],
)  # fmt: skip
def test_disclaimers_are_cut_out_and_name_their_form(text: str, form: str | None) -> None:
    rest, found = strip_disclaimer(f"{text} Vi må tenke oss om.")
    assert rest == "Vi må tenke oss om."
    assert found is not None
    assert found.form == form


def test_a_label_glued_to_a_disclaimer_goes_with_it() -> None:
    rest, found = strip_disclaimer(
        "LeserbrevDette er et debattinnlegg. Innlegget gir uttrykk for skribentens holdninger.Vi må."
    )
    assert rest == "Vi må."
    assert found is not None
    assert found.form == "leserbrev"


def test_a_vignette_glued_to_the_lead_is_cut() -> None:
    assert strip_label("AproposVi må snakke")[0] == "Vi må snakke"
    assert strip_label("Debatt: Vi må snakke")[0] == "Vi må snakke"
    assert strip_label("Lederen sa nei") == ("Lederen sa nei", None)


def test_ordinary_sentences_keep_their_words() -> None:
    text = "Dette er en kommune som har mange meninger, og dette er et debattmøte."
    assert strip_disclaimer(text) == (text, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kari Nordli", [("Kari Nordli", None)]),
        ("Kari Nordli, Ola Strand og Per Moe", [("Kari Nordli", None), ("Ola Strand", None), ("Per Moe", None)]),
        ("Kari Nordli, leder, Vadsø SV", [("Kari Nordli", "leder, Vadsø SV")]),
        ("Kari Nordli / Journalist", [("Kari Nordli", "Journalist")]),
        ("Kari Nordli (Ap)", [("Kari Nordli", "Ap")]),
        ("Av Kari Nordli", [("Kari Nordli", None)]),
        ("Tekst: Kari Nordli, kari@avis.no", [("Kari Nordli", None)]),
        ("Styret i Vadsø Venstre", [("Styret i Vadsø Venstre", None)]),
        ("NTB", [("NTB", None)]),
        ("post@avis.no", []),
        ("", []),
    ],
)
def test_bylines_become_names_and_roles(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(one.name, one.role) for one in people(text)] == expected


def test_signatures_are_read_from_the_foot_only() -> None:
    lines = ["Vi må tenke oss om.", "Kari Nordli, Vadsø SV\nOla Strand, Vadsø Ap"]
    assert signatures(lines) == (
        Author(name="Kari Nordli", role="Vadsø SV"),
        Author(name="Ola Strand", role="Vadsø Ap"),
    )
    assert signatures(["Ola Strand sa nei til dette i går kveld."]) == ()
    assert signatures([]) == ()


def test_the_last_segment_that_names_a_form_counts() -> None:
    assert segment(["meninger", "leserinnlegg"]) == "leserbrev"
    assert segment(["meninger"]) is None
