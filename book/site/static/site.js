"use strict";
// What every page does besides being read: print, keep formulas and plots in shape on narrow pages, open what a search
// has found, and keep itself for a visit without a network.

(() => {
  const SHORT = 14; // characters of a formula that may not break
  const HEADS = "h1, h2, h3, h4, summary, .admonition-title"; // in sight, whatever is folded

  const box = (name, children) => {
    const span = document.createElement("span");
    span.className = name;
    span.append(...children);
    return span;
  };

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-print]")) window.print();
  });

  // Where a formula may break, once KaTeX has set it as a row of boxes, each of which ends with a sign. What stands
  // between brackets breaks only where a whole line is too short for it.
  function bracket(line) {
    let group = [];
    let depth = 0;
    for (const base of line.querySelectorAll(":scope > .base")) {
      group.push(base);
      for (const child of base.children) depth += child.matches(".mopen") - child.matches(".mclose");
      if (depth > 0) continue;
      if (group.length > 1) {
        const part = box("part", []);
        base.after(part);
        part.append(...group);
      }
      group = [];
      depth = 0;
    }
  }

  // Equations that stand side by side stand below each other where there is no room: the pieces up to a wide space
  // are put into one box.
  function display(line) {
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
    line.childNodes.forEach(bracket);
  }

  // No line may begin with the comma or the unit after a formula, or end with the bracket before it. A short formula
  // is held together with them, of a longer one the first and the last piece.
  function hold(formula, line) {
    const text = (node) => (node?.nodeType === Node.TEXT_NODE ? node.data : "");
    const before = text(formula.previousSibling).match(/[([‘“]+$/)?.[0] ?? "";
    const after = text(formula.nextSibling).match(/^((?:\u00a0\S+)+|[.,;:!?)\]’”]+)/)?.[0] ?? "";
    if (before) formula.previousSibling.data = formula.previousSibling.data.slice(0, -before.length);
    if (after) formula.nextSibling.data = formula.nextSibling.data.slice(after.length);
    const bases = line.querySelectorAll(".base");
    if (bases.length === 1 || line.textContent.length <= SHORT) {
      const held = box("held", [before]);
      formula.replaceWith(held);
      held.append(formula, after);
    } else {
      if (before) bases[0].prepend(box("text", [before]));
      if (after) bases[bases.length - 1].append(box("text", [after]));
    }
  }

  document.querySelectorAll(".katex-display > .katex > .katex-html").forEach(display);
  for (const formula of document.querySelectorAll("span.math:has(.katex-html)")) {
    const line = formula.querySelector(".katex-html");
    bracket(line);
    hold(formula, line);
  }

  // What is wider than its place scrolls there: the keyboard has to reach it, a screen reader to say so, and the edge
  // behind which there is more fades out.
  const KINDS = {
    ".cell_output > figure:not(.explorer)": "Plot",
    ".pst-scrollable-table-container, .live-table": "Table",
    ".live-output pre": "Text",
    ".cell_input pre, .task pre, .solution pre": "Code",
    "pre": "Text",
    ".katex-display > .katex": "Formula",
  };
  // Words to be spoken: a formula stands three times in its place, for the eye, for the ear and as it was written.
  const words = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".katex-html, annotation").forEach((part) => part.remove());
    return copy.textContent.trim();
  };
  const kindOf = (box) => Object.entries(KINDS).find(([places]) => box.matches(places))[1];
  const more = (box) => {
    const hidden = box.scrollWidth - box.clientWidth - box.scrollLeft;
    box.dataset.more = [box.scrollLeft > 1 && "before", hidden > 1 && "behind"].filter(Boolean).join(" ");
  };
  const reach = (box) => {
    const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
    const wide = scrolls && box.scrollWidth > box.clientWidth + 1;
    const tall = scrolls && box.matches(".live-output pre") && box.scrollHeight > box.clientHeight + 1;
    if (wide || tall) {
      const caption = box.querySelector("caption");
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", `${kindOf(box)}, scrolls${wide ? " sideways" : ""}${caption ? `: ${words(caption)}` : ""}`);
      more(box);
    } else ["tabindex", "role", "aria-label", "data-more"].forEach((name) => box.removeAttribute(name));
  };
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => reach(target)));
  const article = document.querySelector(".bd-article");
  for (const box of article?.querySelectorAll(Object.keys(KINDS)) ?? []) sizes.observe(box);
  article?.addEventListener("live-box", ({ target }) => sizes.observe(target)); // what a reader's code has put out
  article?.addEventListener("scroll", ({ target }) => target.dataset.more === undefined || more(target), { capture: true, passive: true });

  // A picture opens as it is shown, the narrow one on a narrow page.
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a.image-reference");
    const shown = link?.querySelector("img").currentSrc;
    if (shown) link.href = shown;
  });

  // Code that a narrow page has shut stands open on paper, and on a page that has become wide until it is narrow again.
  const shut = () => [...document.querySelectorAll(".code-fold:not(.hide, [open])")];
  const set = (folds, open) => folds.forEach((fold) => (fold.open = open || fold.contains(document.activeElement)));
  let [printed, widened] = [[], []];
  window.addEventListener("beforeprint", () => set((printed = shut()), true));
  window.addEventListener("afterprint", () => set(printed, false));
  matchMedia("screen and (max-width: 599px)").addEventListener("change", ({ matches }) => {
    if (matches) set(widened, false);
    else set((widened = shut()), true);
  });

  // Paper is light, whatever the page is.
  const root = document.documentElement;
  let theme = "";
  window.addEventListener("beforeprint", () => {
    theme ||= root.dataset.theme;
    root.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => {
    root.dataset.theme = theme || root.dataset.theme;
    theme = "";
  });

  // What is read stays in view when a phone is turned, though lines break elsewhere and code above opens.
  let [read, width, timer] = [null, root.clientWidth];
  const mark = () => {
    if (root.clientWidth !== width) return;
    const places = [0.3, 0.35, 0.4, 0.45].map((share) => share * root.clientHeight);
    const part = places.map((y) => document.elementFromPoint(width / 2, y)).find((it) => it?.closest(".bd-article") && it.offsetHeight < root.clientHeight);
    read = part && { part, share: part.getBoundingClientRect().top / root.clientHeight };
  };
  const keepPlace = () => {
    if (root.clientWidth === width) return;
    width = root.clientWidth;
    const moved = read?.part.isConnected && read.part.getBoundingClientRect().top - read.share * root.clientHeight;
    if (moved) window.scrollBy({ top: moved, behavior: "instant" });
  };
  window.addEventListener("scroll", () => (clearTimeout(timer), (timer = setTimeout(mark, 100))), { passive: true });
  window.addEventListener("resize", () => requestAnimationFrame(keepPlace)); // after the folds have opened

  // Buttons of solutions all say the same; to a screen reader they also say whose they are.
  window.addEventListener("load", () => {
    for (const button of document.querySelectorAll(".solution > .toggle-button, .solution > * > .toggle-button")) {
      const title = button.closest(".solution").querySelector(".admonition-title");
      button.setAttribute("aria-label", `Click to show or hide: ${words(title)}`);
    }
  });

  // What the address points to, if anything: readers and other pages may write into it what they like.
  function pointed() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  }

  function openFold(fold) {
    if (fold?.matches("details")) fold.open = true;
    else fold?.querySelector(".toggle-button").click();
  }

  // It is not shut: neither what it stands in nor, of a cell, its code.
  function reveal() {
    const place = pointed();
    if (!place) return;
    const folds = [place.querySelector(":scope > .code-fold:not([open])")];
    for (let at = place; (at = at.parentElement.closest("details:not([open]), .toggle-hidden")); ) folds.push(at);
    folds.forEach(openFold);
    if (folds.some(Boolean)) place.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);

  // The search of the browser looks into what is shut, as it does of itself into a <details>, and opens it.
  function follow([{ target }]) {
    for (const part of target.querySelectorAll(":scope > .admonition-title ~ *")) {
      if (target.matches(".toggle-hidden")) part.setAttribute("hidden", "until-found");
      else part.removeAttribute("hidden");
    }
  }

  if ("onbeforematch" in document.body) {
    document.addEventListener("beforematch", ({ target }) => openFold(target.closest(".toggle-hidden")));
    for (const solution of document.querySelectorAll(".admonition.dropdown")) {
      follow([{ target: solution }]);
      new MutationObserver(follow).observe(solution, { attributeFilter: ["class"] });
    }
  }

  // Where a search has led: what is folded there opens if the words that were looked for stand nowhere else in it.
  function unfold() {
    const place = pointed();
    const marks = [...(place?.querySelectorAll(".highlighted") ?? [])].filter((mark) => !mark.closest(HEADS));
    const isSeen = (mark) => mark.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!marks.length || marks.some(isSeen)) return;
    new Set(marks.map((mark) => mark.closest("details, .toggle-hidden"))).forEach(openFold);
    marks[0].scrollIntoView({ block: "center" });
  }

  window.addEventListener("load", () => setTimeout(() => (reveal(), unfold()), 100)); // Sphinx marks the words after 10 ms

  // The pictures of the page in the present theme and width, also those further down that wait to be scrolled to.
  function pictures() {
    const shown = [...document.images].filter((image) => image.offsetParent);
    return shown.map((image) => {
      const narrow = image.closest("picture")?.querySelector("source");
      const address = narrow && matchMedia(narrow.media).matches ? narrow.srcset : image.getAttribute("src");
      return new URL(address, location).href;
    });
  }

  // The service worker, registered in the page's own lines, sees what is loaded once it has taken the page over. What
  // comes before, or is under way just then, the page tells it; also what a worker that came before it has read, and
  // what stands further down once the reader goes there: a page that is not read buys nothing. A private window or a
  // frame may refuse; then the book is read with a network.
  async function keep(addresses) {
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ keep: addresses });
  }

  async function keepWhatIsLoaded() {
    if (navigator.serviceWorker.controller) return;
    await keep([location.href]);
    const observer = new PerformanceObserver((list) => keep(list.getEntries().map(({ name }) => name)));
    observer.observe({ type: "resource", buffered: true }); // with all that came before
  }

  keepWhatIsLoaded().catch(() => {});
  window.addEventListener("worker-ready", ({ detail }) => keep(detail).catch(() => {}));
  window.addEventListener("scroll", () => keep(pictures()).catch(() => {}), { once: true });
})();
