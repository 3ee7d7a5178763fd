"use strict";
// The page is complete without this: it only hides, orders and opens what is there.
(() => {
  const list = document.getElementById("finding-list");
  const form = document.getElementById("filter");
  if (form && list) {
    const items = [...list.children];
    const words = new Map();
    const field = (name) => form.elements[name].value;
    const has = (item, name) => {
      const wanted = field(name);
      return wanted === "" || item.dataset[name].split(" ").includes(wanted);
    };
    const text = (item) => {
      if (!words.has(item)) words.set(item, item.textContent.toLowerCase());
      return words.get(item);
    };
    const show = () => {
      const typed = field("text").trim().toLowerCase();
      let shown = 0;
      for (const item of items) {
        item.hidden = !(
          has(item, "severity") &&
          has(item, "environment") &&
          has(item, "registration") &&
          (typed === "" || text(item).includes(typed))
        );
        if (!item.hidden) shown += 1;
      }
      form.elements.shown.value = shown + " of " + items.length + " shown";
    };
    const order = () => {
      const key = field("sort");
      const sorted = [...items];
      if (key !== "") {
        sorted.sort((a, b) => (a.dataset[key] < b.dataset[key] ? -1 : a.dataset[key] > b.dataset[key] ? 1 : 0));
      }
      list.append(...sorted);
    };
    form.addEventListener("input", show);
    form.elements.sort.addEventListener("change", order);
    form.hidden = false;
    show();
  }
  for (const input of document.querySelectorAll("input[data-rows]")) {
    const rows = [...document.getElementById(input.dataset.rows).querySelectorAll("[data-row]")];
    input.addEventListener("input", () => {
      const typed = input.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(typed);
    });
    input.closest(".rowfilter").hidden = false;
  }
  const reveal = () => {
    const part = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (part && part.localName === "details") part.open = true;
    if (part && part.hidden && form) {
      for (const name of ["severity", "environment", "registration", "text"]) form.elements[name].value = "";
      form.dispatchEvent(new Event("input"));
      part.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not(.calm)")) part.open = true;
  });
})();
