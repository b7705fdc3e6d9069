// Keeps the board as it is now: hears of every change, reads the lanes again, and marks what is new until it was seen.
"use strict";

const lanes = document.getElementById("lanes");
const live = document.getElementById("live");
const said = document.getElementById("said");
const seen = document.getElementById("seen");
const fresh = new Map();      // visit id -> revision that nobody has looked at
const waiting = new Set();    // ids heard of since the lanes were last read
const title = document.title;
let reading = false, timer = null;

function state(word, value) { live.dataset.state = value; live.querySelector(".word").textContent = word; }

function shown() {
  document.title = fresh.size ? `(${fresh.size}) ${title}` : title;
  seen.hidden = fresh.size === 0;
  for (const card of lanes.querySelectorAll(".card")) card.classList.toggle("fresh", fresh.has(card.dataset.id));
}

function look(card) {
  if (card && fresh.delete(card.dataset.id)) shown();
}

function soon() { if (timer === null) timer = setTimeout(read, 120); }

async function read() {
  timer = null;
  if (reading) { soon(); return; }
  reading = true;
  const ids = [...waiting];
  waiting.clear();
  const focused = lanes.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : null;
  const across = lanes.querySelector(".lanes")?.scrollLeft ?? 0;
  try {
    await htmx.ajax("GET", location.pathname + location.search, { target: "#lanes", swap: "innerHTML" });
  } finally {
    reading = false;
  }
  const strip = lanes.querySelector(".lanes");
  if (strip) strip.scrollLeft = across;
  for (const id of ids) {
    const card = document.getElementById(`visit-${id}`);
    if (card) { fresh.set(id, card.dataset.revision); tell(card); }
  }
  shown();
  if (focused) document.getElementById(focused)?.querySelector("a, button")?.focus({ preventScroll: true });
}

function tell(card) {
  const lane = card.closest(".lane").querySelector("h2").firstChild.textContent.trim();
  said.textContent = `${card.querySelector("h3").textContent.trim()}, ${card.querySelector(".to").textContent.replace("→", "to").trim()}: ${lane}`;
}

// After the filter changed: how many it leaves.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== lanes || !event.detail.requestConfig.elt.matches("form")) return;
  const count = [...lanes.querySelectorAll(".count")].reduce((sum, one) => sum + Number(one.textContent), 0);
  said.textContent = count === 1 ? "1 visit fits" : `${count} visits fit`;
});

lanes.addEventListener("pointerover", (event) => look(event.target.closest(".card")));
lanes.addEventListener("focusin", (event) => { if (event.target.matches(":focus-visible")) look(event.target.closest(".card")); });
seen.addEventListener("click", () => { fresh.clear(); shown(); });
// When htmx settles it gives a card that was there before the classes it came with, so the marks are set after that.
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target === lanes || lanes.contains(event.detail.target)) shown(); });

follow("/events?kind=visit,gone&brief=true&background=true", lanes.dataset.place, {
  open: () => state("live", "on"),
  lost: () => state("reconnecting", "off"),
  events: {
    visit: (event) => { waiting.add(event.data); soon(); },
    gone: (event) => { fresh.delete(event.data); soon(); },
    resync: soon,
  },
});
