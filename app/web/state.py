"""What all pages share in a tab: the language, and what went wrong. Imports no page."""

import secrets

import reflex as rx
from reflex.event import EventSpec

from app.errors import Language
from app.log import get
from app.services import announced
from app.services.callers import Caller, Scope
from app.web.live import tabs
from app.web.words import both

log = get(__name__)
#: The language switch's cookie; it holds "ko" or "en".
COOKIE = "keybatch_language"


def language_of(chosen: str, accepted: str) -> Language:
    """The chosen language, else the first one of an Accept-Language header that is spoken here, else Korean."""
    if chosen in ("ko", "en"):
        return "ko" if chosen == "ko" else "en"
    for part in accepted.split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("ko"):
            return "ko"
        if tag.startswith("en"):
            return "en"
    return "ko"


def who(state: rx.State) -> Caller:
    """Who has this tab open. Raises NotSignedIn where no guard has let anybody in."""
    return announced.read(state.router.headers.raw_headers.get(announced.HEADER, ""))


def allowed(state: rx.State, scope: Scope) -> Caller:
    """Who has this tab open, if he may. Raises NotSignedIn, Forbidden."""
    found = who(state)
    found.require(scope)
    return found


class Ui(rx.State):
    """The frame around every page."""

    chosen: str = rx.Cookie("", name=COOKIE, path="/", max_age=31_536_000, same_site="lax")
    trouble: bool = False
    #: What the log calls the trouble.
    trouble_id: str = ""

    @rx.var
    def language(self) -> Language:
        """What everything is written in."""
        return language_of(self.chosen, self.router.headers.accept_language)

    @rx.var
    def person(self) -> str:
        """The name of who is signed in."""
        said = self.router.headers.raw_headers.get(announced.HEADER, "")
        return announced.read(said).name if said else ""

    @rx.var
    def initials(self) -> str:
        """The first letters of that name, as a mark."""
        words = self.person.split()
        return "".join(word[0] for word in words[:2]).upper() if len(words) > 1 else self.person[:2]

    @rx.var
    def scopes(self) -> list[str]:
        """What he may; the services and handlers decide by themselves, this only says what to show."""
        said = self.router.headers.raw_headers.get(announced.HEADER, "")
        return sorted(announced.read(said).scopes) if said else []

    @rx.event
    def speak(self, language: str) -> None:
        """Switch the language, and remember it in this browser."""
        self.chosen = "en" if language == "en" else "ko"

    @rx.event
    def speak_other(self) -> None:
        """The other language."""
        self.chosen = "ko" if self.language == "en" else "en"

    @rx.event
    def arrive(self) -> None:
        """Every page's first handler: what the tab looked at before is no longer of interest."""
        self.trouble = False
        tabs.leave(self.router.session.client_token)

    @rx.event
    def something_went_wrong(self, number: str = "") -> None:
        self.trouble, self.trouble_id = True, number

    @rx.event
    def dismiss(self) -> None:
        self.trouble = False


def w(key: str) -> rx.Var[str]:
    """The word for ``key`` in the tab's language, for views."""
    korean, english = both(key)
    return rx.cond(Ui.language == "ko", korean, english).to(str)


def handle_exception(exception: Exception) -> EventSpec:
    """Anything a handler did not expect: into the log for the operator, one sentence for the person, and in both the
    number by which one finds the other."""
    number = secrets.token_hex(4)
    log.error("page_handler_failed", trouble=number, exc_info=exception)
    return Ui.something_went_wrong(number)
