/* The table of results, as far as the browser does it by itself: keys, selected rows and their copy, where panels stand. */
(() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const table = () => find("#results table");
  const rows = () => all("#results tbody tr");
  const typed = (element) => element && element.closest && element.closest("input:not(.tick),textarea,select,[contenteditable]");

  /* The area of the table takes what is left of the window; where it begins changes with what is above it. */
  const measure = () => {
    const area = find("#results");
    if (!area) return;
    const top = Math.round(area.getBoundingClientRect().top + scrollY);
    const known = document.documentElement.style.getPropertyValue("--results-top");
    if (known !== `${top}px`) document.documentElement.style.setProperty("--results-top", `${top}px`);
  };
  new ResizeObserver(measure).observe(document.documentElement);

  /* A panel stands under the button that opened it, and within the window. */
  document.addEventListener("toggle", (event) => {
    const panel = event.target;
    if (event.newState !== "open" || !panel.matches(".pop")) return;
    const button = find(`[popovertarget="${panel.id}"]`).getBoundingClientRect();
    const left = Math.min(button.left, innerWidth - panel.offsetWidth - 8);
    panel.style.left = `${Math.max(8, left)}px`;
    const under = innerHeight - button.bottom - 8;
    const above = under < panel.offsetHeight && button.top > under;
    panel.style.top = above ? "auto" : `${button.bottom + 4}px`;
    panel.style.bottom = above ? `${innerHeight - button.top + 4}px` : "auto";
    panel.style.maxHeight = `${Math.max(160, (above ? button.top : under) - 8)}px`;
    const first = find("input:not([type=checkbox]),select,a,button,input", panel);
    if (first) first.focus({ preventScroll: true });
  }, true);

  /* Rows: one of them is reached with Tab, the others from it. */
  const link = (row) => row && find(".kw-text", row);
  const reachable = () => {
    const list = rows();
    if (!list.length || list.some((row) => link(row).tabIndex === 0)) return;
    link(list[0]).tabIndex = 0;
  };
  const go = (row) => {
    if (!row) return;
    rows().forEach((other) => { link(other).tabIndex = other === row ? 0 : -1; });
    link(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const here = () => {
    const open = find("#row-drawer");
    if (open) return find(`#results tr[data-row="${open.dataset.of}"]`);
    return document.activeElement && document.activeElement.closest("#results tbody tr");
  };
  const step = (by) => {
    const list = rows();
    const at = list.indexOf(here());
    const next = at < 0 ? list[0] : list[Math.min(Math.max(0, at + by), list.length - 1)];
    if (find("#row-drawer")) {
      if (next && next !== list[at]) link(next).click();
      if (next) next.scrollIntoView({ block: "nearest" });
    } else if (at >= 0 && list[at] === next && Math.abs(by) > 1) {
      find(`.pager [data-step=${by > 0 ? "next_page" : "previous_page"}]`)?.click();
    } else {
      go(next);
    }
  };
  document.addEventListener("click", (event) => {
    const near = event.target.closest && event.target;
    if (!near) return;
    const by = near.closest("[data-row-step]");
    if (by) return step(Number(by.dataset.rowStep));
    const row = near.closest("#results tbody tr");
    if (row && !near.closest("a,button,label,.c-pick") && !String(getSelection())) link(row).click();
    if (row && near.closest(".c-pick") && !near.matches(".tick")) find(".tick", row).click();
  });

  /* Selected rows. */
  const ticks = () => all("#results tbody .tick");
  const picked = () => ticks().filter((tick) => tick.checked);
  let last = null;
  const tell = () => {
    const bar = find("#picked");
    const count = picked().length;
    const page = find("#pick-page");
    if (page) {
      page.checked = count > 0 && count === ticks().length;
      page.indeterminate = count > 0 && !page.checked;
    }
    if (!bar) return;
    bar.hidden = !count;
    if (!count || count < ticks().length) delete bar.dataset.all;
    const said = find("output", bar);
    if (said.value !== String(count)) said.value = count;
  };
  const pick = (list, on) => {
    list.forEach((tick) => { tick.checked = on; });
    tell();
  };
  document.addEventListener("change", (event) => {
    if (event.target.id === "pick-page") pick(ticks(), event.target.checked);
    if (event.target.matches("#results tbody .tick")) tell();
  });
  document.addEventListener("click", (event) => {
    const tick = event.target;
    if (!tick.matches || !tick.matches("#results tbody .tick")) return;
    const list = ticks();
    const from = list.indexOf(last);
    if (event.shiftKey && from >= 0) {
      const to = list.indexOf(tick);
      pick(list.slice(Math.min(from, to), Math.max(from, to) + 1), tick.checked);
    }
    last = tick;
  });

  /* As tab-separated values: numbers plain, other cells as they are written, texts that a spreadsheet would run as a
     formula with an apostrophe before them, as in a CSV of this house. */
  const safe = (text) => {
    const line = text.replace(/\s+/g, " ").trim();
    return /^[=+\-@']/.test(line) ? `'${line}` : line;
  };
  const cell = (td) => td.dataset.v || safe(find(".v", td)?.textContent || "");
  const tsv = (list) => {
    const head = all("thead th:not(.c-pick) .h-word", table()).map((word) => safe(word.textContent));
    const lines = list.map((row) => {
      const number = find(".c-id", row).textContent.replace(/,/g, "");
      const cells = all("td:not(.c-pick):not(.c-id)", row).map(cell);
      return [number, safe(link(row).textContent), ...cells];
    });
    return [head, ...lines].map((line) => line.join("\t")).join("\n");
  };
  const copy = async () => {
    const chosen = picked().map((tick) => tick.closest("tr"));
    const list = chosen.length ? chosen : rows();
    const sign = find("#copied");
    try {
      await navigator.clipboard.writeText(tsv(list));
      if (sign) sign.textContent = sign.dataset.said.replace("0", list.length);
    } catch {
      if (sign) sign.textContent = sign.dataset.failed;
    }
    setTimeout(() => { if (sign) sign.textContent = ""; }, 3000);
  };
  document.addEventListener("click", (event) => {
    const near = event.target.closest && event.target;
    if (!near) return;
    if (near.closest("[data-copy]")) copy();
    if (near.closest("[data-unpick]")) pick(ticks(), false);
    if (near.closest("[data-pick-all]")) {
      pick(ticks(), true);
      find("#picked").dataset.all = "";
    }
  });

  /* Keys. */
  const KEYS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e6, End: 1e6 };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || typed(event.target) || !table() || find("dialog[open],.pop:popover-open")) return;
    const drawer = find("#row-drawer");
    const inside = here();
    if ((event.ctrlKey || event.metaKey) && event.key === "c") {
      if (picked().length && !String(getSelection())) {
        event.preventDefault();
        copy();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (drawer) find("[data-close-row]", drawer)?.click();
      else if (picked().length) pick(ticks(), false);
      return;
    }
    const scrolled = drawer && drawer.contains(document.activeElement) && !["ArrowUp", "ArrowDown", "j", "k"].includes(event.key);
    const letter = event.key === "j" || event.key === "k";
    if (event.key in KEYS && !scrolled && (letter || (inside && (drawer || inside.contains(document.activeElement))))) {
      event.preventDefault();
      step(KEYS[event.key]);
    } else if (event.key === " " && inside && !drawer && !event.target.matches(".tick,button")) {
      event.preventDefault();
      find(".tick", inside).click();
    }
  });

  /* What the pages change: the search follows the address, dialogs open, the drawer takes the focus and gives it back. */
  let asked = null;
  let open = null;
  const follow = () => {
    const search = find("#row-search");
    if (search && search.dataset.q !== asked) {
      asked = search.dataset.q;
      if (document.activeElement !== search) search.value = asked || "";
    }
    all("dialog[data-modal]:not([open])").forEach((dialog) => dialog.showModal());
    const drawer = find("#row-drawer");
    const now = drawer ? drawer.dataset.of : null;
    if (now !== open) {
      if (now !== null && open === null) drawer.focus({ preventScroll: true });
      if (now === null && document.activeElement === document.body) go(find(`#results tr[data-row="${open}"]`));
      open = now;
    }
    reachable();
    tell();
    measure();
  };
  document.addEventListener("cancel", (event) => {
    const dialog = event.target;
    if (!dialog.matches("dialog[data-modal]")) return;
    event.preventDefault();
    find("[data-dismiss]", dialog)?.click();
  }, true);
  let due = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(follow);
  }).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["data-q", "data-of"] });
})();
