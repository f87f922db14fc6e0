// What a phone keeps of field work until it is sent: fields, photographs, places and signatures, in IndexedDB and nowhere else. Each
// draft belongs to one person, one case and one act; it is taken away when it was sent, after some days, and when its person signs out.

const NAME = "youju-onsite";
const STORE = "drafts";
const DAY_MS = 24 * 3600 * 1000;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

async function run(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error ?? new Error("full"));
    });
  } finally {
    database.close();
  }
}

/** Every draft of this phone, the oldest first. */
export async function all() {
  const drafts = await run("readonly", (store) => store.getAll());
  return drafts.sort((a, b) => a.saved - b.saved);
}

export const get = (key) => run("readonly", (store) => store.get(key));
export const put = (draft) => run("readwrite", (store) => store.put(draft));
export const remove = (key) => run("readwrite", (store) => store.delete(key));

/** Takes away what has lain here too long; how many that were. */
export async function tidy(days) {
  const old = (await all()).filter((draft) => Date.now() - draft.saved > days * DAY_MS);
  for (const draft of old) await remove(draft.key);
  return old.length;
}

/** Bytes of a draft: its pictures are nearly all of it. */
export function bytes(draft) {
  const photos = Object.values(draft.photos).flat().map((photo) => photo.blob.size);
  const names = Object.values(draft.names).map((name) => name.size);
  return [...photos, ...names].reduce((sum, size) => sum + size, JSON.stringify(draft.fields).length);
}

export const size = (count) => (count < 1024 * 1024 ? `${Math.max(1, Math.round(count / 1024))} KB` : `${(count / 1024 / 1024).toFixed(1)} MB`);

/** Whether this browser has ever kept anything of field work. */
export async function isThere() {
  if (!globalThis.indexedDB?.databases) return false;
  return (await indexedDB.databases()).some((database) => database.name === NAME);
}

/** Takes everything away: drafts, kept pages, and the script that keeps them. */
export async function forgetAll() {
  await new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = request.onerror = request.onblocked = resolve;
  });
  for (const name of (await globalThis.caches?.keys()) ?? []) if (name.startsWith(NAME)) await caches.delete(name);
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
    if (new URL(worker.scope).pathname.startsWith("/onsite")) await worker.unregister();
  }
}
