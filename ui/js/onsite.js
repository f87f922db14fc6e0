// Field work on a phone. What is filled in is kept as it is typed (`onsite-shelf.js`), and goes out as the form that it is when there is a line.
// Every draft has a key of its own: what is sent twice, because the answer got lost, is one step. Nothing is decided here.

import * as shelf from "./onsite-shelf.js";
import { place, prepare, preview } from "./onsite-photo.js";
import { signature } from "./onsite-sign.js";

const page = document.body.dataset;
const person = page.person;
const isFresh = page.fresh === "yes";
const keptDays = Number(page.keptDays);
const RETRY_MS = 30_000;
const SAVE_AFTER_MS = 300;
const UPLOAD_MS = 5 * 60_000;
const here = location.pathname;
const form = document.getElementById("onsite");
const by = (id) => document.getElementById(id);
const make = (tag, given = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...inside);
  return made;
};
const clock = (at = new Date()) => at.toLocaleTimeString("zh-CN", { hour12: false });

/** A key that no other sending has; also where the address is not encrypted. */
function key() {
  const chance = crypto.getRandomValues(new Uint8Array(16));
  return [...chance].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Seconds by which this device is ahead of the server, as of the last page that came from there. */
function ahead() {
  try {
    if (isFresh) localStorage.setItem("onsite-ahead", String(Math.round((Date.now() - Date.parse(page.now)) / 1000)));
    const kept = localStorage.getItem("onsite-ahead");
    return kept === null ? undefined : Number(kept);
  } catch {
    return undefined;
  }
}

/** The script that keeps the page; without it the form is kept all the same, only the page cannot be opened without a line. */
async function keepPage() {
  const says = by("line-state") ?? by("shelf-note");
  if (!navigator.serviceWorker) {
    says.textContent = "这个网址没有加密(https),不能离线打开。请保持本页面打开,或联网时填写。";
    return;
  }
  try {
    await navigator.serviceWorker.register(page.worker, { scope: page.scope });
    const worker = (await navigator.serviceWorker.ready).active;
    const answer = new MessageChannel();
    answer.port1.onmessage = ({ data }) => {
      if (form) says.textContent = data.kept ? "本页已存在手机里,没有网络也能打开。" : "本页还没有存到手机里。请在有网络时重新打开。";
    };
    worker.postMessage({ keep: [here, page.scope] }, [answer.port2]);
    void navigator.storage?.persist?.();
  } catch {
    says.textContent = "这个浏览器不能保存页面。请保持本页面打开,或联网时填写。";
  }
}

async function forgetPage(path) {
  const worker = (await navigator.serviceWorker?.getRegistration(page.scope))?.active;
  worker?.postMessage({ forget: [path] });
}

// ---- The draft of this page.

let draft = null;
let saving = Promise.resolve();
let timer = null;

const fieldsOf = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "revision" && !name.startsWith("no_place."));

async function begin() {
  const kept = await shelf.get(`${person} ${here}`);
  if (kept) {
    draft = kept;
  } else {
    const revision = form.elements.revision.value;
    const { title, act, send, case: about } = form.dataset;
    draft = { key: `${person} ${here}`, path: here, person, title, act, send, about, revision, fields: [], photos: {}, names: {}, sending: key(), ahead: ahead(), state: "draft", says: "", saved: Date.now() };
  }
  draft.ahead ??= ahead();
  for (const [name, value] of draft.fields) fill(name, value);
}

