"use strict";
// What folium does not do: one control and one legend, hexagons that several maps share, and
// names that make room for each other. All texts that arrive here were escaped before.
const scicity = {
  measures: [],

  // what the cards on either side take of the map's width, pixels
  side: () => (scicity.wide() ? 330 : 10),
  wide: () => window.innerWidth > 900,

  // folium calls this for every feature it adds
  bind(feature, layer) {
    const look = feature.properties;
    const side = scicity.side();
    const popup = { maxWidth: 480, maxHeight: 420, autoPanPaddingTopLeft: [side, 20],
      autoPanPaddingBottomRight: [side, 20] };
    if (look.values) layer.bindPopup(() => scicity.zonePopup(look), { ...popup, minWidth: 420 });
    if (look.pop) layer.bindPopup(look.pop, popup);
    if (look.label) scicity.bindLabel(look.label, layer);
    else if (look.tip) layer.bindTooltip(look.tip, { sticky: true });
  },

  bindLabel(label, layer) {
    layer.bindTooltip(label.html, {
      permanent: true,
      direction: label.direction,
      className: "label " + label.css,
      priority: label.priority,
      minZoom: label.zoom,
      opacity: 1,
    });
    const near = (on) => () => layer.getTooltip().getElement()?.classList.toggle("near", on);
    layer.on({ mouseover: near(true), mouseout: near(false) });
  },

  // hexagons are one layer; a change map colours them as it comes into sight
  tint(zones, index, styles) {
    const Tint = L.Layer.extend({
      onAdd(map) {
        zones.setStyle((zone) => styles[zone.properties.classes[index]]);
        map.addLayer(zones);
      },
      onRemove: (map) => map.removeLayer(zones),
      bringToFront: () => zones.bringToFront(),
    });
    return new Tint();
  },

  zonePopup(look) {
    const people = (n) => (n === null ? "—" : n.toLocaleString("en"));
    const change = (n) => (n > 0 ? "+" : n < 0 ? "−" : "") + people(Math.abs(n));
    const row = ([was, now], n) =>
      `<tr><th>${scicity.measures[n]}</th><td>${people(was)}</td><td>${people(now)}</td>` +
      `<td><b>${was === null || now === null ? "—" : change(now - was)}</b></td></tr>`;
    return (
      `${look.head}<table class="numbers"><tr><th></th><td>现状<br><small>today</small></td>` +
      `<td>规划<br><small>plan</small></td><td>变化<br><small>change</small></td></tr>` +
      look.values.map(row).join("") + "</table>"
    );
  },

  start(map, options) {
    scicity.measures = options.measures;
    map.attributionControl.setPrefix("Leaflet 1.9.3").addAttribution(options.attribution);
    L.control.zoom({ position: "bottomright" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 180 }).addTo(map);
    for (const card of document.querySelectorAll("details")) card.open = scicity.wide();
    const bounds = L.latLngBounds(options.bounds);
    map.setMaxBounds(bounds.pad(0.5)).setMinZoom(8);
    map.fitBounds(L.latLngBounds(options.view).pad(0.06), {
      animate: false,
      paddingTopLeft: [scicity.side(), 10],
      paddingBottomRight: [scicity.side(), 10],
    });
    const fields = [...document.querySelectorAll("input[data-layer]")];
    const show = () => scicity.show(map, fields, options.order);
    document.querySelector("#control form").addEventListener("change", show);
    map.on("zoomend moveend resize", () => requestAnimationFrame(() => scicity.declutter(map)));
    show();
  },

  // what the form says is what the map shows; leaving comes first since maps share hexagons
  show(map, fields, order) {
    const layerOf = (field) => window[field.dataset.layer];
    for (const field of fields) if (!field.checked) layerOf(field)?.removeFrom(map);
    for (const field of fields) if (field.checked) layerOf(field)?.addTo(map);
    for (const name of order) if (map.hasLayer(window[name])) window[name].bringToFront();
    for (const part of document.querySelectorAll("[data-legend]"))
      part.hidden = !map.hasLayer(window[part.dataset.legend]);
    scicity.declutter(map);
  },

  // greedy: the most important names first, each only where no earlier one stands
  declutter(map) {
    const names = [];
    map.eachLayer((layer) => {
      if (layer instanceof L.Tooltip && layer.options.priority !== undefined) names.push(layer);
    });
    names.sort((a, b) => a.options.priority - b.options.priority);
    const size = map.getSize();
    const taken = [];
    const boxes = names.map((name) => name.getElement().getBoundingClientRect());
    names.forEach((name, n) => {
      const box = boxes[n];
      const seen = box.right > 0 && box.left < size.x && box.bottom > 0 && box.top < size.y;
      const free = seen && map.getZoom() >= name.options.minZoom && !taken.some((other) =>
        box.left < other.right && other.left < box.right &&
        box.top < other.bottom && other.top < box.bottom);
      if (free) taken.push(box);
      name.getElement().classList.toggle("off", !free);
    });
  },
};
