"""One line a figure, its goal beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure and the goal it is held against."""

    what: str
    value: float
    goal: float
    sense: Literal[">=", "<="]
    unit: str = ""
    note: str = ""

    @property
    def met(self) -> bool:
        return self.value >= self.goal if self.sense == ">=" else self.value <= self.goal


def show(figures: Iterable[Figure]) -> bool:
    """Print the table; whether every goal is met."""
    table = Table("figure", "measured", "goal", "", "note")
    everything = True
    for figure in figures:
        everything = everything and figure.met
        sign = "≥" if figure.sense == ">=" else "≤"
        table.add_row(
            figure.what,
            f"{figure.value:,.3f} {figure.unit}".strip(),
            f"{sign} {figure.goal:g} {figure.unit}".strip(),
            "met" if figure.met else "MISSED",
            figure.note,
        )
    Console(width=150).print(table)
    return everything
