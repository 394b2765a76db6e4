// What an explorer shows: its picture, its sentence, the wait, and what a screen reader is told of them.

const WORDS = 1_000; // ms, between two sentences of a clock that runs
const QUIET = 800; // ms without a change, after which a screen reader is told

export class Figure {
  constructor(figure) {
    this.figure = figure;
    this.find = (selector) => figure.querySelector(selector);
    this.canvas = this.find("canvas");
    this.sentence = this.find("output").textContent; // of the static figure
    this.told = 0; // when the sentence was last written
  }

  set state(state) {
    this.find(".explorer-other").hidden = state !== "loading" || this.controls.every((control) => control.isHome);
    if (state === this.figure.dataset.state) return;
    this.figure.dataset.state = state;
    this.figure.setAttribute("aria-busy", String(state === "loading" || state === "busy"));
  }

  say(words) {
    const status = this.find(".explorer-status");
    if (status.textContent !== words) status.textContent = words;
  }

  // What a screen reader is told: once nothing changes any more, not all that comes and goes on the way there.
  speak() {
    clearTimeout(this.speech);
    if (this.clock?.playing) return;
    this.speech = setTimeout(() => {
      const status = this.find(".explorer-status").textContent;
      const sentence = this.figure.dataset.state === "error" ? "" : this.find("output").textContent;
      this.find(".explorer-spoken").textContent = [status, sentence].filter(Boolean).join(" ");
    }, QUIET);
  }

  // A reader who has used Python in this visit has paid for it.
  nameNoCost() {
    this.find("[data-action=start]").textContent = "Run it here";
  }

  // How far Python is: a bar that fills, or that runs while all is there and Python starts, for as long as it takes.
  wait({ type, loaded, total }) {
    const bar = this.find("progress");
    if (type === "progress" && loaded < total) bar.value = loaded / total;
    else bar.removeAttribute("value");
  }

  paint({ width, height, pixels }) {
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const image = new ImageData(new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length), width);
    this.canvas.getContext("2d").putImageData(image, 0, 0);
    this.canvas.hidden = false;
  }

  // While a clock runs the sentence follows it at leisure, and it waits for sliders that are on their way.
  tell(words) {
    const output = this.find("output");
    if (this.clock?.glide) return;
    if (this.clock?.playing && performance.now() - this.told < WORDS) return;
    this.told = performance.now();
    if (output.textContent !== words) output.textContent = words;
    this.canvas.setAttribute("aria-label", words);
  }

  showStatic() {
    this.find("progress").hidden = true;
    this.canvas.hidden = true;
    this.find("output").textContent = this.sentence;
  }
}
