import pytest

from crawlers.article import Rights
from crawlers.rights import read_rights, read_tdmrep


def test_every_robots_meta_counts_and_directives_are_sorted() -> None:
    assert read_rights(["noarchive", "INDEX, follow"], {}).robots == ("follow", "index", "noarchive")


def test_directives_for_another_agent_in_the_header_are_left_out() -> None:
    headers = {"x-robots-tag": "noai, googlebot: noindex, nofollow, bybaand: noarchive, max-snippet:-1"}
    assert read_rights([], {}, headers).robots == ("max-snippet:-1", "noai", "noarchive")


def test_what_amedia_hides_from_search_engines_is_noindex() -> None:
    assert "noindex" in read_rights([], {}, hidden=True).robots


@pytest.mark.parametrize(
    ("file", "header", "meta", "reserved"),
    [
        (True, None, None, True),
        (True, "0", None, False),
        (None, "1", None, True),
        (None, "1", "0", False),
        (False, None, "1", True),
        (True, "yes", None, True),
        (None, "yes", "2", None),
        (None, None, None, None),
    ],
)
def test_later_statements_beat_earlier_and_absence_or_nonsense_resets_nothing(
    file: bool | None, header: str | None, meta: str | None, reserved: bool | None
) -> None:
    headers = {"TDM-Reservation": header} if header else {}
    metas = {"tdm-reservation": meta} if meta else {}
    assert read_rights([], metas, headers, host=Rights(tdm_reserved=file)).tdm_reserved is reserved


def test_a_policy_goes_with_its_reservation() -> None:
    host = Rights(tdm_reserved=True, tdm_policy="https://a.no/tdm", ai_agents_blocked=True)
    assert read_rights([], {}, {}, host=host).tdm_policy == "https://a.no/tdm"
    assert read_rights([], {}, {"tdm-reservation": "0"}, host=host).tdm_policy is None
    assert read_rights([], {}, {}, host=host).ai_agents_blocked


def test_the_first_location_that_matches_decides() -> None:
    text = (
        '[{"location": "/apent/", "tdm-reservation": 0}, {"location": "/*", "tdm-reservation": 1, "tdm-policy": "p"}]'
    )
    assert read_tdmrep(text, "/apent/x") == (False, None)
    assert read_tdmrep(text, "/nyheter/x") == (True, "p")
    assert read_tdmrep('[{"location": "/x$", "tdm-reservation": "1"}]', "/xy") == (None, None)


@pytest.mark.parametrize(
    "text", ["", "<html>", "[1, 2]", '{"location": 3}', '[{"location": "/", "tdm-reservation": "yes"}]', "[" * 5000]
)
def test_a_damaged_file_states_nothing(text: str) -> None:
    assert read_tdmrep(text, "/") == (None, None)


def test_each_of_several_headers_counts_for_itself() -> None:
    headers = {"X-Robots-Tag": "googlebot: nosnippet\nnoindex\nnofollow"}
    assert read_rights([], {}, headers).robots == ("nofollow", "noindex")
