"use strict";
// Buttons below the code cells of a chapter. Editor and Python come with `live-cells.js`, at the first press.

(() => {
  const source = new URL(document.currentScript.src);
  const BUTTONS = { run: "Run", edit: "Edit", reset: "Reset", stop: "Stop" };
  const counts = {};
  let loading;

  // A cell that is folded and puts out nothing is set-up: it runs when another needs it. Explorers are no cells.
  function cellOf(element) {
    const folded = element.querySelector(":scope > details.hide");
    const kind = folded && !element.querySelector(":scope > .cell_output") ? "set-up" : "cell";
    counts[kind] = (counts[kind] ?? 0) + 1;
    const cell = { element, folded, name: `${kind} ${counts[kind]}`, buttons: {} };
    return kind === "cell" ? withButtons(cell) : cell;
  }

  function withButtons(cell) {
    const bar = document.createElement("div");
    bar.className = "live-bar";
    for (const [action, words] of Object.entries(BUTTONS)) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: words, hidden: action === "reset" || action === "stop" });
      button.dataset.action = action;
      button.setAttribute("aria-label", `${words} ${cell.name}`);
      button.addEventListener("click", () => press(cell, action));
      cell.buttons[action] = button;
    }
    cell.status = document.createElement("span");
    cell.status.className = "live-status";
    cell.status.setAttribute("role", "status");
    const name = document.createElement("span");
    Object.assign(name, { className: "live-name", textContent: cell.name });
    name.setAttribute("aria-hidden", "true"); // the buttons say it
    bar.append(...Object.values(cell.buttons), cell.status, name);
    (cell.folded ?? cell.element.querySelector(".cell_input")).after(bar);
    cell.element.dataset.live = "";
    return cell;
  }

  async function press(cell, action) {
    loading ??= import(`${new URL("live-cells.js", source)}${source.search}`).then(({ open }) => open(cells));
    try {
      await loading;
      cell[action]();
    } catch {
      loading = undefined;
      const asFile = location.protocol === "file:";
      cell.status.textContent = asFile ? "Cells run in pages that a server has sent" : "The editor could not be loaded";
    }
  }

  const inputs = [...document.querySelectorAll("div.cell > .cell_input, div.cell > details.hide")];
  const elements = inputs.map((input) => input.parentElement).filter((cell) => !cell.querySelector(".explorer"));
  const cells = elements.map(cellOf);
})();
