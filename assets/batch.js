/* What a batch's page does by itself: Esc leaves its small forms, and the question whether to cancel. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const form = event.target.closest && event.target.closest(".name-form,.tag-form");
  const way = (form || document).querySelector("main .sure [data-escape],.never-mind");
  if (way) way.click();
});
