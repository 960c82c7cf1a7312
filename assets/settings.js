/* Secrets that are shown once: they are put into their dialog here and taken out again when it closes or the page is left. */
(() => {
  const field = () => document.getElementById("once-value");
  window.keybatchOnce = (title, secret) => {
    const dialog = document.getElementById("once");
    if (!dialog) return;
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    document.getElementById("once-title").textContent = title;
    field().value = secret;
    dialog.addEventListener("close", () => {
      field().value = "";
      dialog.querySelector("[data-copy]").removeAttribute("data-done");
    }, { once: true });
    dialog.showModal();
    field().select();
  };

  /* Where the page is not https nor on this machine, browsers keep the newer way to themselves. */
  const copy = async (from) => {
    try {
      await navigator.clipboard.writeText(from.value);
    } catch {
      from.select();
      if (!document.execCommand("copy")) return false;
    }
    return true;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (button && (await copy(document.getElementById(button.dataset.copy)))) button.setAttribute("data-done", "");
  });
})();
