// Reads the page again when the visit it shows has changed.
"use strict";
const followed = document.querySelector("[data-follow]");
const source = new EventSource(`/events?kind=visit,gone,change&brief=true&background=true&after=${encodeURIComponent(followed.dataset.place)}`);
let timer = null;
async function again() {
  timer = null;
  const open = window.scrollY;
  await htmx.ajax("GET", location.href, { target: `#${followed.id}`, select: `#${followed.id}`, swap: "outerHTML" });
  window.scrollTo(0, open);
}
for (const kind of ["visit", "gone", "change"]) source.addEventListener(kind, (event) => {
  if (event.data === followed.dataset.follow && timer === null) timer = setTimeout(again, 150);
});
addEventListener("pagehide", () => source.close());
