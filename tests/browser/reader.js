"use strict";
// Runs in a page before its own scripts: notes what goes wrong, keeps what would be saved, and moves controls.

window.faults = [];
const note = (...words) => window.faults.push(words.map(String).join(" "));
addEventListener("error", (event) => note(event.message, event.target.src), true);
addEventListener("unhandledrejection", (event) => note(event.reason));
addEventListener("securitypolicyviolation", (event) => note(event.effectiveDirective, event.blockedURI));
console.error = note;

URL.createObjectURL = (content) => {
  window.saved = content.text();
  return "";
};
HTMLAnchorElement.prototype.click = () => {};

const figureOf = (name) => document.querySelector(`figure.explorer[data-explorer="${name}"]`);

async function settled(figure) {
  while (["static", "loading", "busy"].includes(figure.dataset.state)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return figure.dataset.state;
}

function touch(figure) {
  figure.querySelector("[name]").dispatchEvent(new Event("pointerdown", { bubbles: true }));
  return settled(figure).then(() => look(figure));
}

function move(figure, positions) {
  for (const [name, position] of Object.entries(positions)) {
    const control = figure.querySelector(`[name="${name}"]`);
    control.value = position;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return settled(figure);
}

function look(figure) {
  const [status, sentence] = [".explorer-status", "output"].map((place) => figure.querySelector(place).innerText);
  const canvas = figure.querySelector("canvas");
  return { state: figure.dataset.state, status, sentence, picture: canvas.hidden ? "" : canvas.toDataURL() };
}

async function numbers(figure) {
  window.saved = null;
  figure.querySelector("[data-action=numbers]").click();
  while (!window.saved) await new Promise((resolve) => setTimeout(resolve, 5));
  return window.saved;
}
