"""What a tab gives as keywords when it is more than lines: a file, or a table that was pasted. It is kept in a file of
this machine (`app.web.uploads`); the state holds what it is taken for, never what is in it but for the first rows."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import reflex as rx

from app.errors import KeybatchError, TooLarge
from app.services import sheets, texts
from app.services.sheets import Layout, Line
from app.web import shelf, uploads
from app.web.backend import house, in_thread
from app.web.state import Ui
from app.web.uploads import DELIMITERS, Kept, TableShown, Wanted
from app.web.words import word

#: Pasted lines that are kept in a file: a keyword a line, whatever is in them.
_LINES = Layout("utf-8", "", False, 1, ("1",), 0, ())


class Given(rx.State):
    """The file or the table of this tab, if there is one."""

    table: TableShown = TableShown()
    loading: bool = False
    problem: str = ""
    #: Another one whenever a person gives another file or another layout; bytes of the file, 0 without one.
    serial: int = 0
    size: int = 0
    #: How a file is to be taken, for the browser to say it again.
    how: str = ""
    _kept: Kept | None = None
    _layout: Layout | None = None
    _wanted: Wanted = Wanted()
    #: A word's key or the name of a file, and what was wrong with it.
    _problem: tuple[str, KeybatchError | None] = ("", None)

    @rx.event(background=True)
    async def take(self, form: dict[str, Any]) -> None:
        """Look what a file is that the browser has sent by itself (`app.web.pasted`), or say why it could not. One that
        cannot be taken leaves what was there. ``how``: as it was taken before, for a tab that comes from elsewhere."""
        name, wanted = PurePosixPath(str(form.get("name", ""))).name, Wanted.read(str(form.get("how", "")))
        path, taken, problem = None, False, None
        async with self:
            self.loading = True
        try:
            path = await in_thread(uploads.stored, house(), str(form.get("kept", "")), "Choose it again.")
            kept = Kept(path, name, path.stat().st_size)
            layout = await in_thread(uploads.layout_of, kept, wanted)
            if wanted.column is not None and wanted.column < len(layout.columns):
                layout = replace(layout, keyword_column=wanted.column)
            async with self:
                self._put(kept, layout, wanted)
                self.serial += 1
                taken = True
        except KeybatchError as exc:
            problem = exc
        finally:
            if path is not None and not taken:
                uploads.discard(path)
            async with self:
                self.loading, self._problem = False, (name if problem else "", problem)
                await self.show()

    @rx.event
    async def refuse(self, why: str) -> None:
        """Say why the browser did not even send what was dropped; ``why`` is a code of react-dropzone."""
        big = TooLarge(limit=uploads.MAX_BYTES, unit="bytes") if why == "file-too-large" else None
        self._problem = ("" if big else "one_file", big)
        await self.show()

    @rx.event
    async def remove(self) -> None:
        """Take it away; what was pasted is there again."""
        self.forget()
        self.serial += 1
        await self.show()

    @rx.event
    async def choose(self, what: str, value: str) -> None:
        """Correct what it is taken for: ``what`` is encoding, delimiter, header, sheet or column."""
        if self._kept is None or self._layout is None:
            return
        wanted, self._problem = _corrected(self._wanted, what, value), ("", None)
        try:
            layout = self._layout
            if what != "column":
                layout = await in_thread(uploads.layout_of, self._kept, wanted)
            elif wanted.column is not None and wanted.column < len(layout.columns):
                layout = replace(layout, keyword_column=wanted.column)
            self._put(self._kept, layout, wanted)
            self.serial += 1
        except KeybatchError as exc:
            self._problem = (self._kept.name, exc)
        await self.show()

    async def show(self) -> None:
        """Write everything in the tab's language."""
        language = await self.get_var_value(Ui.language)
        about, exc = self._problem
        self.problem = ": ".join(part for part in (about, exc.sentence(language)) if part) if exc else ""
        if about and exc is None:
            self.problem = word(about, language)
        if self._kept is None or self._layout is None or (self._kept.pasted and self._layout == _LINES):
            self.table = TableShown()
        else:
            self.table = uploads.table(self._kept, self._layout, language)

    async def paste(self, text: str, stored: str = "") -> bool:
        """Look whether what was pasted is a table, unless there is a file: ``text``, or a longer one that was kept as
        ``stored``. False when it is a table that nobody has seen yet. Raises what `app.services.sheets.detect` raises,
        BadValue."""
        if self._kept is not None and not self._kept.pasted:
            return True
        data = text.encode("utf-8", "surrogatepass")
        mark = stored.encode() or hashlib.blake2b(data, digest_size=16).digest()
        if self._kept is not None and self._kept.pasted == mark:
            return True
        wanted = Wanted(encoding="utf-8", delimiter=self._wanted.delimiter)
        path = await in_thread(uploads.stored, house(), stored) if stored else None
        head = data[: texts.HEAD] if path is None else await in_thread(uploads.head, path)
        layout = await in_thread(sheets.detect, head, encoding="utf-8", delimiter=wanted.delimiter)
        seen = self._layout is not None and self._layout.columns == layout.columns
        plain = len(layout.columns) < 2 and (wanted.delimiter is None or not head.strip())
        if plain and path is None:
            self.forget()
        elif plain and path is not None:
            self._put(Kept(path, "", path.stat().st_size, mark), _LINES, Wanted())
        else:
            path = path or await in_thread(uploads.write, house().settings.data_dir, data)
            kept, wanted = Kept(path, "", path.stat().st_size, mark), self._wanted if seen else wanted
            self._put(kept, await in_thread(uploads.layout_of, kept, wanted), wanted)
        await self.show()
        return seen or plain

    def mark(self, text: str) -> str:
        """Stands for the keywords and how they are read."""
        if self._kept is None or self._layout is None:
            return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        how = f"{self._layout.encoding} {self._layout.delimiter!r} {self._layout.starts} {self._layout.sheet}"
        return f"{self._kept.pasted.hex() or self._kept.path.name} {how} {self._layout.keyword_column}"

    def is_empty(self, text: str) -> bool:
        """Whether nothing was given."""
        return self._kept is None and not text.strip()

    def lines(self, text: str) -> Iterable[str | Line]:
        """The keywords: those of the file or the table, or else the lines of ``text``."""
        if self._kept is None or self._layout is None:
            return text.split("\n")
        return sheets.read(uploads.chunks(self._kept), self._layout)

    def others(self) -> list[str]:
        """The names of the columns beside the keywords."""
        if self._layout is None:
            return []
        return [name for n, name in enumerate(self._layout.columns) if n != self._layout.keyword_column]

    def forget(self) -> None:
        """Delete what is kept."""
        if self._kept is not None:
            _drop(self._kept)
        self.size, self.how = 0, ""
        self._kept, self._layout, self._wanted, self._problem = None, None, Wanted(), ("", None)

    def _put(self, kept: Kept, layout: Layout, wanted: Wanted) -> None:
        """In the place of what was there."""
        if self._kept is not None and self._kept.path != kept.path:
            _drop(self._kept)
        self._kept, self._layout, self._wanted = kept, layout, wanted
        self.size, self.how = (0, "") if kept.pasted else (kept.size, wanted.written())


def _drop(kept: Kept) -> None:
    uploads.discard(kept.path)
    shelf.drop(house(), kept.path.name)


def _corrected(wanted: Wanted, what: str, value: str) -> Wanted:
    """What is wanted after a correction; what depends on it is found out anew."""
    match what:
        case "encoding":
            return Wanted(encoding=value, sheet=wanted.sheet)
        case "delimiter":
            return Wanted(encoding=wanted.encoding, delimiter=DELIMITERS.get(value, wanted.delimiter))
        case "sheet":
            return Wanted(sheet=value)
        case "header":
            return replace(wanted, header=value == "yes")
        case _:
            return replace(wanted, column=int(value) if value.isdecimal() else wanted.column)
