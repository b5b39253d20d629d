// Sorts and filters the table of ties. Without this script the table is whole and sorted by kommune.
"use strict";
(() => {
  const table = document.querySelector("table.sortable");
  const form = document.querySelector("form.filter");
  if (!table || !form) return;
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...body.rows];
  const collator = new Intl.Collator("nb", { sensitivity: "base", numeric: true });
  const valueOf = (row, at) => {
    const cell = row.cells[at];
    return cell.dataset.value ?? cell.textContent.trim();
  };

  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.append(button);
    button.addEventListener("click", () => {
      const numeric = head.classList.contains("n");
      const before = head.getAttribute("aria-sort");
      // Numbers and days are asked for from the top: what is most, what is newest.
      const firstWay = numeric || rows.some((row) => row.cells[at].dataset.value !== undefined) ? "descending" : "ascending";
      const way = before ? (before === "ascending" ? "descending" : "ascending") : firstWay;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", way);
      const sign = way === "ascending" ? 1 : -1;
      rows.sort((a, b) => {
        const x = valueOf(a, at), y = valueOf(b, at);
        const gone = (x === "" || x === "–") - (y === "" || y === "–");
        if (gone) return gone; // what is not known stands last, whichever way
        return sign * (numeric ? Number(x.replace(/\s/g, "")) - Number(y.replace(/\s/g, "")) : collator.compare(x, y));
      });
      body.append(...rows);
    });
  });

  const text = form.querySelector("input");
  const selects = [...form.querySelectorAll("select")];
  const told = form.querySelector("[role=status]");
  const column = (key) => heads.findIndex((head) => head.dataset.key === key);
  const words = rows.map((row) => row.textContent.toLocaleLowerCase("nb"));
  const index = new Map(rows.map((row, at) => [row, words[at]]));
  const filter = () => {
    const wanted = text.value.toLocaleLowerCase("nb").split(/\s+/).filter(Boolean);
    let left = 0;
    for (const row of rows) {
      const fits = wanted.every((word) => index.get(row).includes(word))
        && selects.every((select) => !select.value || valueOf(row, column(select.dataset.column)) === select.value);
      row.hidden = !fits;
      left += fits;
    }
    told.textContent = left === rows.length ? `Viser alle ${left}.` : `Viser ${left} av ${rows.length}.`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
