from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.article import from_json, to_json
from crawlers.extract import SourceFacts, extract
from crawlers.platforms import PLATFORMS
from crawlers.replica.cases import CASES, Case, page
from crawlers.replica.site import RENDERERS

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RIGHTS = ("robots", "tdm_reserved", "tdm_policy")


def facts(case: Case) -> SourceFacts:
    debate = case.paper.source_id.startswith("nordnorskdebatt")
    return SourceFacts(
        source_id=case.paper.source_id,
        platform=case.paper.platform,
        publisher_group=case.paper.platform,
        host=case.paper.host,
        kind="debate" if debate else "news",
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_page_gives_its_expected_record(case: Case) -> None:
    article = extract(page(case), case.url, source=facts(case), fetched_at=NOW, headers=case.headers)
    found: dict[str, Any] = {
        name: getattr(article.rights if name in RIGHTS else article, name) for name in case.expected
    }
    assert found == case.expected
    assert from_json(to_json(article)) == article


def test_every_platform_has_a_page_and_a_case() -> None:
    assert set(RENDERERS) == set(PLATFORMS) == {case.paper.platform for case in CASES}
