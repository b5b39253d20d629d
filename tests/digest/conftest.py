"""A warehouse of two papers and one busy week, and an SMTP server on loopback."""

from __future__ import annotations

import importlib.util
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest
from aiosmtpd.controller import Controller

from digest.week import Digest, read_week

WEEK, QUIET = "2024-W14", "2024-W10"
NOW = datetime(2024, 4, 8, 5, tzinfo=UTC)


def _papers_module() -> ModuleType:
    """The warehouse tests' papers made of files; importlib mode has no package to import them from."""
    name = "papers_made_of_files"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "warehouse/conftest.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


papers_of = _papers_module()
tables = papers_of.tables
papers = papers_of.papers
module_papers = papers_of.module_papers
BODO, BALTA, VARDO = "bodo–ru-vyborg", "ovre-eiker–ua-balta", "vardo–ru-severomorsk"


def fill(papers: Any) -> None:
    """Print 36 ordinary weeks and the week of the digest, 2024-W14."""
    for source in ("nordlys", "nrk_nordland", "itromso"):
        papers.daily(source, date(2023, 8, 1), 251, 1)
    papers.crawl("2023-08-01", "2024-04-07", source="nordlys")
    papers.crawl("2023-08-01", "2024-04-07", source="nrk_nordland")
    papers.crawl("2023-08-01", "2024-04-02", source="itromso")
    papers.crawl("2024-04-04", "2024-04-07", source="itromso")
    papers.crawl("2024-04-03", "2024-04-03", source="itromso", outcome="failed")
    papers.article("2023-09-05", ties=("tromso–ru-murmansk",))
    papers.article("2024-01-03", ties=("moss–ru-velikij-novgorod",), source="itromso")
    told = papers.article
    told(
        "2024-04-05",
        title="Ny vennskapsby for Øvre Eiker",
        lead="Ordføreren skrev under fredag.",
        signature=[7] * 128,
        article_id="balta1",
        events=(
            {
                "tie": BALTA,
                "action": "signed",
                "date": "2024-04-05",
                "by": "ordfører",
                "evidence": "Øvre Eiker signerte fredag en avtale med Balta.",
            },
        ),
    )
    told(
        "2024-04-05", source="itromso", title="Ny vennskapsby", signature=[7] * 128, ties=(BALTA,), article_id="balta2"
    )
    told(
        "2024-04-04",
        title="Vardø bryter med Severomorsk, sier kilder",
        lead="Et utvalg har vedtatt det.",
        paywalled=True,
        article_id="vardo1",
        events=(
            {"tie": VARDO, "action": "terminated", "score": 0.5, "evidence": "Hemmelig setning bak betalingsmuren."},
        ),
    )
    told(
        "2024-04-03",
        source="nrk_nordland",
        title="Flertall for å si opp avtalen med Vyborg",
        article_id="bodo1",
        events=({"tie": BODO, "action": "proposed_termination", "factuality": "proposed", "by": "bystyre"},),
    )
    for n in range(3):
        told("2024-04-04", source="nrk_nordland", ties=(BODO,), article_id=f"bodo{n + 2}")
    told(
        "2024-04-03",
        title="Bodø må ut av avtalen",
        kind="opinion",
        opinion_form="debatt",
        article_id="debatt1",
        authors=[{"name": "Synne Aaberge", "role": "debattant"}],
        ties=(BODO,),
        stances=({"tie": BODO, "stance": "end"},),
    )
    told(
        "2024-04-05",
        title="Svar til Synne Aaberge: La den ligge",
        kind="opinion",
        opinion_form="leserbrev",
        article_id="debatt2",
        ties=(BODO,),
        stances=({"tie": BODO, "stance": "keep"},),
    )
    told("2024-04-06", title="Lviv for oss?", ties=("tromso–ua-lviv",), article_id="lviv1")


@pytest.fixture(scope="session")
def warehouse_file(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Path:
    """The warehouse, built once."""
    data = tmp_path_factory.mktemp("digest") / "data"
    data.mkdir()
    papers = papers_of.Papers(data=data, out=data / "bybaand.duckdb", tables=tables)
    fill(papers)
    papers.build().close()
    return data / "bybaand.duckdb"


@pytest.fixture
def con(warehouse_file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, opened as the digest opens it."""
    import warehouse

    with warehouse.connect(warehouse_file) as connection:
        yield connection


@pytest.fixture
def told(con: duckdb.DuckDBPyConnection) -> Digest:
    """The busy week."""
    return read_week(con, WEEK)


@pytest.fixture
def quiet(con: duckdb.DuckDBPyConnection) -> Digest:
    """A week in which nothing was decided or written."""
    return read_week(con, QUIET)


class Postbox:
    """An SMTP handler that keeps what it takes; `answers` lists what an address is told before it is let in."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.answers: dict[str, list[str]] = {}
        self.after_data: dict[str, list[str]] = {}
        self.calls: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.calls.append(address)
        answer = self.answers.get(address)
        if answer:
            said = answer.pop(0)
            if said == "hang up":
                server.transport.abort()
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        (address,) = envelope.rcpt_tos
        answer = self.after_data.get(address)
        said = answer.pop(0) if answer else "250 OK"
        if said.startswith("250") or said == "take and hang up":
            self.mails.append((address, envelope.original_content))
        if "hang up" in said:
            server.transport.abort()
        return said

    def parsed(self) -> list[EmailMessage]:
        """The mails taken, in order."""
        return [message_from_bytes(raw, policy=policy.default) for _, raw in self.mails]  # type: ignore[misc]


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    """A server that takes mail on a port of loopback."""
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, data_size_limit=None)
    controller.start()
    yield box, port
    controller.stop()
