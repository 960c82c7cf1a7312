"""The page of sources over a real temporary house: what its handlers keep, and that no secret stays in a tab."""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
import reflex as rx

from app.db.migrate import upgrade
from app.errors import DatabaseDown, Language
from app.services import accounts as service
from app.services import batches, keeping
from app.services.house import House, open_house
from app.settings import Settings
from app.sources import registry
from app.vault import new_key
from app.web import backend, fields, kept, trials
from app.web.pages.sources import SourcesState
from app.web.state import Ui
from tests.face.signed_in import OWNER, announce
from tests.face.test_web_accounts import SECRET, SPEC_FORM
from tests.stage import environment

FORM = {"account": "team", "set:client_id": "an-id", "set:client_secret": SECRET, "set:daily_quota": "900"}


@pytest.fixture
def house(settings_of: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with environment({**settings_of, "KEYBATCH_ENCRYPTION_KEY": new_key()}):
        settings = Settings()
        upgrade(settings)
        opened = open_house(settings)
        monkeypatch.setattr(backend._Held, "house", opened)
        yield opened
        opened.close()
        service.forget()


class Tab:
    """A tab: its tree of states. Background handlers get it as they get it in a browser's."""

    def __init__(self, language: Language = "ko") -> None:
        self.root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        announce(self.root)
        self.ui = self.root.get_substate(Ui.get_full_name().split("."))
        self.ui.chosen = language
        self.state: Any = self.root.get_substate(SourcesState.get_full_name().split("."))

    def do(self, handler: Any, *arguments: Any) -> Any:
        async def to_end() -> Any:
            done = handler.fn(self.state, *arguments)
            return await done if asyncio.iscoroutine(done) else done

        return asyncio.run(to_end())

    def panel(self, name: str) -> Any:
        return next(one for one in self.state.panels if one.name == name)

    def everything(self) -> str:
        """All that this tab holds, what stays on the server too."""
        names = SourcesState.get_fields().keys() - rx.State.get_fields().keys()
        assert {"form", "_reading", "_trial"} <= names
        return repr([getattr(self.state, name) for name in names])


def opened(language: Language = "ko") -> Tab:
    tab = Tab(language)
    tab.do(SourcesState.refresh)
    return tab


def test_an_account_is_added_changed_and_removed_and_no_secret_stays(house: House):
    tab = opened()
    tab.do(SourcesState.add, "naver")
    assert (tab.state.opened, tab.state.form.title) == ("naver", "네이버 계정 추가")
    tab.do(SourcesState.save, FORM)
    assert (tab.state.opened, tab.state.refusal) == ("", "")
    assert "naver/team" in tab.state.said
    [line] = tab.panel("naver").accounts
    assert (line.key, line.hint, line.quota, line.kept) == ("naver/team", "…0042", "900", True)
    tab.do(SourcesState.change, "naver/team")
    assert SECRET not in tab.everything()
    tab.do(SourcesState.save, {"set:client_id": "other", "set:client_secret": "", "set:platform": "hub"})
    settings = service.charged("naver/team").settings
    assert settings.client_secret.get_secret_value() == SECRET
    assert (settings.client_id, settings.daily_quota) == ("other", None)
    tab.do(SourcesState.ask, "naver/team")
    assert tab.state.asks == "naver/team"
    tab.do(SourcesState.unask)
    assert (tab.state.asks, tab.state.left) == ("", "naver/team")
    tab.do(SourcesState.ask, "naver/team")
    tab.do(SourcesState.remove, "naver/team")
    assert (tab.state.asks, tab.panel("naver").accounts) == ("", [])


@pytest.mark.parametrize(
    ("form", "ko", "en"),
    [
        (FORM | {"account": ""}, "계정 이름", "Account name"),
        (FORM | {"set:client_secret": ""}, "클라이언트 시크릿", "Client secret"),
        (FORM | {"set:rate": "fast"}, "호출 속도", "Rate"),
        (FORM | {"set:daily_quota": "0"}, "하루 호출", "Calls a day"),
    ],
)
def test_a_refusal_stands_beside_the_open_form_in_both_languages(house: House, form, ko, en):
    tab = opened()
    tab.do(SourcesState.add, "naver")
    tab.do(SourcesState.save, form)
    assert tab.state.opened == "naver"
    assert tab.state.refusal.startswith(f"{ko}: ")
    assert any("가" <= char <= "힣" for char in tab.state.refusal.partition(": ")[2])
    assert SECRET not in tab.everything()
    tab.ui.chosen = "en"
    tab.do(SourcesState.refresh)
    assert tab.state.refusal.startswith(f"{en}: ")
    assert tab.state.form.title == "Add an account at Naver"
    assert not [one for one in service.listing(house) if one.kept]


def test_a_new_account_does_not_replace_one_of_the_same_name(house: House):
    tab = opened()
    tab.do(SourcesState.add, "naver")
    tab.do(SourcesState.save, FORM)
    tab.do(SourcesState.add, "naver")
    tab.do(SourcesState.save, FORM | {"set:client_id": "another"})
    assert "이미 있습니다" in tab.state.refusal
    assert service.charged("naver/team").settings.client_id == "an-id"


def test_an_account_in_use_says_so_where_it_stands(house: House):
    keeping.put_account(house, "naver", "team", fields.given(FORM))
    batches.submit(house, ["맥북"], ["naver.blog"])
    tab = opened()
    tab.do(SourcesState.remove, "naver/team")
    [line] = tab.panel("naver").accounts
    assert line.tried.kind == "fail"
    assert "#1" in line.tried.text


def test_an_account_that_no_key_opens_is_shown_and_can_be_entered_anew(house: House):
    keeping.put_account(house, "naver", "team", fields.given(FORM))
    with environment({**dict(os.environ), "KEYBATCH_ENCRYPTION_KEY": new_key()}):
        other = open_house(Settings())
        service.forget()
        backend._Held.house = other
        tab = opened()
        [line] = tab.panel("naver").accounts
        assert (line.health, line.testable, line.kept) == ("fail", False, True)
        tab.do(SourcesState.change, "naver/team")
        tab.do(SourcesState.save, {key: value for key, value in FORM.items() if key != "account"})
        assert tab.panel("naver").accounts[0].health == "idle"
        other.close()


def test_a_source_is_defined_changed_and_removed_and_its_headers_stay_sealed(house: House):
    assert kept.keep_source(house, OWNER, "", SPEC_FORM) == "http.shop"
    tab = opened()
    [line] = tab.panel("http").accounts
    assert (line.name, line.hint, line.kept) == ("내 상점", "http.shop", True)
    tab.do(SourcesState.change, "http/shop")
    assert (tab.state.opened, tab.state.spec.changes) == ("http", "shop")
    assert tab.state.spec.headers == "X-Key: \nAccept: "
    assert SECRET not in tab.everything()
    kept.keep_source(house, OWNER, "shop", SPEC_FORM | {"headers": tab.state.spec.headers, "path": "total"})
    upstream = registry.get("http.shop").upstream
    assert (upstream.headers["X-Key"], upstream.spec.path) == (SECRET, "total")
    with pytest.raises(kept.Taken):
        kept.keep_source(house, OWNER, "", SPEC_FORM)
    tab.do(SourcesState.remove, "http/shop")
    assert tab.panel("http").accounts == []


def test_a_source_that_is_tried_is_not_kept_and_private_addresses_are_not_asked(house: House):
    told = kept.attempt_source(
        house, OWNER, "", SPEC_FORM | {"url": "http://127.0.0.1:1/?q={keyword}", "trial": "맥북"}
    )
    assert told.en.kind == "fail"
    assert "not a public address" in told.en.text
    assert told.ko.asked == "http.shop · 맥북"
    assert "http.shop" not in registry.sources()
    assert SECRET not in repr(told)


def test_a_trial_of_an_account_is_written_down_and_shown_where_it_stands(house: House):
    with environment({**dict(os.environ), "KEYBATCH_NAVER_BASE_URL": "http://127.0.0.1:1"}):
        keeping.put_account(house, "naver", "team", fields.given(FORM))
        told = trials.of_account(house, OWNER, "naver/team")
    tab = opened("en")
    asyncio.run(tab.state._attempted("naver/team", told, kept.read(house)))
    [line] = tab.panel("naver").accounts
    assert (line.tried.kind, line.label) == ("fail", "unreachable")
    assert "naver/team" in tab.state.spoken


def test_a_database_that_goes_away_leaves_what_was_shown_and_says_so(house: House):
    gone = DatabaseDown(where="there", why="gone.")
    fresh = Tab()
    fresh.state._show(gone, "ko")
    assert (fresh.state.phase, fresh.state.sign) == ("unread", "stale")
    tab = opened()
    tab.state._show(gone, "ko")
    assert (tab.state.phase, tab.state.sign, tab.state.problem) == ("shown", "stale", gone.sentence("ko"))
    assert tab.state.panels


def test_what_did_not_change_is_not_sent_again(house: House):
    tab = opened()
    tab.state._clean()
    tab.do(SourcesState.refresh)
    assert "panels" not in tab.state.dirty_vars


def test_the_page_in_english_has_no_korean(house: House):
    tab = opened("en")
    tab.do(SourcesState.add, "naver_datalab")
    page = json.dumps([asdict(one) for one in (*tab.state.panels, tab.state.form)], ensure_ascii=False)
    assert not any("가" <= char <= "힣" for char in page.replace("쇼핑", ""))
