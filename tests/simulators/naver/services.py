"""Naver's search services: which parameters each takes and what a page of results looks like on the wire."""

import html
import json
from dataclasses import dataclass

from tests.simulators.naver.totals import expected_total

#: HTML entities stay inside the JSON strings, slashes are escaped, matches are bold: as Naver writes them.
_TITLE = "&quot;%(q)s&quot; 후기 &amp; 정리 %(n)d"
_TEXT = "<b>%(q)s</b>에 대한 시뮬레이터의 글 %(n)d. 가격 &lt; 10만원, A/S 안내"


@dataclass(frozen=True)
class Service:
    """One service: the largest ``display`` and ``start``, the values of ``sort``, the fields of a result."""

    name: str
    fields: dict[str, str]
    sorts: tuple[str, ...] = ()
    display: int = 10
    most_displayed: int = 100
    last_start: int = 1000

    def item(self, indent: str) -> str:
        """A result as a template for ``%``: ``q`` is the keyword, ``n`` its rank, ``date`` now."""
        lines = (f'{indent}\t"{name}":{_written(text)}' for name, text in self.fields.items())
        return f"{indent}{{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _written(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("/", "\\/")


def _link(host: str) -> str:
    return f"https://{host}.simulator.invalid/%(n)d"


_BASIC = {"title": f"<b>{_TITLE}</b>", "link": _link("web"), "description": _TEXT}
_SORTS = ("sim", "date")

SERVICES = {
    service.name: service
    for service in (
        Service(
            "blog",
            {
                **_BASIC,
                "link": _link("blog"),
                "bloggername": "시뮬레이터 IT/자동차",
                "bloggerlink": "blog.simulator.invalid/keybatch",
                "postdate": "20231007",
            },
            _SORTS,
        ),
        Service(
            "news",
            {
                "title": _BASIC["title"],
                "originallink": _link("press"),
                "link": _link("news"),
                "description": _TEXT,
                "pubDate": "%(date)s",
            },
            _SORTS,
        ),
        Service(
            "cafearticle",
            {**_BASIC, "cafename": "시뮬레이터 카페", "cafeurl": "https://cafe.simulator.invalid/keybatch"},
            _SORTS,
        ),
        Service("kin", _BASIC, (*_SORTS, "point")),
        Service("webkr", _BASIC),
        Service("encyc", {**_BASIC, "thumbnail": _link("thumb")}),
        Service(
            "image",
            {
                "title": _TITLE,
                "link": _link("image"),
                "thumbnail": _link("thumb"),
                "sizeheight": "600",
                "sizewidth": "800",
            },
            _SORTS,
        ),
        Service(
            "local",
            {
                "title": f"<b>{_TITLE}</b>",
                "link": _link("local"),
                "category": "한식>육류,고기요리",
                "description": "",
                "telephone": "",
                "address": "서울특별시 중구 시뮬레이터동 %(n)d",
                "roadAddress": "서울특별시 중구 시뮬레이터로 %(n)d",
                "mapx": "1269856025",
                "mapy": "375625491",
            },
            ("random", "comment"),
            display=1,
            most_displayed=5,
            last_start=1,
        ),
    )
}
_ITEMS = {name: service.item("\t\t") for name, service in SERVICES.items()}


@dataclass(frozen=True, slots=True)
class Search:
    """A valid question."""

    service: Service
    query: str
    display: int
    start: int

    @property
    def total(self) -> int:
        return expected_total(self.service.name, self.query)

    @property
    def ranks(self) -> range:
        """The ranks of the results on this page."""
        return range(self.start, min(self.start + self.display, self.total + 1))


def json_page(search: Search, date: str, *, compact_when_empty: bool) -> bytes:
    """The page as Naver writes it: tabs, escaped slashes. HUB was seen to write an empty one without blanks."""
    total, ranks = search.total, search.ranks
    if not ranks and compact_when_empty:
        head = {"lastBuildDate": date, "total": total, "start": search.start, "display": 0, "items": []}
        return json.dumps(head, separators=(",", ":")).encode()
    keyword = _written(html.escape(search.query))[1:-1]
    template = _ITEMS[search.service.name]
    items = ",\n".join(template % {"q": keyword, "n": rank, "date": date} for rank in ranks)
    return (
        f'{{\n\t"lastBuildDate":"{date}",\n\t"total":{total},\n\t"start":{search.start},\n'
        f'\t"display":{len(ranks)},\n\t"items":[\n{items}\n\t]\n}}'
    ).encode("utf-8", "surrogatepass")


def xml_page(search: Search, date: str) -> bytes:
    """The same as RSS, for ``.xml`` paths and ``format=xml``."""
    keyword = html.escape(search.query)
    fields = "".join(f"<{name}>{html.escape(text)}</{name}>" for name, text in search.service.fields.items())
    items = "".join(f"<item>{fields}</item>" % {"q": keyword, "n": rank, "date": date} for rank in search.ranks)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>Naver Open API simulator - {search.service.name} ::'{keyword}'</title>"
        f"<link>https://search.simulator.invalid</link><lastBuildDate>{date}</lastBuildDate>"
        f"<total>{search.total}</total><start>{search.start}</start><display>{len(search.ranks)}</display>"
        f"{items}</channel></rss>"
    ).encode("utf-8", "surrogatepass")
