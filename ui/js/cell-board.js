// <cell-board>: units of a township in their cells. Every unit has a list of the cells; dragging it to another cell only chooses from that
// list. Numbers, standing and the line above follow at once; nothing is sent before the form is.

class CellBoard extends HTMLElement {
  connectedCallback() {
    this.min = Number(this.dataset.min);
    this.max = Number(this.dataset.max);
    this.addEventListener("change", (event) => {
      if (event.target.matches("select[name^='unit.']")) this.place(event.target.closest("li"), event.target.value, true);
    });
    this.addEventListener("dragstart", (event) => {
      this.held = event.target.closest("li[draggable]");
      if (!this.held) return;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
    });
    this.addEventListener("dragover", (event) => this.over(event));
    this.addEventListener("drop", (event) => this.drop(event));
    this.addEventListener("dragend", () => this.mark(null));
    // What the browser has kept from before a reload.
    for (const row of this.querySelectorAll("li[draggable]")) this.place(row, row.querySelector("select").value, false);
    this.tell();
  }

  column(key) {
    return this.querySelector(`.cell-column[data-cell="${CSS.escape(key)}"]`);
  }

  mark(column) {
    for (const marked of this.querySelectorAll(".cell-column.over")) marked.classList.remove("over");
    column?.classList.add("over");
  }

  over(event) {
    const column = event.target.closest?.(".cell-column");
    // Nothing is taken out of the cells: there is always one to go to.
    if (!this.held || !column || column.dataset.cell === "") return;
    event.preventDefault();
    this.mark(column);
  }

  drop(event) {
    const column = event.target.closest?.(".cell-column");
    if (!this.held || !column || column.dataset.cell === "") return;
    event.preventDefault();
    const select = this.held.querySelector("select");
    select.value = column.dataset.cell;
    this.place(this.held, select.value, false);
    this.held = null;
    this.mark(null);
  }

  place(row, key, follows) {
    const list = this.column(key)?.querySelector("ul");
    if (!list || row.parentElement === list) return;
    list.append(row);
    row.classList.add("moved");
    // The keyboard goes along with the unit.
    if (follows) row.querySelector("select").focus();
    this.tell();
  }

  tell() {
    let placed = 0;
    let without = 0;
    let off = 0;
    for (const column of this.querySelectorAll(".cell-column")) {
      const units = column.querySelectorAll("li[draggable]").length;
      column.querySelector("[data-count]").textContent = units;
      if (column.dataset.cell === "") {
        without = units;
        continue;
      }
      placed += units;
      const word = units < this.min ? "偏少" : units > this.max ? "偏多" : "合规";
      if (units > 0 && word !== "合规") off += 1;
      const badge = column.querySelector(".badge");
      if (!badge) continue;
      badge.textContent = units === 0 ? "将结束" : word;
      badge.className = `badge ${units > 0 && word === "合规" ? "done" : "explain"}`;
    }
    const moved = this.querySelectorAll("li.moved").length;
    const parts = [`已划入 ${placed} 家`, `未划入 ${without} 家`, off > 0 ? `${off} 个规模不合规` : "规模都合规"];
    if (moved > 0) parts.push(`有 ${moved} 家移动过,还没有保存`);
    this.querySelector("[data-tells]").textContent = `${parts.join(",")}。`;
  }
}

customElements.define("cell-board", CellBoard);
