"use strict";
// The hexagons, twice: before on the left of the swipe's bar, after on its right. They lie in panes
// below everything that has a popup; a click on the map finds its hexagon by place.
Object.assign(scicity, {
  // a click this far from the middle of any hexagon finds none, metres
  FAR_M: 3000,

  startZones() {
    const { outlines } = scicity.study;
    scicity.rings = outlines.map(scicity.decode);
    scicity.middles = scicity.rings.map((ring) => L.latLngBounds(ring).getCenter());
    scicity.sides = Object.fromEntries(["left", "right"].map((name) => {
      const options = scicity.pane(name);
      const style = { color: "#8f8d86", weight: 0.3, opacity: 0.7, fillOpacity: 0.85, ...options };
      const zones = scicity.rings.map((ring) => L.polygon(ring, style));
      return [name, { options, zones, group: L.layerGroup(zones), shapes: L.layerGroup() }];
    }));
  },

  // colour the hexagons of a side; those that look over the edge of the network are dashed
  paint(side, colors, edges) {
    side.shapes.remove();
    side.zones.forEach((zone, n) => {
      const edge = edges?.[n];
      zone.setStyle({ fillColor: colors[n], fillOpacity: colors[n] === scicity.NONE ? 0.35 : 0.85,
        weight: edge ? 1 : 0.3, color: edge ? "#4a4842" : "#8f8d86", dashArray: edge ? "2 3" : null });
    });
    side.group.addTo(scicity.map);
  },

  // shapes (isochrones) in place of the hexagons
  shape(side, layers) {
    side.group.remove();
    side.shapes.clearLayers();
    for (const layer of layers) side.shapes.addLayer(layer);
    side.shapes.addTo(scicity.map);
  },

  clear(side) {
    side.group.remove();
    side.shapes.remove();
  },

  // the hexagon at a place, or the nearest one if it is not far
  zoneAt(latlng) {
    let best = -1;
    let away = scicity.FAR_M;
    scicity.middles.forEach((middle, n) => {
      const metres = Math.abs(middle.lat - latlng.lat) < 0.1 ? middle.distanceTo(latlng) : Infinity;
      if (metres < away) [best, away] = [n, metres];
    });
    return best;
  },

  // the isochrones of a state: bands, the nearest first
  isochroneBands(state, mode) {
    const { numbers, shapes } = scicity.study.isochrones;
    return shapes[numbers[`${state.id} ${mode}`]] ?? [];
  },

  isochroneLayers(state, mode, options, strokes) {
    return scicity.isochroneBands(state, mode).map(({ parts, style }) => L.polygon(
      parts.map((rings) => rings.map(scicity.decode)), { ...style, ...strokes, ...options }));
  },
});
