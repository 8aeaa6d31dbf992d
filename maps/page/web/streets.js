"use strict";
// Streets, packed: those that look and read the same are one line of many parts. Their names
// arrive as plain text and are escaped here.
Object.assign(scicity, {
  escape: (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`),

  // Google's encoded polyline, five decimals
  decode(text) {
    const points = [];
    const sums = [0, 0];
    let n = 0;
    for (let at = 0; at < text.length; n++) {
      let number = 0, shift = 0, chunk;
      do {
        chunk = text.charCodeAt(at++) - 63;
        number += (chunk & 31) << shift;
        shift += 5;
      } while (chunk >= 32);
      sums[n % 2] += number & 1 ? ~(number >> 1) : number >> 1;
      if (n % 2) points.push([sums[0] / 1e5, sums[1] / 1e5]);
    }
    return points;
  },

  // how much wider streets are drawn when one looks closely
  width: (zoom) => (zoom < 13 ? 1 : zoom < 15 ? 1.6 : 2.4),

  // a layer of levels, each drawn from a zoom on; the ones that appear last lie lowest
  streets({ styles, rows, streets }) {
    const levels = new Map();
    let width = 1;
    for (const [zh, en, strokes, row, zoom, lines, ways] of streets) {
      const parts = lines.split(" ").map(scicity.decode);
      const level = levels.get(zoom) ?? levels.set(zoom, L.featureGroup()).get(zoom);
      strokes.forEach((style, number) => {
        const top = number === 0;
        const line = L.polyline(parts, { ...styles[style], interactive: top }).addTo(level);
        if (top) scicity.bindStreet(line, { zh, en, rows: rows[row], ways: ways.split(" ") });
      });
    }
    const zooms = [...levels.keys()].sort((a, b) => b - a);
    const Streets = L.Layer.extend({
      onAdd(map) {
        map.on("zoomend", this.zoomed, this);
        this.zoomed();
      },
      onRemove(map) {
        map.off("zoomend", this.zoomed, this);
        for (const level of levels.values()) level.removeFrom(map);
      },
      zoomed() {
        const now = scicity.width(this._map.getZoom());
        if (now !== width)
          this.eachLayer((line) => line.setStyle({ weight: (line.options.weight * now) / width }));
        width = now;
        const added = zooms.filter((zoom) => {
          const level = levels.get(zoom);
          const was = this._map.hasLayer(level);
          if (this._map.getZoom() < zoom) level.removeFrom(this._map);
          else level.addTo(this._map);
          return !was && this._map.hasLayer(level);
        });
        if (added.length) scicity.restack();
      },
      bringToFront() {
        for (const zoom of zooms) levels.get(zoom).bringToFront();
      },
      eachLayer(visit) {
        for (const level of levels.values()) level.eachLayer(visit);
      },
    });
    return new Streets();
  },

  bindStreet(line, { zh, en, rows, ways }) {
    const head = `<b>${scicity.say(...[zh || en || "—", en || zh].map(scicity.escape))}</b>`;
    let part = 0;
    const way = () => ways[part] && `<tr><th>OSM way</th><td>${ways[part]}</td></tr>`;
    const text = () => head + rows.replace("</table>", `${way() ?? ""}</table>`);
    // the pointer may pass from one way to another of the same name
    const at = (latlng) => {
      const before = part;
      if (ways.length > 1) part = scicity.nearest(line.getLatLngs(), latlng).part;
      return part !== before;
    };
    const tip = (latlng) => {
      at(latlng);
      return text();
    };
    line.feature = { properties: { find: ["street", zh, en], tip } };
    line.on("mouseover mousemove", ({ latlng }) => {
      if (at(latlng) && line.isTooltipOpen()) line.getTooltip().update();
    });
    line.bindTooltip(text, { sticky: true });
    line.on("click", (event) => scicity.told(line, line.feature.properties, event));
  },

  // the place on lines that is nearest to a point, and on which of them it is
  nearest(lines, { lat, lng }) {
    const flat = Math.cos((lat * Math.PI) / 180);
    const plane = (point) => L.point((point.lng - lng) * flat, point.lat - lat);
    const here = L.point(0, 0);
    const best = { away: Infinity, part: 0, latlng: lines[0][0] };
    lines.forEach((points, part) => {
      // most lines are farther off as a whole
      points.box ??= L.latLngBounds(points);
      const [low, high] = [plane(points.box.getSouthWest()), plane(points.box.getNorthEast())];
      if (Math.max(low.x, low.y, -high.x, -high.y) >= best.away) return;
      for (let n = 1; n < points.length; n++) {
        const [a, b] = [plane(points[n - 1]), plane(points[n])];
        const spot = L.LineUtil.closestPointOnSegment(here, a, b);
        const away = spot.distanceTo(here);
        if (away < best.away) {
          const latlng = L.latLng(lat + spot.y, lng + spot.x / flat);
          Object.assign(best, { away, part, latlng });
        }
      }
    });
    return best;
  },
});
