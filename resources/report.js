// What the graphs show under the mouse or the finger: a line through all of them, and the values beside it.
"use strict";
const rounded = (value) => Number(value.toPrecision(value < 0.995 ? 2 : 3));
const time = (s) => (s < 0.9995 ? `${rounded(s * 1e3)} ms` : s < 99.5 ? `${rounded(s)} s` : `${Math.round(s)} s`);
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

function reader(scale) {
  const [kind, low, high] = scale.split(" ", 3);
  if (kind === "log") return (share) => time((low * (high / low) ** share) / 1e3);
  return (share) => `${compact.format(low * share).replace("K", "k")} ${scale.split(" ").slice(2).join(" ")}`;
}

const plots = [...document.querySelectorAll(".plot[data-span]")].map((plot) => {
  const area = plot.querySelector(".area"), height = area.querySelector("svg").viewBox.baseVal.height;
  const curves = [...area.querySelectorAll(".curve")].map((curve) => ({
    name: curve.dataset.name,
    points: [...curve.getAttribute("d").matchAll(/([ML])([\d.]+),([\d.]+)/g)]
      .map(([, letter, x, y]) => ({ starts: letter === "M", x: x / 1000, share: 1 - y / height })),
  }));
  const line = document.createElement("div"), tip = document.createElement("div");
  line.className = "cross"; tip.className = "tip";
  return { area, curves, line, tip, span: Number(plot.dataset.span), said: reader(plot.dataset.scale) };
});

function share(points, x) {
  const after = points.findIndex((point) => point.x >= x);
  if (after < 0 || (after === 0 && points[0].x > x)) return null;
  const end = points[after], begin = points[after - 1];
  if (!begin || end.x === x) return end.share;
  if (end.starts) return null;
  return begin.share + ((end.share - begin.share) * (x - begin.x)) / (end.x - begin.x || 1);
}

function show(event) {
  const box = event.currentTarget.getBoundingClientRect(), x = (event.clientX - box.left) / box.width;
  if (x < 0 || x > 1) return;
  for (const { area, curves, line, tip, span, said } of plots) {
    line.style.left = `${x * 100}%`;
    area.append(line);
    if (!curves.length) continue;
    const values = curves.map(({ name, points }) => [name, share(points, x)]);
    tip.textContent = values.filter(([, value]) => value !== null)
      .map(([name, value]) => (name ? `${name}: ${said(value)}` : said(value)))
      .concat(`${time(x * span)} after Start`).join("\n");
    area.append(tip);
    const at = x * area.clientWidth, room = area.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(at + 8 <= room ? at + 8 : at - tip.offsetWidth - 8, room))}px`;
  }
}

for (const { area } of plots) {
  area.addEventListener("pointermove", show);
  area.addEventListener("pointerdown", show);
  area.addEventListener("pointerleave", () => plots.forEach(({ line, tip }) => { line.remove(); tip.remove(); }));
}
