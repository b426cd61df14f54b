// Dragging a row of the list to another place, with a mouse anywhere on it, with a finger by its grip.

import { el } from "./dom.js";

const THRESHOLD = 5; // pixels after which a press is a drag
const EDGE = 48; // pixels at either end of what scrolls, in which it scrolls by itself

// *dropped* is called with the item's id and the place where it was let go: {list, section, place}.
export function onDrag(list, { mayStart, dropped }) {
  const line = el("div", { class: "drop-line", hidden: true });
  const ghost = el("div", { class: "ghost", hidden: true, "aria-hidden": "true" });
  document.body.append(line, ghost);
  let drag = null;

  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(".item");
    const byHand = event.pointerType === "mouse" ? event.button === 0 : event.target.closest(".grip");
    if (!row || !byHand || event.target.closest(".acts") || !mayStart()) return;
    drag = { row, pointer: event.pointerId, x: event.clientX, y: event.clientY, moving: false, target: null };
  });

  list.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drag?.pointer) return;
    if (!drag.moving && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < THRESHOLD) return;
    if (!drag.moving) begin();
    drag.x = event.clientX;
    drag.y = event.clientY;
    follow();
  });

  list.addEventListener("pointerup", (event) => event.pointerId === drag?.pointer && end(true));
  list.addEventListener("pointercancel", () => end(false));
  // A finger's grip had the pointer first.
  list.addEventListener("lostpointercapture", (event) => event.target === list && end(false));
  addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !drag?.moving) return;
      event.preventDefault();
      end(false);
    },
    true,
  );

  function begin() {
    drag.moving = true;
    list.setPointerCapture(drag.pointer);
    drag.row.classList.add("dragged");
    ghost.textContent = drag.row.querySelector(".headline").textContent;
    ghost.hidden = false;
    document.body.classList.add("dragging");
    drag.timer = setInterval(scroll, 16);
  }

  function end(letGo) {
    if (!drag) return;
    const { row, moving, target, timer } = drag;
    drag = null;
    if (!moving) return;
    clearInterval(timer);
    row.classList.remove("dragged");
    document.body.classList.remove("dragging");
    line.hidden = ghost.hidden = true;
    // The click that ends a drag selects nothing.
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
    if (letGo && target) dropped(row.dataset.id, target);
  }

  function follow() {
    ghost.style.transform = `translate(${drag.x + 12}px, ${drag.y + 8}px)`;
    drag.target = nearest(list, drag.row, drag.y);
    const { left, width, y } = drag.target;
    line.hidden = false;
    line.style.transform = `translate(${left}px, ${y - 1}px)`;
    line.style.width = `${width}px`;
  }

  function scroll() {
    const { top, bottom } = list.getBoundingClientRect();
    const before = list.scrollTop;
    if (drag.y < top + EDGE) list.scrollTop -= (top + EDGE - drag.y) / 4;
    if (drag.y > bottom - EDGE) list.scrollTop += (drag.y - bottom + EDGE) / 4;
    if (list.scrollTop !== before) follow();
  }
}

function swallow(event) {
  event.stopPropagation();
  event.preventDefault();
}

// The gap between rows that is nearest to a height on the screen. Places count without the row itself.
function nearest(list, row, y) {
  const gaps = [...list.querySelectorAll("ol")].flatMap((group) => {
    const others = [...group.children].filter((other) => other !== row);
    const { left, width, top } = group.getBoundingClientRect();
    const ends = others.map((other) => other.getBoundingClientRect().bottom);
    const { list: name, section = null } = group.dataset;
    return [top, ...ends].map((at, place) => ({ list: name, section, place, left, width, y: at }));
  });
  return gaps.reduce((best, gap) => (Math.abs(gap.y - y) < Math.abs(best.y - y) ? gap : best));
}
