"""What a tab gives as keywords when it is more than lines: a file, or a table that was pasted. It is kept in a file of
this machine (`app.web.uploads`); the state holds what it is taken for, never what is in it but for the first rows."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

import reflex as rx

from app.errors import KeybatchError, TooLarge
from app.services import sheets, texts
from app.services.sheets import Layout, Line
from app.web import uploads
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
    _kept: Kept | None = None
    _layout: Layout | None = None
    _wanted: Wanted = Wanted()
    #: A word's key or the name of a file, and what was wrong with it.
    _problem: tuple[str, KeybatchError | None] = ("", None)

    @rx.event(background=True)
    async def receive(self, coming: rx.UploadChunkIterator) -> None:
        """Keep a file as it comes, and look what it is. One that cannot be taken leaves what was there."""
        kept, taken = None, False
        async with self:
            self.loading = True
        try:
            kept = await _stored(coming)
            if kept is not None:
                layout = await in_thread(uploads.layout_of, kept, Wanted())
                async with self:
                    self._put(kept, layout, Wanted())
                    self.serial += 1
                    self._problem, taken = ("", None), True
        except KeybatchError as exc:
            async with self:
                self._problem = (kept.name if kept else "", exc)
        finally:
            if kept is not None and not taken:
                uploads.discard(kept.path)
            async with self:
                self.loading = False
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
        path = uploads.stored(house().settings.data_dir, stored) if stored else None
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
            uploads.discard(self._kept.path)
        self.size = 0
        self._kept, self._layout, self._wanted, self._problem = None, None, Wanted(), ("", None)

    def _put(self, kept: Kept, layout: Layout, wanted: Wanted) -> None:
        """In the place of what was there."""
        if self._kept is not None and self._kept.path != kept.path:
            uploads.discard(self._kept.path)
        self._kept, self._layout, self._wanted = kept, layout, wanted
        self.size = 0 if kept.pasted else kept.size


async def _stored(coming: rx.UploadChunkIterator) -> Kept | None:
    """The file that comes, kept; None when none comes, as when the browser refused it. Raises TooLarge."""
    path, name, size = None, "", 0
    try:
        async for chunk in coming:
            if path is None:
                path, name = await in_thread(uploads.fresh, house().settings.data_dir), chunk.filename
            if chunk.filename != name:
                continue  # one file at a time
            size += len(chunk.data)
            if size > uploads.MAX_BYTES:
                raise TooLarge(limit=uploads.MAX_BYTES, unit="bytes")
            await in_thread(uploads.append, path, chunk.data)
    except BaseException:  # the tab may be gone; what it sent goes, too
        uploads.discard(path)
        raise
    return Kept(path, PurePosixPath(name).name, size) if path is not None else None


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
