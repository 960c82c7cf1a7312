"""The form that is open on the page of sources, for an account or for a source of one's own.

What is typed into it is the browser's until it is submitted, and no secret is ever part of it.
"""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from app.errors import KeybatchError, Language
from app.sources import registry
from app.web import fields, kept, specs
from app.web.accounts import OWN
from app.web.fields import AccountForm, Both
from app.web.kept import Taken
from app.web.specs import SpecForm
from app.web.trials import Told, TrialShown

NOTHING: Both = {"ko": "", "en": ""}


class Opened(rx.State, mixin=True):
    """``opened`` is the upstream whose form is open; ``left`` what was closed last, where the keyboard goes on."""

    opened: str = ""
    left: str = ""
    form: AccountForm = AccountForm()
    spec: SpecForm = SpecForm()
    refusal: str = ""
    tried: TrialShown = TrialShown()
    _before: Mapping[str, Any] = {}
    _refusal: Both = NOTHING
    _trial: Told | None = None
    _serial: int = 0

    @rx.event
    def close(self) -> None:
        """Close the form that is open."""
        self._shut()

    def _open(self, upstream: str, name: str, before: Mapping[str, Any], language: Language) -> None:
        """Open the form for ``name``, "" for a new one; ``before`` holds what may be told of its settings."""
        self._shut()
        self._serial += 1
        if upstream == OWN:
            spec = kept.spec(name)
            self.spec = specs.shown(spec, self._serial) if spec else SpecForm(serial=self._serial)
        elif upstream in registry.upstreams():
            self._before, self.form = before, AccountForm(upstream, name, self._serial)
        self.opened, self.left = upstream, ""
        self._write(language)

    def _write(self, language: Language) -> None:
        """Write the open form in ``language``; the fields stay the same, and so does what was typed into them."""
        self.refusal = self._refusal[language]
        self.tried = self._trial.told(language) if self._trial else TrialShown()
        if self.form.upstream:
            upstream = registry.upstreams()[self.form.upstream]
            self.form = fields.form(upstream, self.form.name, self._before, self.form.serial, language)

    def _shut(self) -> None:
        self.left, self.opened = self.opened, ""
        self.form, self.spec, self._before = AccountForm(), SpecForm(), {}
        self._say_of_form(NOTHING, None)
        self.refusal, self.tried = "", TrialShown()

    def _refuse(self, exc: KeybatchError | Taken, about: str, language: Language) -> None:
        """Say beside the form why it was not taken."""
        taken = isinstance(exc, Taken)
        self._say_of_form(fields.both("name_taken", name=exc.name) if taken else fields.refused(exc, about), None)
        self._write(language)

    def _say_of_form(self, refusal: Both, trial: Told | None) -> None:
        self._refusal, self._trial = refusal, trial
