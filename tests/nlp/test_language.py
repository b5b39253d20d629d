"""Telling languages apart, short and mixed texts too."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.language import LANGUAGES, UNKNOWN, detect

TEXTS = {
    "nb": [
        "Kommunestyret vedtok enstemmig å si opp avtalen, men ikke alle var enige.",
        "Hun mener at vi ikke bør bryte kontakten.",
        "Jeg vet ikke hva dette er.",
        "Ordføreren fra Vadsø var uenig i vedtaket.",
        "Bystyret har sagt nei til å fryse avtalen.",
    ],
    "nn": [
        "Kommunestyret har vedteke å seie opp avtalen.",
        "Ho meiner at vi ikkje bør bryte kontakten.",
        "Eg veit ikkje kva dette er.",
        "Ordføraren frå Voss var usamd i vedtaket.",
        "Heradsstyret har sagt nei til å fryse avtala med venskapsbyen.",
    ],
    "se": [
        "Guovdageaidnu lea suohkan Finnmárkkus ja das ássat sullii golbma duhát olbmo.",
        "Sámediggi mearridii ahte šiehtadus galgá heaittihuvvot.",
        "Romsa lea stuorámus gávpot Davvi-Norggas.",
    ],
    "fkv": [
        "Met olema kväänit, ja kväänin kieli oon meiđän kieli.",
        "Vesisaari oon kunta Finmarkussa, ja siinä puhuthaan kväänin kieltä.",
    ],
    "fi": [
        "Rovaniemi on kaupunki Lapissa, ja se on ystävyyskaupunki usealle kunnalle.",
        "Kaupunginvaltuusto päätti, että sopimus puretaan.",
    ],
    "sv": [
        "Kommunen har sagt upp avtalet med den ryska vänorten.",
        "Jag vet inte vad det här är för något.",
        "Kommunfullmäktige beslutade att inte avsluta samarbetet.",
    ],
    "da": [
        "Kommunen har opsagt aftalen med den russiske venskabsby.",
        "Jeg ved ikke hvad det er for noget.",
        "Byrådet besluttede at fortsætte samarbejdet efter krigen.",
    ],
    "en": [
        "The council voted to end the agreement with Murmansk.",
        "I do not know what this is.",
        "Sister cities in Norway and Russia have frozen their contact.",
    ],
    "ru": [
        "Город Мурманск был побратимом Тромсё с 1972 года.",
        "Администрация города получила письмо из Норвегии.",
        "Это конец дружбы?",
    ],
    "uk": [
        "Місто Львів підписало угоду з Бергеном.",
        "Ми дякуємо норвезьким друзям за допомогу.",
        "Кривий Ріг і Люнгдал стали містами-побратимами.",
    ],
}


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in TEXTS.items() for text in texts])
def test_tells_short_texts(language: str, text: str) -> None:
    assert detect(text) == language


def test_mixed_text_gets_the_language_of_most_words() -> None:
    norwegian = "Kommunestyret vedtok enstemmig å fryse avtalen, og ordføreren sier at det ikke var lett. " * 3
    assert detect(norwegian + "«Мы не понимаем этого решения», skriver byen.") == "nb"
    assert detect(norwegian + "The mayor of Murmansk said that the decision was sad.") == "nb"
    assert detect("Les saka her: " + TEXTS["ru"][0] + " " + TEXTS["ru"][1]) == "ru"


@pytest.mark.parametrize("text", ["", " ", "123 – 45 %", "😀🎉", "\0\0"])
def test_no_words_no_language(text: str) -> None:
    assert detect(text) == UNKNOWN


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert detect(text) in (*LANGUAGES, UNKNOWN)
