"use strict";
// Which single project does most for the place that was picked: each alone, added to the baseline.
Object.assign(scicity, {
  MOST_PROJECTS: 8,

  async gains({ point, mode, before, count, minutes, reverse }) {
    const { values } = scicity.study.counts[count];
    const reached = async (state) => scicity.within(
      scicity.timesOf(await scicity.tableOf(state, mode), point, reverse), values, minutes);
    const was = await reached(before);
    const found = [];
    // one after the other: each table is unpacked for a moment only
    for (const state of scicity.study.states.filter(({ kind }) => kind === "project"))
      found.push({ state, gain: (await reached(state)) - was });
    return found.filter(({ gain }) => gain >= 0.5).sort((a, b) => b.gain - a.gain);
  },

  async showSingleProjects() {
    const { asked } = scicity;
    const found = await scicity.gains(asked);
    if (asked !== scicity.asked) return;
    const { counts, modes } = scicity.study;
    const lines = found.slice(0, scicity.MOST_PROJECTS).map(({ state, gain }) =>
      `<li><button type="button" class="link" data-state="${scicity.escape(state.id)}">` +
      `${scicity.named(state)}</button> <b class="gain">${scicity.signed(gain)}</b></li>`);
    const none = `<li>${scicity.say("没有单个项目使其增加", "no single project adds any")}</li>`;
    const zh = `${asked.minutes} 分钟内可达的${counts[asked.count].zh}`;
    const en = `${counts[asked.count].en} within ${asked.minutes} min`;
    document.getElementById("single-projects").innerHTML =
      `<h3>${scicity.named(modes[asked.mode])} · ${scicity.named({ zh, en })}</h3>` +
      `<ol>${lines.join("") || none}</ol>`;
  },
});
