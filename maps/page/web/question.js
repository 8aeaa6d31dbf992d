"use strict";
// The question that the form asks - what, by which mode, in which state, before or after - and its
// answer on the map and in the legend.
Object.assign(scicity, {
  asked: { point: null },
  answers: 0,

  startQuestion() {
    const form = document.getElementById("question");
    scicity.states = new Map(scicity.study.states.map((state) => [state.id, state]));
    scicity.years = scicity.study.states.filter((state) => ["baseline", "year"].includes(state.kind));
    form.addEventListener("change", () => scicity.ask());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.year.addEventListener("input", () => {
      form.state.value = scicity.years[form.year.value].id;
      scicity.ask();
    });
    document.getElementById("play").addEventListener("click", scicity.play);
    return scicity.ask();
  },

  // what the form says now
  read() {
    const form = document.getElementById("question");
    const state = scicity.states.get(form.state.value);
    return {
      ...scicity.asked,
      theme: form.theme.value,
      mode: form.mode.value,
      state,
      before: scicity.study.states[0],
      view: form.view.value,
      count: Number(form.count.value),
      minutes: Number(form.minutes.value),
      reverse: form.direction.value === "to",
    };
  },

  // set fields as a reader would, and ask
  choose(values) {
    const form = document.getElementById("question");
    for (const [name, value] of Object.entries(values)) form[name].value = value;
    return scicity.ask();
  },

  // a promise that is kept when the answer is drawn
  async ask() {
    const asked = scicity.read();
    scicity.asked = asked;
    const turn = ++scicity.answers;
    scicity.showForm(asked);
    const answer = await scicity.answer(asked);
    // meanwhile another question may have been asked
    if (turn !== scicity.answers) return;
    scicity.draw(asked, answer);
    await scicity.showPicked(asked);
  },

  // fields that the theme has no use for are hidden; the slider follows the state
  showForm({ theme, state, point }) {
    const form = document.getElementById("question");
    for (const part of form.querySelectorAll("[data-for]"))
      part.hidden = !part.dataset.for.split(" ").includes(theme);
    const at = scicity.years.findIndex(({ id, projects }) => id === state.id
      || String(projects) === String(state.projects));
    if (at >= 0) form.year.value = at;
    form.querySelector("#year-name").innerHTML = at >= 0 ? scicity.named(scicity.years[at]) : "—";
    form.querySelector("#pick-hint").hidden = theme !== "times" || point !== null;
    scicity.showOpen(state);
  },

  named: ({ zh, en }) => scicity.say(scicity.escape(zh), scicity.escape(en)),

  async answer({ theme, mode, state, before, point, count, minutes, reverse }) {
    if (theme === "access") {
      const { values } = scicity.study.counts[count];
      const tables = await Promise.all([before, state].map((one) => scicity.tableOf(one, mode)));
      return tables.map((table) => scicity.withinAll(table, values, minutes));
    }
    if (theme !== "times" || point === null) return null;
    const tables = await Promise.all([before, state].map((one) => scicity.tableOf(one, mode)));
    return tables.map((table) =>
      scicity.timesOf(table, point, reverse).subarray(scicity.study.first));
  },

  classes({ theme, mode, count, minutes }) {
    const { colors, counts, breaks } = scicity.study;
    if (theme === "times") return [scicity.timeClasses(), scicity.savedClasses(colors)];
    const [levels, changes] = breaks[`${mode} ${counts[count].key} ${minutes}`];
    return [scicity.levelClasses(levels, colors.levels), scicity.changeClasses(changes, colors, 0.5)];
  },

  draw(asked, answer) {
    const { left, right } = scicity.sides;
    scicity.showSwipe(asked.view === "swipe" && (answer !== null || asked.theme === "isochrones"));
    if (asked.theme === "isochrones") scicity.drawIsochrones(asked);
    else if (answer) scicity.drawZones(asked, answer);
    else [left, right].forEach(scicity.clear);
    if (!answer && asked.theme !== "isochrones") scicity.showLegend("", []);
    scicity.declutter(scicity.map);
  },

  drawZones(asked, [was, now]) {
    const { left, right } = scicity.sides;
    const [level, change] = scicity.classes(asked);
    const edges = asked.theme === "access" ? scicity.study.edges[asked.mode] : null;
    if (asked.view === "change") {
      const values = asked.theme === "times" ? scicity.saved(was, now)
        : Array.from(now, (value, n) => value - was[n]);
      scicity.clear(left);
      scicity.paint(right, values.map(change.color), edges);
      scicity.showLegend(scicity.title(asked), change.lines(values), edges);
      return;
    }
    const shown = Array.from(asked.view === "before" ? was : now);
    if (asked.view === "swipe") scicity.paint(left, Array.from(was, level.color), edges);
    else scicity.clear(left);
    scicity.paint(right, shown.map(level.color), edges);
    scicity.showLegend(scicity.title(asked), level.lines(shown), edges);
  },

  drawIsochrones(asked) {
    const { left, right } = scicity.sides;
    const { mode, state, before, view } = asked;
    const layers = (one, side, strokes) =>
      scicity.isochroneLayers(one, mode, side.options, strokes);
    const line = { fill: false, color: "#1d1d1f", weight: 1.6, dashArray: "5 4", opacity: 1 };
    if (view === "swipe") scicity.shape(left, layers(before, left, {}));
    else if (view === "change") scicity.shape(left, layers(before, left, line));
    else scicity.clear(left);
    scicity.shape(right, layers(view === "before" ? before : state, right, {}));
    const bands = scicity.isochroneBands(state, mode);
    const lines = bands.map(({ minutes, style }) =>
      [style.fillColor, scicity.say(`≤ ${minutes} 分钟`, `≤ ${minutes} min`)]);
    const dashed = ["", scicity.say("虚线：现状", "dashed: before"), line];
    scicity.showLegend(scicity.title(asked), view === "change" ? [...lines, dashed] : lines);
  },

  // opening years one after the other, until the last or until the button is pressed again
  play() {
    const form = document.getElementById("question");
    const button = document.getElementById("play");
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    clearInterval(scicity.playing);
    if (!on) return;
    const show = (at) => {
      form.year.value = at;
      form.year.dispatchEvent(new Event("input"));
      if (at === scicity.years.length - 1) scicity.play();
    };
    if (Number(form.year.value) === scicity.years.length - 1) show(0);
    scicity.playing = setInterval(() => show(Number(form.year.value) + 1), 1500);
  },

  // projects that are not open in a state are pale, and their names gone
  showOpen(state) {
    const open = new Set(state.projects);
    for (const name of scicity.order) {
      window[name].eachLayer?.((layer) => {
        const { project, style } = layer.feature?.properties ?? {};
        if (!project) return;
        const closed = !open.has(project);
        if (layer.setStyle && style) layer.setStyle(closed
          ? { opacity: 0.22 * (style.opacity ?? 1), fillOpacity: 0.1 } : { fillOpacity: 0.2, ...style });
        if (layer.getTooltip()?.options.permanent) layer.getTooltip().options.hidden = closed;
      });
    }
  },
});
