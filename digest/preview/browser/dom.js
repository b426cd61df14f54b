// Elements, made and patched. All text becomes text nodes: nothing from a feed or a file is ever parsed as HTML.

export const at = (id) => document.getElementById(id);

// el("button", {class: "plain", disabled: true, onclick: act}, "Words", node)
export function el(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") node.toggleAttribute(name, value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

// A link that a feed gave is a link only where it leads to the web.
export function link(url, ...children) {
  if (!isWeb(url)) return el("span", {}, ...children);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

export const isWeb = (url) => /^https?:\/\//i.test(url);

// The rest of the page is touched only where something differs: what has focus or is selected stays so.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node, name, value) {
  if (value === null || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

// The children of *parent* become *nodes*; those that are in place already are not touched.
export function setChildren(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    const there = parent.childNodes[index] ?? null;
    if (there !== node) parent.insertBefore(node, there);
  });
}

// Calls *make* only when *data* differs from last time; for parts that are rebuilt as a whole.
export function once(make) {
  let before;
  return (data) => {
    const now = JSON.stringify(data);
    if (now === before) return;
    before = now;
    make(data);
  };
}

// Python counts characters, JavaScript UTF-16 units; they differ behind an emoji.
export function units(text, characters) {
  if (!/[\ud800-\udbff]/.test(text)) return characters;
  return [...text].slice(0, characters).join("").length;
}

export const isTyping = (node) =>
  node instanceof HTMLTextAreaElement ||
  node instanceof HTMLSelectElement ||
  (node instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(node.type));
