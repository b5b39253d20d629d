"""Norwegian transliteration of Russian and Ukrainian names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.transliterate import sounds, transliterate

RUSSIAN = {
    "Мурманск": "Murmansk",
    "Архангельск": "Arkhangelsk",
    "Мончегорск": "Montsjegorsk",
    "Печенга": "Petsjenga",
    "Заполярный": "Zapoljarnyj",
    "Подпорожье": "Podporozje",
    "Лодейное Поле": "Lodejnoje Pole",
    "Великий Новгород": "Velikij Novgorod",
    "Хрущёв": "Khrusjtsjov",
    "Енисей": "Jenisej",
    "Чайковский": "Tsjajkovskij",
    "Киркенес": "Kirkenes",
}
UKRAINIAN = {
    "Кривий Ріг": "Kryvyj Rih",
    "Миколаїв": "Mykolajiv",
    "Хмельницький": "Khmelnytskyj",
    "Копичинці": "Kopytsjyntsi",
    "Запоріжжя": "Zaporizjzja",
    "Вінниця": "Vinnytsia",
    "Сєвєродонецьк": "Sievjerodonetsk",
    "Ізюм": "Izium",
    "Львів": "Lviv",
    "Житомир": "Zjytomyr",
}


@pytest.mark.parametrize(("name", "norwegian"), RUSSIAN.items())
def test_russian_names(name: str, norwegian: str) -> None:
    assert transliterate(name, "ru") == norwegian


@pytest.mark.parametrize(("name", "norwegian"), UKRAINIAN.items())
def test_ukrainian_names(name: str, norwegian: str) -> None:
    assert transliterate(name, "uk") == norwegian


def test_other_letters_stay() -> None:
    assert transliterate("Tromsø – Мурманск (1972)", "ru") == "Tromsø – Murmansk (1972)"


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ ' -abc", max_size=30), st.sampled_from(["ru", "uk"]))
def test_known_letters_leave_nothing_cyrillic_of_their_own_language(name: str, language: str) -> None:
    foreign = set("іїєґ" if language == "ru" else "ыэёъ")
    written = transliterate("".join(c for c in name if c not in foreign), language)  # type: ignore[arg-type]
    assert not any("\u0400" <= letter <= "\u052f" for letter in written)


@pytest.mark.parametrize(
    "spellings",
    [
        ("tsjortkiv", "tjortkiv", "chortkiv"),
        ("uzjhorod", "usjgorod", "uzhgorod"),
        ("vyzjnytsia", "vyzhnytsya", "vyzjnytsja"),
        ("veresjtsjagino", "vereshchagino", "vereshtsjagino"),
        ("kamjanets", "kamianets", "kamyanets"),
    ],
)
def test_ways_to_write_one_name_sound_alike(spellings: tuple[str, ...]) -> None:
    assert set.intersection(*(set(sounds(name)) for name in spellings))


@pytest.mark.parametrize(
    ("one", "other"), [("kharkiv", "kherson"), ("tsjernihiv", "tsjernivtsi"), ("kirovsk", "kirov"), ("uman", "uren")]
)
def test_other_names_sound_different(one: str, other: str) -> None:
    assert not set(sounds(one)) & set(sounds(other))
