// The reader's hand: buttons, what moves a control of an explorer, and what only passes over it.

const SIDEWAYS = 8; // px, by which a finger shows that it moves the slider and not the page

export class Hands {
  constructor(explorer) {
    this.explorer = explorer;
    const { figure } = explorer;
    for (const group of figure.querySelectorAll(".explorer-controls, .explorer-clock")) {
      group.addEventListener("input", ({ target }) => {
        const control = this.explorer.controlOf(target);
        if (control && !control.held) this.change(control); // and not the clock's speed
      });
      group.addEventListener("pointermove", (event) => this.drag(event));
      group.addEventListener("pointerup", (event) => this.lift(this.heldBy(event)));
      group.addEventListener("pointercancel", (event) => this.heldBy(event)?.putBack());
    }
    document.addEventListener("pointerdown", (event) => this.press(event));
    for (const button of figure.querySelectorAll("button[data-setting]")) {
      button.disabled = false;
      button.addEventListener("click", () => explorer.set(JSON.parse(button.dataset.setting)));
    }
    const actions = {
      start: () => explorer.begin(),
      reset: () => explorer.reset(),
      link: () => explorer.copyLink(),
      numbers: () => explorer.saveNumbers(),
      play: () => explorer.clock.toggle(),
      back: () => explorer.clock.step(-1),
      step: () => explorer.clock.step(1),
    };
    for (const button of figure.querySelectorAll("button[data-action]")) {
      button.disabled = false;
      button.addEventListener("click", actions[button.dataset.action]);
    }
  }

  heldBy({ pointerId }) {
    return this.explorer.controls.find(({ held }) => held?.pointerId === pointerId);
  }

  // A finger may come to move a slider, or to scroll the page and happen to begin here. Until that is known,
  // nothing is asked for; and where the page scrolls, or two fingers are down, the slider is put back.
  press(event) {
    if (!event.isPrimary) this.explorer.controls.forEach(({ held }) => held && (held.alone = false));
    const control = this.explorer.controlOf(event.target);
    if (!control || event.button > 0) return;
    this.explorer.clock?.arrive();
    if (["touch", "pen"].includes(event.pointerType)) control.hold(event);
    else if (!this.explorer.awake) this.explorer.refresh();
  }

  drag(event) {
    const control = this.heldBy(event);
    if (!control?.held.alone) return;
    const aside = Math.abs(event.clientX - control.held.x);
    if (aside > SIDEWAYS && aside > Math.abs(event.clientY - control.held.y)) this.lift(control);
  }

  lift(control) {
    if (!control) return;
    if (!control.held.alone) control.putBack();
    else if (control.release()) this.change(control);
    else if (!this.explorer.awake) this.explorer.refresh();
  }

  change(control) {
    const { clock } = this.explorer;
    control.goal = null; // it is where the hand has moved it
    if (control.element === clock?.slider) clock.halt();
    else clock?.arrive();
    control.say();
    this.explorer.notice = "";
    this.explorer.refresh();
  }
}
