// The page of the search: what find.js has found for the words in the address, a definition first.

const here = new URL(import.meta.url);
const home = new URL("../", here);
const file = (name) => new URL(`${name}?v=${document.querySelector("script[data-version]").dataset.version}`, here);
const SHOWN = 30; // places
const LONG = 220; // characters of an excerpt
const AHEAD = 60; // of them before the first word that was found
const MARKED = 6; // words that are marked where a link leads

function element(tag, name, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
}

// The part of a text in which most of the words come close together, with these marked.
function excerpt(found, text) {
  const keysNear = ({ start }) => new Set(found.filter((it) => it.start >= start && it.end < start + LONG - AHEAD).map((it) => it.key)).size;
  const counts = found.map(keysNear);
  const best = found[counts.indexOf(Math.max(...counts))];
  let start = Math.max(0, (best?.start ?? 0) - AHEAD);
  if (start) start = text.indexOf(" ", start) + 1;
  let end = Math.min(text.length, start + LONG);
  if (end < text.length) end = text.lastIndexOf(" ", end);
  const words = element("p", "context", start ? "… " : "");
  let place = start;
  for (const word of found.filter((it) => it.start >= start && it.end <= end)) {
    if (word.start < place) continue; // the name of a function of time comes twice
    words.append(text.slice(place, word.start), element("mark", "", text.slice(word.start, word.end)));
    place = word.end;
  }
  words.append(text.slice(place, end), end < text.length ? " …" : "");
  return words;
}

const NAMES = { exercise: "Exercise: ", solution: "Solution: ", term: "In the glossary: " };

function link(place, found) {
  const address = new URL(place.address, home);
  const words = new Set(found.map(({ start, end }) => place.words.slice(start, end).toLowerCase()));
  const marked = [...words].filter((word) => word.length > 2).slice(0, MARKED);
  if (marked.length) address.searchParams.set("highlight", marked.join(" "));
  const anchor = element("a", "", (NAMES[place.kind] ?? "") + (place.kind === "page" ? place.page : place.title));
  anchor.href = address;
  return anchor;
}

function item(finder, place) {
  const found = finder.marks(place.words, place.keys);
  const where = place.kind === "page" ? [] : [element("span", "where", place.page)];
  return element("li", place.kind, link(place, found), ...where, excerpt(found, place.words));
}

function show(finder, query, box, status) {
  const { answer, places } = finder.find(query);
  const total = places.length + Boolean(answer);
  const best = total > SHOWN ? `, the best ${SHOWN} of them here` : "";
  status.textContent = total ? `Places found: ${total}${best}.` : `Nothing found for “${query}”.`;
  const items = places.slice(0, SHOWN).map((place) => item(finder, place));
  if (answer) {
    const anchor = link(answer, []);
    anchor.textContent = answer.title;
    items.unshift(element("li", "answer", anchor, element("span", "where", answer.page), element("p", "", answer.words)));
  }
  box.append(element("ul", "", ...items));
}

const box = document.getElementById("search-results");
const query = new URLSearchParams(location.search).get("q")?.trim();
if (query) {
  for (const field of document.querySelectorAll("input[name=q]")) field.value = query;
  const status = element("p", "", "Searching");
  status.setAttribute("role", "status");
  box.append(status);
  try {
    const [{ Finder }, library, answer] = await Promise.all([
      import(file("find.js")),
      import(file("minisearch.js")),
      fetch(file("search.json")),
    ]);
    show(new Finder(await answer.json(), library), query, box, status);
  } catch {
    status.textContent = "The list of the book’s places could not be loaded. Search again when there is a network.";
  }
}
