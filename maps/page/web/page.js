"use strict";
// thin lines are hit by a pointer near them, pixels
L.Canvas.mergeOptions({ tolerance: 5 });
// panes below all that has a popup, and their heights
const PANES = { paper: 200, online: 210, right: 330, left: 340 };
L.Map.addInitHook(function addPanes() {
  for (const [name, height] of Object.entries(PANES)) this.createPane(name).style.zIndex = height;
});

// What folium does not do: one control and one legend, and names that make room for each other.
// All texts that arrive here were escaped before.
const scicity = {
  // what the page can be asked about; null: nothing
  study: null,
  asked: { point: null },

  // what the cards on either side take of the map's width, pixels
  side: () => (scicity.wide() ? 330 : 10),
  wide: () => window.innerWidth > 900,

  popup: () => ({ maxWidth: 480, maxHeight: 420, autoPanPaddingTopLeft: [scicity.side(), 70],
    autoPanPaddingBottomRight: [scicity.side(), 20] }),

  // options of what lies in a pane of its own
  pane: (name) => ({ pane: name, renderer: L.canvas({ pane: name }), interactive: false }),

  features: (collection, pane) => L.geoJson(collection, {
    style: (feature) => feature.properties.style,
    pointToLayer: (feature, latlng) => L.circleMarker(latlng, feature.properties.style),
    onEachFeature: scicity.bind,
    ...(pane ? scicity.pane(pane) : {}),
  }),

  bind(feature, layer) {
    const look = feature.properties;
    if (look.pop) layer.bindPopup(look.pop, scicity.popup());
    if (look.label) scicity.bindLabel(look.label, layer);
    else if (look.tip) layer.bindTooltip(look.tip, { sticky: true });
    const thin = look.tip && !look.pop && !(layer instanceof L.Polygon);
    if (thin) layer.on("click", (event) => scicity.told(layer, look, event));
  },

  // a click on a place asks about the place; on a street also about the hexagon below it
  told(layer, look, event) {
    if (scicity.measured) return;
    scicity.tell(layer, event.latlng);
    if (look.point === undefined || !scicity.study) return;
    L.DomEvent.stopPropagation(event);
    scicity.pick(look.point);
  },

  // a layer's popup; else its tip as a popup
  tell(layer, latlng) {
    if (layer.getPopup()) return layer.openPopup(latlng);
    const { tip, label } = layer.feature.properties;
    if (!label) layer.closeTooltip();
    const html = typeof tip === "function" ? tip(latlng) : tip;
    L.popup(scicity.popup()).setLatLng(latlng).setContent(html).openOn(scicity.map);
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

  start(map, options) {
    Object.assign(scicity, options, { map });
    map.attributionControl.setPrefix("Leaflet 1.9.3").addAttribution(options.attribution);
    for (const card of document.querySelectorAll("details.card")) card.open = scicity.wide();
    map.setMaxBounds(L.latLngBounds(options.bounds).pad(0.5)).setMinZoom(8);
    scicity.startLanguage();
    scicity.fit(L.latLngBounds(options.view).pad(0.06));
    const fields = [...document.querySelectorAll("input[data-layer]")];
    const show = () => scicity.show(map, fields);
    document.querySelector("#control form").addEventListener("change", show);
    map.on("zoomend moveend resize", () => requestAnimationFrame(() => scicity.declutter(map)));
    show();
    scicity.startSearch(options.order);
    scicity.startTools();
    scicity.startPaper();
    // the times stand at the end of the page
    if (!scicity.study) return;
    if (document.readyState !== "loading") scicity.startStudy();
    else document.addEventListener("DOMContentLoaded", scicity.startStudy);
  },

  // what answers questions; a popup's button asks about the project that it tells of
  startStudy() {
    if (typeof DecompressionStream === "undefined") {
      document.getElementById("answer").innerHTML = scicity.say(
        "此浏览器版本过旧，无法解压出行时间；请使用 Chrome、Edge 105 或 Firefox 121 以上版本",
        "this browser is too old to unpack the travel times: Chrome or Edge 105, Firefox 121");
      return;
    }
    scicity.startZones();
    scicity.startSwipe();
    scicity.startPicked();
    document.addEventListener("click", ({ target }) => {
      const state = target.closest?.(".leaflet-popup [data-state]")?.dataset.state;
      if (state && scicity.states.has(state)) scicity.choose({ state });
    });
    scicity.ready = scicity.startQuestion();
  },

  // show a place between the cards
  fit(bounds, options) {
    const { map } = scicity;
    // Leaflet hears of a resized window a frame later than the page knows its width
    map.invalidateSize({ animate: false });
    const { x, y } = map.getSize();
    // a hidden page has no size to fit into; it is resized when it is shown
    if (!x || !y) return map.once("resize", () => scicity.fit(bounds, options));
    // something must be left of the map, else the zoom is no number
    const padding = [Math.min(scicity.side(), 0.4 * x), Math.min(10, 0.4 * y)];
    const paddings = { paddingTopLeft: padding, paddingBottomRight: padding };
    map.fitBounds(bounds, { animate: false, ...paddings, ...options });
  },

  // what the form says is what the map shows
  show(map, fields) {
    const layerOf = (field) => window[field.dataset.layer];
    for (const field of fields)
      if (field.checked) layerOf(field)?.addTo(map);
      else layerOf(field)?.removeFrom(map);
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
      const free = seen && !name.options.hidden && map.getZoom() >= name.options.minZoom && !taken.some((other) =>
        box.left < other.right && other.left < box.right &&
        box.top < other.bottom && other.top < box.bottom);
      if (free) taken.push(box);
      name.getElement().classList.toggle("off", !free);
    });
  },
};
