"""Which rows of a batch: the same words wherever rows are chosen."""

from typing import Annotated

from fastapi import Query
from pydantic import StringConstraints

from app.services.selection import MAX_FILTERS

MAX_Q = 300
#: No database takes a NUL.
NO_NUL = r"^[^\x00]*$"
Q = "a part of the keyword as typed, in any case; consonants stand for the syllables they begin: `ㅈㅈㄷ` finds 제주도"
FILTER = """What a source has to have said; all filters together decide.

`source:state` takes one state or several with commas: `ok`, `below`, `missing`, `failed`, or `pending` (nothing yet;
`cancelled` is the same in a batch that was cancelled). `source` with `<`, `<=`, `=`, `>=` or `>` and a number compares
values; under a number is also what is below another that is not over it.

A further or a worked-out column with a comparison and a number compares its numbers, and these alone: `ratio<1`. With
`:ok`, `:range` or `:none` it is about what there is: a number, a range, or nothing. Of a formula other than one column
÷ another it is not known which of the last two it is: ask for `:range,none`."""

FilterText = Annotated[str, StringConstraints(max_length=200)]
#: As parameters of a query.
Filters = Annotated[
    list[FilterText] | None,
    Query(max_length=MAX_FILTERS, description=FILTER, examples=[["naver.blog:ok,below", "naver.cafe>=1000"]]),
]
Search = Annotated[str | None, Query(max_length=MAX_Q, pattern=NO_NUL, description=Q)]
