// Small help for every page. Each thing here upgrades a link or a form that works without it.

/** `/` goes to the search, `?` shows the keys; neither while somebody is typing or answers a question. A key that is held down counts once. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    const search = document.getElementById("search");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  }
  // A button or link that the page gives a letter to: 是同一单位 is Y.
  if (/^[a-z]$/i.test(event.key)) document.querySelector(`[data-hotkey="${event.key.toLowerCase()}"]`)?.click();
  if (event.key === "?" || event.key === "?") document.getElementById("keys")?.showModal();
});

/** Buttons that open a dialog of the page, and those that close the one they stand in. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens)?.showModal();
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

/** One quiet line on a first visit. It is written hidden, and once dismissed it stays away on this machine. */
function showHints(root) {
  for (const hint of root.querySelectorAll("[data-hint][hidden]")) {
    const key = `hint:${hint.dataset.hint}`;
    if (recall(key)) continue;
    hint.hidden = false;
    hint.querySelector("button")?.addEventListener("click", () => {
      remember(key);
      hint.hidden = true;
    });
  }
}

/** Browsers may refuse storage; a hint is then simply shown again. */
function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key) {
  try {
    localStorage.setItem(key, "seen");
  } catch {
    // Shown again next time; nothing is lost.
  }
}

/** What is folded away never keeps a form from going unseen, and what somebody typed there stays in sight when they come back to it. */
document.addEventListener("invalid", (event) => {
  const fold = event.target.closest("details:not([open])");
  if (fold) fold.open = true;
}, { capture: true });
addEventListener("pageshow", () => {
  for (const fold of document.querySelectorAll("form details.more:not([open])")) {
    const texts = [...fold.querySelectorAll("input, textarea")].some((field) => field.value !== field.defaultValue);
    const choices = [...fold.querySelectorAll("option")].some((option) => option.selected && !option.defaultSelected && option.value !== "");
    if (texts || choices) fold.open = true;
  }
});

/**
 * A form that is on its way does not go a second time, nor does another of its page: on a slow line people press again. What answers with a
 * file leaves its page where it is and bears `data-download`.
 */
const ANSWERS_WITHIN_MS = 60_000;
let onItsWay = null;

function arrived() {
  onItsWay?.button?.removeAttribute("aria-busy");
  onItsWay = null;
}

function goesOnce(event) {
  const [form, button] = [event.target, event.submitter];
  const method = button?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get";
  return method.toLowerCase() === "post" && !form.hasAttribute("data-download") && !button?.hasAttribute("data-download");
}

document.addEventListener("submit", (event) => {
  if (!onItsWay || !goesOnce(event)) return;
  if (Date.now() - onItsWay.since > ANSWERS_WITHIN_MS) return arrived();
  event.preventDefault();
  event.stopImmediatePropagation();
  tell("已经送出,正在等服务器答复,请不要再点。很久没有变化的,请刷新本页,看是否已经办好。");
}, { capture: true });

// A page that is gone back to has nothing on its way any more; Esc stops what is, and so does whoever rather stays with what is unsaved.
window.addEventListener("pageshow", arrived);
window.addEventListener("beforeunload", (event) => setTimeout(() => {
  if (event.defaultPrevented) arrived();
}));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") arrived();
});

/** `data-confirm` on a button or a form: the sentence is asked before the form goes. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  const asked = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!asked || form.dataset.confirmed) {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(asked, event.submitter, () => {
    form.dataset.confirmed = "true";
    form.requestSubmit(event.submitter);
  });
}, { capture: true });

function ask(sentence, button, go) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "ask-says");
  const says = document.createElement("p");
  says.id = "ask-says";
  says.textContent = sentence;
  const actions = document.createElement("div");
  actions.className = "form-actions";
  const yes = makeButton(button?.textContent.trim() || "确定", button?.classList.contains("danger") ? "danger" : "primary");
  const no = makeButton("取消", "");
  actions.append(no, yes);
  dialog.append(says, actions);
  document.body.append(dialog);
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => { dialog.close(); go(); });
  dialog.addEventListener("close", () => { dialog.remove(); button?.focus(); });
  dialog.showModal();
  no.focus();
}

function makeButton(text, kind) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `button ${kind}`.trim();
  button.textContent = text;
  return button;
}

/** `data-from-fragment`: the code of a letter comes behind the #, which no browser sends; it is taken from the address at once. */
function fillFromFragment() {
  const field = document.querySelector("input[data-from-fragment]");
  const code = location.hash.slice(1);
  if (!field || !/^[A-Z2-7]{28}$/.test(code)) return;
  field.value = code.match(/.{4}/g).join(" ");
  history.replaceState(null, "", location.pathname);
}

