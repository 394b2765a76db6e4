// How explorers stand in the page: on which paper, how wide, and what stays in view.

export const narrow = window.matchMedia("(max-width: 599px)");
const SLIDERS = 100; // px below picture and sentence, where sliders can be moved

export const theme = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

export function watch(explorers) {
  // On a phone picture and sentence stay in view while the sliders below them are moved, if there is room for these.
  const fit = (view) => {
    const room = document.documentElement.clientHeight - parseFloat(getComputedStyle(view).top) - view.offsetHeight;
    view.classList.toggle("stays", narrow.matches && room >= SLIDERS);
    view.parentElement.style.setProperty("--explorer-view", `${view.offsetHeight}px`);
  };
  const views = new ResizeObserver((news) => news.forEach(({ target }) => fit(target)));
  explorers.forEach(({ find }) => views.observe(find(".explorer-view")));
  window.addEventListener("resize", () => explorers.forEach(({ find }) => fit(find(".explorer-view"))));

  // There the theme's button that leads to the top of the page would lie on the sliders.
  const handled = new Set();
  const hands = new IntersectionObserver((news) => {
    for (const { target, isIntersecting } of news) handled[isIntersecting ? "add" : "delete"](target);
    document.body.classList.toggle("explorer-in-hand", handled.size > 0);
  });
  for (const { figure } of explorers) {
    for (const part of figure.querySelectorAll(":scope > :not(figcaption, .explorer-view)")) hands.observe(part);
  }

  // Drawn anew for another width or theme.
  const redraw = () => explorers.forEach((explorer) => explorer.awake && explorer.refresh());
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  let timer;
  window.addEventListener("resize", () => {
    clearTimeout(timer);
    timer = setTimeout(redraw, 150);
  });
}

// Give the reader a file.
export function save(name, content) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(content);
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(anchor.href);
}
