/* What the browser does by itself: the page's language before the first paint, and the box for pasted keywords. */
(() => {
  const root = document.documentElement;
  const cookie = document.cookie.match(/(?:^|; )keybatch_language=(ko|en)/);
  const spoken = (navigator.languages || [navigator.language || "ko"])
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag) => tag === "ko" || tag === "en");
  const wanted = (cookie && cookie[1]) || spoken || "ko";
  /* The stylesheet hides a page that is still in the other language; see [data-wanted] there. */
  root.dataset.wanted = wanted;
  /* Until somebody chooses, the browser's own language goes along for this session, so that the server cannot differ. */
  if (!cookie) document.cookie = `keybatch_language=${wanted}; path=/; samesite=lax`;

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest(".switch button[lang]");
    if (button) root.dataset.wanted = button.lang;
  }, true);

  const offline = () => root.toggleAttribute("data-offline", navigator.onLine === false);
  addEventListener("online", offline);
  addEventListener("offline", offline);
  offline();

  /* A page whose connection does not come back may belong to nobody any more: then it leads to the door. */
  setInterval(async () => {
    if (!document.querySelector(".l-reconnecting")) return;
    const answer = await fetch("/api/v1/me", { cache: "no-store" }).catch(() => null);
    if (answer && answer.status === 401) {
      location.assign(`/sign-in?${new URLSearchParams({ next: location.pathname + location.search })}`);
    }
  }, 3000);

  /* A form that can be submitted for more than one purpose: the button that is pressed says which. */
  const intend = (form, what) => {
    const field = form.querySelector("#intent");
    if (field) field.value = what;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button[data-intent]");
    if (button && button.form) intend(button.form, button.dataset.intent);
  }, true);

  /* A button that opens the dialog of the drop zone around it; text that is dropped is left to the box it falls on. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button[data-choose]");
    if (button) button.closest(".given").querySelector("input[type=file]").click();
  });
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      const files = event.dataTransfer && [...event.dataTransfer.types].includes("Files");
      const given = event.target.closest && event.target.closest(".given");
      if (given && !files) event.stopPropagation();
      if (files && !given && document.querySelector(".given")) event.preventDefault();
    }, true);
  }

  const LINE = 24;
  /* React takes over the page it was sent; what is in it may be changed only after that. */
  const isTaken = (element) => Object.keys(element).some((key) => key.startsWith("__react"));
  const box = () => document.getElementById("keywords");
  const drawGutter = () => {
    const text = box();
    const gutter = document.getElementById("keyword-gutter");
    if (!text || !gutter) return;
    const first = Math.floor(text.scrollTop / LINE);
    const last = Math.min(text.dataset.lines || 1, first + Math.ceil(text.clientHeight / LINE) + 1);
    gutter.textContent = Array.from({ length: Math.max(0, last - first) }, (_, n) => first + n + 1).join("\n");
    gutter.style.transform = `translateY(${first * LINE - text.scrollTop}px)`;
  };
  /* Keywords are lines with something in them; counted without splitting, as a paste may hold a million. */
  const count = () => {
    const text = box();
    const shown = document.getElementById("keyword-count");
    if (!text || !shown) return;
    if (!isTaken(shown)) {
      setTimeout(count, 50);
      return;
    }
    const value = text.value;
    let lines = 1;
    let filled = 0;
    let blank = true;
    for (let at = 0; at < value.length; at++) {
      const char = value.charCodeAt(at);
      if (char === 10) {
        lines++;
        filled += blank ? 0 : 1;
        blank = true;
      } else if (char > 32) {
        blank = false;
      }
    }
    text.dataset.lines = lines;
    shown.value = (filled + (blank ? 0 : 1)).toLocaleString("en-US");
    drawGutter();
  };
  let due = 0;
  const soon = () => {
    clearTimeout(due);
    due = setTimeout(count, box()?.value.length > 200000 ? 150 : 0);
  };
  const isBox = (event) => event.target && event.target.id === "keywords";
  document.addEventListener("input", (event) => isBox(event) && soon());
  document.addEventListener("scroll", (event) => isBox(event) && requestAnimationFrame(drawGutter), true);
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest && event.target.closest("#new-batch");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      intend(form, "submit");
      form.requestSubmit();
    }
  });
  /* The box appears when its page does. */
  let counted = null;
  new MutationObserver(() => {
    const text = box();
    if (text !== counted) {
      counted = text;
      if (text) count();
    }
  }).observe(root, { childList: true, subtree: true });
})();
