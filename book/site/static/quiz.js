// Answers to self-checks and predictions: copies the words for the reader's choice into the live region.
"use strict";

function show(question, answer, lead) {
  const place = question.querySelector(".answer");
  place.dataset.verdict = answer ? answer.dataset.verdict : "other";
  const words = answer ? answer.querySelector(".words").cloneNode(true) : document.createElement("p");
  if (lead) {
    const line = document.createElement("p");
    line.append(...lead);
    words.prepend(line);
  }
  place.replaceChildren(words);
}

function chosen(question, input) {
  const answers = [...question.querySelectorAll(".answers > div")];
  const exact = answers.find((answer) => answer.dataset.answer === input.value);
  if (exact) return show(question, exact);
  const label = question.querySelector(`label[for="${input.id}"]`).cloneNode(true);
  show(question, answers.find((answer) => "else" in answer.dataset), ["You said: ", ...label.childNodes]);
}

function entered(question, input) {
  const value = Number(input.value.trim().replace("−", "-").replace(",", "."));
  if (input.value.trim() === "" || Number.isNaN(value))
    return show(question, null, ["Enter a number, for example 0.25 or 2e-3."]);
  const answers = [...question.querySelectorAll(".answers > div")];
  // A little more than the tolerance: 0.38 - 0.37 is not quite 0.01 in floating point.
  const near = ({ dataset: { value: wanted, within } }) => Math.abs(value - wanted) <= within * (1 + 1e-9);
  show(question, answers.find(near) ?? answers.find((answer) => "else" in answer.dataset));
}

for (const question of document.querySelectorAll("[data-question]")) {
  const input = question.querySelector(".numeric input");
  if (input) {
    question.querySelector("button").addEventListener("click", () => entered(question, input));
    input.addEventListener("keydown", (event) => event.key === "Enter" && entered(question, input));
  } else {
    question.addEventListener("change", (event) => chosen(question, event.target));
  }
}

// Paper has no folds.
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll(".question details")) fold.open = true;
});
