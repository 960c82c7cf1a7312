"""The support bundle: what is needed for help, whatever is away, and nothing that opens anything."""

import base64
import json
import secrets
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from app.services import batches, keeping, support
from app.services.health import Check
from app.services.house import House, open_house
from app.settings import Settings
from tests.store.working import read_everything

SECRET = "a-very-secret-key"


def bundle(house: House, **options: bool) -> dict[str, bytes]:
    return support.files(house, lambda: [Check("database", True, "redis://:hunter2@x/0")], **options)


def test_it_tells_of_batches_without_their_words(house: House) -> None:
    key = SecretStr(base64.b64encode(secrets.token_bytes(32)).decode())
    house = replace(house, settings=house.settings.model_copy(update={"encryption_key": key}))
    keeping.put_account(house, "naver", "second", {"client_id": "me", "client_secret": SECRET})
    read_everything(house, batches.submit(house, ["비밀 키워드", "b"], ["wordfreq.ko"], name="my batch").batch)

    found = bundle(house)
    told = b"\n".join(found.values()).decode()
    assert not [word for word in (SECRET, "hunter2", "비밀 키워드", "my batch") if word in told]
    said = json.loads(found["database.json"])
    assert (said["rows"]["batch"], said["batches_by_state"]) == (1, {"completed": 1})
    assert said["newest_batches"][0]["sources"][0]["ok"] == 2
    assert {one["key"] for one in json.loads(found["accounts.json"])["accounts"]} >= {"naver/second", "naver/default"}
    named = {one["name"]: one for one in json.loads(found["settings.json"])["settings"]}
    assert named["KEYBATCH_ENCRYPTION_KEY"]["value"] is None
    assert named["KEYBATCH_NAVER_CLIENT_SECRET"]["hidden"]
    assert all(f"  {name} " in support.README for name in found if name != "README.txt")

    assert "my batch" in bundle(house, names=True)["database.json"].decode()


def test_what_is_away_says_so_in_its_place(tmp_path: Path) -> None:
    house = open_house(
        Settings(database_url=f"sqlite:///{tmp_path}/none/at/all.db", redis_url=f"unix://{tmp_path}/none.sock")
    )
    found = bundle(house)
    house.close()
    assert json.loads(found["database.json"])["not_found"] == "DatabaseDown"
    assert json.loads(found["warnings.jsonl"])["not_found"] == "ConnectionError"
    assert json.loads(found["work.json"])["not_found"]
    assert json.loads(found["platform.json"])["packages"]["redis"]
    assert b'keybatch_up{part="redis"} 0.0' in found["metrics.txt"]
