"use strict";
// thin lines are hit by a pointer near them, pixels
L.Canvas.mergeOptions({ tolerance: 5 });

// What folium does not do: one control and one legend, hexagons that several maps share, and
// names that make room for each other. All texts that arrive here were escaped before.
const scicity = {
  measures: [],
  // names of kinds of things, by their key
  kinds: {},

  // what the cards on either side take of the map's width, pixels
  side: () => (scicity.wide() ? 330 : 10),
  wide: () => window.innerWidth > 900,

  popup: () => ({ maxWidth: 480, maxHeight: 420, autoPanPaddingTopLeft: [scicity.side(), 70],
    autoPanPaddingBottomRight: [scicity.side(), 20] }),

  features: (collection) => L.geoJson(collection, {
    style: (feature) => feature.properties.style,
    pointToLayer: (feature, latlng) => L.circleMarker(latlng, feature.properties.style),
    onEachFeature: scicity.bind,
  }),

  bind(feature, layer) {
    const look = feature.properties;
    const popup = scicity.popup();
    if (look.values) layer.bindPopup(() => scicity.zonePopup(look), { ...popup, minWidth: 420 });
    if (look.pop) layer.bindPopup(look.pop, popup);
    if (look.label) scicity.bindLabel(look.label, layer);
    else if (look.tip) layer.bindTooltip(look.tip, { sticky: true });
    const thin = look.tip && !look.pop && !(layer instanceof L.Polygon);
    if (thin) layer.on("click", ({ latlng }) => scicity.tell(layer, latlng));
  },

  // a layer's popup; else its tip as a popup, with the hexagon below, which it would else hide
  tell(layer, latlng) {
    if (layer.getPopup()) return layer.openPopup(latlng);
    const { tip, label } = layer.feature.properties;
    const zone = scicity.zoneAt(latlng);
    const html = (typeof tip === "function" ? tip(latlng) : tip) + (zone ? `<hr>${zone}` : "");
    if (!label) layer.closeTooltip();
    const options = { ...scicity.popup(), minWidth: zone ? 420 : 50 };
    L.popup(options).setLatLng(latlng).setContent(html).openOn(scicity.map);
  },

  zoneAt(latlng) {
    if (!scicity.map.hasLayer(scicity.zones)) return "";
    const point = scicity.map.latLngToLayerPoint(latlng);
    const below = scicity.zones.getLayers().find((zone) =>
      zone.getBounds().contains(latlng) && zone._containsPoint(point));
    return below ? scicity.zonePopup(below.feature.properties) : "";
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
    Object.assign(scicity, { map, measures: options.measures, kinds: options.kinds });
    scicity.zones = window[options.zones];
    map.attributionControl.setPrefix("Leaflet 1.9.3").addAttribution(options.attribution);
    L.control.zoom({ position: "bottomright" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 180 }).addTo(map);
    for (const card of document.querySelectorAll("details")) card.open = scicity.wide();
    const bounds = L.latLngBounds(options.bounds);
    map.setMaxBounds(bounds.pad(0.5)).setMinZoom(8);
    scicity.fit(L.latLngBounds(options.view).pad(0.06));
    const fields = [...document.querySelectorAll("input[data-layer]")];
    scicity.order = options.order;
    const show = () => scicity.show(map, fields);
    document.querySelector("#control form").addEventListener("change", show);
    map.on("zoomend moveend resize", () => requestAnimationFrame(() => scicity.declutter(map)));
    show();
    scicity.startSearch(options.order);
  },

  // show a place between the cards
  fit(bounds, options) {
    const padding = [scicity.side(), 10];
    const paddings = { paddingTopLeft: padding, paddingBottomRight: padding };
    scicity.map.fitBounds(bounds, { animate: false, ...paddings, ...options });
  },

  // what the form says is what the map shows; leaving comes first since maps share hexagons
  show(map, fields) {
    const layerOf = (field) => window[field.dataset.layer];
    for (const field of fields) if (!field.checked) layerOf(field)?.removeFrom(map);
    for (const field of fields) if (field.checked) layerOf(field)?.addTo(map);
    scicity.restack();
    for (const part of document.querySelectorAll("[data-legend]"))
      part.hidden = !map.hasLayer(window[part.dataset.legend]);
    scicity.declutter(map);
  },

  // what is added last would lie on top
  restack() {
    for (const name of scicity.order)
      if (scicity.map.hasLayer(window[name])) window[name].bringToFront();
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
