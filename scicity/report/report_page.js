"use strict";
(() => {
  const page = document.documentElement;
  const speak = (english) => {
    page.lang = english ? "en" : "zh-CN";
    document.title = english ? page.dataset.titleEn : page.dataset.titleZh;
  };
  speak(new URLSearchParams(location.search).get("lang") === "en");
  document.querySelector(".language").onclick = () => speak(page.lang !== "en");
})();
