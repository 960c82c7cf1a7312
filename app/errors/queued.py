"""Refusals of what was asked of a job."""

from typing import Final

from app.errors.base import Language
from app.errors.refused import Refused

_WHY: Final[dict[str, tuple[str, str]]] = {
    "not_failed": ("Only a job that has failed is queued again.", "실패한 작업만 다시 대기열에 넣을 수 있습니다."),
    "resting": (
        "Its batch or source is paused, waits, or has ended. Resume or retry the batch on its own page.",
        "배치나 소스가 일시정지되었거나, 기다리는 중이거나, 끝났습니다. 배치 화면에서 이어서 진행하거나 재시도하세요.",
    ),
    "goes_on": (
        "The work goes on by itself: a later run of its lane is queued or under way, or nothing is left to do.",
        "작업은 이미 저절로 이어지고 있습니다. 다음 차례가 대기 중이거나 진행 중이고, 아니면 남은 일이 없습니다.",
    ),
    "unknown": ("It is no job of this house.", "이 서버의 작업이 아닙니다."),
    "wanted": (
        "It waits or is under way. Pause or cancel its batch instead.",
        "대기 중이거나 진행 중입니다. 대신 배치를 일시정지하거나 취소하세요.",
    ),
}


class JobStays(Refused):
    """A job that is not queued again, or not forgotten; ``why`` is one of ``not_failed resting goes_on unknown
    wanted``."""

    code = "job_stays"
    http_status = 409
    en = "Job {job} stays as it is. {why}"
    ko = "{job} 작업은 그대로 둡니다. {why}"

    def sentence(self, language: Language = "en") -> str:
        """With the reason in the person's own words."""
        in_english, in_korean = _WHY[str(self.facts["why"])]
        text, why = (self.en, in_english) if language == "en" else (self.ko, in_korean)
        return text.format(job=self.facts["job"], why=why)