fillFromFragment();

/** A file field takes what is dropped on its label, and says what it holds. */
function showFiles(input) {
  const says = input.closest(".drop")?.querySelector(".drop-says");
  if (!says) return;
  const files = [...input.files];
  if (files.length > 0) says.textContent = `已选 ${files.length} 个文件:${files.map((file) => `${file.name}(${size(file.size)})`).join("、")}`;
}

function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

document.addEventListener("change", (event) => {
  if (event.target.matches('.drop input[type="file"]')) showFiles(event.target);
  if (event.target.closest("[data-bulk]")) countPicked(event.target.closest("[data-bulk]"), event.target);
});
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const drop = event.target.closest?.(".drop");
    if (!drop) return;
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name !== "drop" || event.dataTransfer.files.length === 0) return;
    const input = drop.querySelector('input[type="file"]');
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** Acts on many rows: `.pick` boxes, one `.pick-all`, and a count in words. */
function countPicked(form, changed) {
  const boxes = [...form.querySelectorAll(".pick")];
  if (changed?.matches(".pick-all")) for (const box of boxes) box.checked = changed.checked;
  const count = boxes.filter((box) => box.checked).length;
  const all = form.querySelector(".pick-all");
  if (all) {
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }
  for (const says of form.querySelectorAll(".picked-count")) says.textContent = `已选 ${count} 项`;
  for (const button of form.querySelectorAll("button[data-needs-pick]")) button.disabled = count === 0;
}

/** When a part of the page could not be fetched: what happened, what is safe, what to do. */
function tell(says) {
  let messages = document.getElementById("messages");
  if (!messages) {
    messages = document.createElement("div");
    messages.id = "messages";
    messages.setAttribute("role", "status");
    document.body.append(messages);
  }
  const notice = document.createElement("p");
  notice.className = "notice explain";
  notice.textContent = says;
  messages.replaceChildren(notice);
  setTimeout(() => notice.remove(), 12_000);
}

document.addEventListener("htmx:sendError", () => tell("没有联上服务器。页面上的内容没有变,请检查网络后再试一次。"));
document.addEventListener("htmx:responseError", (event) => {
  const fault = event.detail.xhr?.getResponseHeader("X-Request-Id");
  tell(`服务器没有完成这一步,页面上的内容没有变。请再试一次${fault ? `;如仍不行,请告诉管理员编号 ${fault}` : ""}。`);
});
document.addEventListener("htmx:load", (event) => start(event.detail.elt));

function start(root) {
  showHints(root);
  for (const form of root.querySelectorAll("[data-bulk]")) countPicked(form);
}

start(document);

/** `data-present`: who else has this report open, asked every twenty seconds while the page is looked at. */
function watchOthers() {
  const others = document.querySelector("[data-present]");
  if (!others) return;
  const look = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const response = await fetch(others.dataset.present, { headers: { accept: "application/json" } });
      if (!response.ok || response.redirected) return;
      const { says } = await response.json();
      // A reader aloud hears it once, when it changes.
      if (others.textContent !== says) others.textContent = says;
    } catch {
      // Without a network nobody knows.
    }
  };
  setInterval(look, 20_000);
  document.addEventListener("visibilitychange", look);
}

watchOthers();

/** Signing out takes away what this device keeps of field work; whoever has something unsent there is asked first. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/sign-out" || form.dataset.forgotten) return;
  event.preventDefault();
  try {
    const shelf = await import("./onsite-shelf.js");
    if (await shelf.isThere()) {
      const count = (await shelf.all()).length;
      const go = () => void shelf.forgetAll().finally(() => leave(form));
      if (count === 0) return go();
      return ask(`这台设备上有 ${count} 件现场办理的内容没有发送,退出登录会把它们删除。`, event.submitter, go);
    }
  } catch {
    // Nobody is kept from signing out.
  }
  leave(form);
});

function leave(form) {
  form.dataset.forgotten = "yes";
  form.submit();
}

/** Last of all who hear of a form: nobody keeps it here, so it is on its way. */
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !goesOnce(event)) return;
  onItsWay = { since: Date.now(), button: event.submitter };
  event.submitter?.setAttribute("aria-busy", "true");
});
