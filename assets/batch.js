/* What a batch's page does by itself: its menu closes like a menu, and its small forms with Esc. */
(() => {
  const open = () => [...document.querySelectorAll("details.menu[open]")];
  const close = (menu, focus) => {
    menu.open = false;
    if (focus) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => {
    for (const menu of open()) {
      if (!menu.contains(event.target) || event.target.closest(".menu-body a")) close(menu, false);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => close(menu, true));
    const form = event.target.closest && event.target.closest(".name-form,.tag-form");
    if (form) form.querySelector(".never-mind").click();
  });
})();
