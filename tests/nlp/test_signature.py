"""Fingerprints of texts."""

from nlp.signature import sign

TEXT = " ".join(f"ord{number}" for number in range(200))


def test_copies_have_the_same_fingerprint_whatever_their_case_and_signs() -> None:
    assert sign(TEXT) == sign(TEXT.upper().replace(" ", ",\n"))
    assert len(sign(TEXT)) == 128
    assert all(0 <= value < 2**32 for value in sign(TEXT))


def test_a_changed_end_changes_a_few_numbers_only() -> None:
    other = sign(TEXT + " og litt til om noe helt annet")
    alike = sum(a == b for a, b in zip(sign(TEXT), other, strict=True)) / 128
    assert 0.8 < alike < 1


def test_short_texts_have_none() -> None:
    assert sign("Bare noen få ord.") == ()
    assert sign("") == ()
