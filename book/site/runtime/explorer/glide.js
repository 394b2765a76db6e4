// Sliders on their way to where a button sets them, so that what follows them in the figure is seen to move.

const LASTS = 900; // ms
const LEAP = 100; // ms, that it makes up for at once

// One for each slider that a button has moved: until it arrives, it counts as where it is going.
export class Glide {
  constructor(moved) {
    this.ways = moved.map(({ control, from }) => {
      const to = control.element.value;
      control.goal = to;
      control.show(from);
      return { control, from: Number(from), to: Number(to) };
    });
    this.gone = 0;
  }

  // What the figure is drawn for meanwhile.
  get values() {
    const now = ({ control, from, to }) => [control.name, control.fromPosition(from + this.part * (to - from))];
    return Object.fromEntries(this.ways.map(now));
  }

  // Slow at both ends.
  get part() {
    return this.gone ** 2 * (3 - 2 * this.gone);
  }

  // Go on; return whether there is any way left.
  move(now) {
    this.gone = Math.min(this.gone + Math.min(now - (this.last ?? now), LEAP) / LASTS, 1);
    this.last = now;
    for (const { control, from, to } of this.ways) if (control.goal !== null) control.show(from + this.part * (to - from));
    return this.gone < 1;
  }

  end() {
    for (const { control } of this.ways) control.arrive();
  }
}
