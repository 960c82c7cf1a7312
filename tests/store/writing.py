"""Finished files without a process for each, which takes a second to start."""

from typing import Any

import pytest

from app.services.formats import child, finished, parquet, xlsx

_WRITES = {finished.FINISHED["xlsx"]: xlsx.write, finished.FINISHED["parquet"]: parquet.write}


def write_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on what would be asked of a process of its own is done in this one."""
    monkeypatch.setattr(finished, "_run", _run)


def _run(program: str, asked: dict[str, Any]) -> dict[str, Any]:
    return child.answer(asked, _WRITES[program])
