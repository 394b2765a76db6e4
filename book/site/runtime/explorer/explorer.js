// An explorer: a figure with native controls and a static picture, which the model draws anew once they are moved.

import { Clock } from "./clock.js";
import { Control } from "./control.js";
import { Figure } from "./figure.js";
import { Hands } from "./hands.js";
import { linkTo, takeLink } from "./links.js";
import { COMPUTING, python } from "./python.js";
import { narrow, save, theme } from "./view.js";

const still = window.matchMedia("(prefers-reduced-motion: reduce)");

export class Explorer extends Figure {
  constructor(figure) {
    super(figure);
    this.name = figure.dataset.explorer;
    this.controls = [...figure.querySelectorAll("input[name], select[name]")].map((e) => new Control(e));
    this.wanted = null; // the newest request not yet sent
    this.running = false;
    this.waiting = []; // who waits for an answer to it
    this.awake = false;
    this.notice = ""; // what the status line says when nothing else is going on
    python.listeners.add((news) => this.hear(news));
    const bar = this.find(".explorer-clock");
    this.clock = bar && new Clock(this, bar);
    new Hands(this);
    const { found, note } = takeLink(this);
    this.notice = note;
    if (found) this.refresh();
  }

  controlOf(target) {
    return this.controls.find(({ element }) => element === target);
  }

  // By the button, which goes away then.
  begin() {
    if (!still.matches) this.clock?.start();
    this.refresh();
    this.controls[0].element.focus({ preventScroll: true });
  }

  get values() {
    const { clock } = this;
    const now = ({ element, value }) => (clock?.playing && element === clock.slider ? clock.place : value);
    return JSON.stringify(Object.fromEntries(this.controls.map((control) => [control.name, now(control)])));
  }

  // Set sliders, and play from the beginning what there is to play. What glides is seen to, if anything is live.
  set(values) {
    const { clock } = this;
    const before = this.controls.map((control) => ({ control, from: control.element.value }));
    clock?.arrive();
    for (const [name, value] of Object.entries(values)) {
      this.controls.find((control) => control.name === name).take(String(value));
    }
    this.notice = "";
    if (clock && !still.matches) {
      const live = ["live", "busy"].includes(this.figure.dataset.state);
      clock.start(before.filter(({ control, from }) => live && control.glides && control.element.value !== from));
    }
    this.refresh();
  }

  // Ask for the figure as the controls, the theme and the width now want it; return when that is answered. One
  // request is under way at a time; of those that come meanwhile only the newest is sent, so no old answer can
  // follow a new one.
  async refresh() {
    this.wake();
    this.wanted = true;
    clearTimeout(this.speech);
    const loading = this.figure.dataset.state === "loading";
    if (loading || !this.clock?.playing) this.state = loading ? "loading" : "busy";
    const answered = new Promise((resolve) => this.waiting.push(resolve));
    if (!this.running) this.ask();
    return answered;
  }

  async ask() {
    this.running = true;
    while (this.wanted) {
      this.wanted = false;
      const waiting = this.waiting.splice(0);
      try {
        this.show(await python.ask(this.question(), (words) => words && this.tell(words)));
      } catch (failure) {
        this.giveUp(failure);
      }
      waiting.forEach((resolve) => resolve());
    }
    this.running = false;
    this.waiting.splice(0).forEach((resolve) => resolve()); // after Python has gone
  }

  question() {
    this.room = this.find(".explorer-picture").clientWidth || this.room || 600; // none while it is not shown
    const width = Math.round(this.room * Math.min(devicePixelRatio, 2));
    const layout = narrow.matches ? "narrow" : "wide";
    const way = JSON.stringify(this.clock?.glide?.values ?? {});
    return { task: "show", explorer: this.name, values: this.values, layout, theme: theme(), width, way };
  }

  wake() {
    if (this.awake) return;
    this.awake = true;
    this.state = "loading";
    this.find("progress").hidden = false;
    const words = python.news?.type === "ready" ? COMPUTING : "Starting Python";
    this.say(words);
    this.find(".explorer-spoken").textContent = words;
    if (python.news) this.hear(python.news);
  }

  // What happens to Python: progress, that it is ready, or that it is gone.
  hear(news) {
    const { type, words, failure } = news;
    if (type === "gone") return this.awake && this.giveUp(failure);
    if (type === "ready") this.nameNoCost();
    if (this.figure.dataset.state !== "loading") return;
    this.wait(news);
    this.say(type === "ready" ? COMPUTING : words);
  }

  show(answer) {
    if (this.figure.dataset.state === "loading") {
      this.find("progress").hidden = true;
      this.notice ||= "Ready: move a slider";
      this.clock?.reckon(); // from now, not from when the reader asked
    }
    if (answer.error) {
      this.clock?.halt();
      this.say(answer.error);
      this.state = "error";
      this.speak();
      return;
    }
    this.paint(answer);
    this.tell(answer.read_out);
    this.say(answer.note || this.notice);
    if (this.wanted) return;
    this.state = "live";
    this.speak();
  }

  // Back to the static figure and its sentence. The controls keep what the reader wanted, for the next try.
  giveUp(failure) {
    this.clock?.halt();
    this.awake = this.wanted = false;
    this.showStatic();
    this.say(failure.message);
    this.state = "error";
    this.speak();
    if (!failure.final) return;
    for (const control of this.controls) {
      control.reset();
      control.element.disabled = true;
    }
  }

  reset() {
    for (const control of this.controls) control.reset();
    this.clock?.halt();
    this.notice = "";
    if (this.awake) this.refresh();
  }

  takeBack(positions) {
    for (const control of this.controls) {
      control.element.value = positions[control.name] ?? control.home;
      control.say();
    }
    if (this.controls.some((control) => !control.isHome)) this.refresh();
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(linkTo(this));
      this.notice = "Link copied: it opens the page in this very state";
    } catch {
      history.replaceState(null, "", linkTo(this));
      this.notice = "The address of the page is now the link to this very state";
    }
    this.say(this.notice);
    this.speak();
  }

  async saveNumbers() {
    this.wake();
    try {
      const values = this.values;
      await this.refresh();
      const { csv, error } = await python.ask({ task: "numbers", explorer: this.name, values });
      if (error) return this.say(error);
      save(`${this.name}.csv`, new Blob([csv], { type: "text/csv" }));
    } catch (failure) {
      this.giveUp(failure);
    }
  }
}
