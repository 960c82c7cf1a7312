"""What was done to a batch, in sentences. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Language
from app.services.activity import ANYONE, CLI, HOUSE, Act
from app.services.holdings import SourceInfo
from app.web import addresses, cells, shown
from app.web.words import known, word

#: Icon of each act.
_ICONS = {
    "submit": "plus",
    "pause": "pause",
    "resume": "play",
    "cancel": "square",
    "retry": "rotate-cw",
    "rerun": "copy-plus",
    "rename": "pencil",
    "tag": "tag",
    "untag": "tag",
    "requeue": "rotate-cw",
    "discard": "trash-2",
    "columns": "columns-3",
    "export": "download",
    "waiting": "clock",
    "running": "play",
    "completed": "check",
    "purge_events": "archive-x",
    "purge_readings": "archive-x",
    "purge_items": "archive-x",
    "forget_batch": "trash-2",
}
ICONS = (*sorted(set(_ICONS.values())), "circle")


@dataclass
class ActShown:
    """One thing done. ``address`` leads to the other batch that it is about, "" without one."""

    key: str
    icon: str
    text: str
    who: str
    when: str
    stamp: str
    address: str = ""
    link: str = ""


def line(act: Act, infos: Mapping[str, SourceInfo], now: int, language: Language) -> ActShown:
    """An act as it is told."""
    other = act.about.get("batch") or act.about.get("rerun_of") or 0
    return ActShown(
        key=str(act.id),
        icon=_ICONS.get(act.what, "circle"),
        text=_text(act, infos, now, language),
        who=who(act.who, language),
        when=cells.when(act.at, now, language),
        stamp=cells.stamp(act.at),
        address=addresses.batch(int(other)) if other else "",
        link=f"#{other}" if other else "",
    )


def who(name: str, language: Language) -> str:
    """Who did it; the house and the command line have names in the person's language."""
    others = {HOUSE: "by_house", CLI: "by_cli", ANYONE: "by_anyone"}
    return word(others[name], language) if name in others else name


def _text(act: Act, infos: Mapping[str, SourceInfo], now: int, language: Language) -> str:
    about = act.about
    if act.what == "waiting":
        until = cells.when(int(about["until"]), now, language)
        key = f"act_waiting_{about['reason']}"
        account = _account(str(about["account"]), infos, language)
        return word(key if known(key) else "act_waiting", language, account=account, until=until)
    key = f"act_{act.what}"
    if act.what == "cancel" and about.get("by") == "deadline":
        key = "act_expire"
    if act.what == "submit" and about.get("rerun_of"):
        key = "act_submit_again"
    return word(key, language, **_facts(about, infos, language)) if known(key) else act.what


def _facts(about: Mapping[str, Any], infos: Mapping[str, SourceInfo], language: Language) -> dict[str, Any]:
    """What a sentence may name: the act's own facts, with sources and error classes in words."""
    facts = {name: value for name, value in about.items() if isinstance(value, int | str)}
    if about.get("account"):
        facts["account"] = _account(str(about["account"]), infos, language)
    which = []
    if about.get("source"):
        info = infos.get(str(about["source"]))
        which.append(shown.full_title(info, language) if info else str(about["source"]))
    if about.get("error"):
        which.append(word(f"means_{about['error']}", language))
    return facts | {"which": ", ".join(which), "narrow": int(bool(which))}


def _account(key: str, infos: Mapping[str, SourceInfo], language: Language) -> str:
    """An account as people know it: its upstream, with its own name where there may be others."""
    upstream, _, name = key.partition("/")
    info = next((one for one in infos.values() if one.upstream == upstream), None)
    called = upstream if info is None else info.upstream_ko if language == "ko" else info.upstream_en
    return called if name == "default" else f"{called} ({name})"
