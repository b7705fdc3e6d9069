"""Settings come from the environment, over a file; secrets never show."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from visitwire_runtime.setting_groups.sources import Group
from visitwire_runtime.settings import GROUPS, Settings


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VISITWIRE_CONFIG", raising=False)


def test_the_environment_is_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "visitwire.toml").write_text('broker = "a:1"\nbatch = 8\n')
    monkeypatch.setenv("VISITWIRE_BROKER", "b:2")
    settings = Settings()
    assert (settings.broker, settings.batch) == ("b:2", 8)


def test_yaml_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "visitwire.yaml").write_text("dead_letter_row: 7\n")
    assert Settings().dead_letter_row == 7


def test_a_named_file_is_read_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "visitwire.toml").write_text("batch = 8\n")
    (tmp_path / "other.toml").write_text("batch = 9\n")
    monkeypatch.setenv("VISITWIRE_CONFIG", str(tmp_path / "other.toml"))
    assert Settings().batch == 9


def test_a_named_file_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISITWIRE_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(FileNotFoundError, match="which is not a file"):
        Settings()


def test_a_misspelt_setting_in_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "visitwire.toml").write_text('brokr = "a:1"\n')
    with pytest.raises(ValidationError, match="brokr"):
        Settings()


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISITWIRE_BROKER_PASSWORD", "hunter2")
    monkeypatch.setenv("VISITWIRE_DATABASE_URL", "postgresql://desk:hunter2@db/visits")
    settings = Settings()
    assert "hunter2" not in repr(settings) + settings.model_dump_json()
    assert settings.database.get_secret_value() == "postgresql://desk:hunter2@db/visits"


def test_the_ledger_lies_in_the_data_folder_unless_said(tmp_path: Path) -> None:
    url = Settings(data_dir=tmp_path).database.get_secret_value()
    assert url == f"sqlite:///{tmp_path}/visitwire.sqlite"


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def defined(group: type[Group]) -> list[str]:
    """The settings that a group itself brings."""
    return [name for name in group.model_fields if name in group.__annotations__]


def test_each_setting_is_in_one_group() -> None:
    found = [name for _, groups in GROUPS for group in groups for name in defined(group)]
    assert sorted(found) == sorted(Settings.model_fields)


def test_a_group_of_a_stage_has_no_settings_of_another() -> None:
    groups = {group.__name__: set(group.model_fields) for _, groups in GROUPS for group in groups}
    assert not groups["IngestionSettings"] & {"alerting_key", "gateway_oidc_client_secret", "llm_key", "smtp_password"}
    assert not groups["AlertingSettings"] & {"push_token", "gateway_oidc_client_secret", "llm_key", "model"}
    assert groups["ExtractionSettings"] == groups["ProcessSettings"] | {"model", "officeholders", "batch"}


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("hunter2\n")
    (tmp_path / "visitwire.toml").write_text('broker_password = "of the file of settings"\n')
    monkeypatch.setenv("VISITWIRE_BROKER_PASSWORD_FILE", str(tmp_path / "password"))
    password = Settings().broker_password
    assert password is not None
    assert password.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(Settings())


def test_a_secret_given_twice_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("a")
    monkeypatch.setenv("VISITWIRE_ALERTING_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("VISITWIRE_ALERTING_KEY", "b")
    with pytest.raises(ValueError, match="VISITWIRE_ALERTING_KEY and VISITWIRE_ALERTING_KEY_FILE are both set"):
        Settings()


def test_the_file_of_a_secret_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISITWIRE_DATABASE_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError, match=r"VISITWIRE_DATABASE_URL_FILE names .*none, which is not a file"):
        Settings()


def test_what_is_no_secret_does_not_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broker").write_text("elsewhere:9092")
    monkeypatch.setenv("VISITWIRE_BROKER_FILE", str(tmp_path / "broker"))
    assert Settings().broker == "127.0.0.1:9092"
