// Generated code beside its Python. In: lines. Out: an element; the two show each other's place.

/** `visit(line)` hears of the line of Python that is meant; `choose(line)` of the one that is chosen. */
export function createCode(element, visit, choose) {
  let rows = [];
  element.tabIndex = 0;

  const pythonOf = (row) => Number(row?.dataset.python ?? 0);
  element.addEventListener("mousemove", (event) => {
    const row = event.target.closest?.(".row");
    if (row) visit(pythonOf(row));
  });
  element.addEventListener("mouseleave", () => visit(0));
  element.addEventListener("click", (event) => {
    const row = event.target.closest?.(".row");
    if (row && pythonOf(row)) choose(pythonOf(row));
  });
  element.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 }[event.key];
    const at = rows.findIndex((row) => row.classList.contains("at"));
    if (step) {
      event.preventDefault();
      const next = rows[Math.max(0, Math.min(rows.length - 1, (at < 0 ? 0 : at) + (at < 0 ? 0 : step)))];
      rows[at]?.classList.remove("at");
      next.classList.add("at");
      next.scrollIntoView({ block: "nearest" });
      visit(pythonOf(next));
    } else if (event.key === "Enter" && at >= 0 && pythonOf(rows[at])) {
      choose(pythonOf(rows[at]));
    }
  });

  return {
    show(lines) {
      rows = lines.map(({ text, python }) => {
        const row = document.createElement("div");
        row.className = "row";
        if (python) row.dataset.python = python;
        const number = document.createElement("span");
        number.className = "python";
        number.textContent = python ?? "";
        const code = document.createElement("span");
        code.className = "text";
        code.textContent = text || " ";
        row.append(number, code);
        return row;
      });
      element.replaceChildren(...rows);
      element.scrollTop = 0;
    },
    /** Shows what comes from a line of Python. */
    mark(line, follow) {
      let first = null;
      for (const row of rows) {
        const on = line > 0 && pythonOf(row) === line;
        row.classList.toggle("marked", on);
        if (on) first ??= row;
      }
      if (follow) first?.scrollIntoView({ block: "center" });
    },
  };
}
