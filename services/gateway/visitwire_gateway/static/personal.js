// Copies an address; without a clipboard it is selected, to be copied by hand.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", async () => {
  const field = button.previousElementSibling;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Selected";
  }
});
