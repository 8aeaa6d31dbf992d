"use strict";
// The bar between before and after: drawn aside by pointer or arrow keys.
Object.assign(scicity, {
  startSwipe() {
    const bar = document.getElementById("swipe");
    scicity.swiped = 50;
    const move = (percent) => {
      scicity.swiped = Math.min(95, Math.max(5, percent));
      bar.setAttribute("aria-valuenow", Math.round(scicity.swiped));
      scicity.clip();
    };
    bar.addEventListener("pointerdown", (event) => {
      bar.setPointerCapture(event.pointerId);
      event.preventDefault();
      bar.focus();
    });
    bar.addEventListener("pointermove", (event) => {
      if (!bar.hasPointerCapture(event.pointerId)) return;
      const box = scicity.map.getContainer().getBoundingClientRect();
      move((100 * (event.clientX - box.left)) / box.width);
    });
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -2, ArrowRight: 2, Home: -100, End: 100 }[event.key];
      if (!step) return;
      move(scicity.swiped + step);
      event.preventDefault();
    });
    scicity.map.on("move zoom viewreset resize zoomend", scicity.clip);
  },

  swiping: () => !document.getElementById("swipe").hidden,

  // each side shows its part of the map only
  clip() {
    const { map, swiped } = scicity;
    const on = scicity.swiping();
    const { x: width, y: height } = map.getSize();
    const bar = document.getElementById("swipe");
    const box = map.getContainer().getBoundingClientRect();
    const at = (width * swiped) / 100;
    Object.assign(bar.style, { left: `${box.left + at}px`, top: `${box.top}px`, height: `${height}px` });
    const cut = (from, to) => {
      const [a, b] = [map.containerPointToLayerPoint([from, 0]), map.containerPointToLayerPoint([to, height])];
      return `polygon(${a.x}px ${a.y}px, ${b.x}px ${a.y}px, ${b.x}px ${b.y}px, ${a.x}px ${b.y}px)`;
    };
    map.getPane("left").style.clipPath = on ? cut(0, at) : "";
    map.getPane("right").style.clipPath = on ? cut(at, width) : "";
  },

  showSwipe(on) {
    document.getElementById("swipe").hidden = !on;
    scicity.clip();
  },
});
