"use strict";
// The answer in words: the legend's title and lines, and the card of the place that was picked.
Object.assign(scicity, {
  SHOWN: 8,

  title({ theme, mode, state, view, count, minutes, point, reverse }) {
    const { study } = scicity;
    const by = study.modes[mode];
    const views = {
      change: scicity.say("变化", "change"), after: scicity.say("方案", "after"),
      before: scicity.say("现状", "before"), swipe: scicity.say("左：现状，右：方案", "left before, right after"),
    };
    const what = {
      access: () => scicity.say(
        `${minutes} 分钟内可达的${scicity.escape(study.counts[count].zh)}`,
        `${scicity.escape(study.counts[count].en)} within ${minutes} min`),
      times: () => scicity.say(reverse ? "到达此处的时间（分钟）" : "从此处出发的时间（分钟）",
        reverse ? "minutes to here" : "minutes from here"),
      isochrones: () => {
        const [zh, en] = study.toOrigin && mode === "transit" ? ["终点", "to"] : ["起点", "from"];
        return scicity.say(`等时圈，${zh}：${scicity.escape(study.origin[0])}`,
          `isochrones ${en} ${scicity.escape(study.origin[1])}`);
      },
    }[theme]();
    const here = theme === "times" && point !== null ? `<br>${scicity.pointName(point)}` : "";
    return `${what}${here}<br>${scicity.named(by)} · ${scicity.named(state)} · ${views[view]}`;
  },

  showLegend(title, lines, edges) {
    const swatch = ([color, text, line]) => {
      const paint = line ? `fill="none" stroke="${line.color}" stroke-dasharray="${line.dashArray}"`
        : `fill="${color}" stroke="#8f8d86" stroke-width="0.5"`;
      return `<li><svg width="44" height="18" aria-hidden="true"><rect x="5" y="2" width="34"` +
        ` height="14" ${paint}/></svg><span>${text}</span></li>`;
    };
    const cut = edges?.some(Boolean) ? [["", scicity.say("触及路网边缘，数值偏低",
      "reach cut at the edge of the network"), { color: "#4a4842", dashArray: "2 3" }]] : [];
    document.getElementById("answer").innerHTML =
      title && `<h3>${title}</h3><ul>${[...lines, ...cut].map(swatch).join("")}</ul>`;
  },

  pointName(point) {
    const { places, zones, areas, first } = scicity.study;
    if (point < first) return scicity.named(places[point]);
    const zone = point - first;
    return `${scicity.named(areas[zones.area[zone]])} · ${scicity.escape(zones.id[zone])}`;
  },

  pointPlace: (point) => (point < scicity.study.first
    ? L.latLng(scicity.study.places[point].at) : scicity.middles[point - scicity.study.first]),

  // answer for a point of the tables from now on; none: for none
  pick(point) {
    const form = document.getElementById("question");
    if (!form) return undefined;
    scicity.asked.point = point;
    scicity.picked?.remove();
    scicity.picked = null;
    if (point === null) {
      if (form.theme.value === "times") form.theme.value = "access";
      return scicity.ask();
    }
    const zone = point - scicity.study.first;
    const style = { color: "#1d1d1f", weight: 4, opacity: 1, interactive: false };
    scicity.picked = zone >= 0 ? L.polygon(scicity.rings[zone], { ...style, fill: false })
      : L.circleMarker(scicity.pointPlace(point), { ...style, radius: 9, fillColor: "#ffd400", fillOpacity: 1 });
    scicity.picked.addTo(scicity.map);
    form.theme.value = "times";
    return scicity.ask();
  },

  // a click on the map asks for the hexagon there
  pickAt(latlng) {
    const zone = scicity.zoneAt(latlng);
    if (zone >= 0) return scicity.pick(scicity.study.first + zone);
    L.popup(scicity.popup()).setLatLng(latlng).setContent(scicity.say(
      "此处附近没有有人口或设施的网格", "no zone with people or facilities near here")).openOn(scicity.map);
    return undefined;
  },

  // a line of a table; `better` says whether more is better (1) or less (-1)
  row(name, was, now, { show, change, better, way = () => "" }) {
    const css = change * better > 0 ? "gain" : change * better < 0 ? "loss" : "";
    const text = Number.isFinite(change) ? scicity.signed(change)
      : change < 0 ? scicity.say("新可达", "new") : "—";
    const [before, after] = [[was, 0], [now, 1]].map(([value, side]) => way(show(value), side) || show(value));
    return `<tr><th scope="row">${name}</th><td>${before}</td><td>${after}</td>` +
      `<td class="${css}">${text}</td></tr>`;
  },

  numbersTable: (heads, rows) => `<table class="numbers"><thead><tr>${heads.map((head) =>
    `<th scope="col">${head}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`,

  heads: (first) => [first, scicity.say("现状", "before"), scicity.say("方案", "after"),
    scicity.say("变化", "change")],

  reachedTable(was, now) {
    const { counts, minutes } = scicity.study;
    const rows = counts.flatMap((count) => minutes.flatMap((cutoff) => {
      const [before, after] = [was, now].map((times) => scicity.within(times, count.values, cutoff));
      const change = Math.round(after) - Math.round(before);
      if (Math.max(before, after) < 0.5) return [];
      return scicity.row(`${scicity.named(count)} ≤ ${cutoff}`, before, after,
        { show: scicity.number, change, better: 1 });
    }));
    return scicity.numbersTable(scicity.heads(scicity.say("可达数量（分钟）", "reached within (min)")), rows);
  },

  // minutes to all places, those that gain most first
  placesTable(was, now, asked) {
    const { point } = asked;
    const { places, first } = scicity.study;
    const saved = scicity.saved(was.subarray(0, first), now.subarray(0, first));
    const order = [...places.keys()].filter((n) => n !== point).sort((a, b) =>
      (saved[b] === saved[a] ? now[a] - now[b] : saved[b] - saved[a]));
    const show = (minutes) => (minutes === scicity.BEYOND ? "—" : String(minutes));
    const rows = order.map((n) => {
      const name = `<button type="button" class="link" data-point="${n}">` +
        `${scicity.named(places[n])}</button>`;
      return scicity.row(name, was[n], now[n], { show, change: -saved[n], better: -1, way: scicity.wayButton(asked, n) });
    });
    const heads = scicity.heads(scicity.say("地点（分钟）", "place (min)"));
    const rest = rows.slice(scicity.SHOWN);
    const more = rest.length ? `<details><summary>${scicity.say(`其余 ${rest.length} 处`,
      `${rest.length} more`)}</summary>${scicity.numbersTable(heads, rest)}</details>` : "";
    return scicity.numbersTable(heads, rows.slice(0, scicity.SHOWN)) + more;
  },

  async showPicked(asked) {
    const card = document.getElementById("picked");
    const { point, mode, state, before, reverse } = asked;
    // room for the answer
    if (card.hidden && point !== null) document.getElementById("control").open = false;
    card.hidden = point === null;
    if (point === null) return;
    const [was, now] = (await Promise.all([before, state].map((one) => scicity.tableOf(one, mode))))
      .map((table) => scicity.timesOf(table, point, reverse));
    // meanwhile another question may have been asked
    if (asked !== scicity.asked) return;
    const { zones, first, counts, modes } = scicity.study;
    const people = point < first ? "" : `<p>${scicity.named(counts[0])} ${scicity.number(
      counts[0].values[point - first])}</p>`;
    document.getElementById("picked-name").innerHTML = scicity.pointName(point);
    document.getElementById("picked-answer").innerHTML =
      `${people}<p>${scicity.named(modes[mode])} · ${scicity.named(before)} → ${scicity.named(state)} · ` +
      `${reverse ? scicity.say("到这里", "to here") : scicity.say("从这里", "from here")}</p>` +
      scicity.reachedTable(was, now) + scicity.placesTable(was, now, asked);
    document.getElementById("single-projects").replaceChildren();
  },

  // names in the card are buttons: of places, and of single projects
  startPicked() {
    const card = document.getElementById("picked");
    card.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button?.dataset.point) scicity.pick(Number(button.dataset.point));
      if (button?.dataset.way) scicity.toggleWay(button);
      if (button?.dataset.state) scicity.choose({ state: button.dataset.state });
      if (button?.id === "picked-close") scicity.pick(null);
      if (button?.id === "help-here") scicity.showSingleProjects();
    });
  },
});
