"use strict";
// Explorers of a page: native controls, a static picture, and, from the first touch on, a worker that runs the
// model. Nothing is downloaded before that touch, or before a link asks for a certain state.

(() => {
  const source = new URL(document.currentScript.src);
  const narrow = window.matchMedia("(max-width: 599px)");
  const COMPUTING = "Python is ready: computing";
  const HELP = "The notebook of this chapter, run locally, has the same explorer.";
  const SILENCE = 30_000; // ms, of Python at work
  const FRAME = 34; // ms, at least, from one picture of a clock to the next
  const LONGEST = 100; // ms, that a clock makes up for at once
  const HAND = 125; // ms, between two places of its slider: to move it costs more than a picture does
  const WORDS = 1_000; // ms, between two sentences of a clock that runs
  const QUIET = 800; // ms without a change, after which a screen reader is told
  const SLIDERS = 100; // px below picture and sentence, where sliders can be moved
  const SIDEWAYS = 8; // px, by which a finger shows that it moves the slider and not the page
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  // Whether Python has run in this visit. Private windows and frames may refuse to remember.
  function visited(answer) {
    try {
      if (answer) sessionStorage.setItem("frenkel.python", answer);
      return sessionStorage.getItem("frenkel.python") === "yes";
    } catch {
      return false;
    }
  }

  const theme = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

  // The worker and its open questions. It starts at the first question, and anew at the next one after it died.
  const python = {
    open: new Map(),
    listeners: new Set(),
    news: null, // the last word of how it starts
    next: 0,

    async start() {
      if (location.protocol === "file:") {
        throw this.failure("the page was opened as a file, not from a server", true);
      }
      this.module ??= import(new URL(`python-worker.js${source.search}`, source)).then(
        ({ PythonWorker }) => new PythonWorker("explorers", { ...this.hears, silence: SILENCE }),
      );
      let worker;
      try {
        worker = await this.module;
      } catch {
        this.module = null;
        const framed = window.origin === "null"; // a frame without an origin of its own loads no module
        if (framed) throw this.failure("this browser or frame lets no page start it", true);
        throw this.failure("python-worker.js could not be loaded");
      }
      try {
        worker.start();
      } catch ({ message }) {
        throw this.failure(message, true);
      }
      return worker;
    },

    async ask(question) {
      const worker = await this.start();
      const id = this.next++;
      return new Promise((resolve, reject) => {
        this.open.set(id, { resolve, reject });
        worker.ask({ id, ...question });
      });
    },

    hears: {
      heard(data) {
        if (data.type === "ready") {
          visited("yes");
          window.dispatchEvent(new CustomEvent("worker-ready", { detail: data.loaded }));
        }
        if (data.type !== "answer") python.news = data;
        if (data.type === "answer") {
          python.open.get(data.id).resolve(data);
          python.open.delete(data.id);
          this.waits = python.open.size > 0;
        } else python.listeners.forEach((listen) => listen(data));
      },

      gone(reason) {
        visited("no");
        python.news = null;
        const failure = python.failure(reason);
        python.listeners.forEach((listen) => listen({ type: "gone", failure }));
        python.open.forEach(({ reject }) => reject(failure));
        python.open.clear();
      },
    },

    failure(reason, final = false) {
      const next = final ? HELP : `The figure shows its defaults; touch a control to try again. ${HELP}`;
      return Object.assign(new Error(`Python does not run: ${reason.replace(/\.$/, "")}. ${next}`), { final });
    },
  };

  // A number of a logarithmic slider as frenkel.explore.hosts.page.value_text writes it.
  function threeDigits(value) {
    const number = Number(value.toPrecision(3));
    if (number < 1e6) return String(number);
    const [digits, power] = number.toExponential().split("e+");
    return `${digits}·10${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
  }

  // A native input or select as a parameter of the model.
  class Control {
    constructor(element) {
      this.element = element;
      this.name = element.name;
      this.isSlider = element.type === "range";
      this.reset();
    }

    // Under a finger that may only scroll the page it counts as where it was.
    get position() {
      return this.held?.position ?? this.element.value;
    }

    get isHome() {
      return this.position === this.home;
    }

    get value() {
      if (!this.isSlider) return this.position;
      return this.isHome ? Number(this.element.dataset.default) : this.fromPosition(this.position);
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

    fromPosition(position) {
      return this.element.dataset.scale === "log" ? 10 ** position : Number(position);
    }

    reset() {
      const { element } = this;
      this.held = null;
      if (this.isSlider) element.value = element.defaultValue;
      else element.value = [...element.options].find((option) => option.defaultSelected).value;
      // The browser moves a thumb to the nearest step; there the model takes the exact default.
      this.home = element.value;
      this.say();
    }

    say() {
      if (!this.isSlider) return;
      const { dataset, parentElement } = this.element;
      const value = this.value;
      const number = dataset.scale === "log" ? threeDigits(value) : value.toFixed(dataset.decimals);
      const words = `${number}${dataset.unit === "°" ? "" : " "}${dataset.unit}`.trim();
      this.element.setAttribute("aria-valuetext", words);
      // A text is changed in place: a new node would cost the browser the style of all that stands around it.
      parentElement.querySelector(".explorer-value").firstChild.data =
        (dataset.symbol ? `${dataset.symbol} = ` : "") + words;
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

  // The clock of an explorer goes through the frames of its time. It stands while nobody can see it.
  class Clock {
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
      if (this.atEnd) this.set(this.slider.min);
      this.playing = true;
      this.button.textContent = "Pause";
      this.begin();
    }

    begin() {
      this.place = Number(this.slider.value);
      this.due = this.moved = performance.now();
      this.wait();
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
      const beat = this.beat / this.speed.value;
      const missed = Math.floor(Math.min(now - this.due, LONGEST) / beat);
      const count = Math.ceil(FRAME / beat) + Math.max(missed, 0);
      this.due = Math.max(this.due + count * beat, now);
      this.place = Math.min(this.place + count * this.slider.step, this.slider.max);
      if (this.slider.max - this.place < this.slider.step / 2) return this.stop();
      if (now - this.moved >= HAND) {
        this.moved = now;
        this.set(this.place);
      }
      await this.explorer.refresh();
      if (this.playing) this.wait();
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

  class Explorer {
    constructor(figure) {
      this.figure = figure;
      this.name = figure.dataset.explorer;
      this.find = (selector) => figure.querySelector(selector);
      this.controls = [...figure.querySelectorAll("input[name], select[name]")].map((e) => new Control(e));
      this.canvas = this.find("canvas");
      this.wanted = null; // the newest request not yet sent
      this.running = false;
      this.awake = false;
      this.notice = ""; // what the status line says when nothing else is going on
      this.sentence = this.find("output").textContent; // of the static figure
      python.listeners.add((news) => this.hear(news));
      const bar = this.find(".explorer-clock");
      this.clock = bar && new Clock(this, bar);
      this.told = 0; // when the sentence was last written
      this.listen();
      this.takeLink();
    }

    controlOf(target) {
      return this.controls.find(({ element }) => element === target);
    }

    heldBy({ pointerId }) {
      return this.controls.find(({ held }) => held?.pointerId === pointerId);
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

    listen() {
      for (const group of this.figure.querySelectorAll(".explorer-controls, .explorer-clock")) {
        group.addEventListener("input", ({ target }) => {
          const control = this.controlOf(target);
          if (control && !control.held) this.change(control); // and not the clock's speed
        });
        group.addEventListener("pointermove", (event) => this.drag(event));
        group.addEventListener("pointerup", (event) => this.lift(this.heldBy(event)));
        group.addEventListener("pointercancel", (event) => this.heldBy(event)?.putBack());
      }
      document.addEventListener("pointerdown", (event) => this.press(event));
      for (const button of this.figure.querySelectorAll("button[data-setting]")) {
        button.disabled = false;
        button.addEventListener("click", () => this.set(JSON.parse(button.dataset.setting)));
      }
      const actions = {
        start: this.begin,
        reset: this.reset,
        link: this.copyLink,
        numbers: this.saveNumbers,
        play: () => this.clock.toggle(),
        back: () => this.clock.step(-1),
        step: () => this.clock.step(1),
      };
      for (const button of this.figure.querySelectorAll("button[data-action]")) {
        button.disabled = false;
        button.addEventListener("click", actions[button.dataset.action].bind(this));
      }
    }

    // A finger may come to move a slider, or to scroll the page and happen to begin here. Until that is known,
    // nothing is asked for; and where the page scrolls, or two fingers are down, the slider is put back.
    press(event) {
      if (!event.isPrimary) this.controls.forEach(({ held }) => held && (held.alone = false));
      const control = this.controlOf(event.target);
      if (!control || event.button > 0) return;
      if (["touch", "pen"].includes(event.pointerType)) control.hold(event);
      else if (!this.awake) this.refresh();
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
      else if (!this.awake) this.refresh();
    }

    change(control) {
      if (control.element === this.clock?.slider) this.clock.halt();
      control.say();
      this.notice = "";
      this.refresh();
    }

    // By the button, which goes away then.
    begin() {
      this.refresh();
      this.controls[0].element.focus({ preventScroll: true });
    }

    get values() {
      const { clock } = this;
      const now = ({ element, value }) => (clock?.playing && element === clock.slider ? clock.place : value);
      return JSON.stringify(Object.fromEntries(this.controls.map((control) => [control.name, now(control)])));
    }

    // Set sliders, and play from the beginning what there is to play.
    set(values) {
      for (const [name, value] of Object.entries(values)) {
        this.controls.find((control) => control.name === name).take(String(value));
      }
      this.notice = "";
      const { clock } = this;
      if (clock && !still.matches) {
        clock.set(clock.slider.min);
        if (clock.playing) clock.begin();
        else clock.toggle();
      }
      this.refresh();
    }

    // Ask for the figure as the controls, the theme and the width now want it. One request is under way at
    // a time; of those that come meanwhile only the newest is sent, so no old answer can follow a new one.
    async refresh() {
      this.wake();
      this.wanted = true;
      clearTimeout(this.speech);
      const loading = this.figure.dataset.state === "loading";
      if (loading || !this.clock?.playing) this.state = loading ? "loading" : "busy";
      if (this.running) return;
      this.running = true;
      while (this.wanted) {
        this.wanted = false;
        try {
          this.show(await python.ask(this.question()));
        } catch (failure) {
          this.giveUp(failure);
        }
      }
      this.running = false;
    }

    question() {
      this.room = this.find(".explorer-picture").clientWidth || this.room || 600; // none while it is not shown
      const width = Math.round(this.room * Math.min(devicePixelRatio, 2));
      const layout = narrow.matches ? "narrow" : "wide";
      return { task: "show", explorer: this.name, values: this.values, layout, theme: theme(), width };
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
    hear({ type, words, loaded, total, failure }) {
      if (type === "gone") return this.awake && this.giveUp(failure);
      if (type === "ready") this.nameNoCost();
      if (this.figure.dataset.state !== "loading") return;
      if (type === "ready") words = COMPUTING;
      const bar = this.find("progress");
      if (type === "progress" && loaded < total) bar.value = loaded / total;
      else bar.removeAttribute("value"); // all is there and Python starts, for as long as it takes
      this.say(words);
    }

    // A reader who has used Python in this visit has paid for it.
    nameNoCost() {
      this.find("[data-action=start]").textContent = "Run it here";
    }

    show(answer) {
      if (this.figure.dataset.state === "loading") {
        this.find("progress").hidden = true;
        this.notice ||= "Ready: move a slider";
      }
      if (answer.error) {
        this.clock?.halt();
        this.say(answer.error);
        this.state = "error";
        this.speak();
        return;
      }
      const { width, height, pixels } = answer;
      if (this.canvas.width !== width) this.canvas.width = width;
      if (this.canvas.height !== height) this.canvas.height = height;
      const image = new ImageData(new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length), width);
      this.canvas.getContext("2d").putImageData(image, 0, 0);
      this.canvas.hidden = false;
      this.tell(answer.read_out);
      this.say(answer.note || this.notice);
      if (this.wanted) return;
      this.state = "live";
      this.speak();
    }

    // While a clock runs the sentence follows it at leisure.
    tell(words) {
      const output = this.find("output");
      if (this.clock?.playing && performance.now() - this.told < WORDS) return;
      this.told = performance.now();
      if (output.textContent !== words) output.textContent = words;
      this.canvas.setAttribute("aria-label", words);
    }

    // Back to the static figure and its sentence. The controls keep what the reader wanted, for the next try.
    giveUp(failure) {
      this.clock?.halt();
      this.awake = this.wanted = false;
      this.find("progress").hidden = true;
      this.canvas.hidden = true;
      this.find("output").textContent = this.sentence;
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

    get link() {
      const link = new URL(location.pathname, location.origin);
      for (const control of this.controls) {
        if (!control.isHome) link.searchParams.set(`${this.name}.${control.name}`, control.value);
      }
      link.hash = this.figure.id;
      return link.href;
    }

    async copyLink() {
      try {
        await navigator.clipboard.writeText(this.link);
        this.notice = "Link copied: it opens the page in this very state";
      } catch {
        history.replaceState(null, "", this.link);
        this.notice = "The address of the page is now the link to this very state";
      }
      this.say(this.notice);
      this.speak();
    }

    takeLink() {
      const asked = new URLSearchParams(location.search);
      const notes = [];
      let found = false;
      for (const control of this.controls) {
        const values = asked.getAll(`${this.name}.${control.name}`);
        if (!values.length) continue;
        found = true;
        const note = values.length > 1 ? control.refuse() : control.take(values[0]);
        if (note) notes.push(note);
      }
      this.notice = notes.length > 1 ? "Several of the link’s values could not be taken as they are." : (notes[0] ?? "");
      if (found) this.refresh();
    }

    // Where a reader was who comes back to the page: the browser keeps it with the entry of its history.
    takeBack(positions) {
      for (const control of this.controls) {
        control.element.value = positions[control.name] ?? control.home;
        control.say();
      }
      if (this.controls.some((control) => !control.isHome)) this.refresh();
    }

    async saveNumbers() {
      this.wake();
      try {
        const values = this.values;
        await this.refresh();
        const { csv, error } = await python.ask({ task: "numbers", explorer: this.name, values });
        if (error) return this.say(error);
        const anchor = document.createElement("a");
        anchor.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
        anchor.download = `${this.name}.csv`;
        anchor.click();
        URL.revokeObjectURL(anchor.href);
      } catch (failure) {
        this.giveUp(failure);
      }
    }
  }

  const explorers = [...document.querySelectorAll("figure.explorer")].map((figure) => new Explorer(figure));
  if (visited()) explorers.forEach((explorer) => explorer.nameNoCost());

  // On a phone picture and sentence stay in view while the sliders below them are moved, if there is room for these.
  const fit = (view) => {
    const room = document.documentElement.clientHeight - parseFloat(getComputedStyle(view).top) - view.offsetHeight;
    view.classList.toggle("stays", narrow.matches && room >= SLIDERS);
    view.parentElement.style.setProperty("--explorer-view", `${view.offsetHeight}px`);
  };
  const views = new ResizeObserver((news) => news.forEach(({ target }) => fit(target)));
  explorers.forEach(({ find }) => views.observe(find(".explorer-view")));
  window.addEventListener("resize", () => explorers.forEach(({ find }) => fit(find(".explorer-view"))));

  // There the theme's button that leads to the top of the page would lie on the sliders.
  const handled = new Set();
  const hands = new IntersectionObserver((news) => {
    for (const { target, isIntersecting } of news) handled[isIntersecting ? "add" : "delete"](target);
    document.body.classList.toggle("explorer-in-hand", handled.size > 0);
  });
  for (const { figure } of explorers) {
    for (const part of figure.querySelectorAll(":scope > :not(figcaption, .explorer-view)")) hands.observe(part);
  }

  const redraw = () => explorers.forEach((explorer) => explorer.awake && explorer.refresh());

  window.addEventListener("pagehide", () => {
    const state = explorers.map(({ name, controls }) => [
      name,
      Object.fromEntries(controls.map((control) => [control.name, control.element.value])),
    ]);
    history.replaceState({ ...history.state, explorers: Object.fromEntries(state) }, "");
  });
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
    for (const explorer of explorers) {
      const positions = history.state?.explorers?.[explorer.name];
      if (positions) explorer.takeBack(positions);
    }
  }

  // A reader who has used Python on another page of this visit will hardly wait for it here.
  if (explorers.length && visited() && !navigator.connection?.saveData) {
    const begin = () => (window.requestIdleCallback || setTimeout)(() => python.start().catch(() => {}));
    window.addEventListener("load", begin, { once: true });
  }

  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  let timer;
  window.addEventListener("resize", () => {
    clearTimeout(timer);
    timer = setTimeout(redraw, 150);
  });
})();
