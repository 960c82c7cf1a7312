/* The frame: palette, keys, menus, the browser tab's title and its notices. What it says comes from the page. */
(() => {
  const byId = (id) => document.getElementById(id);
  const closest = (event, selector) => event.target.closest && event.target.closest(selector);
  const isShown = (element) => element.offsetParent !== null && !element.disabled;
  const keyed = () => [...document.querySelectorAll("main [data-key]")].filter(isShown);
  const named = (element) => (element.getAttribute("aria-label") || element.innerText).trim();

  /* Leads to an address of the house without a reload, as its links do. */
  const go = (address) => {
    history.pushState({ ...history.state, key: Math.random().toString(36).slice(2, 10) }, "", address);
    dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  };
  const show = (dialog) => {
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => (menu.open = false));
    dialog.showModal();
  };

  /* palette */
  const entries = () => [...document.querySelectorAll("#palette .palette-entry")].filter((one) => !one.hidden);
  const mark = (chosen) => {
    entries().forEach((one, at) => {
      one.id = one.id || `palette-entry-${at}-${Math.random().toString(36).slice(2)}`;
      one.setAttribute("aria-selected", one === chosen);
    });
    byId("palette-find").setAttribute("aria-activedescendant", chosen ? chosen.id : "");
    if (chosen) chosen.scrollIntoView({ block: "nearest" });
  };
  const chosen = () => document.querySelector('#palette .palette-entry[aria-selected="true"]:not([hidden])');
  const entry = (label, note, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.tabIndex = -1;
    made.className = "palette-entry";
    made.setAttribute("role", "option");
    const name = document.createElement("span");
    name.textContent = label;
    const beside = document.createElement("small");
    beside.textContent = note;
    made.append(name, beside);
    made.addEventListener("click", () => {
      byId("palette").close();
      act();
    });
    return made;
  };
  const filter = () => {
    const wanted = byId("palette-find").value.trim().toLowerCase();
    document.querySelectorAll("#palette .palette-group:not(#palette-batches) .palette-entry").forEach((one) => {
      one.hidden = wanted !== "" && !one.innerText.toLowerCase().includes(wanted) && !one.textContent.toLowerCase().includes(wanted);
    });
    document.querySelectorAll("#palette .palette-group").forEach((group) => {
      group.hidden = !group.querySelector(".palette-entry:not([hidden])");
    });
    byId("palette-none").hidden = entries().length > 0;
    mark(entries()[0]);
  };
  const stateWord = (state) => {
    const found = document.querySelector(`#palette [data-state-word="${state}"]`);
    return found ? found.textContent : state;
  };
  let asked = 0;
  const lookUp = async () => {
    const turn = ++asked;
    const query = new URLSearchParams({ limit: "8" });
    const wanted = byId("palette-find").value.trim();
    if (wanted) query.set("q", wanted);
    const answer = await fetch(`/api/v1/batches?${query}`, { cache: "no-store" }).catch(() => null);
    const found = answer && answer.ok ? (await answer.json()).batches : [];
    if (turn !== asked || !byId("palette").open) return;
    byId("palette-batches").replaceChildren(
      ...found.map((batch) =>
        entry(batch.name || `#${batch.id}`, `#${batch.id} · ${stateWord(batch.state)}`, () => go(`/batches/${batch.id}`)),
      ),
    );
    filter();
  };
  const openPalette = () => {
    const actions = keyed().map((one) => {
      const made = entry(named(one), "", () => one.click());
      const key = document.createElement("kbd");
      key.textContent = one.dataset.key;
      made.append(key);
      return made;
    });
    byId("palette-page").replaceChildren(...actions);
    byId("palette-batches").replaceChildren();
    byId("palette-find").value = "";
    show(byId("palette"));
    byId("palette-find").focus();
    filter();
    lookUp();
  };
  let due = 0;
  document.addEventListener("input", (event) => {
    if (event.target.id !== "palette-find") return;
    filter();
    clearTimeout(due);
    due = setTimeout(lookUp, 150);
  });

  /* the list of keys, with those of this page */
  const openHelp = () => {
    byId("page-keys").replaceChildren(
      ...keyed().map((one) => {
        const row = document.createElement("div");
        const key = document.createElement("kbd");
        key.textContent = one.dataset.key;
        const term = document.createElement("dt");
        term.append(key);
        const told = document.createElement("dd");
        told.textContent = named(one);
        row.append(term, told);
        return row;
      }),
    );
    show(byId("keys"));
  };

  document.addEventListener("click", (event) => {
    if (closest(event, "[data-palette]")) openPalette();
    else if (closest(event, "[data-help]")) openHelp();
    else if (closest(event, "[data-shut]")) closest(event, "dialog").close();
    else if (closest(event, ".palette-entry")) byId("palette").close();
    else if (event.target.matches && event.target.matches("dialog.palette")) event.target.close();
    const menu = closest(event, "details[data-menu]");
    document.querySelectorAll("details[data-menu][open]").forEach((open) => {
      if (open !== menu || closest(event, ".menu-item")) open.open = false;
    });
  });

  /* keys */
  const isTyping = (event) => closest(event, "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]");
  let after = 0;
  const press = (key) => {
    const link = [...document.querySelectorAll("#palette a.palette-entry")].find(
      (one) => one.querySelector("kbd") && one.querySelector("kbd").textContent === key,
    );
    if (link) link.click();
    return Boolean(link);
  };
  const plainKey = (event) => {
    if (Date.now() - after < 1200 && press(`g ${event.key}`)) {
      after = 0;
      return true;
    }
    after = event.key === "g" ? Date.now() : 0;
    if (event.key === "?") openHelp();
    else if (event.key === "/") {
      const field = document.querySelector("main [data-search]");
      if (field) field.focus();
      else openPalette();
    } else {
      const button = keyed().find((one) => one.dataset.key === event.key);
      if (button) button.click();
      return Boolean(button) || press(event.key);
    }
    return true;
  };
  document.addEventListener("keydown", (event) => {
    const palette = byId("palette");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (palette.open) palette.close();
      else openPalette();
    } else if (palette && palette.open) {
      const all = entries();
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) mark(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
      else if (event.key === "Enter" && chosen()) chosen().click();
      else return;
      event.preventDefault();
    } else if (event.key === "Escape") {
      document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event) && !document.querySelector("dialog[open]")) {
      if (plainKey(event)) event.preventDefault();
    }
  });

  /* the browser tab's title, and the notice when what it tells of has ended */
  let before = "";
  const tell = () => {
    const told = byId("page-title");
    if (!told) return;
    const title = told.dataset.title ? `${told.dataset.title} · Keybatch` : "Keybatch";
    if (document.title !== title) document.title = title;
    const ended = told.dataset.ended;
    if (before === "false" && ended === "true" && told.dataset.notice && wants()) {
      new Notification("Keybatch", { body: told.dataset.notice, tag: location.pathname });
    }
    before = ended;
    const button = byId("notify-me");
    if (button) button.hidden = !("Notification" in window) || Notification.permission !== "default" || ended === "true";
  };
  const wants = () => "Notification" in window && Notification.permission === "granted";
  document.addEventListener("click", async (event) => {
    if (!closest(event, "#notify-me")) return;
    await Notification.requestPermission();
    tell();
  });
  let telling = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(telling);
    telling = requestAnimationFrame(tell);
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-title", "data-ended", "data-notice"],
  });
})();
