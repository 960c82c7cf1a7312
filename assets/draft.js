/* What is filled in on the form of a new batch is kept in this browser until a batch is made of it: for the person who
   filled it in, through a reload, a crash or a sign-in in between. */
(() => {
  const MOST = 2_000_000; /* letters; a browser keeps about five million */
  const KEPT_MS = 7 * 86_400_000;
  const AWAY_MS = 8_000;
  const house = (window.keybatchNew = window.keybatchNew || {});
  const tab = Math.random().toString(36).slice(2);
  const said = () => document.getElementById("new-said");
  const place = () => `keybatch.new.${said()?.dataset.person || ""}`;
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const isPristine = () =>
    house.fields().every((one) => {
      if (one.type === "checkbox") return one.checked === one.defaultChecked;
      if (one.tagName === "SELECT") return one.selectedOptions[0]?.defaultSelected || one.selectedIndex === 0;
      return one.name === "tags" ? !one.value : one.value === one.defaultValue;
    });
  let due = 0;
  let dirty = false;

  const save = () => {
    clearTimeout(due);
    if (!dirty || !said()) return;
    dirty = false;
    const text = house.text();
    if (!text && isPristine()) {
      house.draft.drop();
      return;
    }
    const draft = { ...house.read(), text: text.length > MOST ? "" : text, at: Date.now(), link: location.search };
    try {
      localStorage.setItem(place(), JSON.stringify(draft));
    } catch {
      /* The browser's store is full: the options alone are kept. */
      try {
        localStorage.setItem(place(), JSON.stringify({ ...draft, text: "" }));
      } catch {
        return;
      }
    }
    alive();
  };
  /* Who writes here says so, so that the form in another tab begins empty rather than as a copy of this one. */
  const alive = () => localStorage.setItem(`${place()}.tab`, JSON.stringify({ tab, at: Date.now() }));

  house.draft = {
    /* Something was changed; kept once there is a pause, a long text after a longer one. */
    changed() {
      dirty = true;
      clearTimeout(due);
      due = setTimeout(save, house.text().length > 200_000 ? 3_000 : 400);
    },
    /* What is kept, unless it is old, of a form that was made a batch, or being written in another tab. */
    found() {
      const draft = read(place());
      const writer = read(`${place()}.tab`);
      if (!draft || Date.now() - draft.at > KEPT_MS || draft.key === said().dataset.made) return null;
      if (writer && writer.tab !== tab && Date.now() - writer.at < AWAY_MS) return null;
      return draft;
    },
    drop() {
      clearTimeout(due);
      dirty = false;
      localStorage.removeItem(place());
      localStorage.removeItem(`${place()}.tab`);
    },
  };
  setInterval(() => {
    if (said() && read(`${place()}.tab`)?.tab === tab) alive();
  }, 4_000);
  const leave = () => {
    save();
    if (said() && read(`${place()}.tab`)?.tab === tab) localStorage.removeItem(`${place()}.tab`);
  };
  addEventListener("pagehide", leave);
  addEventListener("popstate", save, true);
  document.addEventListener("click", (event) => event.target.closest?.("a[href]") && save(), true);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  house.leave = leave;
})();
