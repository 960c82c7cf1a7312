"""How many documents the simulator says there are: invented, but always the same for the same question."""

from hashlib import blake2b

#: Our channels' words for Naver's services, so that a test may ask with either.
SERVICE_OF = {"cafe": "cafearticle", "web": "webkr"}

#: Totals that were once seen in the documentation or live, kept for scale.
_SEEN = {
    ("blog", "맛집"): 85_753_583,
    ("blog", "리뷰"): 8_714_891,
    ("news", "주식"): 2_566_589,
    ("cafearticle", "주식"): 1_777_224,
    ("kin", "주식"): 585_431,
    ("webkr", "주식"): 81_296_956,
    ("image", "주식"): 109_741,
    ("encyc", "주식"): 28_034,
    ("local", "갈비집"): 407,
}
#: Service → share of questions without any document, then the smallest and largest total as powers of ten.
_SCALE = {
    "blog": (0.02, 1.0, 7.6),
    "cafearticle": (0.02, 0.8, 7.2),
    "news": (0.06, 0.3, 6.6),
    "webkr": (0.01, 1.5, 7.9),
    "kin": (0.05, 0.3, 6.0),
    "encyc": (0.35, 0.0, 4.5),
    "image": (0.03, 0.5, 6.5),
    "local": (0.40, 0.0, 2.6),
}


def expected_total(service: str, query: str) -> int:
    """The ``total`` that the simulator answers; more words in ``query`` find fewer documents."""
    service = SERVICE_OF.get(service, service)
    if (service, query) in _SEEN:
        return _SEEN[service, query]
    digest = blake2b(f"{service}\0{query}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    lot = int.from_bytes(digest, "big") / 2**64
    none, low, high = _SCALE[service]
    if lot < none:
        return 0
    lot = (lot - none) / (1 - none)
    high = max(low + 0.5, high - 0.8 * query.count(" "))
    return int(10 ** (low + (high - low) * lot**1.3))