function fill(name, value) {
  const field = form.elements[name];
  if (field instanceof RadioNodeList) field.value = value;
  else if (field && field.type !== "file") {
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
}

/** Writes follow each other, so that the last state is the one that stays. */
function save() {
  clearTimeout(timer);
  by("kept").textContent = "正在存到本机…";
  draft.fields = fieldsOf();
  draft.saved = Date.now();
  const copy = { ...draft, photos: { ...draft.photos }, names: { ...draft.names } };
  saving = saving.then(() => shelf.put(copy)).then(
    () => { by("kept").textContent = `已存本机 ${clock()},还没有发送`; },
    () => { by("kept").textContent = "手机存储空间不够,没有存下。请删除一些照片再试。"; },
  );
  return saving.then(showShelf);
}

/** What was changed after it was meant to go is another sending: the server may hold the earlier one already, and would take this for it. */
function touch() {
  if (draft.state !== "draft") Object.assign(draft, { state: "draft", says: "", sending: key() });
}

function changed() {
  touch();
  by("kept").textContent = "正在存到本机…";
  clearTimeout(timer);
  timer = setTimeout(() => void save(), SAVE_AFTER_MS);
}

function tell(says, ...more) {
  const notice = make("div", { className: "notice explain" }, make("strong", { textContent: says }), ...more);
  by("told").replaceChildren(notice);
}

/** Somebody did something in the case after this was begun: it is looked at before it goes. */
function compareRevision() {
  const now = form.elements.revision.value;
  if (!isFresh || now === draft.revision) return;
  const button = make("button", { type: "button", className: "button", textContent: "看过了,按新的情况继续" });
  button.addEventListener("click", () => {
    draft.revision = now;
    by("told").replaceChildren();
    changed();
  });
  const look = make("a", { href: form.dataset.case, textContent: "请先看办理经过。" });
  tell("您开始填写以后,有人办理过这个事项。", make("p", {}, look), button);
}

// ---- Photographs, files and names.

/** Photographs are taken in one after the other; whoever sends meanwhile waits for the last. */
let working = Promise.resolve();

function prepareFiles(box) {
  const input = box.querySelector('input[type="file"]');
  const kind = input.name.slice("file.".length);
  const isPhoto = "photo" in box.dataset;
  input.required = false;
  box.querySelector(".no-place")?.remove();
  const list = make("ul", { className: "shots" });
  input.after(list);
  const show = () => list.replaceChildren(...(draft.photos[kind] ?? []).map((photo) => shown(photo, kind, isPhoto, show)));
  const take = async (files) => {
    for (const file of files) {
      const at = new Date().toISOString();
      const busy = make("li", { textContent: "正在处理照片,取定位…" });
      list.append(busy);
      const [ready, where] = isPhoto ? await Promise.all([prepare(file), place()]) : [{ blob: file, name: file.name }, {}];
      touch();
      draft.photos[kind] = [...(draft.photos[kind] ?? []), { ...ready, shot: isPhoto ? { at, ...where } : null }];
      await save();
      show();
    }
  };
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    working = working.then(() => take(files));
  });
  show();
}

function shown(photo, kind, isPhoto, show) {
  const canvas = make("canvas", { className: "preview" });
  canvas.setAttribute("aria-hidden", "true");
  void preview(photo.blob, canvas);
  const { shot } = photo;
  const where = shot?.point ? `,已定位(±${shot.accuracy} 米)` : "";
  const words = `${photo.name}(${shelf.size(photo.blob.size)})${shot ? ` 拍摄于 ${clock(new Date(shot.at))}${where}` : ""}`;
  const drop = make("button", { type: "button", className: "button small", textContent: "删除" });
  drop.setAttribute("aria-label", `删除 ${photo.name}`);
  drop.addEventListener("click", async () => {
    touch();
    draft.photos[kind] = draft.photos[kind].filter((one) => one !== photo);
    await save();
    show();
  });
  const item = make("li", {}, ...(isPhoto ? [canvas] : []), make("span", { textContent: words }), drop);
  if (shot && !shot.point) {
    const reason = make("input", { className: "text", value: shot.no_place ?? "", minLength: 4, maxLength: 200, required: true });
    reason.addEventListener("input", () => { shot.no_place = reason.value; changed(); });
    item.append(make("label", { className: "why" }, "没有定位的原因", reason));
  }
  return item;
}

function prepareSignature(box) {
  const input = box.querySelector('input[type="file"]');
  const kind = input.name.slice("file.".length);
  input.required = false;
  const onChange = (blob) => {
    if (blob) draft.names[kind] = blob;
    else delete draft.names[kind];
    touch();
    void save();
  };
  const sign = signature({ label: box.dataset.label, id: input.id, onChange });
  input.hidden = true;
  box.querySelector("label").removeAttribute("for");
  input.after(sign.box);
  if (draft.names[kind]) void sign.show(draft.names[kind]);
}

