import pytest

from crawlers.boilerplate import is_boilerplate, is_correction, strip_agency, strip_contact
from crawlers.page import Block


def block(text: str, linked: str = "", classes: str = "") -> Block:
    return Block(text=text, heading=False, links=("/x",) if linked else (), linked=linked, classes=classes)


@pytest.mark.parametrize(
    "text",
    [
        "Les også: Ordføreren går av",
        "LES OGSÅ",
        "Les mer om saken her:",
        "Se også: Bildene",
        "Annonse",
        "Annonsørinnhold",
        "Kortversjonen",
        "Saken fortsetter under bildet.",
        "Artikkelen fortsetter under annonsen",
        "Foto: Kari Nordli / NTB",
        "Vis mer",
        "Powered by Labrador CMS",
        "Artikkelen er over to år gammel",
        "Publisert: 14.06.2023 kl 09:30",
        "Saken oppdateres.",
        "Lohká maid: Oahpponeavvut",
    ],
)
def test_pointers_adverts_and_page_furniture_are_boilerplate(text: str) -> None:
    assert is_boilerplate(block(text))


@pytest.mark.parametrize(
    "text",
    [
        "Les boka før du mener noe om den.",
        "Se på Tromsø: De sa opp avtalen i 2022.",
        "– Les saken – og tenk, sier hun.",
        "Annonsen sto i avisa i går.",
        "Foto: et fag i krise. Slik begynte foredraget i Vadsø.",
        "Leserne har ordet.",
        "Mer om dette vet vi ikke.",
    ],
)
def test_running_text_that_begins_alike_is_kept(text: str) -> None:
    assert not is_boilerplate(block(text))


def test_a_pointer_that_is_all_link_needs_no_colon() -> None:
    assert is_boilerplate(block("Les også saken om havna", linked="saken om havna"))
    assert is_boilerplate(block("Se bildene fra festen", linked="Se bildene fra festen"))
    assert is_boilerplate(block("En annen sak", linked="En annen sak", classes="simple-relation"))
    assert not is_boilerplate(block("Vedtaket ble gjort i går", linked="Vedtaket ble gjort i går"))


@pytest.mark.parametrize(
    "text",
    [
        "NRK retter: Avtalen er fra 1972.",
        "NRK beklager feilen.",
        "I en tidligere versjon av saken sto det feil.",
        "Rettelse: Det var i 2022.",
        "Det er gjort endringar i saka.",
        "Artikkelen er endra etter publisering.",
        "Presisering: Møtet er åpent.",
        "I ein tidlegare versjon av artikkelen stod det 1973.",
        "Saken er rettet: tallet var feil.",
    ],
)
def test_notes_of_correction_are_recognised(text: str) -> None:
    assert is_correction(text)


@pytest.mark.parametrize(
    "text",
    [
        "Opprettelse: et nytt råd.",
        "Henrettelse: et mørkt kapittel.",
        "Planen fantes i en tidligere versjon av reguleringen.",
        "Kommunen retter baker for smed.",
        "Rettelse: " + "x" * 900,
    ],
)
def test_words_that_only_look_like_a_correction_are_none(text: str) -> None:
    assert not is_correction(text)


@pytest.mark.parametrize("text", ["Slutt. (©NTB)", "Slutt. (NTB)", "Slutt. ©NTB", "Slutt. (© NTB)"])
def test_the_agencys_mark_goes_and_its_name_stays(text: str) -> None:
    assert strip_agency(text) == ("Slutt.", "NTB")


def test_a_dateline_names_the_agency_only_at_the_start() -> None:
    assert strip_agency("OSLO (NTB): Regjeringen sier nei.", first=True)[1] == "NTB"
    assert strip_agency("Ifølge NTB sier regjeringen nei.", first=True) == ("Ifølge NTB sier regjeringen nei.", None)


def test_addresses_and_labelled_phones_go_and_other_numbers_stay() -> None:
    assert strip_contact("E-post: kari@x.no") == ""
    assert strip_contact("Ring tlf. 12 34 56 78, eller kom innom.") == "Ring, eller kom innom."
    assert (
        strip_contact("Det kostet 12 345 678 kroner, mobilen lå igjen.")
        == "Det kostet 12 345 678 kroner, mobilen lå igjen."
    )
