"""One line a figure, its goal beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


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
    """Print each figure as it comes; whether every goal is met."""
    everything = True
    for figure in figures:
        everything = everything and figure.met
        sign = "≥" if figure.sense == ">=" else "≤"
        measured, goal = f"{figure.value:,.3f} {figure.unit}".strip(), f"{sign} {figure.goal:g} {figure.unit}".strip()
        verdict = "met" if figure.met else "MISSED"
        print(f"{figure.what:<48} {measured:>12}  {goal:<9} {verdict:<7} {figure.note}".rstrip(), flush=True)
    return everything
