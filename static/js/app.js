// What every staff page shares: search by key, theme, menus, copying, and words when a request fails.

const root = document.documentElement;

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
    const search = document.getElementById("search");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  }
  if (event.key === "Escape") {
    const open = event.target.closest("details.menu[open]") ?? document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) chooseTheme(theme.dataset.themeChoice);
  const copy = event.target.closest("[data-copy]");
  if (copy) copyText(copy);
});

function chooseTheme(choice) {
  if (choice) root.dataset.theme = choice;
  else delete root.dataset.theme;
  try {
    if (choice) localStorage.setItem("theme", choice);
    else localStorage.removeItem("theme");
  } catch {
    // The choice then lasts as long as the page.
  }
  markTheme();
}

function markTheme() {
  const now = root.dataset.theme ?? "";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
  }
}

// <button data-copy="text" data-copied="Copied">Copy</button>
async function copyText(button) {
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied ?? "✓";
    setTimeout(() => { button.textContent = words; }, 2000);
  } catch {
    // Without permission the text stays where it can be selected.
  }
}

function say(words) {
  const region = document.getElementById("messages");
  if (!region || !words) return;
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.textContent = words;
  region.replaceChildren(notice);
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => say(document.querySelector('meta[name="failed-text"]')?.content));
}

markTheme();
