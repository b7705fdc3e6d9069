// Fields that take several values: each becomes a chip that a key or a click takes away again.
"use strict";

for (const input of document.querySelectorAll("input[data-several]")) several(input);

function several(input) {
  const { name } = input, row = document.createElement("span"), label = input.closest("label");
  const offered = new Set([...document.getElementById(input.getAttribute("list"))?.options ?? []].map((one) => one.value.toLowerCase()));
  const called = label.querySelector("span").textContent;
  const { placeholder } = input;
  row.className = "row";
  input.replaceWith(row);
  row.append(input);
  // A label may name one control only: the text field; the chips beside it are not inside it.
  const group = document.createElement("div");
  group.className = "several";
  label.replaceWith(group);
  label.classList.remove("several");
  input.id = `box-${name}`;
  label.htmlFor = input.id;
  group.append(label, row);

  function changed() {
    input.placeholder = row.querySelector(".chip") ? "" : placeholder;
    row.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function add(text) {
    const value = text.trim();
    if (!value || [...row.querySelectorAll("input[type=hidden]")].some((one) => one.value.toLowerCase() === value.toLowerCase())) return false;
    const chip = document.createElement("span"), held = document.createElement("input"), away = document.createElement("button");
    chip.className = "chip";
    held.type = "hidden"; held.name = name; held.value = value;
    away.type = "button"; away.textContent = "×"; away.setAttribute("aria-label", `Remove ${value} from ${called}`);
    away.addEventListener("click", () => { chip.remove(); changed(); input.focus(); });
    chip.append(value, held, away);
    row.insertBefore(chip, input);
    return true;
  }
  function take() {
    const parts = offered.has(input.value.trim().toLowerCase()) ? [input.value] : input.value.split(",");
    input.value = "";
    if (parts.map(add).some(Boolean)) changed();
  }
  const start = input.value;
  input.removeAttribute("name");
  input.value = "";
  for (const part of start.split(",")) add(part);
  if (row.querySelector(".chip")) input.placeholder = "";

  input.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === ",") && input.value.trim()) { event.preventDefault(); take(); }
    else if (event.key === "Enter") event.preventDefault();
    else if (event.key === "Backspace" && !input.value) { row.querySelector(".chip:last-of-type")?.remove(); changed(); }
  });
  input.addEventListener("input", (event) => { if (event.inputType === "insertReplacementText" || (!event.inputType && offered.has(input.value.toLowerCase()))) take(); });
  input.addEventListener("change", (event) => { event.stopPropagation(); take(); });
}

// A zone that nobody chose yet is the reader's own.
for (const input of document.querySelectorAll("input[data-own-zone]")) input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || input.value;
