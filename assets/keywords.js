/* The box for keywords on the form of a new batch: how many lines there are, their numbers, and a list that is too long
   for a box. A box of 100,000 lines takes the browser seconds to lay out, so such a list is kept beside it, and only the
   lines in view are drawn. */
(() => {
  const LINE = 24;
  const LONG = 10_000;
  const TALLEST = 32_000_000; /* pixels that an element can be high */
  const house = (window.keybatchNew = window.keybatchNew || {});
  const box = () => document.getElementById("keywords");
  const page = () => document.getElementById("new-page");
  /* React takes over the page it was sent, a piece at a time; what is in it may be changed only when it has all of it, or
     it throws the page away and draws it anew. Nothing comes from the server before that. */
  const isTaken = (element) => Object.keys(element).some((key) => key.startsWith("__react"));
  const isReady = () => Boolean(document.getElementById("new-said")?.dataset.loaded);
  let held = null; /* the long list: {text, starts} */

  const linesOf = (text) => {
    let count = 1;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
    return count;
  };
  const startsOf = (text, lines) => {
    const starts = new Uint32Array(lines + 1);
    let line = 1;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts[line++] = at + 1;
    starts[lines] = text.length + 1;
    return starts;
  };
  /* Keywords are lines with something in them; counted without splitting, as a list may hold a million. */
  const filledOf = (text) => {
    let filled = 0;
    let blank = true;
    for (let at = 0; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (char === 10) {
        filled += blank ? 0 : 1;
        blank = true;
      } else if (char > 32) {
        blank = false;
      }
    }
    return filled + (blank ? 0 : 1);
  };

  const drawGutter = (scroller, lines) => {
    const gutter = document.getElementById("keyword-gutter");
    if (!gutter) return;
    const first = Math.floor(scroller.scrollTop / LINE);
    const last = Math.min(lines, first + Math.ceil(scroller.clientHeight / LINE) + 1);
    gutter.textContent = Array.from({ length: Math.max(0, last - first) }, (_, n) => first + n + 1).join("\n");
    gutter.style.transform = `translateY(${first * LINE - scroller.scrollTop}px)`;
    return [first, last];
  };
  const drawList = () => {
    const list = document.getElementById("keyword-list");
    if (!list || !held) return;
    if (!list.firstChild) {
      list.append(document.createElement("div"));
      list.firstChild.append(document.createElement("pre"));
    }
    const lines = held.starts.length - 1;
    list.firstChild.style.height = `${Math.min(TALLEST, lines * LINE + 24)}px`;
    const [first, last] = drawGutter(list, lines);
    const shown = [];
    for (let n = first; n < last; n++) shown.push(held.text.slice(held.starts[n], Math.min(held.starts[n + 1] - 1, held.starts[n] + 400)));
    list.firstChild.firstChild.textContent = shown.join("\n");
    list.firstChild.firstChild.style.transform = `translateY(${first * LINE}px)`;
  };
  const draw = () => {
    const text = box();
    if (!isReady()) return;
    if (held) drawList();
    else if (text) drawGutter(text, Number(text.dataset.lines || 1));
  };
  const count = () => {
    const shown = document.getElementById("keyword-count");
    if (!box() || !shown) return;
    if (!isReady()) {
      setTimeout(count, 50);
      return;
    }
    const text = house.text();
    box().dataset.lines = held ? held.starts.length - 1 : linesOf(text);
    shown.value = filledOf(text).toLocaleString("en-US");
    draw();
  };
  let due = 0;
  const soon = () => {
    clearTimeout(due);
    due = setTimeout(count, !held && box()?.value.length > 100_000 ? 150 : 0);
  };

  const hold = (text) => {
    held = { text, starts: startsOf(text, linesOf(text)) };
    box().value = "";
    page().dataset.long = "";
    document.getElementById("keyword-list").scrollTop = 0;
  };
  const release = (text) => {
    held = null;
    delete page().dataset.long;
    box().value = text;
    box().focus();
  };
  const changed = () => {
    soon();
    document.dispatchEvent(new CustomEvent("keybatch:text"));
  };
  const isLong = (text) => text.length > LONG && linesOf(text) > LONG;

  house.isTaken = isTaken;
  house.text = () => (held ? held.text : box()?.value || "");
  house.lines = () => (held ? held.starts.length - 1 : linesOf(house.text()));
  /* Put a text in the place of what is there. */
  house.put = (text) => {
    if (isLong(text)) {
      hold(text);
    } else if (held) {
      release(text);
    } else {
      box().value = text;
    }
    soon();
  };

  document.addEventListener("paste", (event) => {
    const into = event.target.closest && event.target.closest("#keywords, #keyword-list");
    if (!into) return;
    const pasted = (event.clipboardData?.getData("text/plain") || "").replace(/\r\n?/g, "\n");
    if (!pasted) return;
    const text = box();
    const whole = held
      ? held.text + (held.text.endsWith("\n") ? "" : "\n") + pasted
      : text.value.slice(0, text.selectionStart) + pasted + text.value.slice(text.selectionEnd);
    if (!held && !isLong(whole)) return;
    event.preventDefault();
    hold(whole);
    document.getElementById("keyword-list").focus({ preventScroll: true });
    changed();
  }, true);
  document.addEventListener("input", (event) => {
    if (event.target.id !== "keywords") return;
    if (isLong(event.target.value)) hold(event.target.value);
    changed();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button[data-long]");
    if (!button) return;
    release(button.dataset.long === "edit" ? held?.text || "" : "");
    changed();
  });
  document.addEventListener("scroll", (event) => {
    if (event.target.id === "keywords" || event.target.id === "keyword-list") requestAnimationFrame(draw);
  }, true);
  addEventListener("resize", draw);
  /* The box appears when its page does. */
  let counted = null;
  new MutationObserver(() => {
    const text = box();
    if (text === counted) return;
    counted = text;
    held = null;
    if (text) count();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
