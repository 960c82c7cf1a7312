"""``python -m bench [PART …]``: the parts below, by default all but `BY_NAME_ONLY`. Exit code 1 when a goal is missed.
Nothing else should run on the machine meanwhile."""

import sys

from bench import (
    control,
    dashboard,
    exports,
    fairness,
    followers,
    idle,
    limits,
    report,
    submit,
    table,
    throughput,
    town,
    viewers,
)

PARTS = {
    "throughput": throughput,
    "limits": limits,
    "control": control,
    "fairness": fairness,
    "idle": idle,
    "dashboard": dashboard,
    "exports": exports,
    "followers": followers,
    "submit": submit,
    "table": table,
    "viewers": viewers,
    "town": town,
}
#: Needs root and servers of Debian's.
BY_NAME_ONLY = {"town"}


def main(names: list[str]) -> int:
    """Measure the parts named."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.stderr.write(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}\n")
        return 2
    met = [report.show(PARTS[name].figures()) for name in names or [one for one in PARTS if one not in BY_NAME_ONLY]]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
