"""The settings: one TOML file and the environment, read once by `pipeline.py` and passed on as values.

Precedence: command-line flags, then the environment (`BYBAAND_MAIL__PASSWORD=…`), then the file. Unknown keys are
refused. The file is `bybaand.toml` in the working folder unless `--settings` or `BYBAAND_SETTINGS` names another.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

DEFAULT_FILE = Path("bybaand.toml")


class SettingsError(Exception):
    """The settings can't be used; the message says which key, why, and what is allowed."""


def _one_line(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise ValueError("linjeskift er ikke tillatt")
    return value


Line = Annotated[str, AfterValidator(_one_line)]


class Section(BaseModel):
    """A part of the settings; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Data(Section):
    """Where everything lies that a run makes."""

    folder: Path = Path("data")


class Crawl(Section):
    """How papers are visited. `contact` (a page or mail address) goes into the User-Agent."""

    contact: Line = ""
    user_agent: Line = ""
    delay_s: float = Field(2.0, ge=0)
    timeout_s: float = Field(30.0, gt=0)
    max_page_mb: float = Field(5.0, gt=0)
    max_feed_mb: float = Field(5.0, gt=0)
    max_sitemap_mb: float = Field(50.0, gt=0)
    parallel: int = Field(1, ge=1)
    retries: int = Field(2, ge=0)
    retry_pause_s: float = Field(300.0, ge=0)
    sources: tuple[str, ...] = ()
    sources_file: Path | None = None
    head_only: tuple[str, ...] = ()
    resolve: dict[str, str] = {}
    revisit_hours: tuple[float, ...] = (1, 6, 24, 168, 720)


class Read(Section):
    """How texts are read. `entities` and `embedding` name a folder or a model instead of the shipped ones."""

    tier: Literal["fast", "accurate"] = "fast"
    entities: str = ""
    embedding: str = "shipped"
    processes: int = Field(1, ge=1)


class Digest(Section):
    """What the weekly digest is called and where it leads."""

    title: Line = "Bybånd"
    language: Literal["nb", "nn", "en"] = "nb"
    silent_weeks: int = Field(12, ge=1)


class Mail(Section):
    """How mail is sent. Without `public_url` subscribers are added by the operator only.

    `patience_minutes` is how long `digest --send` waits for servers that said «later» before it leaves them to the
    next run.
    """

    host: str = "127.0.0.1"
    port: int = Field(25, ge=1, le=65535)
    starttls: bool = False
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: Line = "Bybånd <bybaand@localhost>"
    list_id: Line = "bybaand.localhost"
    public_url: str = ""
    per_minute: int = Field(600, ge=1)
    patience_minutes: float = Field(120, ge=0)
    dkim_key: Path | None = None
    dkim_selector: str = ""
    dkim_domain: str = ""


class Pages(Section):
    """The static site. `kommuner_geojson` draws areas instead of dots on the map."""

    base_url: str = ""
    kommuner_geojson: Path | None = None


class Schedule(Section):
    """When jobs run: minutes between looks at due feeds, between full runs and between writings of the pages (counted
    from midnight UTC); the digest's day and hour in Oslo."""

    crawl_minutes: int = Field(15, ge=5)
    run_minutes: int = Field(60, ge=5)
    pages_minutes: int = Field(1440, ge=60)
    digest_day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    digest_hour: int = Field(7, ge=3, le=23)
    job_timeout_minutes: int = Field(180, ge=1)


class Settings(BaseSettings):
    """All settings of one run."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="BYBAAND_", env_nested_delimiter="__", toml_file=DEFAULT_FILE
    )

    data: Data = Data()
    crawl: Crawl = Crawl()
    read: Read = Read()
    digest: Digest = Digest()
    mail: Mail = Mail()
    pages: Pages = Pages()
    schedule: Schedule = Schedule()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then environment, then file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(file: Path | None) -> Settings:
    """Read the settings; raises SettingsError that names file, key and cure."""
    if file is not None and not file.is_file():
        raise SettingsError(f"Fant ikke innstillingsfilen {file}. Lag den, eller utelat --settings.")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file or DEFAULT_FILE)

    try:
        return FromFile()
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {_in_norwegian(fault['type'], fault['msg'])}"
            for fault in error.errors()
        )
        raise SettingsError(f"Innstillingene ({file or DEFAULT_FILE} og miljøet) kan ikke brukes: {faults}") from None
    except ValueError as error:  # TOML that can't be parsed
        raise SettingsError(f"{file or DEFAULT_FILE} er ikke gyldig TOML: {error}") from None


def _in_norwegian(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "ukjent nøkkel (skrivefeil?)"
    return message
