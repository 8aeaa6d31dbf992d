"use strict";
(() => {
  const page = document.documentElement;
  const speak = (english) => { page.lang = english ? "en" : "zh-CN"; };
  speak(new URLSearchParams(location.search).get("lang") === "en");
  document.getElementById("language").onclick = () => speak(page.lang !== "en");
  const body = document.querySelector("tbody");
  const heads = [...document.querySelectorAll("th")];
  heads.forEach((head, column) => {
    head.firstChild.onclick = () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      const text = (row) => (column ? row.cells[column].textContent : row.className);
      const compare = (a, b) => text(a).localeCompare(text(b), "en", { numeric: true });
      const rows = [...body.rows].sort((a, b) => (up ? compare(a, b) : compare(b, a)));
      body.append(...rows);
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
    };
  });
})();
