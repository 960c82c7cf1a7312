"""Every metric of the house, described once: what counts it, what shows it, docs/metrics.md and the tests of alerts and
dashboard read this list."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["counter", "gauge", "histogram"]
#: ``house``: of the house as a whole, the same whoever is asked. ``process``: of the web process that is asked.
Part = Literal["house", "process"]
#: Bounds of histograms, in seconds, but for the last.
CALLS_S: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30)
SLICES_S: Final = (0.1, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 300)
FLUSHES_S: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
LAGS_S: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)
READINGS: Final = (1, 5, 10, 25, 50, 100, 200, 400, 800, 2000)


@dataclass(frozen=True, slots=True)
class Metric:
    """``name`` as Prometheus shows it; a histogram's has the suffixes ``_bucket _sum _count`` there. ``bounds``: the
    upper ends of a histogram's buckets."""

    name: str
    kind: Kind
    part: Part
    labels: tuple[str, ...]
    help: str
    bounds: tuple[float, ...] = ()


def _metric(
    part: Part, kind: Kind, name: str, labels: str, told: str, bounds: tuple[float, ...] = ()
) -> tuple[str, Metric]:
    return name, Metric(f"keybatch_{name}", kind, part, tuple(labels.split()), told, bounds)


#: By their name without ``keybatch_``.
METRICS: Final[dict[str, Metric]] = dict((
    # The work, counted by slices.
    _metric("house", "counter", "lookups_total", "source state", "lookups stored, by the state of their reading"),
    _metric("house", "counter", "reused_total", "source", "lookups among these that an earlier reading answered"),
    _metric("house", "counter", "calls_total", "upstream account outcome",
            "calls to upstreams: ok, or the code of the error; not_sent = the upstream was not reached"),
    _metric("house", "histogram", "call_seconds", "upstream", "how long calls took", CALLS_S),
    _metric("house", "counter", "retries_total", "source error", "lookups asked once more, and after what"),
    _metric("house", "histogram", "slice_seconds", "upstream", "how long slices worked", SLICES_S),
    _metric("house", "counter", "slices_total", "upstream why", "slices that ended, and why"),
    _metric("house", "histogram", "flush_seconds", "upstream", "how long the transactions of flushes took", FLUSHES_S),
    _metric("house", "histogram", "flush_readings", "upstream", "readings that a flush stored", READINGS),
    _metric("house", "counter", "log_lines_total", "process level", "lines logged as warning, error or critical"),
    # The work, as it stands.
    _metric("house", "gauge", "batches", "state", "batches in each state"),
    _metric("house", "gauge", "lanes", "state", "lanes that a slice works on (busy), and that none does (idle)"),
    _metric("house", "gauge", "queue_jobs", "queue", "jobs that wait in a queue"),
    _metric("house", "gauge", "queue_oldest_seconds", "queue", "how long the oldest of them has waited"),
    _metric("house", "gauge", "queue_failed_jobs", "queue", "jobs of a queue that broke within a week"),
    _metric("house", "gauge", "workers", "", "workers for slices"),
    _metric("house", "gauge", "workers_busy", "", "workers that have a slice in hand"),
    _metric("house", "gauge", "scheduler_active", "", "1 while there is a scheduler, and healing gets through"),
    _metric("house", "gauge", "healed_timestamp_seconds", "", "when healing was through last"),
    _metric("house", "gauge", "trouble", "code", "1 for each trouble that the page Ops shows; docs/trouble.md"),
    _metric("house", "gauge", "webhook_pending_messages", "", "messages to webhooks that are not out yet"),
    _metric("house", "gauge", "webhook_overdue_messages", "", "messages among these that should be out"),
    _metric("house", "gauge", "webhook_oldest_overdue_seconds", "", "how long the oldest of these has been due"),
    _metric("house", "gauge", "webhook_failed_messages", "", "messages given up in the last 24 hours"),
    # Upstreams and their accounts.
    _metric("house", "gauge", "rate_now_per_second", "upstream account", "lookups asked a second, now"),
    _metric("house", "gauge", "rate_limit_per_second", "upstream account", "calls a second that the account may make"),
    _metric("house", "gauge", "rate_in_force_per_second", "upstream account",
            "calls a second in force now: less than the limit after the upstream said it was too fast"),
    _metric("house", "gauge", "quota_limit_calls", "upstream account window", "calls of a day or month (window)"),
    _metric("house", "gauge", "quota_used_calls", "upstream account window", "calls made of these"),
    _metric("house", "gauge", "quota_remaining_calls", "upstream account window",
            "calls left of these; 0 as soon as the upstream says so"),
    _metric("house", "gauge", "quota_reserved_calls", "upstream account", "calls promised to slices that run"),
    _metric("house", "gauge", "quota_renewal_timestamp_seconds", "upstream account", "when the day's calls come back"),
    _metric("house", "gauge", "account_halted", "upstream account reason",
            "1 while nobody asks with the account for this reason, 0 for the other reasons"),
    # Redis as a whole.
    _metric("house", "gauge", "redis_memory_used_bytes", "", "memory that Redis uses"),
    _metric("house", "gauge", "redis_memory_limit_bytes", "", "memory that Redis may use, where it has a limit"),
    # This process.
    _metric("process", "gauge", "up", "part", "1 while the process reaches database and redis, 0 while not"),
    _metric("process", "gauge", "database_round_trip_seconds", "", "how long the database took for a small question"),
    _metric("process", "gauge", "redis_round_trip_seconds", "", "how long Redis took for a small question"),
    _metric("process", "gauge", "build_info", "version revision python", "1, of this version"),
    _metric("process", "gauge", "disk_free_bytes", "", "free where the data folder is"),
    _metric("process", "gauge", "disk_size_bytes", "", "size of what the data folder is on"),
    _metric("process", "gauge", "followers", "", "clients that follow batches"),
    _metric("process", "gauge", "open_tabs", "", "tabs with an open socket"),
    _metric("process", "histogram", "event_lag_seconds", "",
            "from news of stored readings to when they are ready for all followers of their batch", LAGS_S),
    _metric("process", "gauge", "exports_under_way", "", "exports that are read or written"),
    _metric("process", "counter", "http_requests_total", "route method status", "requests answered"),
    _metric("process", "histogram", "http_request_seconds", "route method",
            "from a request to the head of its answer", CALLS_S),
    _metric("process", "counter", "process_cpu_seconds_total", "", "CPU time used"),
    _metric("process", "gauge", "process_resident_memory_bytes", "", "memory in use"),
    _metric("process", "gauge", "process_virtual_memory_bytes", "", "memory mapped"),
    _metric("process", "gauge", "process_open_fds", "", "open files and sockets"),
    _metric("process", "gauge", "process_max_fds", "", "… and how many there may be"),
    _metric("process", "gauge", "process_start_time_seconds", "", "when it was started"),
))  # fmt: skip


def series(metric: Metric) -> dict[str, tuple[str, ...]]:
    """The series of a metric as expressions name them, with their labels."""
    if metric.kind != "histogram":
        return {metric.name: metric.labels}
    return {
        f"{metric.name}_bucket": (*metric.labels, "le"),
        f"{metric.name}_sum": metric.labels,
        f"{metric.name}_count": metric.labels,
    }


def markdown() -> str:
    """The table of all metrics, as docs/metrics.md has it."""
    lines = ["| metric | kind | part | labels | what it says |", "|---|---|---|---|---|"]
    for metric in METRICS.values():
        labels = " ".join(f"`{label}`" for label in metric.labels)
        lines.append(f"| `{metric.name}` | {metric.kind} | {metric.part} | {labels} | {metric.help} |")
    return "\n".join(lines)
