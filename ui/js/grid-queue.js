// Changes on their way to the server. A change is written to this browser's IndexedDB at once and removed when the server has
// answered for it, so that neither a lost line nor a closed page loses a figure. Figures never go into localStorage.

const STORE = "changes";
const SEND_AFTER_MS = 400; // a change leaves well within a second of leaving its cell
const RETRY_MS = [5_000, 10_000, 30_000, 60_000];
const KEEPALIVE_CHARS_MAX = 20_000; // browsers refuse to keep alive more than 64 KiB

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("youju", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

/** One key of the browser's store; without IndexedDB (private windows of some browsers) nothing is kept and `kept` stays false. */
class Shelf {
  constructor(key) {
    this.key = key;
    this.kept = false; // the last state has been written
    this.isUsable = true; // the browser has a store at all
    this.database = openDatabase().catch(() => { this.isUsable = false; return null; });
    this.last = Promise.resolve();
  }

  async run(mode, act) {
    const database = await this.database;
    if (!database) return undefined;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  async read() {
    try {
      return (await this.run("readonly", (store) => store.get(this.key))) ?? [];
    } catch {
      return [];
    }
  }

  /** Writes follow each other, so that the last state is the one that stays. */
  write(changes) {
    const copy = changes.map((change) => ({ ...change }));
    this.last = this.last.then(async () => {
      try {
        const database = await this.database;
        await this.run("readwrite", (store) => (copy.length > 0 ? store.put(copy, this.key) : store.delete(this.key)));
        this.kept = database !== null;
      } catch {
        this.kept = false;
      }
    });
    return this.last;
  }
}

/**
 * The queue of one form.
 * `send` is given to `fetch`; `onAnswer(answer, sent)` and `onState(state)` report back.
 * States: idle, dirty, saving, saved, offline, signed-out, refused (with `says`).
 */
export class Queue {
  constructor({ url, owner, revision, onAnswer, onState, fetch: send = (...given) => globalThis.fetch(...given) }) {
    this.url = url;
    this.revision = revision;
    this.onAnswer = onAnswer;
    this.onState = onState;
    this.send = send;
    this.waiting = new Map(); // cell -> {cell, was, value, reason}
    this.flying = new Map();
    this.shelf = new Shelf(`${owner ?? ""} ${new URL(url, location.href).pathname}`);
    this.failures = 0;
    this.timer = null;
    this.ended = false;
  }

  /** What a former visit could not send. */
  async recall() {
    const kept = await this.shelf.read();
    for (const change of kept) if (!this.waiting.has(change.cell)) this.waiting.set(change.cell, change);
    return kept;
  }

  get size() {
    return new Set([...this.waiting.keys(), ...this.flying.keys()]).size;
  }

  has(cell) {
    return this.waiting.has(cell) || this.flying.has(cell);
  }

  /** Takes a change. A later change of the same cell replaces the earlier one, but keeps what stood before it. */
  put(change) {
    const earlier = this.waiting.get(change.cell);
    const began = earlier?.began ?? change.began ?? Date.now();
    this.waiting.set(change.cell, { ...change, began, was: earlier ? earlier.was : change.was });
    this.shelve();
    this.onState({ name: "dirty" });
    this.schedule(SEND_AFTER_MS, false);
  }

  /** Forgets a change that has not left yet (the value is again what the server has). */
  drop(cell) {
    this.waiting.delete(cell);
    this.shelve();
    this.onState({ name: this.size > 0 ? "dirty" : "idle" });
  }

  shelve() {
    return this.shelf.write([...new Map([...this.flying, ...this.waiting]).values()]);
  }

  /** A send that is planned already stays planned: steady typing must not put it off for ever. */
  schedule(after, again) {
    if (this.ended || (this.timer && !again)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.timer = null; void this.flush(); }, after);
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
  }

  /** Sends everything that waits; one request at a time. Resolves to true when nothing is left. */
  async flush() {
    while (this.current) await this.current;
    if (this.waiting.size === 0) return this.size === 0;
    clearTimeout(this.timer);
    this.timer = null;
    this.current = this.sendOnce().finally(() => { this.current = null; });
    await this.current;
    return this.size === 0;
  }

  async sendOnce() {
    this.flying = this.waiting;
    this.waiting = new Map();
    this.onState({ name: "saving" });
    const sent = [...this.flying.values()];
    const result = await this.post(sent);
    if (result.answer) {
      this.failures = 0;
      this.flying = new Map();
      this.revision = result.answer.revision ?? this.revision;
      this.rebase(result.answer);
      this.onAnswer(result.answer, sent);
      await this.shelve();
      if (this.waiting.size > 0) this.schedule(SEND_AFTER_MS, false);
      this.onState({ name: this.waiting.size > 0 ? "dirty" : "saved", at: result.answer.saved_at });
      return;
    }
    this.waiting = new Map([...this.flying, ...this.waiting]);
    this.flying = new Map();
    await this.shelve();
    this.onState({ ...result, kept: this.shelf.kept });
    if (result.name !== "refused") {
      this.schedule(RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)], true);
      this.failures += 1;
    }
  }

  /** What was typed while its own cell was on the way now stands on the answered value, not on the one before. */
  rebase(answer) {
    for (const cell of answer.cells ?? []) {
      const change = this.waiting.get(cell.id);
      if (change) change.was = cell.value;
    }
  }

  async post(changes) {
    const how = changes.some((change) => change.how === "pasted") ? "pasted" : "typed";
    const began = Math.min(...changes.map((change) => change.began ?? Date.now()));
    const seconds = Math.max(0, Math.round((Date.now() - began) / 1000));
    const sent = changes.map(({ cell, was, value, reason }) => ({ cell, was, value, reason }));
    const body = JSON.stringify({ revision: this.revision, changes: sent, how, seconds });
    let response;
    try {
      response = await this.send(this.url, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body,
        keepalive: body.length < KEEPALIVE_CHARS_MAX, // goes on when the page is left
      });
    } catch {
      return { name: "offline" };
    }
    const answer = await readJson(response);
    if (response.ok && answer && !response.redirected) return { answer };
    if (response.status === 401 || response.redirected) return { name: "signed-out" };
    if (response.status >= 400 && response.status < 500) {
      return { name: "refused", says: answer?.says ?? `服务器没有接收(编号 ${response.status})。` };
    }
    return { name: "failing" };
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/** For a form that is sent as a whole: nothing goes out by itself, only leaving with unsent changes is asked about. */
export class WholeForm {
  constructor() {
    this.waiting = new Map();
    this.flying = new Map();
    this.shelf = { isUsable: false };
    this.revision = 0;
  }

  get size() {
    return this.waiting.size;
  }

  has() {
    return false;
  }

  put(change) {
    this.waiting.set(change.cell, change);
  }

  drop(cell) {
    this.waiting.delete(cell);
  }

  sent() {
    this.waiting.clear();
  }

  async recall() {
    return [];
  }

  async flush() {}

  end() {}
}
