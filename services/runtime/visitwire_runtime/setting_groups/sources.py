"""Where settings come from: environment variables `VISITWIRE_*`, over a file visitwire.toml or visitwire.yaml.

`VISITWIRE_CONFIG` names the file where it lies elsewhere. A secret may come from a file of its own, as Docker and
Kubernetes hand them out: `VISITWIRE_BROKER_PASSWORD_FILE` names that file.
"""

import os
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
    YamlConfigSettingsSource,
)

SUFFIX = "_FILE"


class SecretFiles(PydanticBaseSettingsSource):
    """What stands in the files that the environment names, without the newline at the end; secrets only.

    Raises `FileNotFoundError` if there is no such file, `ValueError` if the secret itself is in the environment too.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        variable = f"{self.config['env_prefix']}{field_name}".upper()
        named = os.environ.get(variable + SUFFIX) if is_secret(field) else None
        if not named:
            return None, field_name, False
        if os.environ.get(variable):
            raise ValueError(f"{variable} and {variable}{SUFFIX} are both set; unset one")
        if not Path(named).is_file():
            raise FileNotFoundError(f"{variable}{SUFFIX} names {named}, which is not a file")
        return Path(named).read_text("utf-8").rstrip("\r\n"), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting is never shown, and so may come from a file of its own."""
    return "SecretStr" in str(field.annotation) or field.annotation is SecretStr


class Group(BaseSettings):
    """Settings that belong together. A setting misspelt in the file is an error."""

    model_config = SettingsConfigDict(
        env_prefix="VISITWIRE_",
        extra="forbid",
        frozen=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        named = os.environ.get("VISITWIRE_CONFIG")
        if named and not Path(named).is_file():
            raise FileNotFoundError(f"VISITWIRE_CONFIG names {named}, which is not a file")
        files = [Path(named)] if named else [Path("visitwire.toml"), Path("visitwire.yaml"), Path("visitwire.yml")]
        toml, yaml = ([file for file in files if (file.suffix == ".toml") is wanted] for wanted in (True, False))
        return (
            init_settings,
            env_settings,
            SecretFiles(settings_cls),
            TomlConfigSettingsSource(settings_cls, toml),
            YamlConfigSettingsSource(settings_cls, yaml),
        )
