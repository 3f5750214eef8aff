// What is wrong with a page as it is shown, as sentences: text that is cut off, breaks within words, lies over other text,
// is too small or too pale; lines that are too pale; pictures without anything in them; a page wider than its screen.
(() => {
  const faults = new Set(), SLACK = 1, SMALLEST_PX = 11, TEXT = 4.5, LINE = 3, LONG_WORD = 24;
  const short = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 40));
  const color = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return text.startsWith("color(") ? parts.slice(-4).map((part, at) => (at < 3 ? part * 255 : part)) : parts;
  };
  const over = ([r, g, b, alpha = 1], below) => [r, g, b].map((part, at) => part * alpha + below[at] * (1 - alpha));
  const luminance = (parts) => {
    const [r, g, b] = parts.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const paper = matchMedia("(prefers-color-scheme: dark)").matches && matchMedia("screen").matches ? [18, 18, 18] : [255, 255, 255];
  const ground = (element) => {
    if (!element) return paper;
    const own = color(getComputedStyle(element).backgroundColor);
    return own[3] === 0 ? ground(element.parentElement) : over(own, ground(element.parentElement));
  };
  const opacity = (element) => (element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1);

  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) {
    faults.add(`sideways: the page is ${document.documentElement.scrollWidth} px wide on ${document.documentElement.clientWidth}`);
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.textContent.trim() || !element.checkVisibility() || element.closest("svg")) continue;
    if (element.clientWidth && element.scrollWidth > element.clientWidth + SLACK && getComputedStyle(element).overflowX !== "visible") {
      faults.add(`cut: ${short(element.textContent)} in a ${element.tagName}`);
    }
  }

  const boxes = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, title") || !element.checkVisibility()) continue;
    const style = getComputedStyle(element), inSvg = element.closest("svg");
    const frame = (inSvg || element.closest("section, header, body > p") || document.body).getBoundingClientRect();
    const holder = style.display === "inline" ? null : element.getBoundingClientRect();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      for (const edge of [frame, holder]) {
        if (edge && (box.left < edge.left - SLACK || box.right > edge.right + SLACK)) faults.add(`cut: ${short(node.data)} leaves its box`);
      }
      if (inSvg && (box.top < frame.top - SLACK || box.bottom > frame.bottom + SLACK)) faults.add(`cut: ${short(node.data)} leaves its picture`);
      boxes.push({ box, node });
    }
    const breaks = style.whiteSpace.startsWith("pre") || element.closest("summary");
    for (const word of breaks ? [] : node.data.matchAll(/\S+/g)) {
      if (word[0].length > LONG_WORD) continue;
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter((box) => box.width >= 1).map((box) => Math.round(box.top)));
      // A hyphen and the like are places to break.
      if (lines.size > 1 && /^\w+$/.test(word[0])) faults.add(`broken: the word ${short(word[0])}`);
    }
    if (parseFloat(style.fontSize) < SMALLEST_PX) faults.add(`small: ${short(node.data)} of ${style.fontSize}`);
    const below = ground(element), drawn = color(inSvg ? style.fill : style.color);
    drawn[3] = (drawn[3] ?? 1) * opacity(element);
    const seen = contrast(over(drawn, below), below);
    if (seen < TEXT) faults.add(`pale: ${short(node.data)} has a contrast of ${seen.toFixed(2)}`);
  }
  boxes.sort((one, other) => one.box.top - other.box.top);
  boxes.forEach(({ box, node }, at) => {
    for (const other of boxes.slice(at + 1)) {
      if (other.box.top >= box.bottom - SLACK) break;
      const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      if (other.node !== node && across > SLACK) faults.add(`over each other: ${short(node.data)} and ${short(other.node.data)}`);
    }
  });

  for (const line of document.querySelectorAll("svg .curve, svg .bar")) {
    const below = ground(line.closest("svg").parentElement);
    const seen = contrast(over(color(getComputedStyle(line).stroke), below), below);
    if (seen < LINE && !line.classList.contains("paused")) faults.add(`pale: a line ${line.getAttribute("class")} has a contrast of ${seen.toFixed(2)}`);
  }
  for (const picture of document.querySelectorAll("svg")) {
    const box = picture.getBoundingClientRect(), lines = [...picture.querySelectorAll(".curve, .bar")];
    if (box.width < 100 || box.height < 12) faults.add(`empty: a picture of ${box.width} by ${box.height} px`);
    if (!lines.some((line) => line.getAttribute("d"))) faults.add(`empty: ${short(picture.getAttribute("aria-label") || "")}`);
  }
  return [...faults];
})()
