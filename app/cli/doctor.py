"""``doctor``: is everything as it should be, and if not, what to do."""

import difflib
import os
from collections.abc import Iterator

import typer
from dotenv import dotenv_values
from rich.markup import escape

from app.cli import output, preflight, words
from app.cli.given import AsJson
from app.errors import KeybatchError, language_of
from app.services import examined, health
from app.services.health import Check
from app.settings import PREFIX, HouseSettings, Settings
from app.sources import registry


def doctor(as_json: AsJson = False) -> None:
    """Check settings, data folder, database, Redis, workers, scheduler and sources."""
    found = list(checks())
    if as_json:
        output.print_json(found)
    else:
        for check in found:
            _show(check)
    raise typer.Exit(output.DONE if all(check.ok for check in found) else output.FAILED)


def checks() -> Iterator[Check]:
    """Every check, from the ground up; what stands on a broken one is not checked."""
    try:
        settings = Settings.read()
    except KeybatchError as error:
        yield _failed("settings", error)
        return
    yield _names()
    if not (settings.database_url and settings.redis_url):
        yield _data_folder(settings)
    with output.house() as house:
        yield from health.checks(house, language_of())
        yield from examined.checks(house, language_of())
    for upstream in registry.upstreams():
        yield _source(upstream)


def _names() -> Check:
    """A variable that means nothing is a typing error that would go unseen."""
    given = {name.upper() for name in (*os.environ, *dotenv_values(".env")) if name.upper().startswith(PREFIX)}
    strange = sorted(given - known_settings())
    if not strange:
        return Check("settings", True, words.SETTINGS_FINE.say(count=len(given)), "")
    return Check("settings", False, words.UNKNOWN_SETTINGS.say(names=", ".join(strange)), _nearest(strange))


def known_settings() -> set[str]:
    """Every variable that means something."""
    classes: list[type[HouseSettings]] = [Settings]
    classes += (upstream.settings_class for upstream in registry.upstreams().values())
    names = {name for one in classes for name in one.described()}
    return names | {f"{name}_FILE" for name in names}


def _nearest(strange: list[str]) -> str:
    near = {name: difflib.get_close_matches(name, sorted(known_settings()), n=1) for name in strange}
    meant = [words.DID_YOU_MEAN.say(name=name, nearest=found[0]) for name, found in near.items() if found]
    return " ".join(meant) or words.SEE_SETTINGS.say()


def _data_folder(settings: Settings) -> Check:
    if not settings.data_dir.exists():  # a look changes nothing
        return Check("data folder", True, words.WILL_BE_MADE.say(folder=settings.data_dir.absolute()), "")
    try:
        preflight.data_folder(settings)
    except KeybatchError as error:
        return _failed("data folder", error)
    return Check("data folder", True, str(settings.data_dir.absolute()), "")


def _source(upstream: str) -> Check:
    """Ready, or what it needs; an upstream without credentials is no fault, a wrong setting is one."""
    found = registry.upstreams()[upstream]
    try:
        account = found.account()
    except KeybatchError as error:
        return _failed(upstream, error)
    missing = found.missing_settings(account.settings)
    ready = words.NEEDS.say(settings=", ".join(missing)) if missing else words.READY_SOURCE.say()
    return Check(upstream, True, ready, "")


def _failed(name: str, error: KeybatchError) -> Check:
    return Check(name, False, error.sentence(language_of()), "")


def _show(check: Check) -> None:
    console = output.result()
    sign = "[red]✗[/]" if not check.ok else "[yellow]![/]" if check.remedy else "[green]✓[/]"
    console.print(f"{sign} {escape(check.name)}: {escape(check.detail)}", markup=True)
    if check.remedy:
        console.print(f"    {check.remedy}")
