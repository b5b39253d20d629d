from pathlib import Path

import pytest

from settings import SettingsError, load_settings


def write(folder: Path, text: str) -> Path:
    file = folder / "bybaand.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_environment_beats_file_beats_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, "[crawl]\ndelay_s = 5\ntimeout_s = 7\n")
    monkeypatch.setenv("BYBAAND_CRAWL__DELAY_S", "3.5")
    crawl = load_settings(file).crawl
    assert (crawl.delay_s, crawl.timeout_s, crawl.max_page_mb) == (3.5, 7, 5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[crawl]\ndelay = 3\n", "crawl.delay: ukjent nøkkel"),
        ("[krawl]\n", "krawl: ukjent nøkkel"),
        ("[crawl\n", "ikke gyldig TOML"),
        ("[schedule]\ndigest_hour = 2\n", "schedule.digest_hour"),
        ('[mail]\nsender = "a\\nBcc: b@c"\n', "linjeskift er ikke tillatt"),
    ],
)
def test_bad_settings_name_file_key_and_reason(tmp_path: Path, text: str, told: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(SettingsError, match=r"bybaand\.toml") as error:
        load_settings(file)
    assert told in str(error.value)


def test_missing_settings_file_is_an_error_only_when_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(None).data.folder == Path("data")
    with pytest.raises(SettingsError, match="Fant ikke"):
        load_settings(tmp_path / "borte.toml")


def test_password_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYBAAND_MAIL__PASSWORD", "hemmelig")
    settings = load_settings(None)
    assert settings.mail.password.get_secret_value() == "hemmelig"
    assert "hemmelig" not in repr(settings)
