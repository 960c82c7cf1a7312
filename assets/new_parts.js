/* Smaller parts of the form of a new batch: tags as chips, a search within the sources, menus, and files that are
   dropped. */
(() => {
  const house = (window.keybatchNew = window.keybatchNew || {});
  const form = () => document.getElementById("new-batch");

  /* Tags: one a line in a hidden field, a chip each on the page. */
  const tags = () => (form()?.elements.tags?.value || "").split("\n").filter(Boolean);
  const setTags = (list) => {
    form().elements.tags.value = [...new Set(list)].join("\n");
    house.drawTags();
    house.changed(false);
  };
  house.drawTags = () => {
    const list = document.getElementById("tag-chips");
    if (!list) return;
    list.replaceChildren(
      ...tags().map((tag) => {
        const chip = document.createElement("li");
        const remove = document.createElement("button");
        chip.className = "chip";
        remove.type = "button";
        remove.textContent = "×";
        remove.dataset.tag = tag;
        remove.setAttribute("aria-label", `${list.dataset.remove}: ${tag}`);
        chip.append(tag, remove);
        return chip;
      }),
    );
  };
  const take = (input) => {
    const more = input.value.split(/[,\n]/).map((tag) => tag.trim()).filter(Boolean);
    input.value = "";
    if (more.length) setTags([...tags(), ...more]);
  };
  const isTags = (event) => event.target.id === "tag-input";
  document.addEventListener("keydown", (event) => {
    if (!isTags(event) || event.isComposing) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      take(event.target);
    } else if (event.key === "Backspace" && !event.target.value) {
      setTags(tags().slice(0, -1));
    }
  });
  document.addEventListener("input", (event) => isTags(event) && !event.isComposing && event.target.value.includes(",") && take(event.target));
  document.addEventListener("focusout", (event) => isTags(event) && take(event.target));
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("#tag-chips button");
    if (button) {
      setTags(tags().filter((tag) => tag !== button.dataset.tag));
      document.getElementById("tag-input").focus();
    } else if (event.target.classList?.contains("tag-box")) {
      document.getElementById("tag-input").focus();
    }
  });

  /* Sources whose name or title holds what is searched for; the folds open around them and close again after. */
  const search = (wanted) => {
    const sources = document.querySelector("#new-batch .sources");
    const plain = wanted.trim().toLowerCase();
    let found = 0;
    for (const row of sources.querySelectorAll(".src")) {
      const fits = !plain || row.textContent.toLowerCase().includes(plain) || row.closest(".src-group").querySelector(".src-name").textContent.toLowerCase().includes(plain);
      row.toggleAttribute("data-miss", !fits);
      found += fits ? 1 : 0;
    }
    for (const fold of sources.querySelectorAll("details")) {
      const hit = fold.querySelector(".src:not([data-miss])");
      if (plain && !("was" in fold.dataset)) fold.dataset.was = fold.open ? "open" : "";
      if (plain) fold.open = Boolean(hit);
      else if ("was" in fold.dataset) {
        fold.open = fold.dataset.was === "open";
        delete fold.dataset.was;
      }
      fold.toggleAttribute("data-miss", Boolean(plain) && !hit);
    }
    sources.toggleAttribute("data-none", found === 0);
  };
  document.addEventListener("input", (event) => event.target.id === "source-search" && search(event.target.value));

  /* Menus close when one looks elsewhere. */
  const close = (menu) => {
    menu.open = false;
  };
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.preset-menu[open]")) {
      if (!menu.contains(event.target) && !event.target.closest?.("[data-sonner-toaster]")) close(menu);
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest && event.target.closest("details.preset-menu[open]");
    if (!menu) return;
    close(menu);
    menu.querySelector("summary").focus();
  });

  /* Buttons that stand for another control: a tick of the form, the input for files, the menu around them. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button");
    if (!button) return;
    if (button.dataset.tick) form().elements[button.dataset.tick]?.click();
    if (button.dataset.menu === "close") button.closest("details").open = false;
    if (button.dataset.choose) button.closest(".given").querySelector("input[type=file]").click();
  });

  /* Text that is dropped is left to the box it falls on; a file beside the drop zone must not take the page's place. */
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      const files = event.dataTransfer && [...event.dataTransfer.types].includes("Files");
      const given = event.target.closest && event.target.closest(".given");
      if (given && !files) event.stopPropagation();
      if (files && !given && document.querySelector(".given")) event.preventDefault();
    }, true);
  }
})();
