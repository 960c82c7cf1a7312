"""What is kept under a name, on both databases: replaced, listed, forgotten, and seen in its workspace only."""

import threading
from dataclasses import replace

import pytest

from app import clock
from app.errors import BadValue, Forbidden, NoSuchThing
from app.services import people, saved
from app.services.callers import OPERATOR, Caller
from app.services.house import House

BODY = {"sources": ["wordfreq.ko"], "tags": ["가을"], "max_age": None, "deep": {"n": 1.5, "on": True}}
JIMIN = replace(OPERATOR, name="지민")


def test_what_is_kept_is_found_as_it_was_given(house: House):
    now = clock.now_ms()
    with clock.frozen(now):
        kept = saved.keep(house, JIMIN, "preset", "  블로그   + 카페 ", BODY)

    assert (kept.name, kept.owner, kept.body, kept.changed_at) == ("블로그 + 카페", "지민", BODY, now)
    assert saved.one(house, 1, "preset", "블로그 + 카페") == kept
    assert saved.listing(house, 1, "preset") == [kept]
    assert saved.listing(house, 1, "view") == [], "a view is another kind"


def test_the_same_name_replaces_and_belongs_to_who_kept_it_last(house: House):
    first = saved.keep(house, JIMIN, "view", "mine", {"sort": "position"})
    second = saved.keep(house, replace(OPERATOR, name="민수"), "view", "mine", {"sort": "-wordfreq.ko"})

    assert (second.id, second.owner, second.body) == (first.id, "민수", {"sort": "-wordfreq.ko"})
    assert saved.listing(house, 1, "view") == [second]


def test_the_list_is_in_the_order_of_names(house: House):
    for name in ("나", "b", "가", "A", "a"):
        saved.keep(house, JIMIN, "view", name, {})

    assert [one.name for one in saved.listing(house, 1, "view")] == ["A", "a", "b", "가", "나"]


def test_what_is_forgotten_can_be_kept_again(house: House):
    saved.keep(house, JIMIN, "preset", "p", BODY)

    gone = saved.forget(house, JIMIN, "preset", "p")

    assert saved.listing(house, 1, "preset") == []
    assert saved.keep(house, JIMIN, "preset", gone.name, gone.body).body == BODY
    with pytest.raises(NoSuchThing):
        saved.forget(house, JIMIN, "preset", "q")
    with pytest.raises(NoSuchThing):
        saved.one(house, 1, "view", "p")


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "\x00", "a\x1b[31m", "\u200b"])
def test_a_name_can_be_read(house: House, name: str):
    with pytest.raises(BadValue):
        saved.keep(house, JIMIN, "view", name, {})


@pytest.mark.parametrize("kind", ["", "views", "preset "])
def test_only_what_is_known_is_kept(house: House, kind: str):
    for refused in (
        lambda: saved.keep(house, JIMIN, kind, "n", {}),
        lambda: saved.listing(house, 1, kind),
        lambda: saved.forget(house, JIMIN, kind, "n"),
    ):
        with pytest.raises(BadValue):
            refused()


@pytest.mark.parametrize("body", [{"text": "가" * 7000}, {"no": {1, 2}}, {"half": "\ud800"}, {1: 2}])
def test_a_body_is_a_small_json_object(house: House, body):
    with pytest.raises(BadValue):
        saved.keep(house, JIMIN, "view", "n", body)
    assert saved.listing(house, 1, "view") == []


def test_markup_in_a_name_is_only_a_name(house: House):
    name = "<script>alert(1)</script> '; DROP TABLE saved; --"
    assert saved.keep(house, JIMIN, "view", name, {}).name == name
    assert saved.one(house, 1, "view", name).name == name


def test_who_may_only_look_keeps_and_forgets_nothing(house: House):
    saved.keep(house, JIMIN, "view", "n", {})
    viewer = Caller(1, frozenset({"read"}), "손님")

    with pytest.raises(Forbidden):
        saved.keep(house, viewer, "view", "n", {"x": 1})
    with pytest.raises(Forbidden):
        saved.forget(house, viewer, "view", "n")

    assert [one.body for one in saved.listing(house, 1, "view")] == [{}]


def test_another_workspace_has_names_of_its_own(house: House):
    people.make_owner(house, "지민", "a sentence of one's own")
    people.add(house, "손님", "a sentence of one's own", "admin", "고객")
    guest = people.as_caller(house, "손님")
    ours = saved.keep(house, JIMIN, "view", "n", {"ours": 1})

    with pytest.raises(NoSuchThing):
        saved.forget(house, guest, "view", "n")
    theirs = saved.keep(house, guest, "view", "n", {"theirs": 1})

    assert theirs.id != ours.id
    assert saved.listing(house, 1, "view") == [ours]
    assert saved.listing(house, guest.workspace, "view") == [theirs]


def test_a_workspace_keeps_so_many_of_a_kind_however_many_come_at_once(house: House, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 3)
    kept, refused = [], []
    together = threading.Barrier(6)

    def run(name: str) -> None:
        together.wait()
        try:
            kept.append(saved.keep(house, JIMIN, "view", name, {}).name)
        except BadValue:
            refused.append(name)

    threads = [threading.Thread(target=run, args=(f"n{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(kept), len(refused)) == (3, 3)
    assert sorted(one.name for one in saved.listing(house, 1, "view")) == sorted(kept)
    assert saved.keep(house, JIMIN, "view", kept[0], {"again": 1}).body == {"again": 1}, "to replace needs no room"
    assert saved.keep(house, JIMIN, "preset", "n", {}).name == "n", "another kind has room of its own"
