"""Where settings come from, and how a bad one is said.

Read from the environment or ``.env`` (the environment wins), prefix ``KEYBATCH_``; any of them may also be given
as ``<NAME>_FILE``, a path whose content is the value.
"""

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.errors import BadSetting

PREFIX = "KEYBATCH_"


def _as_header(value: object) -> object:
    """Without the blanks around it that pasting leaves; what then fits no header is refused."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if not isinstance(text, str):
        return value
    text = text.strip()
    if not all("!" <= letter <= "~" for letter in text):
        raise ValueError("it holds a character that no key has")
    return text


#: What goes into a header of each call, as upstreams want their keys: open and secret.
HeaderText = Annotated[str, BeforeValidator(_as_header)]
HeaderSecret = Annotated[SecretStr, BeforeValidator(_as_header)]


class _FromFiles(EnvSettingsSource):
    """``KEYBATCH_X_FILE=/run/secrets/x`` gives X the content of that file."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = f"{self.env_prefix}{field_name}_file".lower()
        path = self.env_vars.get(name)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as exc:
            raise BadSetting(name=name.upper(), why=f"{path} cannot be read ({exc}). Point it at a text file.") from exc


class HouseSettings(BaseSettings):
    """What all settings classes share: where values come from and how a bad one is said."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
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
        sources: list[PydanticBaseSettingsSource] = [init_settings, env_settings, _FromFiles(settings_cls)]
        if isinstance(dotenv_settings, DotEnvSettingsSource):
            sources.append(dotenv_settings)
        return tuple(sources)

    @classmethod
    def read(cls, **given: Any) -> Self:
        """The settings as they stand now, with those ``given`` before them. Raises BadSetting naming the first wrong
        one and what it takes."""
        prefix = cls.model_config.get("env_prefix", "")
        try:
            return cls(**given)
        except ValidationError as exc:
            first = exc.errors()[0]
            name = f"{prefix}{first['loc'][0]}".upper() if first["loc"] else prefix
            description = cls.model_fields[str(first["loc"][0])].description if first["loc"] else ""
            raise BadSetting(name=name, why=f"{first['msg']}. It takes: {description}") from None

    @classmethod
    def described(cls) -> dict[str, str]:
        """Name → description of each setting, for the docs and ``doctor``."""
        prefix = cls.model_config.get("env_prefix", "")
        return {f"{prefix}{name}".upper(): field.description or "" for name, field in cls.model_fields.items()}
