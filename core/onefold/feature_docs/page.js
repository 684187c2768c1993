// Shows what contains every word of the search; a view stays whole when its own text does.
const search = document.getElementById("search");
const sections = [...document.querySelectorAll("section")];
function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text) => words.every((word) => text.includes(word));
  let found = 0;
  for (const section of sections) {
    const about = section.dataset.about;
    const whole = has(about);
    const rows = [...section.querySelectorAll("tr[data-text]")];
    let shown = 0;
    for (const row of rows) {
      row.hidden = !(whole || has(about + " " + row.dataset.text));
      shown += !row.hidden;
    }
    section.hidden = !(whole || shown);
    found += !section.hidden;
    const link = document.querySelector(`nav a[href="#${CSS.escape(section.id)}"]`);
    if (link) link.hidden = section.hidden;
  }
  for (const group of document.querySelectorAll("nav div")) group.hidden = !group.querySelector("a:not([hidden])");
  document.getElementById("nothing").hidden = found > 0;
}
search.addEventListener("input", show);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
  if (event.key === "Escape") { search.value = ""; show(); }
});
show();
