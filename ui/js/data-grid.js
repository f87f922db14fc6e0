// <data-grid>: makes a table of inputs quick to fill, like a sheet in Excel or WPS, and saves each change within a second.
// Without this script the same table is a plain form. What a figure means is never decided here: the server answers with its verdict.
// The markup and the two messages (what is sent, what is answered) are described in ui/README.md.

import { FIELDS, block, fieldMatrix, neighbour, parseBlock, placeOf, printBlock } from "./grid-cells.js";
import { Queue, WholeForm } from "./grid-queue.js";
import { clock, readVerdicts, refreshHead, replacePart, setConflict, setReason, setVerdicts, stateText } from "./grid-says.js";

const UNDO_STEPS_MAX = 200;

class DataGrid extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    if (!this.form || !this.querySelector("table")) return;
    this.table = this; // all tables below: the form's, and one for each list
    this.refresh();
    this.stands = new Map(); // cell -> value that the server has
    this.undone = [];
    this.done = [];
    this.marks = readVerdicts(this.byCell);
    this.problems = new Map(); // cell -> why its text was not saved
    this.conflicts = new Map(); // cell -> {stands, wanted}
    this.kept = new Map(); // cell -> value that it had when it was left
    for (const field of this.fields()) {
      this.stands.set(field.dataset.cell, field.value);
      this.kept.set(field.dataset.cell, field.value);
    }
    this.queue = this.form.dataset.save ? this.savingQueue() : new WholeForm();
    this.listen();
    void this.recall();
  }

  savingQueue() {
    return new Queue({
      url: this.form.dataset.save,
      owner: this.form.dataset.person,
      revision: Number(this.form.dataset.revision ?? 0),
      onAnswer: (answer, sent) => this.answered(answer, sent),
      onState: (state) => this.showState(state),
    });
  }

  disconnectedCallback() {
    this.listening?.abort();
    this.queue?.end();
  }

  listen() {
    this.listening = new AbortController();
    const on = (target, name, act, options) => target.addEventListener(name, act, { ...options, signal: this.listening.signal });
    on(this.table, "focusin", (event) => this.entered(event));
    on(this.table, "focusout", (event) => this.left(event));
    on(this.table, "mousedown", (event) => this.pressed(event));
    on(this.table, "dblclick", () => { this.editing = true; });
    on(this.table, "input", (event) => this.typed(event));
    on(this.table, "change", (event) => this.chosen(event));
    on(this.table, "keydown", (event) => this.key(event));
    on(this.table, "copy", (event) => this.copy(event));
    on(this.table, "cut", (event) => this.copy(event));
    on(this.table, "paste", (event) => this.paste(event));
    on(this.table, "click", (event) => this.decided(event));
    on(this.form, "submit", (event) => this.submitted(event));
    on(document, "submit", (event) => this.waitFor(event), { capture: true });
    on(document, "click", (event) => this.jump(event));
    on(window, "online", () => void this.queue.flush());
    on(window, "beforeunload", (event) => this.leaving(event));
  }

  fields() {
    return this.matrix.flat().filter(Boolean);
  }

  refresh() {
    this.matrix = fieldMatrix(this.table);
    this.byCell = new Map(this.fields().map((field) => [field.dataset.cell, field]));
  }

  // ---- Moving ----

  entered(event) {
    const field = event.target.closest(FIELDS);
    if (!field) return;
    this.at = field;
    this.before = field.value;
    this.since = Date.now();
    this.editing = false;
    if (!this.extending) this.pick(field, field);
    if (!this.byMouse) field.select?.();
  }

  pressed(event) {
    const field = event.target.closest(FIELDS);
    if (!field) return;
    if (event.shiftKey && this.at) {
      event.preventDefault();
      this.pick(this.from, field);
    } else if (document.activeElement === field) {
      this.editing = true;
    } else {
      this.byMouse = true;
      setTimeout(() => { this.byMouse = false; if (document.activeElement === field) field.select?.(); });
    }
  }

  /** Marks the block between two fields; one field alone bears no mark but the focus. */
  pick(from, to) {
    this.from = from;
    this.to = to;
    const picked = new Set(from === to ? [] : this.picked().flat());
    for (const field of this.fields()) field.closest("td").classList.toggle("picked", picked.has(field));
  }

  picked() {
    return block(this.matrix, placeOf(this.matrix, this.from), placeOf(this.matrix, this.to));
  }

  key(event) {
    const field = event.target.closest(FIELDS);
    if (!field || event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey) this.keyWithCtrl(event, field);
    else this.keyAlone(event, field);
  }

  keyAlone(event, field) {
    const isSelect = field.tagName === "SELECT";
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === "Enter" && field.tagName !== "TEXTAREA") {
      event.preventDefault();
      this.step(field, event.shiftKey ? -1 : 1, 0, false);
    } else if (event.key === "Escape") {
      this.restore(field);
    } else if (event.key === "F2") {
      event.preventDefault();
      this.editing = true;
      field.setSelectionRange?.(field.value.length, field.value.length);
    } else if (event.key === "Delete" && this.from !== this.to) {
      event.preventDefault();
      this.fill(this.picked().flat().map((target) => [target, ""]));
    } else if (steps[event.key] && !isSelect) {
      const [down, right] = steps[event.key];
      if (right !== 0 && this.editing) return;
      event.preventDefault();
      this.step(field, down, right, event.shiftKey);
    }
  }

  keyWithCtrl(event, field) {
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) {
      event.preventDefault();
      if (field.value === this.before) this.undo(this.done, this.undone);
      else this.restore(field);
    } else if (key === "y" || (key === "z" && event.shiftKey)) {
      event.preventDefault();
      this.undo(this.undone, this.done);
    } else if (key === "s") {
      event.preventDefault();
      this.commit(field);
      void this.queue.flush();
    }
  }

  step(field, down, right, extend) {
    const start = extend ? this.to : field;
    const next = neighbour(this.matrix, placeOf(this.matrix, start), down, right);
    if (!next) {
      this.commit(field);
    } else if (extend) {
      this.pick(this.from, next);
      next.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else {
      next.focus();
    }
  }

  /** A finding names a cell by a link: the link goes into the cell. */
  jump(event) {
    const cell = event.target.closest?.('a[href^="#"]')?.getAttribute("href").replace(/^#(cell-)?/, "");
    if (!this.byCell.has(cell)) return;
    event.preventDefault();
    this.byCell.get(cell).focus();
  }

  // ---- Changing ----

  typed(event) {
    const field = event.target.closest(FIELDS);
    if (field) this.mark(field, field.value === this.stands.get(field.dataset.cell) ? null : "dirty");
  }

  chosen(event) {
    if (event.target.matches("select[data-cell]")) this.commit(event.target);
    if (event.target.matches(".cell-reason input")) this.explained(event.target);
  }

  left(event) {
    const field = event.target.closest(FIELDS);
    if (field) this.commit(field);
  }

  /** A field was left: what it holds now is a change, if it is one. */
  commit(field) {
    // A field may change without the focus: filled in by the browser, or by a reading aid.
    const from = field === this.at ? this.before : this.kept.get(field.dataset.cell);
    if (!editable(field) || field.value === from) return;
    this.keep(field);
    this.remember([{ cell: field.dataset.cell, from, to: field.value }]);
    this.queueUp(field);
  }

  /** What a field holds now is what the next change starts from. */
  keep(field) {
    this.kept.set(field.dataset.cell, field.value);
    if (field === this.at) this.before = field.value;
  }

  /** Writes many fields as one step: a paste, a cleared block. Returns how many took their text. */
  fill(pairs) {
    const step = [];
    for (const [field, text] of pairs) {
      if (!field || !editable(field) || !accepts(field, text) || field.value === text) continue;
      step.push({ cell: field.dataset.cell, from: field.value, to: text });
      this.write(field, text);
    }
    if (step.length > 0) this.remember(step);
  }

  write(field, text) {
    field.value = text;
    this.keep(field);
    this.queueUp(field);
  }

  queueUp(field) {
    const cell = field.dataset.cell;
    const was = this.stands.get(cell);
    this.problems.delete(cell);
    this.conflicts.delete(cell);
    if (field.value === was && !this.queue.flying.has(cell)) {
      this.mark(field, null);
      this.queue.drop(cell);
      this.showVerdicts();
      setReason(field, false);
      return;
    }
    if ("generated" in field.dataset) setReason(field, true);
    this.mark(field, "dirty");
    // How a figure came and how long it took is kept as evidence that the unit fills in by itself.
    const how = this.pasting === true || this.pasting === field ? "pasted" : "typed";
    if (this.pasting === field) this.pasting = null;
    this.queue.put({ cell, was, value: field.value, reason: reasonOf(field), how, began: this.since });
  }

  explained(input) {
    const field = input.closest("td").querySelector(FIELDS);
    const cell = field.dataset.cell;
    this.mark(field, "dirty");
    this.queue.put({ cell, was: this.stands.get(cell), value: field.value, reason: reasonOf(field) });
  }

  restore(field) {
    field.value = this.before;
    field.select?.();
    if (!this.queue.has(field.dataset.cell)) this.mark(field, null);
    this.pick(field, field);
  }

  remember(step) {
    this.done.push(step);
    if (this.done.length > UNDO_STEPS_MAX) this.done.shift();
    this.undone = [];
  }

  /** Takes the last step back (or does it again, with the two stacks changed over). */
  undo(stack, other) {
    const step = stack.pop();
    if (!step) return;
    other.push(step.map(({ cell, from, to }) => ({ cell, from: to, to: from })));
    for (const { cell, from } of step) this.write(this.byCell.get(cell), from);
    this.byCell.get(step[0].cell).focus();
    this.announce(`已撤回 ${step.length} 项改动。`);
  }

  // ---- Clipboard ----

  copy(event) {
    if (!this.from || this.from === this.to) return;
    event.preventDefault();
    const rows = this.picked();
    event.clipboardData.setData("text/plain", printBlock(rows.map((row) => row.map((field) => field?.value ?? ""))));
    this.announce(`已复制 ${rows.flat().length} 格。`);
    if (event.type === "cut") this.fill(rows.flat().map((field) => [field, ""]));
  }

  paste(event) {
    const field = event.target.closest(FIELDS);
    const text = event.clipboardData.getData("text/plain");
    this.pasting = field; // one value: the field takes it by itself
    if (!field || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const start = placeOf(this.matrix, this.from ?? field);
    const pairs = [];
    let outside = 0;
    parseBlock(text).forEach((cells, down) => cells.forEach((cell, right) => {
      const target = this.matrix[start.row + down]?.[start.column + right];
      if (target) pairs.push([target, cell.trim()]);
      else if (cell.trim() !== "") outside += 1;
    }));
    const locked = pairs.filter(([target, cell]) => !editable(target) || !accepts(target, cell)).length;
    this.pasting = true;
    this.fill(pairs);
    this.pasting = null;
    this.announce(pasted(pairs.length - locked, locked, outside), locked + outside > 0);
  }

  // ---- What the server says ----

  answered(answer, sent) {
    for (const change of sent) {
      this.problems.delete(change.cell);
      this.conflicts.delete(change.cell);
    }
    for (const { cell, says } of answer.problems ?? []) this.problems.set(cell, says);
    for (const conflict of answer.conflicts ?? []) {
      this.stands.set(conflict.cell, conflict.stands);
      if (conflict.stands !== conflict.wanted) this.conflicts.set(conflict.cell, conflict);
    }
    for (const cell of answer.cells ?? []) this.settle(cell, sent.some((change) => change.cell === cell.id));
    this.marks = answer.marks ?? this.marks;
    this.showVerdicts();
    replacePart("findings", answer.findings_html);
    replacePart("report-summary", answer.summary_html);
    this.form.dataset.revision = this.queue.revision;
    if (answer.state && this.form.dataset.reportState && answer.state !== this.form.dataset.reportState) {
      this.form.dataset.reportState = answer.state;
      refreshHead();
    }
    if (this.form.elements.revision) this.form.elements.revision.value = this.queue.revision;
    this.dispatchEvent(new CustomEvent("grid-saved", { bubbles: true, detail: answer }));
  }

  /** Verdicts of the checks, then what could not be saved: a text that is no figure, a figure that somebody else changed. */
  showVerdicts() {
    const refused = [...this.problems].map(([cell, says]) => ({ cell, says, level: "error" }));
    const marks = this.marks.filter((mark) => !this.problems.has(mark.cell));
    setVerdicts(this.byCell, [...marks, ...refused], this.conflicts);
    for (const cell of this.problems.keys()) if (this.byCell.has(cell)) this.mark(this.byCell.get(cell), "wrong");
    for (const [cell, conflict] of this.conflicts) {
      const field = this.byCell.get(cell);
      if (!field || field.closest("td").dataset.sync === "conflict") continue;
      this.mark(field, "conflict");
      setConflict(field, conflict);
    }
  }

  /** One cell as it stands now. A field that was typed in again meanwhile keeps its text. */
  settle(cell, wasSent) {
    this.stands.set(cell.id, cell.value);
    const field = this.byCell.get(cell.id);
    if (!field) return;
    const isTyping = field === document.activeElement && field.value !== this.before;
    const isUnsaved = this.queue.waiting.has(cell.id) || this.problems.has(cell.id) || this.conflicts.has(cell.id);
    if (!isTyping && !isUnsaved) {
      if (field.value !== cell.value) field.value = cell.value;
      this.keep(field);
      if (wasSent) this.mark(field, "saved");
    }
    const box = field.closest("td");
    if (cell.state) box.dataset.state = cell.state;
    if (cell.html_title) field.title = cell.html_title;
    const word = box.querySelector(".cell-state a") ?? box.querySelector(".cell-state"); // the way to the derivation stays
    if (word && cell.state_label !== undefined) word.textContent = cell.state_label ?? "";
  }

  /** The two ways out of a conflict. */
  decided(event) {
    const choice = event.target.closest("button[data-choice]")?.dataset.choice;
    if (!choice) return;
    const field = event.target.closest("td").querySelector(FIELDS);
    const cell = field.dataset.cell;
    this.conflicts.delete(cell);
    if (choice === "theirs") field.value = this.stands.get(cell);
    this.queueUp(field);
    this.showVerdicts();
    field.focus();
  }

  mark(field, sync) {
    const box = field.closest("td");
    if (sync) box.dataset.sync = sync;
    else delete box.dataset.sync;
    field.toggleAttribute("aria-invalid", false);
    if (sync === "wrong") field.setAttribute("aria-invalid", "true");
    let word = box.querySelector(".cell-sync");
    if (!word) {
      word = document.createElement("span");
      word.className = "cell-sync vh";
      word.id = `sync-${field.dataset.cell}`;
      box.append(word);
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${word.id}`.trim());
    }
    word.textContent = stateText.cell[sync] ?? "";
  }

  showState(state) {
    if (state.name === "saving") this.markWaiting("saving");
    if (["offline", "signed-out", "failing"].includes(state.name)) this.markWaiting("offline");
    if (state.name === "refused") this.markWaiting("refused");
    const { sync, says } = stateText.bar(state, this.queue.size, this.problems.size + this.conflicts.size);
    const box = document.getElementById("save-state");
    if (!box) return;
    box.dataset.sync = sync;
    if (box.textContent !== says) box.textContent = says;
  }

  markWaiting(sync) {
    for (const [cell, field] of this.byCell) if (this.queue.has(cell)) this.mark(field, sync);
  }

  async recall() {
    const kept = await this.queue.recall();
    for (const change of kept) {
      const field = this.byCell.get(change.cell);
      if (!field || !editable(field)) continue;
      field.value = change.value;
      if ("generated" in field.dataset) setReason(field, true, change.reason);
      this.mark(field, "offline");
    }
    if (kept.length > 0) void this.queue.flush();
  }

  // ---- Leaving ----

  /** With the script at work, "保存" only sends what waits; a button with its own address goes there when all is saved. */
  submitted(event) {
    const goesOn = event.submitter?.hasAttribute("formaction") || "waitsForSave" in this.form.dataset;
    if (this.table.contains(document.activeElement)) this.commit(document.activeElement);
    if (this.queue instanceof WholeForm) this.queue.sent();
    if (goesOn || this.queue instanceof WholeForm) return;
    event.preventDefault();
    void this.queue.flush();
  }

  /** Forms that must see every figure (上报, 生成) wait until the last one is saved. */
  waitFor(event) {
    const form = event.target;
    const concerned = form.matches("[data-waits-for-save]") || (form === this.form && this.form.dataset.save && event.submitter?.hasAttribute("formaction"));
    if (!concerned || this.unsaved() === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void this.queue.flush().then(() => {
      if (this.unsaved() === 0) form.requestSubmit(event.submitter);
      else this.announce(`还有 ${this.unsaved()} 格没有保存。请先处理带红色或黄色标记的格,再点“${event.submitter?.textContent.trim() || "提交"}”。`, true);
    });
  }

  unsaved() {
    return this.queue.size + this.problems.size + this.conflicts.size;
  }

  leaving(event) {
    if (document.activeElement?.matches(FIELDS)) this.commit(document.activeElement);
    if (this.queue.size > 0 && !this.queue.shelf.isUsable) event.preventDefault();
    void this.queue.flush();
  }

  /** Says something in the polite live region; a thing to be seen is also shown there. */
  announce(says, visibly = false) {
    let region = this.querySelector(".grid-says");
    if (!region) {
      region = document.createElement("p");
      region.className = "grid-says vh";
      region.setAttribute("role", "status");
      this.prepend(region);
    }
    region.className = visibly ? "grid-says notice explain" : "grid-says vh";
    region.textContent = `${says}${clock.mark()}`;
  }
}

function editable(field) {
  return !field.readOnly && !field.disabled;
}

function accepts(field, text) {
  return field.tagName !== "SELECT" || [...field.options].some((option) => option.value === text);
}

function reasonOf(field) {
  const text = field.closest("td").querySelector(".cell-reason input")?.value.trim();
  return text || null;
}

function pasted(taken, locked, outside) {
  const parts = [`已粘贴 ${taken} 格`];
  if (locked > 0) parts.push(`${locked} 格不能改,已跳过`);
  if (outside > 0) parts.push(`${outside} 格超出表格,未粘贴`);
  return `${parts.join(",")}。`;
}

customElements.define("data-grid", DataGrid);