/** What is still missing, in a sentence; the browser itself points at fields. */
function missing() {
  for (const box of form.querySelectorAll("[data-least]")) {
    const kind = box.querySelector('input[type="file"]').name.slice("file.".length);
    const there = "signature" in box.dataset ? Number(kind in draft.names) : (draft.photos[kind] ?? []).length;
    const owed = box.querySelector('input[type="file"]').dataset.owed === "yes" ? Number(box.dataset.least) : 0;
    if (there < owed) return [box, `“${box.dataset.label}”至少 ${owed} 份,现为 ${there} 份。`];
  }
  return null;
}

// ---- Sending.

function bodyOf(one) {
  const body = new FormData();
  body.append("revision", one.revision);
  body.append("sending", one.sending);
  body.append("device", JSON.stringify({ sent_at: new Date().toISOString(), ...(one.ahead === undefined ? {} : { ahead: one.ahead }) }));
  for (const [name, value] of one.fields) body.append(name, value);
  for (const [kind, photos] of Object.entries(one.photos)) {
    for (const { name, blob, shot } of photos) {
      if (shot) body.append(`shot.${kind}`, JSON.stringify(shot.point ? { at: shot.at, point: shot.point, accuracy: shot.accuracy } : { at: shot.at, no_place: shot.no_place ?? "" }));
      body.append(`file.${kind}`, blob, name);
    }
  }
  for (const [kind, blob] of Object.entries(one.names)) body.append(`file.${kind}`, blob, `${kind}.png`);
  return body;
}

/** What became of a sending: done, waiting (with the reason), or refused. */
async function post(one) {
  const signedOut = { state: "ready", says: "登录已到期,内容还在手机里。", href: `/sign-in?back=${encodeURIComponent(one.path)}`, link: "请重新登录,登录后自动发送。" };
  let response;
  try {
    // Asked first, without the pictures: a server that does not know us may close the line in the middle of them, and then nobody hears why.
    if ((await fetch(one.path, { credentials: "same-origin", cache: "no-store" })).redirected) return signedOut;
    response = await fetch(one.send, { method: "POST", credentials: "same-origin", body: bodyOf(one), signal: AbortSignal.timeout(UPLOAD_MS) });
  } catch {
    return { state: "ready", says: "没有联上服务器,联网后自动发送。" };
  }
  if (response.redirected) return signedOut;
  const text = await response.text();
  let answer = {};
  try {
    answer = JSON.parse(text);
  } catch {
    answer = { says: new DOMParser().parseFromString(text, "text/html").querySelector('[role="alert"]')?.textContent };
  }
  if (response.ok && answer.done) return { state: "sent", says: answer.says };
  if (response.status >= 500 || response.status === 429) return { state: "ready", says: "服务器现在没有办成,稍后自动再发送。" };
  return { state: "refused", says: answer.says ?? `服务器没有接收(编号 ${response.status})。` };
}

let isSending = false;

/** Sends what waits, one after the other; whatever was not taken stays. */
async function sendAll() {
  if (isSending) return;
  isSending = true;
  try {
    for (const one of (await shelf.all()).filter((one) => one.person === person && one.state === "ready")) {
      const done = await post(one);
      if (done.state === "sent") {
        await shelf.remove(one.key);
        await forgetPage(one.path);
      } else {
        const now = await shelf.get(one.key); // it may have been changed meanwhile
        if (now?.sending === one.sending && now.state === "ready") await shelf.put({ ...now, ...done });
      }
      if (one.path === here) ended(done);
    }
  } finally {
    isSending = false;
    await showShelf();
  }
}

/** What the page shows when its own draft was sent or not. */
function ended(done) {
  if (!form) return;
  const link = make("a", { href: done.href ?? form.dataset.case, textContent: done.link ?? "看这个事项的办理经过" });
  if (done.state === "sent") {
    form.before(by("told"));
    by("told").replaceChildren(make("div", { className: "notice done" }, make("strong", { textContent: done.says }), make("p", {}, link)));
    form.hidden = true;
    return;
  }
  Object.assign(draft, done);
  if (done.state === "ready") {
    by("kept").textContent = `已存本机,${done.says}`;
    if (done.href) tell(done.says, make("p", {}, link));
    return;
  }
  const again = make("button", { type: "button", className: "button", textContent: "取得最新情况" });
  again.addEventListener("click", () => location.reload());
  tell(`没有办成:${done.says}`, make("p", { textContent: "填写的内容、照片和签名都还在手机里,改好可以再发送。" }), make("p", {}, link), again);
}

