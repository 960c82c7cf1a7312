"""``support``: what somebody who helps from elsewhere needs to know, in one file without secrets."""

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import typer

from app.cli import doctor, output
from app.cli.words import Sentence
from app.services import support as bundle

WRITTEN = Sentence(
    "{path} is written: {files} files, no secrets, no keywords. Look through it before you send it.",
    "{path}에 저장했습니다. 파일 {files}개이며 비밀 값과 키워드는 없습니다. 보내기 전에 내용을 확인하세요.",
)

NOT_WRITTEN = Sentence("{path} cannot be written: {why}", "{path}에 쓸 수 없습니다: {why}")
Out = Annotated[Path | None, typer.Option("-o", "--output", help="Where to; keybatch-support-….zip if not given.")]


def support(
    out: Out = None,
    names: Annotated[bool, typer.Option("--names", help="With the names of batches.")] = False,
) -> None:
    """Write what somebody who helps needs to know into one file, without secrets or keywords."""
    folder = f"keybatch-support-{datetime.now(UTC).strftime('%Y%m%d-%H%M%S')}"
    path = out or Path(f"{folder}.zip")
    with output.house() as house:
        found = bundle.files(house, lambda: list(doctor.checks()), names=names)
    try:
        with _owned(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in found.items():
                archive.writestr(f"{folder}/{name}", content)
    except OSError as error:
        output.note(NOT_WRITTEN, path=path, why=error.strerror or error)
        raise typer.Exit(output.FAILED) from error
    output.note(WRITTEN, path=path, files=len(found))


def _owned(path: Path) -> IO[bytes]:
    """A file for its owner alone: it is no secret, but nobody else's business either."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
