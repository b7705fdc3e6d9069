// Reads the page again when the visit it shows has changed, says so, and waits while somebody is at a form of it.
"use strict";
const followed = () => document.querySelector("[data-follow]");
const said = document.getElementById("said");
let timer = null;

async function again() {
  timer = null;
  const part = followed(), at = document.activeElement;
  if ((part.contains(at) && at.matches("select, input")) || part.querySelector(".hand[open]")) { soon(2000); return; }
  const open = window.scrollY, link = part.contains(at) ? at.getAttribute("href") : null;
  await htmx.ajax("GET", location.href, { target: `#${part.id}`, select: `#${part.id}`, swap: "outerHTML" });
  window.scrollTo(0, open);
  if (link !== null) followed().querySelector(`a[href="${CSS.escape(link)}"]`)?.focus({ preventScroll: true });
  const hero = followed().querySelector(".hero");
  hero.classList.add("fresh");
  hero.addEventListener("pointerover", () => hero.classList.remove("fresh"), { once: true });
  said.textContent = `This visit has changed: ${hero.querySelector(".status").textContent}`;
}
function soon(wait) { if (timer === null) timer = setTimeout(again, wait); }
const heard = (event) => { if (event.data === followed().dataset.follow) soon(150); };
follow("/events?kind=visit,gone,change&brief=true&background=true", followed().dataset.place, {
  events: { visit: heard, gone: heard, change: heard, resync: () => soon(150) },
});
