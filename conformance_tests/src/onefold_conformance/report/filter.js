// Narrows the list of cases by text and status. Without scripts the whole list is there, and this form is not.
(() => {
  const form = document.getElementById("filter");
  const text = form.elements.namedItem("text");
  const status = form.elements.namedItem("status");
  const said = document.getElementById("filter-result");
  const rows = [...document.querySelectorAll("tr[data-status]")].map(
    (row) => [row, `${row.dataset.id} ${row.textContent}`.toLowerCase()],
  );
  const folds = [...document.querySelectorAll("details.level, details.topic")];
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = status.value;
    const active = words.length > 0 || wanted !== "";
    let shown = 0;
    for (const [row, content] of rows) {
      const fits = (wanted === "" || row.dataset.status === wanted) && words.every((word) => content.includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    for (const fold of folds) {
      const any = fold.querySelector("tr[data-status]:not([hidden])") !== null;
      fold.hidden = !any;
      fold.open = active && any;
    }
    said.textContent = active ? `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")} cases` : "";
  };
  let waiting;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); };
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.hidden = false;
  if (text.value || status.value) apply();
})();
