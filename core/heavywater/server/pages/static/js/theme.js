// Before anything is drawn: the colours that the user chose; without a choice those of the system.
"use strict";
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  } catch {
    // no storage: the system decides
  }
})();
