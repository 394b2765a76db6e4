"use strict";
// What every page does besides being read: print, keep formulas and plots in shape on narrow pages, and keep
// itself for a visit without a network.

(() => {
  const home = new URL("../", document.currentScript.src);

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-print]")) window.print();
  });

  // No line may begin with the comma or the stop after a formula: the two are held together.
  for (const formula of document.querySelectorAll("span.math")) {
    const next = formula.nextSibling;
    const marks = next?.nodeType === Node.TEXT_NODE && next.data.match(/^[.,;:!?)\]’”]+/);
    if (!marks) continue;
    next.splitText(marks[0].length);
    const held = document.createElement("span");
    held.className = "held";
    formula.replaceWith(held);
    held.append(formula, next);
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

  // Buttons of solutions all say the same; to a screen reader they also say whose they are.
  window.addEventListener("load", () => {
    for (const button of document.querySelectorAll(".solution > .toggle-button, .solution > * > .toggle-button")) {
      const title = button.closest(".solution").querySelector(".admonition-title");
      button.setAttribute("aria-label", `Click to show or hide: ${title.textContent.trim()}`);
    }
  });

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
