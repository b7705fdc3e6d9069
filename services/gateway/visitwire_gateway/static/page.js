// What every page does: the theme's button, ages beside times, addresses without empty parameters.
"use strict";

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});

const STEPS = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600], [86400 * 45, "day", 86400]];
const age = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

// Every time is told by the reader's own clock, with its zone said where it is told in full.
const clock = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });

// An age while it tells something, the day afterwards; beside the full time where that is shown (data-full).
function ages(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    if ("clock" in time.dataset || Number.isNaN(seconds) || time.dateTime.length < 11) continue;
    const step = STEPS.find(([most]) => Math.abs(seconds) < most);
    const words = Math.abs(seconds) < 10 ? "just now" : step && age.format(Math.round(seconds / step[2]), step[1]);
    if ("full" in time.dataset) time.querySelector(".age").textContent = words ? `, ${words}` : "";
    else time.textContent = words ?? clock.format(new Date(time.dateTime)).split(",")[0];
  }
}

function clocks(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = Date.parse(time.dateTime);
    if (Number.isNaN(at) || time.dateTime.length < 11) continue;
    const words = clock.format(at);
    if ("clock" in time.dataset) time.textContent = words;
    else if ("full" in time.dataset) time.firstChild.data = words;
    else time.title = words;
  }
}
// The server tells what changed since yesterday evening by the reader's clock.
document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;
ages(document);
clocks(document);
setInterval(() => ages(document), 30000);
document.addEventListener("htmx:load", (event) => { ages(event.detail.elt); clocks(event.detail.elt); });  // what came

document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  for (const [name, value] of [...parameters.entries()]) if (value === "") parameters.delete(name);
});

// The filter stands in the address; links that go on with it take it from there when they are followed.
for (const name of ["click", "auxclick"]) document.addEventListener(name, (event) => {
  const link = event.target.closest?.("a[data-filtered]");
  if (!link) return;
  const names = link.dataset.filtered.split(" ");
  link.search = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name, value]) => value && names.includes(name)));
}, true);

document.addEventListener("click", (event) => { if (event.target.closest?.("[data-print]")) print(); });

// What renews itself waits while somebody is at it.
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (part.hasAttribute("data-quietly") && (part.querySelector("details[open]") || part.contains(document.activeElement))) event.preventDefault();
});
