// What a cell's code has put out, as elements of the page. Text stays text; HTML comes as a tree (cell_html.py), of
// which the tables and the plain marks of writing are taken over, with no attribute but those that join cells.

const MARKS = new Set(
  ["table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "br", "div", "span", "ul", "ol", "li"].concat(
    ["b", "i", "em", "strong", "code", "pre", "sub", "sup", "h3", "h4"],
  ),
);
const ATTRIBUTES = ["colspan", "rowspan", "scope"];
const SAME = "Your run: the same as in the book";
const OTHER = "Your run";

function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function grown(node) {
  if (typeof node === "string") return [node];
  const children = node.children.flatMap(grown);
  if (!MARKS.has(node.name)) return children;
  const element = make(node.name, "", ...children);
  for (const name of ATTRIBUTES) if (name in node.attributes) element.setAttribute(name, node.attributes[name]);
  return [element];
}

const SHOWN = {
  text: ({ text }) => make("pre", "", text),
  warning: ({ text }) => make("pre", "live-warning", text),
  error: ({ text }) => make("pre", "live-error", text),
  html: ({ tree }) => make("div", "live-table", ...grown(tree)),
  picture({ png, width, height, words }) {
    const image = make("img");
    return Object.assign(image, { src: `data:image/png;base64,${png}`, alt: words, width, height });
  },
};

// Text comes in pieces; pieces of one kind that follow each other are one block.
function joined(outputs) {
  const blocks = [];
  for (const output of outputs) {
    const last = blocks.at(-1);
    const joins = last?.kind === output.kind && (output.kind === "text" || output.kind === "warning");
    if (joins) last.text += output.text;
    else blocks.push({ ...output });
  }
  return blocks;
}

// `words`: what the book has printed there, if it has.
export function render(outputs, { name, words, captioned }) {
  const blocks = joined(outputs);
  const shown = blocks.map((block) => SHOWN[block.kind](block));
  const text = blocks.map((block) => block.text ?? "").join("");
  const same = blocks.length === 1 && text.trimEnd() === words?.trimEnd();
  const note = captioned ? `${OTHER}; the caption tells of the book’s picture` : same ? SAME : OTHER;
  const box = make("div", "live-output", make("p", "live-note", note), ...shown);
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `Output of ${name}, your run`);
  return box;
}

// site.js makes boxes that scroll reachable, once they stand in the page.
export function reachable(output) {
  for (const box of output.querySelectorAll("pre, .live-table")) box.dispatchEvent(new Event("live-box", { bubbles: true }));
}
