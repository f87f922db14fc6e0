// What an entry grid tells its reader: words for the state of a cell and of the whole form, verdicts beside cells, questions under them.

const LEVEL_CLASS = { error: "error", explain: "explain", notice: "todo" };

/** Two equal messages in a row would be read out once only; an invisible mark tells them apart. */
export const clock = {
  odd: false,
  mark() {
    this.odd = !this.odd;
    return this.odd ? "\u200b" : "";
  },
};

export const stateText = {
  cell: {
    dirty: "待保存",
    saving: "正在保存",
    saved: "已保存",
    wrong: "未保存,需要改正",
    conflict: "未保存,与已存的值不同",
    offline: "未联网,已存本机",
    refused: "未保存",
  },

  /** The one line that tells how all of it stands. */
  bar(state, waiting, unsettled) {
    const left = unsettled > 0 ? `,另有 ${unsettled} 项未保存` : "";
    const kept = state.kept ? `已存本机 ${waiting} 项` : `有 ${waiting} 项只在本页,请不要关闭`;
    switch (state.name) {
      case "saved": return { sync: unsettled > 0 ? "wrong" : "saved", says: `已保存 ${state.at}${left}` };
      case "saving": return { sync: "saving", says: `正在保存 ${waiting} 项` };
      case "dirty": return { sync: "dirty", says: `待保存 ${waiting} 项` };
      case "offline": return { sync: "offline", says: `未联网,${kept}` };
      case "failing": return { sync: "offline", says: `服务器暂时没有应答,${kept},稍后自动重送` };
      case "signed-out": return { sync: "offline", says: `登录已过期,${kept}。请在新窗口登录,本页会自动送出` };
      case "refused": return { sync: "refused", says: `${state.says}${state.kept ? `(${kept})` : ""}` };
      default: return { sync: unsettled > 0 ? "wrong" : "", says: unsettled > 0 ? `有 ${unsettled} 项未保存` : "没有待保存的改动" };
    }
  },
};

function saysBox(field) {
  const cell = field.dataset.cell;
  const box = field.closest("td");
  let says = box.querySelector(".cell-says");
  if (!says) {
    says = document.createElement("span");
    says.className = "cell-says";
    box.append(says);
  }
  says.id ||= `says-${cell}`;
  const described = field.getAttribute("aria-describedby") ?? "";
  if (!described.split(" ").includes(says.id)) field.setAttribute("aria-describedby", `${described} ${says.id}`.trim());
  return says;
}

function line(text, level) {
  const span = document.createElement("span");
  span.className = LEVEL_CLASS[level] ?? "";
  span.textContent = text;
  return span;
}

/** The verdicts that the server wrote into the page. */
export function readVerdicts(byCell) {
  const marks = [];
  for (const [cell, field] of byCell) {
    for (const span of field.closest("td").querySelectorAll(".cell-says > span")) {
      const level = Object.keys(LEVEL_CLASS).find((name) => span.classList.contains(LEVEL_CLASS[name]));
      if (level) marks.push({ cell, level, says: span.textContent });
    }
  }
  return marks;
}

/** Puts the verdicts beside their cells. The list is complete: every other cell falls silent, but for those of `except`. */
export function setVerdicts(byCell, marks, except) {
  const rank = ["notice", "explain", "error"];
  for (const [cell, field] of byCell) {
    if (except.has(cell)) continue;
    const mine = marks.filter((mark) => mark.cell === cell);
    const td = field.closest("td");
    const worst = Math.max(-1, ...mine.map((mark) => rank.indexOf(mark.level)));
    if (worst >= 0) td.dataset.mark = rank[worst];
    else delete td.dataset.mark;
    if (mine.length === 0 && !td.querySelector(".cell-says")) continue;
    saysBox(field).replaceChildren(...mine.map((mark) => line(mark.says, mark.level)));
  }
}

/** Somebody else changed the cell meanwhile: both values and the two ways out. */
export function setConflict(field, { stands, wanted }) {
  const button = (choice, text) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button small";
    made.dataset.choice = choice;
    made.textContent = text;
    return made;
  };
  const show = (value) => (value === "" ? "空" : value);
  saysBox(field).replaceChildren(
    line(`已有人把这一格改为 ${show(stands)},您填的是 ${show(wanted)}。`, "explain"),
    button("mine", "用我填的"),
    button("theirs", "用已存的"),
  );
}

/** A generated value was overtyped: asks why, under the cell, without stopping anybody. */
export function setReason(field, wanted, text = null) {
  const box = field.closest("td");
  let label = box.querySelector(".cell-reason");
  if (!wanted) {
    if (label && !field.dataset.reason) label.remove();
    return;
  }
  if (label) return;
  label = document.createElement("label");
  label.className = "cell-reason";
  label.append("与台账生成的数不同,请写明原因");
  const input = document.createElement("input");
  input.maxLength = 200;
  input.value = text ?? field.dataset.reason ?? "";
  label.append(input);
  box.append(label);
}

/** The head of the page anew, as the server has it now. Without a connection the old one stays. */
export async function refreshHead() {
  try {
    const response = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const [old, fresh] = [document, page].map((one) => one.querySelector(".page-head"));
    if (old && fresh) old.replaceWith(fresh);
  } catch {
    // The next save asks again.
  }
}

/** Replaces a part of the page by the server's text, and keeps what was being typed in it. */
export function replacePart(id, html) {
  const old = document.getElementById(id);
  if (!old || html === undefined || html === null) return;
  const typed = [...old.querySelectorAll("textarea[id], input[id]")].filter((field) => field.value !== field.defaultValue);
  const active = old.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...old.querySelectorAll("details[id][open]")].map((details) => details.id);
  const template = document.createElement("template");
  template.innerHTML = html;
  const root = template.content.firstElementChild;
  if (root?.id === id) old.replaceWith(template.content);
  else old.replaceChildren(template.content);
  for (const details of open) document.getElementById(details)?.setAttribute("open", "");
  for (const field of typed) {
    const now = document.getElementById(field.id);
    if (now) now.value = field.value;
  }
  if (active) document.getElementById(active)?.focus();
  globalThis.htmx?.process(document.getElementById(id));
}
