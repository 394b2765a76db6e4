"use strict";
// What every page does besides being read: print, keep formulas and plots in shape on narrow pages, find words
// in what people wrote, and keep itself for a visit without a network.

(() => {
  const home = new URL("../", document.currentScript.src);

  const box = (name, children) => {
    const span = document.createElement("span");
    span.className = name;
    span.append(...children);
    return span;
  };

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-print]")) window.print();
  });

  // No line may begin with the comma or the stop after a formula, or end with the bracket before it: they are held
  // together, unless the formula is so long that it may have to break itself.
  for (const formula of document.querySelectorAll("span.math")) {
    const text = (node) => (node?.nodeType === Node.TEXT_NODE ? node.data : "");
    const before = text(formula.previousSibling).match(/[([‘“]+$/)?.[0] ?? "";
    const after = text(formula.nextSibling).match(/^[.,;:!?)\]’”]+/)?.[0] ?? "";
    if (!(before || after) || formula.textContent.length > 40) continue;
    if (before) formula.previousSibling.data = formula.previousSibling.data.slice(0, -before.length);
    if (after) formula.nextSibling.data = formula.nextSibling.data.slice(after.length);
    const held = box("held", [before]);
    formula.replaceWith(held);
    held.append(formula, after);
  }

  // Equations that stand side by side stand below each other where there is no room. KaTeX sets them as one line of
  // pieces that break after relations; here the pieces up to a wide space are put into one box.
  window.addEventListener("load", () => {
    for (const line of document.querySelectorAll(".katex-display > .katex > .katex-html")) {
      const parts = [[]];
      for (const base of line.querySelectorAll(":scope > .base")) {
        const strut = base.firstChild;
        let piece = [];
        for (const child of [...base.childNodes]) {
          piece.push(child);
          if (!child.matches(".mspace") || parseFloat(child.style.marginRight) < 1) continue;
          parts.at(-1).push(box("base", piece));
          parts.push([]);
          piece = [strut.cloneNode()];
        }
        parts.at(-1).push(box("base", piece));
      }
      line.replaceChildren(...parts.map((part) => box("part", part)));
    }
  });

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

  // Excerpts of what a search has found are prose: Sphinx would begin with the buttons above the chapter.
  if (typeof Search !== "undefined") {
    const { htmlToText } = Search;
    Search.htmlToText = (html, anchor) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      const article = page.querySelector("article");
      if (!article) return htmlToText(html, anchor);
      for (const other of article.querySelectorAll("h1, .run-live, .cell, .question, .implements")) other.remove();
      for (const formula of article.querySelectorAll(".math")) {
        formula.textContent = formula.textContent.replace(/\\[()[\]]/g, "");
      }
      article.setAttribute("role", "main");
      return htmlToText(article.outerHTML, anchor);
    };
  }

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
