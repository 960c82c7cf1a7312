"""Wikipedia: how many pages of a language's encyclopedia match a keyword (MediaWiki's API, CirrusSearch).

The keyword is asked as it stands, so what CirrusSearch takes for an operator acts as one: ``"…"`` asks for a phrase,
``-word`` and ``!word`` exclude, ``OR`` and ``AND`` combine, ``*`` ``?`` ``~`` widen a word, and ``intitle:``,
``insource:``, ``incategory:`` and their kin narrow; a namespace in front (``Talk:…``, ``all:…``) searches there.
Several words must all occur. Nothing is escaped or cut in silence: a keyword of over 300 characters, which the
search refuses, is Rejected here without a call.

Errors come with HTTP 200. Their codes are asked for in full (``errorformat=plaintext``), warnings' too, because a
search that timed out answers with the count of what it had found so far: that is no total, and is not read as one.

Wikimedia allows 200 calls a minute to clients that say who they are and how to reach their operator, 10 to others,
3 at once in either case, per address.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import Field, field_validator

from app.errors import BadCredentials, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.settings import UpstreamSettings
from app.sources.base import Account, Channel, Reading, Request, Response, Upstream, said, whole
from workers.budget.values import Budget, Rate

_CLIENT = "Keybatch/0.1"
_URL = "https://{lang}.wikipedia.org"
_QUERY = (
    "action=query&list=search&srinfo=totalhits&srprop=&srlimit=1&srnamespace=0"
    "&format=json&formatversion=2&errorformat=plaintext&maxlag=5&srsearch="
)
_RATE_WITHOUT_CONTACT = Rate(10, 60)
#: CirrusSearch refuses longer searches.
_LONGEST = 300
#: The least to wait when the databases lag, by MediaWiki's own advice.
_LAG_S = 5.0

_BY_CODE: dict[str, type[UpstreamError]] = {
    "maxlag": Throttled,
    "ratelimited": Throttled,
    "cirrussearch-too-busy-error": Throttled,
    "cirrussearch-regex-too-busy-error": Unreachable,
    "cirrussearch-backend-error": Unreachable,
    "readonly": Unreachable,
    "cirrussearch-query-too-long": Rejected,
    "cirrussearch-query-too-long-with-exemptions": Rejected,
    "cirrussearch-parse-error": Rejected,
    "search-invalid-query": Rejected,
    "readapidenied": BadCredentials,
}
#: Warnings with which the count is not the total.
_PARTIAL = frozenset({"cirrussearch-timed-out", "cirrussearch-regex-timed-out"})

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


class WikipediaSettings(UpstreamSettings):
    """Who asks, as Wikimedia wants to know."""

    base_url: str = Field("", description="address of the upstream, {lang} standing for the language, if not its own")
    contact: str = Field(
        "",
        pattern=r"^(https?://[!-'*-~]+|(mailto:)?[!-'*-~]+@[!-'*-~]+)?$",
        description="your e-mail address or web page, told to Wikimedia; without it 10 calls a minute, with it 200",
    )

    @field_validator("base_url")
    @classmethod
    def one_address_a_language(cls, value: str) -> str:
        """Without ``{lang}`` every language would get the same answers."""
        if value and "{lang}" not in value:
            raise ValueError("it must contain {lang}, where the language goes")
        return value


class Wikipedia(Upstream, name="wikipedia"):
    """Wikipedia's languages. Settings: KEYBATCH_WIKIPEDIA_CONTACT, KEYBATCH_WIKIPEDIA_BASE_URL."""

    ko = "위키백과"
    en = "Wikipedia"
    channels: ClassVar[Mapping[str, Channel]] = {
        lang: Channel(
            f"위키백과 {ko} 문서수",
            f"Wikipedia pages, {en}",
            f"{ko} 위키백과에서 검색되는 문서 수",
            f"pages of the {en} Wikipedia that match",
        )
        for lang, (ko, en) in _LANGUAGES.items()
    }
    budget = Budget(rate=Rate(200, 60), concurrency=3)
    settings_class: ClassVar[type[UpstreamSettings]] = WikipediaSettings
    control = "Wikipedia"

    def budget_from(self, settings: UpstreamSettings) -> Budget:
        """As the base has it; without a contact Wikimedia allows less."""
        budget = super().budget_from(settings)
        if not _of_wikipedia(settings).contact and not settings.rate:
            return replace(budget, rate=_RATE_WITHOUT_CONTACT)
        return budget

    def ask(self, channel: str, keywords: Sequence[str], account: Account) -> Request:
        """One search. Raises Rejected for a keyword that the search would refuse."""
        [keyword] = keywords
        if not keyword.strip():
            raise Rejected("the keyword is blank")
        if len(keyword) > _LONGEST:
            raise Rejected(f"the keyword has {len(keyword)} characters; Wikipedia's search takes {_LONGEST}")
        try:
            query = quote(keyword, safe="")
        except UnicodeEncodeError:
            raise Rejected("the keyword holds half a character (a lone surrogate)") from None
        settings = _of_wikipedia(account.settings)
        base = (settings.base_url or _URL).replace("{lang}", channel).rstrip("/")
        agent = f"{_CLIENT} ({settings.contact})" if settings.contact else _CLIENT
        return Request(f"{base}/w/api.php?{_QUERY}{query}", headers={"User-Agent": agent})

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """The total of hits, zero included; anything less is an error."""
        if response.status == 403:
            raise BadCredentials(f"{response.excerpt[:500]} (KEYBATCH_WIKIPEDIA_CONTACT says how to reach you)")
        trouble = response.trouble()
        if trouble:
            raise trouble
        body = response.json()
        if not isinstance(body, dict):
            raise Unreadable(response.excerpt)
        complaint = next(_complaints(body, response), None)
        if complaint:
            raise _error(*complaint, response)
        if any(warning in _PARTIAL for warning, _ in _listed(body.get("warnings"))):
            raise Unreachable("the search timed out and counted only a part")
        info = body["query"].get("searchinfo") if isinstance(body.get("query"), dict) else None
        total = whole(info.get("totalhits")) if isinstance(info, dict) else None
        if total is None:
            raise Unreadable(response.excerpt)
        return [Reading("ok", total)]


def _of_wikipedia(settings: UpstreamSettings) -> WikipediaSettings:
    assert isinstance(settings, WikipediaSettings)
    return settings


def _listed(entries: object) -> Iterator[tuple[str, str]]:
    """Code and words of each error or warning in the list that ``errorformat=plaintext`` gives."""
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            yield str(entry.get("code", "")), str(entry.get("text", ""))


def _complaints(body: Mapping[str, Any], response: Response) -> Iterator[tuple[str, str]]:
    """The errors of an answer: listed, or single as errors from before the format is known come, or in the header."""
    yield from _listed(body.get("errors"))
    single = body.get("error")
    if isinstance(single, dict):
        yield str(single.get("code", "")), str(single.get("info", ""))
    if response.headers.get("mediawiki-api-error"):
        yield response.headers["mediawiki-api-error"], ""
    if "errors" in body or "error" in body:
        yield "", ""


def _error(code: str, words: str, response: Response) -> UpstreamError:
    """The error that ``code`` stands for; an unknown one is kept with its words."""
    internal = code.startswith("internal_api_error")
    kind = Unreachable if internal else _BY_CODE.get(code, Unreadable)
    if kind is Unreadable:
        return Unreadable(response.excerpt)
    wait = response.retry_after
    if code == "maxlag":
        wait = max(wait or 0.0, _LAG_S)
    return kind(said(f"{code}: {words}" if words else code), wait)
