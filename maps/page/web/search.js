"use strict";
// The search field: names of what is drawn, Chinese and English; a hit is zoomed to, marked for a
// moment and told. The index holds the layers themselves.
Object.assign(scicity, {
  HITS: 10,
  MARKED_MS: 5000,
  // kinds of things that are somewhere
  WHERE: ["street", "station", "planned_station", "stop"],

  // one entry a name of a kind: all streets, lines or parts of that name together
  index(names) {
    const entries = new Map();
    for (const name of names) {
      window[name].eachLayer?.((layer) => {
        const [kind, zh, en] = layer.feature?.properties.find ?? [];
        if (!zh && !en) return;
        const key = `${kind}\n${zh || en}`;
        const entry = entries.get(key) ?? { kind, zh, en, text: "", places: [] };
        entry.en ||= en;
        entry.text = scicity.plain(`${entry.zh}\n${entry.en}`);
        entry.places.push({ name, layer });
        entries.set(key, entry);
      });
    }
    return [...entries.values()];
  },

  // letters as they are compared: case, width and blanks do not matter
  plain: (text) => text.normalize("NFKC").toLowerCase().replace(/[ \t]+/g, " ").trim(),

  // those with that name first, then those that begin with it; then by kind; then the shortest
  matches(entries, query) {
    const wanted = scicity.plain(query);
    if (!wanted) return [];
    const order = Object.keys(scicity.kinds);
    const rank = ({ text, kind }) => {
      const at = `\n${text}\n`.includes(`\n${wanted}\n`) ? 0
        : `\n${text}`.includes(`\n${wanted}`) ? 1 : 2;
      return at * 1e6 + order.indexOf(kind) * 1e4 + Math.min(text.length, 9999);
    };
    return entries
      .filter(({ text }) => text.includes(wanted))
      .map((entry) => [rank(entry), entry])
      .sort(([a], [b]) => a - b)
      .map(([, entry]) => entry);
  },

  startSearch(names) {
    const field = document.querySelector("#search input");
    const list = document.querySelector("#hits");
    let entries = null;
    let hits = [];
    let active = -1;

    const close = () => {
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };
    const activate = (number) => {
      active = number;
      [...list.children].forEach((line, n) => line.setAttribute("aria-selected", n === active));
      list.children[active]?.scrollIntoView({ block: "nearest" });
      if (active >= 0) field.setAttribute("aria-activedescendant", `hit-${active}`);
    };
    const choose = (number) => {
      if (!hits[number]) return;
      field.value = hits[number].zh || hits[number].en;
      close();
      scicity.goTo(hits[number]);
    };
    const open = () => {
      entries ??= scicity.index(names);
      const all = scicity.matches(entries, field.value);
      hits = all.slice(0, scicity.HITS);
      list.replaceChildren(...hits.map(scicity.hitLine));
      const more = all.length - hits.length;
      if (field.value.trim() && !hits.length)
        list.append(scicity.textLine("没有找到", "not in this network"));
      if (more) list.append(scicity.textLine(`还有 ${more} 项，请继续输入`, `${more} more: type on`));
      list.hidden = !list.children.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
      activate(hits.length ? 0 : -1);
    };

    field.addEventListener("input", (event) => event.isComposing || open());
    field.addEventListener("compositionend", open);
    field.addEventListener("focus", () => field.value && open());
    field.addEventListener("blur", close);
    field.addEventListener("keydown", (event) => {
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.isComposing) return;
      if (event.key in steps && hits.length) {
        if (list.hidden) open();
        else activate((active + steps[event.key] + hits.length) % hits.length);
      } else if (event.key === "Enter") choose(active);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose([...list.children].indexOf(event.target.closest("[role=option]")));
    });
  },

  hitLine({ kind, zh, en }, number) {
    const part = (tag, text, attributes) =>
      Object.assign(document.createElement(tag), { textContent: text, ...attributes });
    const line = part("li", "", { id: `hit-${number}` });
    line.setAttribute("role", "option");
    const [kindZh, kindEn] = scicity.kinds[kind];
    const small = zh && en ? [" ", part("small", en)] : [];
    const name = part("span", "");
    name.append(zh || en, ...small);
    const said = scicity.say(kindZh, kindEn);
    line.append(name, part("small", "", { className: "kind", innerHTML: said }));
    return line;
  },

  textLine: (zh, en) =>
    Object.assign(document.createElement("li"), { innerHTML: scicity.say(zh, en) }),

  goTo({ places }) {
    scicity.switchOn(places.map(({ name }) => name));
    const bounds = L.latLngBounds([]);
    for (const { layer } of places) bounds.extend(layer.getBounds?.() ?? layer.getLatLng());
    scicity.map.closePopup();
    scicity.fit(bounds, { maxZoom: 15 });
    scicity.mark(places.map(({ layer }) => layer));
    const middle = bounds.getCenter();
    const spots = places.map(({ layer }) => scicity.spot(layer, middle));
    const best = spots.reduce((a, b) => (b.away < a.away ? b : a));
    scicity.tell(best.layer, best.latlng);
    scicity.askAbout(best);
  },

  // a place that was looked for is asked about too
  askAbout({ layer, latlng }) {
    const { point, find } = layer.feature.properties;
    if (!scicity.study) return;
    if (point !== undefined) scicity.pick(point);
    else if (scicity.WHERE.includes(find[0])) scicity.pickAt(latlng);
  },

  // what is hidden is switched on, as if by hand
  switchOn(names) {
    const fields = [...document.querySelectorAll("input[data-layer]")];
    const off = fields.filter((field) => names.includes(field.dataset.layer) && !field.checked);
    for (const field of off) field.checked = true;
    if (off.length) document.querySelector("#control form").dispatchEvent(new Event("change"));
  },

  // where on a layer its popup opens: the place nearest to the middle of all hits
  spot(layer, middle) {
    if (layer.getLatLng) return { layer, latlng: layer.getLatLng(), away: 0 };
    if (layer instanceof L.Polygon) return { layer, latlng: layer.getCenter(), away: 0 };
    const lines = layer.getLatLngs();
    return { layer, ...scicity.nearest(L.LineUtil.isFlat(lines) ? [lines] : lines, middle) };
  },

  mark(layers) {
    scicity.marked?.remove();
    const strokes = [{ color: "#1d1d1f", weight: 10 }, { color: "#ffd400", weight: 6 }];
    const marks = strokes.flatMap((stroke) => layers.map((layer) => {
      const style = { ...stroke, opacity: 0.9, fill: false, interactive: false };
      if (layer.getLatLng) return L.circleMarker(layer.getLatLng(), { ...style, radius: 16 });
      const Shape = layer instanceof L.Polygon ? L.Polygon : L.Polyline;
      return new Shape(layer.getLatLngs(), style);
    }));
    const marked = L.layerGroup(marks).addTo(scicity.map);
    scicity.marked = marked;
    setTimeout(() => marked.remove(), scicity.MARKED_MS);
  },
});
