// An arrow and its entry in the list light up together; a map that is wider than the page opens where something happens.
"use strict";

function light(way) { for (const one of document.querySelectorAll("[data-way]")) one.classList.toggle("lit", one.dataset.way === way); }
for (const name of ["pointerover", "focusin"]) document.addEventListener(name, (event) => light(event.target.closest?.("[data-way]")?.dataset.way));

function centre() {
  const chart = document.querySelector(".chart");
  if (!chart || chart.scrollWidth <= chart.clientWidth) return;
  const boxes = [...chart.querySelectorAll(".spot.target circle")].map((one) => one.getBoundingClientRect().left);
  const middle = boxes.sort((one, other) => one - other)[boxes.length >> 1];
  if (middle !== undefined) chart.scrollLeft += middle - chart.getBoundingClientRect().left - chart.clientWidth / 2;
}
centre();
document.addEventListener("htmx:afterSwap", centre);

// Nearer and farther by buttons, by the wheel with Ctrl held, and moved by dragging; signs and names keep their size.
function zoomable() {
  const sheet = document.getElementById("sheet"), tools = document.querySelector(".zoom");
  if (!sheet || tools.dataset.ready) return;
  tools.dataset.ready = "yes";
  tools.hidden = false;
  const whole = sheet.getAttribute("viewBox").split(" ").map(Number);
  let [left, upper, width, height] = whole, held = null;
  function show() {
    width = Math.min(Math.max(width, whole[2] / 12), 1000);
    height = width * whole[3] / whole[2];
    sheet.setAttribute("viewBox", `${left} ${upper} ${width} ${height}`);
    sheet.style.touchAction = width < whole[2] ? "none" : "";  // a finger moves what is near, and scrolls past the whole
    const scale = width / whole[2];
    for (const text of sheet.querySelectorAll(".spot text")) text.style.fontSize = `${scale}em`;
    for (const dot of sheet.querySelectorAll(".spot circle")) { dot.dataset.r ??= dot.getAttribute("r"); dot.setAttribute("r", dot.dataset.r * scale); }
  }
  function nearer(by, x = left + width / 2, y = upper + height / 2) {
    const before = width;
    width *= by;
    width = Math.min(Math.max(width, whole[2] / 12), 1000);
    left = x - (x - left) * width / before;
    upper = y - (y - upper) * width / before;
    show();
  }
  tools.addEventListener("click", (event) => {
    const by = Number(event.target.closest("[data-zoom]")?.dataset.zoom ?? NaN);
    if (by === 0) { [left, upper, width, height] = whole; show(); } else if (by) nearer(by);
  });
  function at(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(sheet.getScreenCTM().inverse());
    return [point.x, point.y];
  }
  sheet.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); nearer(event.deltaY < 0 ? 0.8 : 1.25, ...at(event)); } }, { passive: false });
  sheet.addEventListener("pointerdown", (event) => { if (!event.target.closest("a")) { held = at(event); sheet.setPointerCapture(event.pointerId); } });
  sheet.addEventListener("pointermove", (event) => { if (held) { const here = at(event); left += held[0] - here[0]; upper += held[1] - here[1]; show(); } });
  for (const end of ["pointerup", "pointercancel"]) sheet.addEventListener(end, () => { held = null; });
}
zoomable();
document.addEventListener("htmx:afterSettle", zoomable);
