"""All settings of the house."""

from functools import lru_cache

from app.settings.keeping import KeepingSettings
from app.settings.place import PlaceSettings
from app.settings.seeing import SeeingSettings
from app.settings.signin import SignInSettings


class Settings(KeepingSettings, SignInSettings, SeeingSettings, PlaceSettings):
    """The house's own settings."""


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The house's settings, read once a process. Raises BadSetting."""
    return Settings.read()
