/* What the browser does by itself on every page: its language before the first paint, and where the connection is. */
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

  /* Whether the live socket is there. The page itself hears that it is gone only when no other can be made, which takes
     half a minute on a wire that is silent; Reflex tells its instrumentation at once. */
  const cut = (is) => root.toggleAttribute("data-cut", is);
  window.__reflex_otel = { ...window.__reflex_otel, onSocketConnect: () => cut(false), onSocketDisconnect: () => cut(true) };

  /* A page whose connection does not come back may belong to nobody any more: then it leads to the door. */
  setInterval(async () => {
    if (!document.querySelector(".l-reconnecting") && !root.hasAttribute("data-cut")) return;
    const answer = await fetch("/api/v1/me", { cache: "no-store", signal: AbortSignal.timeout(2500) }).catch(() => null);
    if (answer && answer.status === 401) {
      location.assign(`/sign-in?${new URLSearchParams({ next: location.pathname + location.search })}`);
    }
  }, 3000);
})();
