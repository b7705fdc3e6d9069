// Whatever belongs together lights up together: a name, what its bearer says, the visit it speaks of.
"use strict";
const things = [...document.querySelectorAll("[data-refs]")];
function light(refs) { for (const thing of things) thing.classList.toggle("lit", refs.some((ref) => thing.dataset.refs.split(" ").includes(ref))); }
for (const name of ["pointerover", "focusin"]) document.addEventListener(name, (event) => {
  const thing = event.target.closest?.("[data-refs]");
  light(thing ? thing.dataset.refs.split(" ") : []);
});
