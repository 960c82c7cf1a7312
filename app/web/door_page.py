"""How the door's pages look: HTML without a script, in the look of the house."""

from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

from app.errors import Language
from app.web.words import word

#: What the languages call themselves.
_NAMES: dict[Language, str] = {"ko": "한국어", "en": "English"}


@dataclass
class Form:
    """One of the door's forms: what was typed into it (but no password), and what is wrong with it by field, "" = with
    all of it. ``issuer``: what is called so that may vouch for him; ``link``: where he goes to be linked to it."""

    at: str
    language: Language
    wanted: str = "/"
    name: str = ""
    issuer: str = ""
    link: str = ""
    wrong: dict[str, str] = field(default_factory=dict)

    def word(self, key: str) -> str:
        """The word for ``key``, fit for HTML."""
        return escape(word(key, self.language))


def page(form: Form) -> str:
    """It, as HTML."""
    welcome = form.at == "/welcome"
    title = form.word("welcome" if welcome else "link_title" if form.link else "sign_in")
    if "nowhere" in form.wrong:
        body = f'<p class="notice n-wait" role="alert">{form.wrong["nowhere"]}</p>'
    else:
        body = _linking(form) if form.link else _fields(form, welcome) + ("" if welcome else _other_way(form))
    return f"""{_head(form, title)}<body class="door">
<header class="door-top">
<span class="brand"><span class="mark" aria-hidden="true"><i></i></span>Keybatch</span>
{_other_language(form)}
</header>
<main class="door-main">
<div class="panel door-panel">
<h1>{title}</h1>
{f'<p class="mut">{form.word("welcome_lead")}</p>' if welcome else ""}
{body}
</div>
{"" if welcome or form.link else _foot(form)}
</main>
</body>
</html>
"""


def _head(form: Form, title: str) -> str:
    return f"""<!doctype html>
<html lang="{form.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title} · Keybatch</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/keybatch.css">
<link rel="stylesheet" href="/door.css">
</head>
"""


def _foot(form: Form) -> str:
    return f'<p class="door-foot">{form.word("forgotten")} <code>python -m app user password NAME</code></p>'


def _other_way(form: Form) -> str:
    """The way in by the issuer."""
    if not form.issuer:
        return ""
    where = "/sign-in/issuer" + ("" if form.wanted == "/" else f"?next={quote(form.wanted, safe='')}")
    said = escape(word("sign_in_with", form.language, title=form.issuer))
    return f'<p class="door-or"><span>{form.word("or")}</span></p><a class="btn wide" href="{escape(where)}">{said}</a>'


def _linking(form: Form) -> str:
    """The question before somebody is linked."""
    lead = escape(word("link_lead", form.language, name=form.name, title=form.issuer))
    go = escape(word("link_do", form.language, title=form.issuer))
    return f"""<p>{lead}</p>
<a class="btn p wide" href="{escape(form.link)}">{go}</a>
<a class="btn q wide" href="/settings?section=me">{form.word("link_not")}</a>"""


def _other_language(form: Form) -> str:
    other: Language = "en" if form.language == "ko" else "ko"
    where = f"{form.at}?language={other}" + ("" if form.wanted == "/" else f"&next={quote(form.wanted, safe='')}")
    return f'<a class="btn q" href="{escape(where)}" lang="{other}" hreflang="{other}">{_NAMES[other]}</a>'


def _fields(form: Form, welcome: bool) -> str:
    above = f'<p class="notice n-fail" role="alert">{form.wrong[""]}</p>' if "" in form.wrong else ""
    fresh = "new-password" if welcome else "current-password"
    hint = form.word("password_hint") if welcome else ""
    again = _field(form, "again", "password_again", kind="password", complete="new-password") if welcome else ""
    return f"""{above}
<form method="post" action="{form.at}" novalidate>
<input type="hidden" name="next" value="{escape(form.wanted)}">
{_field(form, "name", "person_name", complete="username", value=form.name)}
{_field(form, "password", "password", kind="password", complete=fresh, hint=hint)}
{again}
<button class="btn p wide" type="submit">{form.word("welcome_do" if welcome else "sign_in")}</button>
</form>"""


def _field(
    form: Form, name: str, label: str, *, complete: str, kind: str = "text", value: str = "", hint: str = ""
) -> str:
    wrong = form.wrong.get(name, "")
    told = [f"{name}-wrong" if wrong else "", f"{name}-hint" if hint else ""]
    described = " ".join(one for one in told if one)
    first = next(iter(form.wrong), "name" if not form.name else "password") or "password"
    attributes = {
        "aria-describedby": described,
        "aria-invalid": "true" if wrong else "",
        "value": value,
    }
    more = "".join(f' {key}="{escape(text)}"' for key, text in attributes.items() if text)
    more += ' autocapitalize="none" spellcheck="false"' if kind == "text" else ""
    more += " autofocus" if name == first else ""
    return f"""<div class="field">
<label for="{name}">{form.word(label)}</label>
<input class="inp" id="{name}" name="{name}" type="{kind}" autocomplete="{complete}" maxlength="1000" required{more}>
{f'<small class="wrong" id="{name}-wrong" role="alert">{wrong}</small>' if wrong else ""}
{f'<small id="{name}-hint">{hint}</small>' if hint else ""}
</div>"""
