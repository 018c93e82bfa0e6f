// Plotly on demand: the same numbers as the picture, for hover, zoom and selection.
// Plotly 4.1.1 puts two style sheets into the page, which the content security policy refuses. It leaves the
// first to plot.css when it finds a link with this id and class, and skips the second when this id is taken.
const STYLE_ID = "plotly.js-style-global";
const MAP_STYLE_ID = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";
const OPTIONS = { displayModeBar: false, showSendToCloud: false, responsive: true };

let loading;
const drawn = new Set();

function loaded(element) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve, { once: true });
    element.addEventListener("error", reject, { once: true });
    document.head.append(element);
  });
}

function library({ plotly, css }) {
  loading ??= (async () => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: css, id: STYLE_ID });
    style.className = "no-inline-styles";
    document.head.append(Object.assign(document.createElement("meta"), { id: MAP_STYLE_ID }));
    await loaded(style);
    await loaded(Object.assign(document.createElement("script"), { src: plotly }));
    return globalThis.Plotly;
  })().catch((error) => { loading = undefined; throw error; });
  return loading;
}

// light-dark() inside a custom property is only resolved where it becomes a colour: on a probe.
function palette() {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const found = new Map();
  return {
    color(name) {
      if (!found.has(name)) {
        probe.style.color = `var(--${name})`;
        found.set(name, getComputedStyle(probe).color);
      }
      return found.get(name);
    },
    done() { probe.remove(); },
  };
}

function withAlpha(color, alpha) {
  const parts = color.match(/[\d.]+/g);
  return parts ? `rgba(${parts.slice(0, 3).join(", ")}, ${alpha})` : color;
}

// "token:promoter" and "token:noise/0.14", wherever they stand in the description.
function resolved(value, colors) {
  if (typeof value === "string") {
    const token = /^token:([a-z-]+)(?:\/([\d.]+))?$/.exec(value);
    if (!token) return value;
    const color = colors.color(token[1]);
    return token[2] ? withAlpha(color, token[2]) : color;
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, colors));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, colors)]));
  }
  return value;
}

async function draw(box, id, urls) {
  const Plotly = await library(urls);
  const source = JSON.parse(document.getElementById(id).textContent);
  const colors = palette();
  const { data, layout } = resolved(source, colors);
  colors.done();
  layout.font = { ...layout.font, family: getComputedStyle(document.body).fontFamily };
  layout.width = undefined;
  await Plotly.react(box, data, layout, OPTIONS);
  box.dataset.drawn = id;
  drawn.add(box);
}

async function toggle(button) {
  const picture = document.getElementById(`${button.dataset.explore}-box`);
  const box = picture.querySelector(".plot");
  const open = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(open));
  if (!open) {
    box.hidden = true;
    picture.classList.remove("exploring");
    return;
  }
  button.setAttribute("aria-busy", "true");
  try {
    await library(button.dataset);
    box.hidden = false;
    picture.classList.add("exploring");
    await draw(box, button.dataset.explore, button.dataset);
  } catch {
    box.hidden = true;
    picture.classList.remove("exploring");
    button.setAttribute("aria-pressed", "false");
  } finally {
    button.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-explore]");
  if (button) toggle(button);
});

// What only Plotly draws waits until it comes near the viewport.
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    draw(target, target.dataset.plot, target.dataset);
  }
}, { rootMargin: "300px" });

function watch(root) {
  for (const box of root.querySelectorAll("[data-plot]:not([data-drawn])")) near.observe(box);
}
watch(document);
document.addEventListener("htmx:afterSwap", (event) => watch(event.target));

function redraw() {
  for (const box of drawn) {
    if (!box.isConnected) drawn.delete(box);
    else if (!box.hidden) draw(box, box.dataset.drawn, {});
  }
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
