"""Wikipedia's page views: how often readers opened the article whose title is the keyword, in the last full month
(Wikimedia's Analytics API, ``pageviews/per-article``).

- The keyword is written as MediaWiki writes titles: blanks as ``_``, the first letter as a capital. The article has to
  be called that: nothing is searched, and a redirect has views of its own, its target's are not in them.
- Views of people (``user``), not of crawlers, on all devices, in calendar months of UTC.
- Views are there about a day late, and a month is the sum of its days. So a month is asked for when it has been over
  for two days; ``data["month"]`` names the month that the value is of.
- Without an article there is no count: the upstream answers 404, which it also does for an article that nobody opened.
  That is ``missing``, no zero. ``data["series"]`` holds ``[month, views]`` of up to twelve months, the last one last; a
  month without views is left out by the upstream, and here too.
- The range runs from the first day of a month to the last of another, as the upstream wants it for full months.

Wikimedia allows 200 calls a minute to clients that say who they are and how to reach their operator, 10 to others,
3 at once in either case, per address. Calls of the upstream ``wikipedia`` from the same address count there too, so
both share one limit (``limited_with``).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import Field

from app import clock
from app.errors import BadCredentials, Rejected, Unreadable
from app.settings import UpstreamSettings
from app.sources.base import Account, Channel, Column, Reading, Request, Response, Upstream, said, whole
from workers.budget.values import Budget, Rate

_CLIENT = "Keybatch/0.1"
_URL = "https://wikimedia.org"
_PATH = "/api/rest_v1/metrics/pageviews/per-article/{lang}.wikipedia/all-access/user/{title}/monthly/{start}/{end}"
_RATE_WITHOUT_CONTACT = Rate(10, 60)
_MONTHS = 12
_LOADED_AFTER_MS = 2 * 86_400_000
#: No call takes longer, so an answer is read for the month it was asked for, or for the one before.
_LONGEST_CALL_MS = 60_000
#: A title has at most this many bytes of UTF-8.
_LONGEST = 255
#: What MediaWiki takes for one blank, at the ends for none.
_BLANKS = re.compile(r"[ _\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
#: Marks of the direction of writing, which titles do not keep.
_UNSEEN = re.compile(r"[\u200e\u200f\u202a-\u202e]")

_LANGUAGES = {
    "ko": ("한국어", "Korean"),
    "en": ("영어", "English"),
    "ja": ("일본어", "Japanese"),
    "zh": ("중국어", "Chinese"),
    "de": ("독일어", "German"),
    "fr": ("프랑스어", "French"),
    "es": ("스페인어", "Spanish"),
    "it": ("이탈리아어", "Italian"),
    "pt": ("포르투갈어", "Portuguese"),
    "ru": ("러시아어", "Russian"),
    "vi": ("베트남어", "Vietnamese"),
    "id": ("인도네시아어", "Indonesian"),
}


class WikipediaViewsSettings(UpstreamSettings):
    """Who asks, as Wikimedia wants to know."""

    contact: str = Field(
        "",
        pattern=r"^(https?://[!-'*-~]+|(mailto:)?[!-'*-~]+@[!-'*-~]+)?$",
        description="your e-mail address or web page, told to Wikimedia; without it 10 calls a minute, with it 200",
    )


class WikipediaViews(Upstream, name="wikipedia_views"):
    """Views of articles, one channel a language. Settings: KEYBATCH_WIKIPEDIA_VIEWS_CONTACT, _BASE_URL."""

    ko = "위키백과 조회수"
    en = "Wikipedia pageviews"
    channels: ClassVar[Mapping[str, Channel]] = {
        lang: Channel(
            f"위키백과 {ko} 조회수",
            f"Wikipedia pageviews, {en}",
            f"키워드와 제목이 같은 {ko} 위키백과 문서를 지난 한 달 동안 사람이 열어 본 횟수",
            f"times that people opened the {en} Wikipedia's article of that title in the last full month",
            columns=(
                Column("month", "기준 월", "Month", text=True),
                Column("article", "문서 제목", "Article", text=True),
            ),
        )
        for lang, (ko, en) in _LANGUAGES.items()
    }
    budget = Budget(rate=Rate(200, 60), concurrency=3)
    settings_class: ClassVar[type[UpstreamSettings]] = WikipediaViewsSettings
    control = "Wikipedia"
    limited_with = "wikipedia"

    def budget_from(self, settings: UpstreamSettings) -> Budget:
        """As the base has it; without a contact Wikimedia allows less."""
        budget = super().budget_from(settings)
        if not _of_views(settings).contact and not settings.rate:
            return replace(budget, rate=_RATE_WITHOUT_CONTACT)
        return budget

    def ask(self, channel: str, keywords: Sequence[str], account: Account) -> Request:
        """Twelve months of one article. Raises Rejected for a keyword that no article can be called."""
        [keyword] = keywords
        title = _title(keyword)
        if not title or title in {".", ".."}:
            raise Rejected("no article can be called that")
        try:
            size = len(title.encode())
        except UnicodeEncodeError:
            raise Rejected("the keyword holds half a character (a lone surrogate)") from None
        if size > _LONGEST:
            raise Rejected(f"the keyword has {size} bytes; a title has {_LONGEST} at most")
        settings = _of_views(account.settings)
        start, end = _range(clock.now_ms())
        path = _PATH.format(lang=channel, title=quote(title, safe=""), start=start, end=end)
        agent = f"{_CLIENT} ({settings.contact})" if settings.contact else _CLIENT
        return Request(f"{settings.base_url.rstrip('/') or _URL}{path}", headers={"User-Agent": agent})

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """The views of the last full month; `missing` where the upstream has none."""
        if response.status == 403:
            raise BadCredentials(f"{response.excerpt[:500]} (KEYBATCH_WIKIPEDIA_VIEWS_CONTACT says how to reach you)")
        if _knows_no_views(response):
            return [Reading("missing")]
        trouble = response.trouble()
        if trouble:
            raise trouble
        views = dict(_views(response))
        wanted = _months(clock.now_ms() - _LONGEST_CALL_MS)
        [keyword] = keywords
        series = [[month, int(views[month])] for month in wanted if month in views]
        data = {"month": wanted[-1], "article": said(_title(keyword)).replace("_", " "), "series": series}
        if wanted[-1] not in views:
            return [Reading("missing", data=data if series else None)]
        return [Reading("ok", views[wanted[-1]], data=data)]


def _of_views(settings: UpstreamSettings) -> WikipediaViewsSettings:
    assert isinstance(settings, WikipediaViewsSettings)
    return settings


def _title(keyword: str) -> str:
    """``keyword`` as MediaWiki would write it as a title. A letter whose capital is two (ß) stays as it is."""
    title = _BLANKS.sub("_", _UNSEEN.sub("", unicodedata.normalize("NFC", keyword))).strip("_")
    capital = title[:1].title()
    return capital + title[1:] if len(capital) == 1 else title


def _months(now_ms: int) -> list[str]:
    """The twelve months whose views are there at ``now_ms``, as ``2026-10``, the last one last."""
    first = clock.at(now_ms - _LOADED_AFTER_MS).date().replace(day=1)
    months: list[str] = []
    for _ in range(_MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(f"{first:%Y-%m}")
    return months[::-1]


def _range(now_ms: int) -> tuple[str, str]:
    """The first and the last day to ask for, as ``20261031``."""
    end = clock.at(now_ms - _LOADED_AFTER_MS).date().replace(day=1) - timedelta(days=1)
    return f"{_months(now_ms)[0].replace('-', '')}01", f"{end:%Y%m%d}"


def _knows_no_views(response: Response) -> bool:
    """Whether a 404 is the upstream's own word on the article. One about the address of the call is none: some of its
    generations mark that in ``type``; and a page of HTML is not its word at all."""
    if response.status != 404:
        return False
    try:
        body = response.json()
    except Unreadable:
        return False
    if not isinstance(body, dict) or not isinstance(body.get("detail"), str):
        return False
    kind = str(body.get("type", ""))
    return bool(kind) and not kind.endswith("#route")


def _views(response: Response) -> Iterator[tuple[str, float]]:
    """Month and views of each item. Raises Unreadable."""
    body = response.json()
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise Unreadable(response.excerpt)
    for item in items:
        fields: Mapping[str, Any] = item if isinstance(item, dict) else {}
        stamp, views = str(fields.get("timestamp", "")), whole(fields.get("views"))
        if views is None or fields.get("granularity", "monthly") != "monthly" or not re.match(r"[0-9]{6}01", stamp):
            raise Unreadable(response.excerpt)
        yield f"{stamp[:4]}-{stamp[4:6]}", views
