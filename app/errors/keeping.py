"""What is not kept any more, and files in which a house is kept."""

from app.errors.base import Language
from app.errors.refused import Refused
from app.errors.unavailable import Unavailable


class NotABackup(Refused):
    """A file that `app.services.backup` has not written, or only a part of one."""

    code = "not_a_backup"
    en = "{file} is no backup of Keybatch, or only a part of one: {why} Take another copy of it."
    ko = "{file}은(는) Keybatch 백업 파일이 아니거나 일부만 있습니다: {why} 다른 사본을 쓰세요."


class BrokenBackup(Refused):
    """A backup of which something is not as it was written."""

    code = "broken_backup"
    en = "{file} is damaged: {why} Nothing was restored. Take another copy of it, or an older backup."
    ko = "{file} 파일이 손상되었습니다: {why} 아무것도 복원하지 않았습니다. 다른 사본이나 이전 백업을 쓰세요."


class NewerBackup(Refused):
    """A backup made by a newer version."""

    code = "newer_backup"
    en = "{file} was made by a newer version of Keybatch ({what}). Restore it with that version or a later one."
    ko = "{file}은(는) 더 새로운 버전의 Keybatch가 만들었습니다({what}). 그 버전이나 이후 버전으로 복원하세요."


class NotEmpty(Refused):
    """A database that has tables already."""

    code = "not_empty"
    http_status = 409
    en = (
        "{where} is not empty, and a backup is restored into an empty database only. "
        "Name another data folder (KEYBATCH_DATA_DIR) or a new database (KEYBATCH_DATABASE_URL)."
    )
    ko = (
        "{where}이(가) 비어 있지 않습니다. 백업은 빈 데이터베이스에만 복원합니다. "
        "다른 데이터 폴더(KEYBATCH_DATA_DIR)나 새 데이터베이스(KEYBATCH_DATABASE_URL)를 지정하세요."
    )


class NotBackedUp(Unavailable):
    """A backup that could not be written. ``why`` is a sentence of its own."""

    code = "not_backed_up"
    en = "The backup {file} could not be written: {why} Nothing of it is left; what was there before still is."
    ko = "백업 {file}을(를) 쓰지 못했습니다: {why} 쓰던 것은 지웠고, 전에 있던 파일은 그대로입니다."


class Purged(Refused):
    """What a batch had and is not kept any more. ``what``: ``readings`` | ``keywords``; ``since``: when it went, ISO
    8601."""

    code = "purged"
    http_status = 410
    en = "The {what} of batch {batch} are not kept any more, since {since}. Its counts are all that is left of them."
    ko = "{batch}번 배치의 {what}은(는) 보관 기간이 지나 {since}에 지워졌습니다. 남은 것은 개수뿐입니다."

    def sentence(self, language: Language = "en") -> str:
        """What is gone in the person's own words."""
        if language == "en":
            return super().sentence(language)
        return self.ko.format(**{**self.facts, "what": _WHAT_KO[str(self.facts["what"])]})


_WHAT_KO = {"readings": "결과", "keywords": "키워드"}
