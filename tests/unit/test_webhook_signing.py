"""Signatures of webhooks and the times of their tries."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadSetting
from app.services import posting, signing
from app.settings import Settings

#: The example of Standard Webhooks, the same in the tests of all its libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_example_is_signed_as_published():
    assert signing.signature(SECRET, MESSAGE, AT, BODY) == SIGNED
    assert signing.headers([SECRET], MESSAGE, AT, BODY) == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNED,
    }


def test_two_secrets_sign_beside_each_other():
    other = signing.new_secret()

    both = signing.headers([other, SECRET], MESSAGE, AT, BODY)["webhook-signature"].split(" ")

    assert both == [signing.signature(other, MESSAGE, AT, BODY), SIGNED]


@given(st.binary(max_size=200), st.integers(0, 2**33))
def test_what_is_signed_is_id_time_and_the_very_bytes(body, at):
    secret = signing.new_secret()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, b"msg_1." + str(at).encode() + b"." + body, hashlib.sha256)

    assert signing.signature(secret, "msg_1", at, body) == "v1," + base64.b64encode(mac.digest()).decode()
    assert 24 <= len(key) <= 64


def test_secrets_differ():
    assert len({signing.new_secret() for _ in range(50)}) == 50


def test_tries_are_spread_over_a_day():
    waits = [posting.wait_s(failures, None, 0.0) for failures in range(1, 9)]

    assert waits == [5, 300, 1_800, 7_200, 18_000, 28_800, 28_800, None]
    assert 22 * 3600 < sum(wait for wait in waits if wait) < 24 * 3600


@given(st.integers(1, 7), st.floats(0, 1, exclude_max=True))
def test_no_try_comes_much_earlier_or_any_later_than_planned(failures, draw):
    wait = posting.wait_s(failures, None, draw)

    assert wait is not None
    assert 0.9 * posting.AGAIN_S[failures - 1] <= wait <= posting.AGAIN_S[failures - 1]


@given(st.integers(1, 7), st.floats(allow_nan=False))
def test_a_receiver_may_ask_for_more_time_but_not_for_ever(failures, asked):
    wait = posting.wait_s(failures, asked, 0.0)

    assert wait is not None
    assert wait >= min(asked, posting.MAX_RETRY_AFTER_S)
    assert wait <= max(posting.AGAIN_S[failures - 1], posting.MAX_RETRY_AFTER_S)


@pytest.mark.parametrize("allowed", ["localhost", "10.0.0.1/8", "10.0.0.0/8;127.0.0.1"])
def test_networks_that_are_none_are_refused_at_start(allowed):
    with pytest.raises(BadSetting, match="KEYBATCH_WEBHOOKS_ALLOW"):
        Settings.read(webhooks_allow=allowed)
