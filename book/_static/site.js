"use strict";
// What every page does besides being read: print, keep formulas and plots in shape on narrow pages, and keep
// itself for a visit without a network.

(() => {
  const home = new URL("../", document.currentScript.src);

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-print]")) window.print();
  });

  // No line may begin with the comma or the stop after a formula: a word joiner forbids the break between them.
  for (const formula of document.querySelectorAll("span.math")) {
    const next = formula.nextSibling;
    if (next?.nodeType === Node.TEXT_NODE && /^[.,;:!?)\]’”]/.test(next.data)) next.data = `\u2060${next.data}`;
  }

  // A plot wider than a narrow page scrolls in its own box, which the keyboard has to reach.
  const plots = document.querySelectorAll(".cell_output > figure:not(.explorer)");
  const reach = () => {
    for (const plot of plots) {
      if (plot.scrollWidth > plot.clientWidth) plot.tabIndex = 0;
      else plot.removeAttribute("tabindex");
    }
  };
  window.addEventListener("load", reach);
  window.addEventListener("resize", reach);

  // The pictures of the page in the present theme and width, also those further down that wait to be scrolled to.
  function pictures() {
    const shown = [...document.images].filter((image) => image.offsetParent);
    return shown.map((image) => {
      const narrow = image.closest("picture")?.querySelector("source");
      const address = narrow && matchMedia(narrow.media).matches ? narrow.srcset : image.getAttribute("src");
      return new URL(address, location).href;
    });
  }

  // The service worker serves the pages opened after it was installed. What this first page has loaded it
  // could not see, so the page hands it over.
  async function keep() {
    const first = !navigator.serviceWorker.controller;
    await navigator.serviceWorker.register(new URL("sw.js", home));
    if (!first) return;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const page = location.href.split(/[?#]/)[0];
    const cache = await caches.open("frenkel-book");
    const own = [page, ...loaded, ...pictures()].filter((address) => address.startsWith(home.href));
    await Promise.all(
      own.map(async (address) => {
        const response = await fetch(address, { cache: "force-cache" });
        if (response.ok) await cache.put(address, response);
      }),
    );
  }

  // A private window may refuse; then the book is read with a network.
  if (navigator.serviceWorker && window.caches) {
    window.addEventListener("load", () => keep().catch(() => {}));
  }
})();
