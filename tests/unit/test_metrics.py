"""The description of the metrics holds together, and is what is written down."""

import re
from pathlib import Path

from app.services.metrics.counted import HERE, Counts
from app.services.metrics.described import METRICS, markdown

ROOT = Path(__file__).parents[2]


def test_the_table_in_the_documents_is_that_of_the_code():
    page = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
    assert markdown() in page, (
        "print it with: python -c 'from app.services.metrics import described as d; print(d.markdown())'"
    )


def test_names_are_as_prometheus_wants_them():
    for name, metric in METRICS.items():
        assert metric.name == f"keybatch_{name}"
        assert re.fullmatch(r"[a-z][a-z_]*", metric.name)
        assert metric.name.endswith("_total") == (metric.kind == "counter")
        assert bool(metric.bounds) == (metric.kind == "histogram")
        assert list(metric.bounds) == sorted(set(metric.bounds))
        assert not {"batch", "keyword", "person", "le", "job", "instance"} & set(metric.labels)
        assert metric.help


def test_what_is_taken_is_counted_once():
    counts = Counts()
    counts.add("lookups_total", "naver.blog", "ok", by=3)
    counts.add("lookups_total", "naver.blog", "ok")
    assert counts.read() == counts.taken() == {"lookups_total": {("naver.blog", "ok"): 4}}
    assert counts.taken() == {}
    assert HERE is not counts
