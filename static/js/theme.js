// Runs before the first paint: the reader's own choice of theme, if there is one.
(() => {
  try {
    const choice = localStorage.getItem("theme");
    if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
  } catch {
    // Storage may be closed to us; the system's theme stands.
  }
})();
