// Explorers in which time runs.

import { Glide } from "./glide.js";

const FRAME = 34; // ms, at least, from one picture of a clock to the next
const LONGEST = 100; // ms, that a clock makes up for at once
const HAND = 125; // ms, between two places of its slider: to move it costs more than a picture does

// The clock of an explorer goes through the frames of its time. It stands while nobody can see it.
export class Clock {
  constructor(explorer, bar) {
    this.explorer = explorer;
    this.slider = bar.querySelector("input");
    this.speed = bar.querySelector("select");
    this.button = bar.querySelector('[data-action="play"]');
    this.beat = (1000 * bar.dataset.seconds * this.slider.step) / (this.slider.max - this.slider.min); // ms a frame
    this.playing = this.seen = false;
    new IntersectionObserver((news) => this.look(news.at(-1).isIntersecting)).observe(explorer.figure);
    document.addEventListener("visibilitychange", () => this.playing && this.begin());
  }

  get playing() {
    return this.explorer.figure.dataset.playing === "true";
  }

  set playing(playing) {
    this.explorer.figure.dataset.playing = playing;
  }

  get atEnd() {
    return this.slider.max - this.slider.value < this.slider.step / 2;
  }

  look(seen) {
    const comes = seen && !this.seen;
    this.seen = seen;
    if (comes && this.playing) this.begin();
  }

  toggle() {
    if (this.playing) return this.stop();
    const { isHome } = this.explorer.controlOf(this.slider);
    if (this.atEnd || isHome) this.set(this.slider.min); // at rest it stands at a moment that tells something
    this.play();
  }

  // From its beginning, when the sliders that a button has moved have come to their places.
  start(moved = []) {
    this.set(this.slider.min);
    this.glide = moved.length ? new Glide(moved) : null;
    this.play();
  }

  play() {
    this.playing = true;
    this.button.textContent = "Pause";
    this.begin();
  }

  arrive() {
    this.glide?.end();
    this.glide = null;
  }

  begin() {
    this.reckon();
    this.wait();
  }

  // Its time runs from now, and from where its slider is.
  reckon() {
    this.place = Number(this.slider.value);
    this.due = this.moved = performance.now();
  }

  wait() {
    clearTimeout(this.timer);
    if (this.seen && !document.hidden) this.timer = setTimeout(() => this.tick(), this.due - performance.now());
  }

  // The slider comes to where the picture is.
  settle() {
    if (this.playing) this.set(this.place);
  }

  halt() {
    this.arrive();
    this.playing = false;
    this.button.textContent = this.atEnd ? "Play again" : "Play";
  }

  stop() {
    this.settle();
    this.halt();
    this.explorer.refresh(); // its words, which have been waiting
  }

  // Each picture is of a frame of its own. A screen that is drawn for nothing costs, too, so a timer counts and
  // not the screen's own beat; and a frame is asked for when the last one is there.
  async tick() {
    if (!this.playing) return;
    const now = performance.now();
    if (this.glide) {
      this.due = now + FRAME;
      if (!this.glide.move(now)) this.arrive();
    } else if (!this.advance(now)) return this.stop();
    await this.explorer.refresh();
    if (this.playing) this.wait();
  }

  // Go on to the frame that is due; return whether any is left.
  advance(now) {
    const beat = this.beat / this.speed.value;
    const missed = Math.floor(Math.min(now - this.due, LONGEST) / beat);
    const count = Math.ceil(FRAME / beat) + Math.max(missed, 0);
    this.due = Math.max(this.due + count * beat, now);
    this.place = Math.min(this.place + count * this.slider.step, this.slider.max);
    if (this.slider.max - this.place < this.slider.step / 2) return false;
    if (now - this.moved >= HAND) {
      this.moved = now;
      this.set(this.place);
    }
    return true;
  }

  step(count) {
    this.settle();
    this.set(Number(this.slider.value) + count * this.slider.step);
    this.halt();
    this.explorer.refresh();
  }

  set(position) {
    const control = this.explorer.controlOf(this.slider);
    if (control.held) return;
    this.slider.value = position;
    control.say();
  }
}