async function submit(event) {
  event.preventDefault();
  await working;
  const lack = missing();
  if (lack) {
    tell(lack[1]);
    lack[0].scrollIntoView({ block: "center" });
    lack[0].querySelector("input:not([hidden])")?.focus();
    return;
  }
  by("told").replaceChildren();
  Object.assign(draft, { state: "ready", says: "" });
  await save();
  by("kept").textContent = "正在发送…";
  await sendAll();
}

// ---- What lies on this phone.

const STATES = { draft: "填写中", ready: "待发送", refused: "没有办成" };

async function showShelf() {
  // What is being filled in on this page says so itself.
  const isOpen = (one) => form && one.path === here && one.state === "draft";
  const drafts = (await shelf.all()).filter((one) => one.person === person && !isOpen(one));
  by("shelf").hidden = drafts.length === 0;
  by("shelf-count").textContent = String(drafts.length);
  by("send-all").hidden = !drafts.some((one) => one.state === "ready");
  by("shelf-list").replaceChildren(...drafts.map(entry));
}

function entry(one) {
  const until = new Date(one.saved + keptDays * 24 * 3600 * 1000).toLocaleDateString("zh-CN");
  const words = `${STATES[one.state]} · ${one.act} · ${shelf.size(shelf.bytes(one))} · 本机保留到 ${until}`;
  const item = make("li", {}, make("a", { href: one.path, textContent: one.title }), make("p", { className: "muted", textContent: words }));
  if (one.says) item.append(make("p", { className: "word explain", textContent: one.says }));
  const drop = make("button", { type: "button", className: "button small", textContent: "从本机删除" });
  drop.addEventListener("click", async () => {
    if (!confirm(`“${one.title}”的内容和照片还没有发送,删除后找不回来。确定删除吗?`)) return;
    await shelf.remove(one.key);
    if (one.path === here) location.reload();
    else await showShelf();
  });
  const out = make("button", { type: "button", className: "button small", textContent: "另存照片和内容" });
  out.addEventListener("click", () => exported(one));
  item.append(make("p", {}, out, " ", drop));
  return item;
}

/** The way out when the server will not have it: everything as files of the phone. */
function exported(one) {
  const words = one.fields.map(([name, value]) => `${name}: ${value}`).join("\n");
  const files = [[`${one.title}.txt`, new Blob([words], { type: "text/plain" })], ...Object.values(one.photos).flat().map(({ name, blob }) => [name, blob]), ...Object.entries(one.names).map(([kind, blob]) => [`${kind}.png`, blob])];
  for (const [name, blob] of files) {
    const href = URL.createObjectURL(blob);
    make("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }
}

async function start() {
  let removed = 0;
  try {
    removed = await shelf.tidy(keptDays);
  } catch {
    by("shelf-note").textContent = "这个浏览器不能在本机保存。请保持联网,填好后直接提交。";
    return; // the form goes the way of every other
  }
  if (removed > 0) by("shelf-note").textContent = `有 ${removed} 件超过 ${keptDays} 天没有发送,已从本机删除。`;
  if (form) {
    await begin();
    for (const box of form.querySelectorAll("[data-least]")) {
      const input = box.querySelector('input[type="file"]');
      input.dataset.owed = input.required ? "yes" : "no";
      if ("signature" in box.dataset) prepareSignature(box);
      else prepareFiles(box);
    }
    // What is told stands where the button is, and that is always in sight.
    form.querySelector(".onsite-bar").prepend(by("told"));
    form.addEventListener("input", changed);
    form.addEventListener("submit", (event) => void submit(event));
    compareRevision();
    if (draft.says) ended({ state: draft.state, says: draft.says });
    else if (!isFresh) by("kept").textContent = "未联网,填写的内容存在本机";
  }
  by("send-all").addEventListener("click", () => void sendAll());
  // Whoever turns away from the page right after the last letter loses nothing.
  document.addEventListener("visibilitychange", () => {
    if (form && !form.hidden && document.visibilityState === "hidden" && by("kept").textContent.startsWith("正在存")) void save();
  });
  window.addEventListener("online", () => void sendAll());
  setInterval(() => { if (navigator.onLine) void sendAll(); }, RETRY_MS);
  await showShelf();
  document.body.dataset.ready = "yes";
  void keepPage();
  if (navigator.onLine) void sendAll();
}

void start();
