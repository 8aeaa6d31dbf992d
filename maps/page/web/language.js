"use strict";
// One language at a time: elements say theirs by `lang`, which the style sheet hides or shows;
// attributes and options, which hold no elements, by `data-zh` and `data-en`.
Object.assign(scicity, {
  LANGUAGES: { zh: "zh-CN", en: "en" },

  // both languages, of which one is seen; a text in one language only is always seen
  say: (zh, en) => (en && zh !== en
    ? `<span lang="zh-CN">${zh}</span><span lang="en">${en}</span>` : zh),

  startLanguage() {
    const asked = /[?&#]lang=(zh|en)\b/.exec(location.search + location.hash)?.[1];
    scicity.speak(asked ?? "zh");
    document.getElementById("language").addEventListener("click", () =>
      scicity.speak(scicity.language === "zh" ? "en" : "zh"));
  },

  speak(language) {
    scicity.language = language;
    document.documentElement.lang = scicity.LANGUAGES[language];
    for (const element of document.querySelectorAll(`[data-${language}]`)) {
      const names = (element.dataset.says ?? "textContent").split(" ");
      for (const name of names)
        if (name.startsWith("aria-")) element.setAttribute(name, element.dataset[language]);
        else element[name] = element.dataset[language];
    }
    // the labels of the map have changed their sizes
    scicity.map?.eachLayer((layer) => layer instanceof L.Tooltip && layer.update());
    if (scicity.map) scicity.declutter(scicity.map);
  },
});
