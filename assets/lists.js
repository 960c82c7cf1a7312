/* The list of batches by keyboard, and dialogs: the browser's own ones, which keep the keyboard inside and close on Esc. */
(() => {
  window.keybatchOpen = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  };
  window.keybatchClose = (id) => document.getElementById(id)?.close();

  /* A press beside a dialog closes it, but not one whose secret would be gone. */
  document.addEventListener("mousedown", (event) => {
    if (event.target.matches?.("dialog.dlg[open]:not(#once)")) event.target.close();
  });

  let last = null;
  const names = () => [...document.querySelectorAll(".bl tbody .name")];
  const isTyping = (target) => target.closest?.("input:not([type=checkbox]),textarea,select,[contenteditable],dialog");
  const step = (by) => {
    const all = names();
    const row = document.activeElement?.closest?.(".bl tbody tr");
    const at = row ? all.findIndex((name) => row.contains(name)) : by > 0 ? -1 : all.length;
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return Boolean(next);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!document.querySelector(".bl") || isTyping(event.target)) return;
    const row = document.activeElement?.closest?.(".bl tbody tr");
    const by = { j: 1, k: -1, ...(row ? { ArrowDown: 1, ArrowUp: -1 } : {}) }[event.key];
    if (by && step(by)) event.preventDefault();
    if (event.key === "x" && row) {
      last = row.querySelector(".tick");
      last?.click();
    }
  });

  /* A press anywhere on a line opens its batch, unless it selects text or meets something of its own. */
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.(".bl tbody tr");
    if (!row || event.target.closest("a,button,input,label,.c-pick") || String(getSelection())) return;
    row.querySelector(".name")?.click();
  });

  /* With Shift, everything between the last tick and this one. */
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.(".bl tbody .tick")) return;
    const ticks = [...document.querySelectorAll(".bl tbody .tick")];
    const from = ticks.indexOf(last);
    const to = ticks.indexOf(event.target);
    if (event.shiftKey && from >= 0 && event.isTrusted) {
      ticks.slice(Math.min(from, to) + 1, Math.max(from, to)).filter((one) => !one.checked).forEach((one) => one.click());
    }
    if (event.isTrusted) last = event.target;
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".fl-unfold");
    if (!button) return;
    const open = button.closest(".fl").toggleAttribute("data-open");
    button.setAttribute("aria-expanded", String(open));
  });
})();
