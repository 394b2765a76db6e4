// The state of explorers in addresses and in the history of the browser.

export function linkTo({ name, controls, figure }) {
  const link = new URL(location.pathname, location.origin);
  for (const control of controls) {
    if (!control.isHome) link.searchParams.set(`${name}.${control.name}`, control.value);
  }
  link.hash = figure.id;
  return link.href;
}

// Set the controls to what the address says; return whether it says anything, and what the reader should know.
export function takeLink({ name, controls }) {
  const asked = new URLSearchParams(location.search);
  const notes = [];
  let found = false;
  for (const control of controls) {
    const values = asked.getAll(`${name}.${control.name}`);
    if (!values.length) continue;
    found = true;
    const note = values.length > 1 ? control.refuse() : control.take(values[0]);
    if (note) notes.push(note);
  }
  const several = "Several of the link’s values could not be taken as they are.";
  return { found, note: notes.length > 1 ? several : (notes[0] ?? "") };
}

// Where a reader was who comes back to the page: the browser keeps it with the entry of its history.
export function remember(explorers) {
  window.addEventListener("pagehide", () => {
    const state = explorers.map(({ name, controls }) => [
      name,
      Object.fromEntries(controls.map((control) => [control.name, control.position])),
    ]);
    history.replaceState({ ...history.state, explorers: Object.fromEntries(state) }, "");
  });
  if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
  for (const explorer of explorers) {
    const positions = history.state?.explorers?.[explorer.name];
    if (positions) explorer.takeBack(positions);
  }
}
