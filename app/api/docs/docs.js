// The page at /api/docs: Swagger UI over our OpenAPI, light or dark as the system is.
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();

// A signed-in browser's changes take the proof that one of our pages asks.
const proof = () => document.cookie.match(/(?:^|; )keybatch_csrf=([^;]*)/)?.[1];

SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: "none", // nothing is asked of another host
  requestInterceptor: (request) => {
    const said = proof();
    if (said) request.headers["X-CSRF-Token"] = decodeURIComponent(said);
    return request;
  },
});
