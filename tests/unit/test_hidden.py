"""No secret gets into a line: by name, by shape, by value, in tracebacks."""

import base64
import io
import json
import logging
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import hidden, log
from app.settings import Settings


@pytest.fixture(autouse=True)
def own_logging(monkeypatch):
    """Logs of this test alone; what it remembers is forgotten."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr(hidden, "_known", set())
    monkeypatch.setattr(hidden, "_pattern", [])
    yield
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(False)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("kb_AbCdEfGhIjKl came", "kb_******** came"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_********"),
        ("redis://:hunter2@10.0.0.1:6379/0", "redis://:********@10.0.0.1:6379/0"),
        ("postgresql://kb:p%40ss@db/kb refused", "postgresql://kb:********@db/kb refused"),
        ("Authorization: Bearer abcdef123", "Authorization: ******** ********"),
        ("sent with KakaoAK 0123456789abcdef", "sent with KakaoAK ********"),
        ("Cookie: a=b; keybatch_session=Zm9vYmFy; x=y", "Cookie: ******** keybatch_session=********; x=y"),
        ("{'X-Naver-Client-Secret': 'abc123'}", "{'X-Naver-Client-Secret': '********'}"),
        ("https://api.example.com/x?api_key=abcdef&q=1", "https://api.example.com/x?api_key=********&q=1"),
        ("http://127.0.0.1:8000/batches/7?q=맥북", "http://127.0.0.1:8000/batches/7?q=맥북"),
        ("connection to http://host:80/a@b failed", "connection to http://host:80/a@b failed"),
    ],
)
def test_what_has_the_shape_of_a_secret_is_hidden(said, left):
    shown = hidden.text(said)
    assert "hunter2" not in shown
    assert shown == left or (hidden.MASK in left and hidden.MASK in shown and not _secrets(said) & _secrets(shown))


def _secrets(text: str) -> set[str]:
    return {part for part in ("abcdef123", "0123456789abcdef", "Zm9vYmFy", "abc123", "p%40ss") if part in text}


@settings(deadline=None)
@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["Cs"]), min_size=6, max_size=40)
)
def test_what_is_known_to_be_secret_is_hidden_in_each_of_its_forms(secret):
    if secret in hidden.MASK:
        return
    hidden._known.clear()  # each example by itself
    hidden.remember([secret])
    for form in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()):
        assert secret not in hidden.text(f"before {form} after")
        assert form not in hidden.text(f"before {form} after")


def test_a_line_has_one_shape_and_no_secret_in_it_nor_in_its_traceback():
    out = io.StringIO()
    log.configure(
        Settings(log_format="json", redis_url="redis://:hun:ter2@h/0", metrics_token="metrics-are-mine"), "web", out
    )
    mark = log.asked.set(log.Asked("a-request", person=7))
    with log.bind(batch=3):
        log.get("x").warning("said", api_key="k", nested={"Authorization": "Bearer xyz", "deep": ["metrics-are-mine"]})
    log.asked.reset(mark)
    try:
        raise ValueError("cannot reach redis://:hun:ter2@h/0 with kb_SecretSecret")
    except ValueError:
        logging.getLogger("some.library").exception("it %s", "broke")
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert list(first)[:6] == ["time", "level", "event", "process", "host", "pid"]
    assert (first["batch"], first["request"], first["person"], first["process"]) == (3, "a-request", 7, "web")
    assert (first["api_key"], first["nested"]) == (hidden.MASK, {"Authorization": hidden.MASK, "deep": [hidden.MASK]})
    assert (second["event"], second["level"], second["process"]) == ("it broke", "error", "web")
    assert "Traceback" in second["exception"]
    assert not {"hun:ter2", "kb_SecretSecret", "metrics-are-mine"} & set(out.getvalue().split())
    assert "ter2" not in out.getvalue()


def test_a_command_talks_to_a_person_and_a_process_writes_lines(capsys):
    log.configure(Settings(log_format="json"), "cli")
    log.say("It cannot be.", "cannot_start")
    assert capsys.readouterr().err == "It cannot be.\n"
    out = io.StringIO()
    log.configure(Settings(log_format="json"), "worker", out)
    log.say("It cannot be.", "cannot_start", code="redis_down")
    line = json.loads(out.getvalue())
    assert (line["event"], line["sentence"], line["code"]) == ("cannot_start", "It cannot be.", "redis_down")
