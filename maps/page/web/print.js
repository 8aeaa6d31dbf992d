"use strict";
// The paper: an A3 sheet in landscape with title, map, legend, date and sources. The page shows it
// as it will be printed; the browser's own printing shows it too.
Object.assign(scicity, {
  startPaper() {
    document.getElementById("paper-print").addEventListener("click", () => window.print());
    document.getElementById("paper-close").addEventListener("click", scicity.hidePaper);
    window.addEventListener("beforeprint", scicity.showPaper);
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") scicity.hidePaper();
    });
  },

  onPaper: () => document.body.classList.contains("paper"),

  showPaper() {
    if (scicity.onPaper()) return;
    const { map } = scicity;
    // the window may have been resized since Leaflet looked
    map.invalidateSize({ animate: false });
    const bounds = map.getBounds();
    const { x, y } = map.getSize();
    map.closePopup();
    scicity.opened = [...document.querySelectorAll("details.card")].map((card) => [card, card.open]);
    for (const [card] of scicity.opened) card.open = true;
    document.getElementById("paper-date").textContent = new Date().toLocaleDateString("sv");
    document.getElementById("paper-sources").innerHTML = scicity.sources();
    document.body.classList.add("paper");
    // twice as many pixels, for the printer
    scicity.retina = L.Browser.retina;
    L.Browser.retina = true;
    map.invalidateSize({ animate: false });
    // a hidden page's bounds are a point, which no zoom fits
    if (x && y) map.fitBounds(bounds, { animate: false });
    scicity.clip();
  },

  hidePaper() {
    if (!scicity.onPaper()) return;
    document.body.classList.remove("paper");
    L.Browser.retina = scicity.retina;
    for (const [card, open] of scicity.opened) card.open = open;
    scicity.map.invalidateSize({ animate: false });
    scicity.clip();
  },

  // who says so: the documents behind the projects that are shown
  sources() {
    const open = new Set(scicity.asked.state?.projects);
    const documents = (scicity.study?.documents ?? []).filter(({ projects }) =>
      projects.some((project) => open.has(project)));
    return documents.map(({ text }) => scicity.escape(text)).join("; ");
  },
});
