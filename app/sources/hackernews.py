"""Hacker News: how many of its stories match a keyword (its public search, run by Algolia on hn.algolia.com).

- The keyword is asked as it stands. The search forgives misspellings, takes the last word for the beginning of one, and
  heeds ``"…"`` and ``-word``; several words must all occur. Those are Algolia's own rules, and change with it.
- Only the total is asked for. Algolia may estimate a large one and then says so (``exhaustiveNbHits`` or
  ``exhaustive.nbHits`` is false): such a reading carries ``data["approximate"]``.
- An answer with a ``message`` explains why it is none; one was seen to come with status 200 and a total of 0. It is not
  read as a total.

Without a key; 10,000 calls an hour from one address. It sends no headers about that, and whoever asks far more is shut
out until a person has written to it.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

from app.errors import BadCredentials, Rejected, Unreadable
from app.sources.base import Account, Channel, Reading, Request, Response, Upstream, whole
from workers.budget.values import Budget, Rate

_URL = "https://hn.algolia.com"


class HackerNews(Upstream, name="hackernews"):
    """Stories of Hacker News. Setting: KEYBATCH_HACKERNEWS_BASE_URL."""

    ko = "해커 뉴스"
    en = "Hacker News"
    channels: ClassVar[Mapping[str, Channel]] = {
        "stories": Channel(
            "해커 뉴스 글수",
            "Hacker News stories",
            "해커 뉴스에서 검색되는 글 전체 (누적)",
            "all stories ever posted that match",
        )
    }
    budget = Budget(rate=Rate(10_000, 3600))
    throttle_s = (5.0, 60.0, 600.0)
    control = "Python"

    def ask(self, channel: str, keywords: Sequence[str], account: Account) -> Request:
        """One search that returns no story, only the total. Raises Rejected for a keyword that no URL can carry."""
        [keyword] = keywords
        if not keyword.strip():
            raise Rejected("the keyword is blank")
        try:
            query = quote(keyword, safe="")
        except UnicodeEncodeError:
            raise Rejected("the keyword holds half a character (a lone surrogate)") from None
        base = account.settings.base_url.rstrip("/") or _URL
        return Request(f"{base}/api/v1/search?query={query}&tags=story&hitsPerPage=0")

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """The total, zero included, and whether it is an estimate."""
        if response.status == 403:
            raise BadCredentials(f"{response.excerpt[:500]} (this address may be shut out for asking too much)")
        trouble = response.trouble()
        if trouble:
            raise trouble
        body = response.json()
        total = whole(body.get("nbHits")) if isinstance(body, dict) else None
        if total is None or body.get("message"):
            raise Unreadable(response.excerpt)
        nested = body.get("exhaustive")
        exact = nested.get("nbHits") if isinstance(nested, dict) else None
        approximate = False in (body.get("exhaustiveNbHits"), exact)
        return [Reading("ok", total, data={"approximate": True} if approximate else None)]
