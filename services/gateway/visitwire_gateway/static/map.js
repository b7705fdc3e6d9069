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
