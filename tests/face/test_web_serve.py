"""What is refused before anything heavy is started, and pages that work on any port."""

import socket
from pathlib import Path

import pytest

from app import vault
from app.cli import web
from app.errors import BadSetting, PortTaken
from app.settings import Settings
from app.web import build, bundle


@pytest.fixture(autouse=True)
def nothing_heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    def heavy() -> None:
        raise AssertionError("the pages were looked at before the refusal")

    monkeypatch.setattr(web, "ensure_built", heavy)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ["KEYBATCH_HOST", "KEYBATCH_PUBLIC_URL", "KEYBATCH_ENCRYPTION_KEY"]),
        ({"public_url": "https://kb.example.com"}, ["KEYBATCH_ENCRYPTION_KEY"]),
        ({"encryption_key": vault.new_key()}, ["KEYBATCH_PUBLIC_URL"]),
        ({"public_url": "https://kb.example.com", "encryption_key": "short"}, ["KEYBATCH_ENCRYPTION_KEY"]),
    ],
)
def test_an_address_that_others_can_reach_takes_what_it_needs(given: dict[str, str], missing: list[str]):
    with pytest.raises(BadSetting) as refused:
        web.serve(Settings.read(host="0.0.0.0", **given))
    for name in missing:
        assert name in refused.value.sentence("en")
        assert name in refused.value.sentence("ko")


def test_an_address_that_others_can_reach_is_served_once_it_has_that():
    given = {"host": "0.0.0.0", "public_url": "https://kb.example.com", "encryption_key": vault.new_key()}
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        with pytest.raises(PortTaken):  # so it got that far
            web.serve(Settings.read(**given, port=other.getsockname()[1]))


def test_a_port_that_is_taken_is_refused():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTaken):
            web.serve(Settings(port=other.getsockname()[1]))


def test_a_port_that_is_shared_on_purpose_is_taken_too():
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTaken):
            web.serve(Settings(port=other.getsockname()[1]))


def test_built_pages_use_the_origin_they_came_from(tmp_path: Path):
    script = tmp_path / "assets" / "env.js"
    script.parent.mkdir()
    script.write_text('x={PING:"http://localhost:8000/ping",EVENT:`ws://localhost:8000/_event`};')
    assert bundle.untie(tmp_path) == 1
    assert script.read_text() == (
        'x={PING:location.origin+"/ping",EVENT:location.origin.replace("http","ws")+`/_event`};'
    )


def test_a_build_that_names_no_address_is_refused_rather_than_tied_to_a_port(tmp_path: Path):
    (tmp_path / "a.js").write_text("1")
    with pytest.raises(RuntimeError, match="localhost:8000"):
        bundle.untie(tmp_path)


def test_pages_are_built_again_only_when_something_they_are_made_of_changes(tmp_path: Path):
    for name in ("app/web/pages", "app/services", "assets"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("app/app.py", "app/web/pages/new.py", "app/services/pace.py", "assets/keybatch.css", "rxconfig.py"):
        (tmp_path / name).write_text("1")
    first = build.fingerprint(tmp_path)
    (tmp_path / "app/services/pace.py").write_text("2")
    assert build.fingerprint(tmp_path) == first
    (tmp_path / "assets/keybatch.css").write_text("2")
    changed = build.fingerprint(tmp_path)
    assert changed != first
    assert not build.is_built(tmp_path)
    (tmp_path / ".web").mkdir()
    (tmp_path / ".web" / "keybatch.built").write_text(changed)
    assert build.is_built(tmp_path)
