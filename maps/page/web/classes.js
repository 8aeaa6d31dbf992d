"use strict";
// Classes: which colour a value has, and the lines of the legend: [colour, text] each.
Object.assign(scicity, {
  TIME_ENDS: [15, 30, 45, 60, 90, 120],
  TIME_COLORS: ["#253494", "#2c7fb8", "#41b6c4", "#7fcdbb", "#c7e9b4", "#f2f5c0", "#e8d9c4"],
  SAVED_ENDS: [2, 5, 15, 40],
  OPENED: "#5b2a86",
  CLOSED: "#1d1d1f",
  NONE: "#b9b6ae",

  // how many ends a value is beyond
  classOf(value, ends) {
    let n = 0;
    while (n < ends.length && value > ends[n]) n++;
    return n;
  },

  // the colour of class n of some; with few classes the stronger ones
  shade(ramp, n, count) {
    const below = count - 1 - n;
    return ramp[ramp.length - 1 - Math.round((below * ramp.length) / Math.max(count, ramp.length))];
  },

  number: (value) => Math.round(value).toLocaleString("en"),
  signed: (value) => (value > 0 ? "+" : value < 0 ? "−" : "") + scicity.number(Math.abs(value)),

  // the range of class n, with a sign before each end
  range(n, ends, sign) {
    const end = (at) => sign + scicity.number(ends[at]);
    if (!ends.length) return sign ? `${sign} > 0` : "> 0";
    if (n === 0) return sign ? `0 – ${end(0)}` : `≤ ${end(0)}`;
    return n === ends.length ? `${sign === "−" ? "<" : ">"} ${end(n - 1)}`
      : `${end(n - 1)} – ${end(n)}`;
  },

  // amounts; nothing is grey
  levelClasses(ends, ramp) {
    const count = ends.length + 1;
    const shade = (n) => scicity.shade(ramp, n, count);
    return {
      color: (value) => (value > 0 ? shade(scicity.classOf(value, ends)) : scicity.NONE),
      lines: () => [[scicity.NONE, "0"],
        ...Array.from({ length: count }, (_, n) => [shade(n), scicity.range(n, ends, "")])],
    };
  },

  // gains and losses on either side of nothing; the legend names those that occur
  changeClasses(ends, { gains, losses, neutral }, least) {
    const count = ends.length + 1;
    const place = (value) => (Math.abs(value) < least ? 0
      : Math.sign(value) * (1 + scicity.classOf(Math.abs(value), ends)));
    const shade = (at) => (at === 0 ? neutral
      : scicity.shade(at > 0 ? gains : losses, Math.abs(at) - 1, count));
    const text = (at) => (at === 0 ? scicity.say("0 无变化", "0 no change")
      : scicity.range(Math.abs(at) - 1, ends, at > 0 ? "+" : "−"));
    const all = Array.from({ length: 2 * count + 1 }, (_, n) => count - n);
    return {
      color: (value) => shade(place(value)),
      lines(values) {
        const seen = new Set(Array.from(values, place));
        return all.filter((at) => seen.has(at)).map((at) => [shade(at), text(at)]);
      },
    };
  },

  timeClasses() {
    const { TIME_ENDS: ends, TIME_COLORS: colors, BEYOND } = scicity;
    const text = (n) => (n < ends.length ? `≤ ${ends[n]}` : `> ${ends.at(-1)}`);
    return {
      color: (minutes) => (minutes === BEYOND ? scicity.NONE : colors[scicity.classOf(minutes, ends)]),
      lines: () => [
        ...colors.map((color, n) => [color, scicity.say(`${text(n)} 分钟`, `${text(n)} min`)]),
        [scicity.NONE, scicity.say("时限内不可达", "not reached within the limit")],
      ],
    };
  },

  // minutes saved; beyond all numbers: newly reached (Infinity) and no more reached (-Infinity)
  savedClasses(colors) {
    const inner = scicity.changeClasses(scicity.SAVED_ENDS, colors, 1);
    const ends = [
      [Infinity, scicity.OPENED, scicity.say("新可达", "newly reached")],
      [-Infinity, scicity.CLOSED, scicity.say("不再可达", "no longer reached")],
    ];
    return {
      color: (value) => ends.find(([end]) => end === value)?.[1] ?? inner.color(value),
      lines(values) {
        const seen = new Set(values);
        const lines = inner.lines(values.filter(Number.isFinite));
        return [...ends.filter(([end]) => seen.has(end)).map(([, ...line]) => line), ...lines];
      },
    };
  },

  // by how many minutes each point is quicker
  saved: (was, now) => Array.from(was, (before, n) => {
    const after = now[n];
    if (before === after) return 0;
    return before === scicity.BEYOND ? Infinity : after === scicity.BEYOND ? -Infinity : before - after;
  }),
});
