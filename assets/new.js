/* The form of a new batch: filled in without the server, previewed as one types, sent once. */
(() => {
  const QUIET_MS = 600; /* after the last key, up to SHORT lines */
  const LONGER_MS = 2_500; /* up to MEDIUM lines; longer ones are previewed when that is asked for */
  const SHORT = 5_000;
  const MEDIUM = 50_000;
  const INLINE = 200_000; /* letters that go through the live socket; more are sent by themselves */
  const TWICE_MS = 1_500;
  const LOST_MS = 20_000;
  const house = (window.keybatchNew = window.keybatchNew || {});
  const form = () => document.getElementById("new-batch");
  const page = () => document.getElementById("new-page");
  const said = () => document.getElementById("new-said");
  const OWN = new Set(["intent", "key", "turn", "keywords", "pasted", "preset_name"]);
  const COUNTS = /^(source:|pay:|step:|fix:|merge_spacing$|priority$|max_age$)/;
  let known = null; /* the form that is on the page */
  let turn = 0; /* of what a preview depends on */
  let asked = 0; /* the turn that was sent last */
  let sentKey = ""; /* the key that a submit was sent with */
  let key = "";
  let pressed = -Infinity;
  let due = 0;
  let lost = 0;
  let stored = { turn: -1, name: "" }; /* the long text that the server keeps */
  const fresh = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("-");
  const flag = (name, on) => page()?.toggleAttribute(`data-${name}`, on);
  const intend = (what) => (form().elements.intent.value = what);

  /* Fields */
  const fields = (house.fields = () => [...form().elements].filter((one) => one.name && !OWN.has(one.name)));
  house.read = () => {
    const values = {};
    for (const one of fields()) {
      if (one.type === "checkbox" ? one.checked : one.value) values[one.name] = one.type === "checkbox" ? "on" : one.value;
    }
    return { key, fields: values };
  };
  const fill = (values, kinds) => {
    for (const one of fields()) {
      if (one.type === "checkbox") {
        if (kinds.some((kind) => one.name.startsWith(kind))) one.checked = one.name in values && !one.disabled;
      } else if (one.name in values) {
        if (one.tagName !== "SELECT" || [...one.options].some((it) => it.value === values[one.name])) one.value = values[one.name];
      }
    }
    house.drawTags();
  };

  /* Previews */
  const wait = () => {
    const lines = Math.max(house.lines(), Number(said()?.dataset.bytes || 0) / 20);
    return lines <= SHORT ? QUIET_MS : lines <= MEDIUM ? LONGER_MS : 0;
  };
  const schedule = () => {
    clearTimeout(due);
    const after = wait();
    page().dataset.mode = after === QUIET_MS ? "typing" : after ? "pause" : "asked";
    if (after) due = setTimeout(() => send("preview"), after);
  };
  const send = (what) => {
    if (!form() || !house.isTaken(form())) return;
    intend(what);
    form().requestSubmit();
  };
  /* An answer may get lost with the connection. */
  const again = () => page()?.hasAttribute("data-thinking") && asked === turn && schedule();
  /* Something was changed, of what a preview depends on or of the rest. What was sent before is another form then. */
  const changed = (counts) => {
    if (key === sentKey) key = fresh();
    house.draft.changed();
    flag("mended", true); /* what was refused was another form */
    if (!counts) return;
    turn++;
    flag("stale", true);
    schedule();
  };
  house.changed = changed;

  /* Sending */
  /* The name under which the server keeps a body; null when its person has to sign in first. */
  const post = async (body, type) => {
    const answer = await fetch("/new/keywords", { method: "POST", headers: { "content-type": type }, body });
    if (answer.status === 401) {
      house.leave();
      location.assign(`/sign-in?${new URLSearchParams({ next: location.pathname + location.search })}`);
      return null;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).pasted;
  };
  /* Files: sent to whichever server answers, then named to the one that has this tab. Should another one take over the
     tab, it is told again. */
  const GIVEN = "keybatch.given";
  const recall = () => JSON.parse(sessionStorage.getItem(GIVEN) || "null");
  const recallable = (file) => (file ? sessionStorage.setItem(GIVEN, JSON.stringify(file)) : sessionStorage.removeItem(GIVEN));
  const tell = (file) => {
    const taking = document.getElementById("give");
    if (!taking) return;
    for (const name of ["kept", "name", "how"]) taking.elements[name].value = file[name] || "";
    taking.requestSubmit();
  };
  house.give = async (files) => {
    const [file] = files;
    if (!file) return;
    flag("unsent", false);
    flag("giving", true);
    try {
      const kept = await post(file, "application/octet-stream");
      if (!kept) return;
      tell({ kept, name: file.name });
      recallable({ kept, name: file.name });
    } catch {
      flag("unsent", true);
    } finally {
      flag("giving", false);
    }
  };
  const retell = (now, was) => {
    const file = recall();
    if (!file) return false;
    if (now.given === "0" && !Number(now.bytes) && (!was || was.given !== "0")) {
      tell(file);
      return true;
    }
    if (Number(now.bytes)) recallable({ ...file, how: now.how });
    else if (was && Number(was.bytes)) recallable(null);
    return false;
  };
  const upload = async (what, text, of) => {
    flag("unsent", false);
    flag("sending", true);
    try {
      const name = await post(text, "text/plain; charset=utf-8");
      if (!name) return;
      stored = { turn: of, name };
      flag("sending", false);
      if (what === "submit" || of === turn) send(what);
    } catch {
      flag("unsent", true);
      flag("thinking", false);
    } finally {
      flag("sending", false);
      pressed = -Infinity;
    }
  };
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (sent.id !== "new-batch") return;
    const what = sent.elements.intent.value || "submit";
    const hold = () => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    if (what === "submit") {
      if (performance.now() - pressed < TWICE_MS || page().hasAttribute("data-sending")) return hold();
      pressed = performance.now();
      sentKey = key;
    }
    const text = what === "preset" || Number(said().dataset.bytes) ? "" : house.text();
    const inline = text.length <= INLINE;
    if (what !== "preset") {
      clearTimeout(due);
      asked = turn;
      flag("thinking", true);
      clearTimeout(lost);
      if (what === "preview" && wait() === QUIET_MS) lost = setTimeout(again, LOST_MS);
    }
    if (!inline && stored.turn !== turn) {
      hold();
      pressed = -Infinity;
      upload(what, text, turn);
      return;
    }
    sent.elements.key.value = key;
    sent.elements.turn.value = turn;
    sent.elements.keywords.value = inline ? text : "";
    sent.elements.pasted.value = inline ? "" : stored.name;
    setTimeout(() => (sent.elements.keywords.value = ""));
  }, true);

  /* What the server says */
  const heard = (was) => {
    const now = said().dataset;
    if (now.answered !== was.answered || now.refusals !== was.refusals) flag("thinking", Number(now.answered) < asked && now.refusals === was.refusals);
    if (Number(now.answered) === turn && now.answered !== "") flag("stale", false);
    if (now.refusals !== was.refusals) {
      flag("mended", false);
      key = fresh();
      pressed = -Infinity;
      stored = { turn: -1, name: "" };
      requestAnimationFrame(() => toWrong());
    }
    if (now.made !== was.made && now.made && now.made === sentKey) house.clear();
    if (!retell(now, was) && now.given !== was.given && was.given !== undefined) changed(true);
    if (!now.answered && was.answered) {
      flag("stale", true); /* another server has the tab now, and has foretold nothing yet */
      schedule();
    }
    if (now.fill !== was.fill) follow();
  };
  /* To the part of the form that a refusal is about. */
  const toWrong = () => {
    const notice = document.querySelector("#new-batch .wrong .notice");
    if (!notice) return;
    notice.scrollIntoView({ block: "nearest" });
    const spot = { keywords: "#keywords", name: "[name=name]", tags: "#tag-input", deadline: "[name=deadline]" }[notice.parentElement.dataset.place];
    if (spot) form().querySelector(spot)?.focus({ preventScroll: true });
  };
  let linked = "";
  const follow = () => {
    let wanted = null;
    try {
      wanted = JSON.parse(said().dataset.fill);
    } catch {
      return;
    }
    if (!wanted || sessionStorage.getItem("keybatch.filled") === wanted.id) return;
    if (!form().querySelector(".src-group")) return;
    sessionStorage.setItem("keybatch.filled", wanted.id);
    if (wanted.link && linked === wanted.link) return;
    fill(wanted.fields, wanted.kinds);
    changed(true);
  };

  /* Beginning and end */
  house.clear = () => {
    house.draft.drop();
    form().reset();
    form().elements.tags.value = "";
    house.put("");
    house.drawTags();
    key = fresh();
    turn++;
    flag("restored", false);
    flag("stale", false);
    clearTimeout(due);
  };
  const begin = () => {
    [key, sentKey, turn, asked, linked] = [fresh(), "", Date.now(), 0, ""];
    stored = { turn: -1, name: "" };
    house.drawTags();
    const draft = house.draft.found();
    if (draft) {
      key = draft.key || key;
      sentKey = key;
      linked = draft.link.replace(/^\?/, "");
      fill(draft.fields, ["source:", "step:", "fix:", "merge_spacing"]);
      house.put(draft.text);
      flag("restored", true);
      turn++;
    }
    follow();
    retell(said().dataset, null);
    flag("stale", true);
    schedule();
  };
  let before = {};
  new MutationObserver(() => {
    const at = said();
    if (!form() || !at) {
      if (known) house.leave();
      known = null;
      return;
    }
    if (known !== form()) {
      if (!at.dataset.loaded || !form().querySelector(".src-group") || !house.isTaken(form())) return;
      known = form();
      before = { ...at.dataset };
      begin();
      return;
    }
    const was = before;
    before = { ...at.dataset };
    if (Object.keys(before).some((name) => before[name] !== was[name])) heard(was);
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-fill", "data-answered", "data-made", "data-refusals", "data-given", "data-bytes", "data-how", "data-loaded"] });

  const mine = (element) => element.form?.id === "new-batch" || Boolean(element.closest?.("#new-batch"));
  document.addEventListener("keybatch:text", () => known && changed(true));
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const at = event.target;
      if (!known || !at.name || at.form !== known || OWN.has(at.name) || (kind === "input") !== /^(text|search)$/.test(at.type)) return;
      changed(COUNTS.test(at.name));
    });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button");
    if (!button) return;
    if (button.dataset.intent && mine(button)) intend(button.dataset.intent);
    if (button.dataset.draft === "discard") house.clear();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !mine(event.target)) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      send("submit");
    } else if (event.target.tagName === "INPUT" && event.target.type !== "checkbox") {
      /* Enter in a field of one line would press the first button there is. */
      event.preventDefault();
      if (event.target.name === "preset_name") document.querySelector("button[data-intent=preset]").click();
    }
  });
})();
