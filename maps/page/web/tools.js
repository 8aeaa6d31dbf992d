"use strict";
// Tools around the map: where the pointer is, how far it is, the whole screen, the paper.
Object.assign(scicity, {
  startTools() {
    const { map } = scicity;
    L.control.zoom({ position: "bottomright" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 180 }).addTo(map);
    const place = document.getElementById("coordinates");
    map.on("mousemove", ({ latlng: { lat, lng } }) => {
      place.textContent = `${lng.toFixed(5)}, ${lat.toFixed(5)}`;
    });
    const does = { screen: scicity.wholeScreen, measure: scicity.measure, print: scicity.showPaper };
    for (const [name, act] of Object.entries(does))
      document.getElementById(name).addEventListener("click", act);
    map.on("click", ({ latlng }) => {
      if (scicity.measured) scicity.measureTo(latlng);
      else if (scicity.study) scicity.pickAt(latlng);
    });
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.target !== map.getContainer() || event.key !== "Enter") return;
      if (scicity.measured) scicity.measureTo(map.getCenter());
      else if (scicity.study) scicity.pickAt(map.getCenter());
    });
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && scicity.measured) scicity.measure();
    });
  },

  wholeScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  },

  // clicks measure until the button or Escape ends it
  measure() {
    const on = !scicity.measured;
    document.getElementById("measure").setAttribute("aria-pressed", String(on));
    document.body.classList.toggle("measuring", on);
    scicity.measured?.remove();
    scicity.measured = null;
    if (!on) return;
    scicity.map.closePopup();
    const style = { color: "#c2185b", weight: 3, dashArray: "6 4", interactive: false };
    scicity.measured = L.polyline([], style).addTo(scicity.map);
    scicity.tellDistance();
  },

  measureTo(latlng) {
    scicity.measured.addLatLng(latlng);
    scicity.tellDistance();
  },

  tellDistance() {
    const points = scicity.measured.getLatLngs();
    const metres = points.slice(1).reduce((sum, point, n) => sum + point.distanceTo(points[n]), 0);
    const text = metres < 1000 ? `${metres.toFixed(0)} m` : `${(metres / 1000).toFixed(2)} km`;
    const hint = scicity.say("点击量测，Esc 结束", "click to measure, Esc ends");
    document.getElementById("distance").innerHTML = points.length > 1 ? text : hint;
  },
});
