"use strict";
// Buttons of code cells and tasks. Editor and Python come with `live-cells.js` or `live-tasks.js`, at the first press.

(() => {
  const source = new URL(document.currentScript.src);
  const PATIENCE = 10_000; // ms, for the editor to come
  const LOADING = "Loading the editor";
  const BUTTONS = { run: "Run", edit: "Edit", reset: "Reset", stop: "Stop" };
  const counts = {};
  const loading = {};
  const opened = new Set();
  let failures = 0;
  const keyOf = (name) => `frenkel.typed ${location.pathname} ${name}`; // under which typed.js keeps a reader's code

  // A cell that is folded and puts out nothing is set-up: it runs when another needs it. Explorers are no cells.
  function cellOf(element) {
    const fold = element.querySelector(":scope > .code-fold");
    const folded = fold.matches(".hide"); // by its author, wherever it is read
    const kind = folded && !element.querySelector(":scope > .cell_output") ? "set-up" : "cell";
    counts[kind] = (counts[kind] ?? 0) + 1;
    const name = `${kind} ${counts[kind]}`;
    const cell = { element, fold, folded, name, key: keyOf(element.id), buttons: {}, script: "live-cells" };
    return kind === "cell" ? withButtons(cell) : cell;
  }

  function withButtons(cell) {
    const bar = document.createElement("div");
    bar.className = "live-bar";
    for (const [action, words] of Object.entries(BUTTONS)) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: words });
      button.dataset.action = action;
      button.setAttribute("aria-label", `${words} ${cell.name}`);
      listen(cell, button);
    }
    cell.status = document.createElement("span");
    cell.status.className = "live-status";
    cell.status.setAttribute("role", "status");
    const name = document.createElement("span");
    Object.assign(name, { className: "live-name", textContent: cell.name });
    name.setAttribute("aria-hidden", "true"); // the buttons say it
    bar.append(...Object.values(cell.buttons), cell.status, name);
    cell.fold.after(bar);
    cell.element.dataset.live = "";
    return cell;
  }

  function listen(part, button) {
    const { action } = button.dataset;
    button.hidden = action === "reset" || action === "stop";
    button.addEventListener("click", () => press(part, action));
    part.buttons[action] = button;
  }

  // A module that has failed once is never asked for again under its address, nor are those that it imports. All take
  // the end of the address over from the first.
  async function load(script) {
    const search = source.search + (failures ? `${source.search ? "&" : "?"}again=${failures}` : "");
    loading[script] ??= import(new URL(`${script}.js${search}`, source)).then(({ open }) => open(parts[script]));
    const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
    try {
      await Promise.race([loading[script], late]);
      opened.add(script);
    } catch (error) {
      loading[script] = undefined;
      failures += 1;
      throw error;
    }
  }

  async function press(part, action) {
    const { script, status } = part;
    if (!opened.has(script)) status.textContent = LOADING;
    try {
      await load(script);
      if (status.textContent === LOADING) status.textContent = "";
      part[action]();
    } catch {
      const asFile = location.protocol === "file:";
      status.textContent = asFile ? "Code runs in pages that a server has sent" : "The editor could not be loaded";
    }
  }

  function taskOf(element) {
    const status = element.querySelector("output");
    const task = { element, status, key: keyOf(`task ${element.dataset.task}`), buttons: {}, script: "live-tasks" };
    for (const button of element.querySelectorAll("button[data-action]")) listen(task, button);
    return task;
  }

  const folds = [...document.querySelectorAll("div.cell > .code-fold")];
  const elements = folds.map((fold) => fold.parentElement).filter((cell) => !cell.querySelector(".explorer"));
  const tasks = [...document.querySelectorAll("section.task")].map(taskOf);
  const parts = { "live-cells": elements.map(cellOf), "live-tasks": tasks };

  // A reader who has typed something here before finds it again, where the browser keeps anything.
  try {
    const isKept = ({ key }) => localStorage.getItem(key) !== null;
    for (const script of Object.keys(parts)) if (parts[script].some(isKept)) load(script).catch(() => {});
  } catch {
    // refused
  }
})();
