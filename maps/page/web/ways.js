"use strict";
// By which way one travels between two places (see maps/tables/packed_ways.py): minutes in the card are
// buttons that show the legs of that way below them.
Object.assign(scicity, {
  NO_WAY: -1,
  WAY_KINDS: [["步行", "walk"], ["候车", "wait"], ["", ""]],

  // all ways, unpacked once; a promise
  allWays() {
    scicity.unpackedWays ??= scicity.inflate(document.getElementById("ways").textContent)
      .then((bytes) => JSON.parse(new TextDecoder().decode(bytes)));
    return scicity.unpackedWays;
  },

  // what makes the minutes of a place a button, in states whose ways are on the page
  wayButton({ point, mode, state, before, reverse }, place) {
    const { first, ways } = scicity.study;
    const [from, to] = reverse ? [place, point] : [point, place];
    return (minutes, side) => {
      const { id } = side ? state : before;
      if (mode !== "transit" || point >= first || minutes === "—" || !ways.includes(id)) return "";
      const says = { zh: "怎么走？", en: "which way?" };
      return `<button type="button" class="link" aria-expanded="false" data-says="title"` +
        ` title="${says[scicity.language]}" data-zh="${says.zh}" data-en="${says.en}"` +
        ` data-way="${scicity.escape(JSON.stringify([id, from, to]))}">${minutes}</button>`;
    };
  },

  leg([kind, minutes, line], lines) {
    const [zh, en] = kind < 2 ? scicity.WAY_KINDS[kind] : lines[line];
    const name = scicity.say(scicity.escape(zh), scicity.escape(en));
    // a line's name may end in a number
    const unit = kind < 2 ? "" : scicity.say(" 分", " min");
    return `<span class="leg leg-${kind}">${name} ${minutes || "&lt;1"}${unit}</span>`;
  },

  async way([id, from, to]) {
    const { states, ways, legs, lines } = await scicity.allWays();
    const at = from * scicity.study.first + to;
    const number = states[id].at[at];
    if (number === scicity.NO_WAY) return scicity.say("没有线路", "no way");
    const told = ways[number].map((leg) => legs[leg]);
    const minutes = told.reduce((sum, leg) => sum + leg[1], 0);
    const leaves = states[id].leaves[at];
    const clock = leaves === undefined || leaves === scicity.NO_WAY ? ""
      : `${String(Math.floor(leaves / 60)).padStart(2, "0")}:${String(leaves % 60).padStart(2, "0")}`;
    const start = clock ? scicity.say(`时段内最快：${clock} 出发，`, `best of the window: ${clock}, `) : "";
    return `<b>${scicity.named(scicity.states.get(id))}</b> ${start}` +
      `${scicity.say(`共 ${minutes} 分钟`, `${minutes} min`)}<br>` +
      told.map((leg) => scicity.leg(leg, lines)).join(" · ");
  },

  // show the way of a button below its row, or take it away
  async toggleWay(button) {
    const row = button.closest("tr");
    const shown = row.nextElementSibling;
    const open = button.getAttribute("aria-expanded") === "true";
    if (shown?.className === "way") {
      shown.remove();
      for (const other of row.querySelectorAll("[data-way]")) other.setAttribute("aria-expanded", "false");
    }
    if (open) return;
    const text = await scicity.way(JSON.parse(button.dataset.way));
    if (row.nextElementSibling?.className === "way") row.nextElementSibling.remove();
    button.setAttribute("aria-expanded", "true");
    row.insertAdjacentHTML("afterend", `<tr class="way"><td colspan="4">${text}</td></tr>`);
  },
});
