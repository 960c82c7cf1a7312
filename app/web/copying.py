"""Putting text on the clipboard, in the browser. Its own way needs a secure address; a house in a plain network has
none, so the older way is tried after it."""

import reflex as rx
from reflex.event import EventSpec, EventType

_COPY = """(async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = Object.assign(document.createElement("textarea"), { value: text });
    box.style.cssText = "position:fixed;opacity:0";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
})"""


def address(then: EventType[()] | EventType[bool]) -> EventSpec:
    """Copy the page's address as it stands, query and all; ``then`` is told whether it worked."""
    return rx.call_script(f"{_COPY}(location.href)", callback=then)


def element(name: rx.Var[str], then: EventType[()] | EventType[bool]) -> EventSpec:
    """Copy the text of the element with this id."""
    does = f"(() => {_COPY}(document.getElementById({name!s}).textContent))"
    needs = name._get_all_var_data()  # noqa: SLF001 -- what the page has to import for it; there is no other way
    return rx.call_function(rx.Var(_js_expr=does, _var_data=needs), callback=then)
