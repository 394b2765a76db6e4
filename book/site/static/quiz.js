// Answers to self-checks and predictions: copies the words for the reader's choice into the live region.
"use strict";

function show(question, answer, lead) {
  const place = question.querySelector(".answer");
  place.dataset.verdict = answer ? answer.dataset.verdict : "other";
  const words = answer ? answer.querySelector(".words").cloneNode(true) : document.createElement("div");
  words.className = "words";
  if (lead) {
    const line = document.createElement("p");
    line.append(...lead);
    words.prepend(line, " ");
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

function unread(question, ...lead) {
  show(question, null, lead);
  question.querySelector(".answer").dataset.verdict = "open";
}

function entered(question, input) {
  const value = Number(input.value.trim().replace("−", "-").replace(",", "."));
  if (input.value.trim() === "" || Number.isNaN(value)) return unread(question, "Enter a number, for example 0.25 or 2e-3.");
  const answers = [...question.querySelectorAll(".answers > div")];
  // A little more than the tolerance: 0.38 - 0.37 is not quite 0.01 in floating point.
  const near = ({ dataset: { value: wanted, within } }) => Math.abs(value - wanted) <= within * (1 + 1e-9);
  show(question, answers.find(near) ?? answers.find((answer) => "else" in answer.dataset));
}

// A formula is judged by its value, what agrees with none by its dimension.
function derived(question, input) {
  const dimensions = JSON.parse(input.dataset.names);
  const names = Object.keys(dimensions);
  const answers = [...question.querySelectorAll(".answers > div")];
  const parse = (text) => formulas.parse(text, names);
  let tree;
  try {
    tree = parse(input.value);
  } catch (error) {
    return unread(question, `${error.message} Names here: ${names.join(", ")}.`);
  }
  const wrote = ["You wrote ", formulas.mathematics(tree), "."];
  const known = answers.filter((answer) => "formula" in answer.dataset);
  const said = known.find((answer) => formulas.agree(tree, parse(answer.dataset.formula), names));
  if (said) return show(question, said, wrote);
  try {
    const asked = formulas.inWords(formulas.dimension(parse(known[0].dataset.formula), dimensions));
    const found = formulas.inWords(formulas.dimension(tree, dimensions));
    if (found !== asked) return show(question, null, [...wrote, ` Its dimension is ${found}; asked for is ${asked}.`]);
  } catch (error) {
    return show(question, null, [...wrote, ` ${error.message}`]);
  }
  show(question, answers.find((answer) => "else" in answer.dataset), wrote);
}

for (const question of document.querySelectorAll("[data-question]")) {
  const input = question.querySelector(".typed input");
  if (input) {
    const answer = () => ("names" in input.dataset ? derived : entered)(question, input);
    question.querySelector("button").addEventListener("click", answer);
    input.addEventListener("keydown", (event) => event.key === "Enter" && answer());
  } else {
    question.addEventListener("change", (event) => chosen(question, event.target));
  }
}

// Paper has no folds.
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll(".question details")) fold.open = true;
});
