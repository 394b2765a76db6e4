// Explorers of a page: native controls, a static picture, and, from the first touch on, a worker that runs the
// model. Nothing is downloaded before that touch, or before a link asks for a certain state.
//
// joined.py makes one script of this file and of all that it imports: one request, which also works in a page
// opened as a file and in a frame without an origin, where modules do not load.

import { Explorer } from "./explorer.js";
import { remember } from "./links.js";
import { python, visited } from "./python.js";
import { watch } from "./view.js";

const explorers = [...document.querySelectorAll("figure.explorer")].map((figure) => new Explorer(figure));
if (visited()) explorers.forEach((explorer) => explorer.nameNoCost());
watch(explorers);
remember(explorers);

// A reader who has used Python on another page of this visit will hardly wait for it here.
if (explorers.length && visited() && !navigator.connection?.saveData) {
  const begin = () => (window.requestIdleCallback || setTimeout)(() => python.start().catch(() => {}));
  window.addEventListener("load", begin, { once: true });
}
