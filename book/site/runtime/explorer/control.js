// The controls of an explorer: what they stand for, how they say it, and what a finger on them means.

// A number of a logarithmic slider as frenkel.explore.hosts.page.value_text writes it.
function threeDigits(value) {
  const number = Number(value.toPrecision(3));
  if (number < 1e6) return String(number);
  const [digits, power] = number.toExponential().split("e+");
  return `${digits}·10${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
}

// A native input or select as a parameter of the model.
export class Control {
  constructor(element) {
    this.element = element;
    this.name = element.name;
    this.isSlider = element.type === "range";
    this.glides = "glides" in element.dataset;
    this.reset();
  }

  // Under a finger that may only scroll the page it counts as where it was, and on its way as where it is going.
  get position() {
    return this.held?.position ?? this.goal ?? this.element.value;
  }

  get isHome() {
    return this.position === this.home;
  }

  get value() {
    return this.valueAt(this.position);
  }

  valueAt(position) {
    if (!this.isSlider) return position;
    return position === this.home ? Number(this.element.dataset.default) : this.fromPosition(position);
  }

  hold({ pointerId, isPrimary, clientX, clientY }) {
    this.held = { pointerId, alone: isPrimary, x: clientX, y: clientY, position: this.position };
  }

  // The finger is no more, or it moves the slider; tell whether it has moved it already.
  release() {
    const moved = this.position !== this.element.value;
    this.held = null;
    this.say();
    return moved;
  }

  putBack() {
    this.element.value = this.position;
    this.release();
  }

  show(position) {
    this.element.value = position;
    this.say();
  }

  // At the end of its way, which may come early.
  arrive() {
    if (this.goal === null) return;
    const { goal } = this;
    this.goal = null;
    this.show(goal);
  }

  fromPosition(position) {
    return this.element.dataset.scale === "log" ? 10 ** position : Number(position);
  }

  reset() {
    const { element } = this;
    this.held = this.goal = null;
    if (this.isSlider) element.value = element.defaultValue;
    else element.value = [...element.options].find((option) => option.defaultSelected).value;
    // The browser moves a thumb to the nearest step; there the model takes the exact default.
    this.home = element.value;
    this.say();
  }

  say() {
    if (!this.isSlider) return;
    const { dataset, parentElement } = this.element;
    const value = this.valueAt(this.element.value);
    const number = dataset.scale === "log" ? threeDigits(value) : value.toFixed(dataset.decimals);
    const words = `${number}${dataset.unit === "°" ? "" : " "}${dataset.unit}`.trim();
    this.element.setAttribute("aria-valuetext", words);
    // A text is changed in place: a new node would cost the browser the style of all that stands around it.
    parentElement.querySelector(".explorer-value").lastChild.data = words;
  }

  // Take a value out of a link; return what the reader should know about it, if anything.
  take(text) {
    const { element } = this;
    if (!this.isSlider) {
      if (![...element.options].some((option) => option.value === text)) return this.refuse();
      element.value = text;
      return "";
    }
    const wanted = text.trim() === "" ? NaN : Number(text);
    if (!Number.isFinite(wanted)) return this.refuse();
    const low = this.fromPosition(element.min);
    const high = this.fromPosition(element.max);
    const value = Math.min(Math.max(wanted, low), high);
    element.value = element.dataset.scale === "log" ? Math.log10(value) : value;
    this.say();
    const clamped = Math.abs(wanted - value) > 1e-9 * (high - low);
    return clamped ? `The link’s ${this.label} lies outside the range and was set to its end.` : "";
  }

  refuse() {
    return `The link’s value for ${this.label} was not understood; the default is shown.`;
  }

  get label() {
    return this.element.parentElement.querySelector(".explorer-label").textContent;
  }
}
