"""Alerts and dashboard stand on metrics and labels that there are."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.services.metrics.described import METRICS, series

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
CONFIG = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text(encoding="utf-8"))
BOARD = json.loads((DEPLOY / "grafana/keybatch.json").read_text(encoding="utf-8"))
PANELS: list[dict[str, Any]] = BOARD["panels"]
DRAWN = [panel for panel in PANELS if panel["type"] != "row"]
SERIES = {name: set(labels) for metric in METRICS.values() for name, labels in series(metric).items()}
#: What Prometheus adds to whatever it reads.
ADDED = {"instance", "job"}
UNITS = {"short", "s", "ops", "reqps", "percentunit", "bytes"}
EXPRESSIONS = [rule["expr"] for rule in RULES] + [target["expr"] for panel in DRAWN for target in panel["targets"]]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_and_label_of_an_expression_is_described(expression: str):
    bare = re.sub(r'"[^"]*"', '""', expression)
    found = re.findall(r"\b(keybatch_\w+|up)\b(?:\{([^}]*)\})?", bare)
    assert found
    known = set(ADDED)
    for name, matchers in found:
        labels = (SERIES[name] | ADDED) if name != "up" else ADDED
        assert {part.strip() for part in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers)} <= labels
        known |= labels
    for group in re.findall(r"\b(?:by|on|ignoring|group_left|group_right)\s*\(([^)]*)\)", bare):
        assert {label.strip() for label in group.split(",") if label.strip()} <= known


def test_counters_are_rated_and_histograms_are_asked_by_their_buckets():
    for expression in EXPRESSIONS:
        for name in re.findall(r"\bkeybatch_\w+(?:_total|_bucket)\b", expression):
            assert re.search(rf"(rate|increase)\({name}\b", expression), expression


def test_an_alert_waits_says_how_bad_it_is_and_what_to_do():
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"\d+[sm]", rule["for"])
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["runbook"]


def test_both_parts_are_scraped_with_a_token_from_a_file():
    parts = {tuple(job["params"]["part"]) for job in CONFIG["scrape_configs"]}
    assert parts == {("house",), ("process",)}
    assert {job["authorization"]["type"] for job in CONFIG["scrape_configs"]} == {"Bearer"}
    assert all("credentials_file" in job["authorization"] for job in CONFIG["scrape_configs"])
    assert CONFIG["rule_files"] == ["alerts.yml"]


def test_panels_are_drawn_beside_each_other_with_units_and_data():
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    cells: set[tuple[int, int]] = set()
    for panel in PANELS:
        at = panel["gridPos"]
        assert 0 <= at["x"] < at["x"] + at["w"] <= 24
        own = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not own & cells, panel["title"]
        cells |= own
    for panel in DRAWN:
        defaults = panel["fieldConfig"]["defaults"]
        assert defaults["unit"] in UNITS
        assert defaults["thresholds"]["steps"][0]["value"] is None
        steps = [step["value"] for step in defaults["thresholds"]["steps"][1:]]
        assert all(before < after for before, after in pairwise(steps))
        assert defaults["noValue"] == "unknown", "what is not known is never shown as 0"
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert [target["refId"] for target in panel["targets"]] == [chr(65 + n) for n in range(len(panel["targets"]))]


def test_the_variables_of_the_board_are_those_that_are_used():
    defined = {one["name"] for one in BOARD["templating"]["list"]}
    used = set(re.findall(r"\$\{?([a-z]+)\}?", json.dumps(PANELS)))
    assert defined == used == {"datasource", "source"}
