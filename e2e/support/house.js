// A program of one's own for every file of journeys: fresh data, its own port, everybody's browser watched for faults.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";

/** Everybody's password in the demonstration. */
export const PASSWORD = "youju-demo";
/** What people choose who come in by a code. */
const CHOSEN = "Kuvo-9-Lanhua";
const STARTS_WITHIN_MS = 60_000;

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A clock that stands at an instant until it is set: a file that the program looks at. */
async function clockAt(instant) {
  const folder = await mkdtemp(join(tmpdir(), "youju-clock-"));
  const file = join(folder, "clock");
  const set = async (next) => {
    // Half a line must never be read as a time.
    await writeFile(`${file}.next`, `${next}\n`);
    await rename(`${file}.next`, file);
  };
  await set(instant);
  return { file, set, putAway: () => rm(folder, { recursive: true }) };
}

/** Starts the program on fresh data; resolves when it answers. */
async function start(clock, byName, empty) {
  const port = await freePort();
  const given = [fileURLToPath(new URL("../serve.sh", import.meta.url)), String(port)];
  const bare = `http://127.0.0.1:${port}`;
  const url = byName ? `http://localhost:${port}` : bare;
  const env = { ...process.env, ...(byName && { YOUJU_ADDRESS: url }), ...(empty && { EMPTY: "yes" }) };
  const child = spawn("bash", clock ? [...given, clock.file] : given, { env });
  const server = { url, child, log: "" };
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the program did not start:\n${server.log}`)), STARTS_WITHIN_MS);
    const hear = (bytes) => {
      server.log += bytes;
      if (server.log.includes(`\n${bare}/`)) { clearTimeout(late); resolve(); }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => { clearTimeout(late); reject(new Error(`the program ended with ${code}:\n${server.log}`)); });
  });
  return server;
}

function says(server, given) {
  const [, data] = server.log.match(/^数据目录 (.+)$/m);
  const program = process.env.YOUJU_BIN ?? join(process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../target", import.meta.url)), "debug/youju");
  return new Promise((resolve, reject) => {
    execFile(program, [...given, "--data", data], (error, out, err) => (error ? reject(new Error(`${err}${error.message}`)) : resolve(out)));
  });
}

function stop({ child }) {
  return new Promise((resolve) => {
    child.removeAllListeners("exit");
    child.on("exit", resolve);
    child.kill("SIGTERM");
  });
}

/** Words of a fault of a page: broken content policy, an error in a script, a request to another host. */
function watch(context, url, faults) {
  context.on("weberror", (error) => faults.push(`script: ${error.error().message}`));
  context.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("request", (request) => {
    if (!request.url().startsWith(`${url}/`) && !/^(data|blob):/.test(request.url())) faults.push(`foreign request: ${request.url()}`);
  });
}

/**
 * Call once at the top of a file. `enter(browser, login)` opens a signed-in page in a browser context of its own.
 * A test ends with no fault on any of its pages; one that provokes a refusal names it first by `expectFault(pattern)`.
 *
 * `freshHouse({ clock: "2022-04-01 08:30" })` gives every test a program of its own whose time stands at that instant until the test
 * moves it by `setClock("2022-04-18 18:05")`. Sessions end as they would: after a jump people sign in again (`support/city.js`).
 *
 * `freshHouse({ empty: true })` has nobody in it: people come in by `hire`, with the code that the command line shows.
 *
 * `freshHouse({ byName: true })` is visited as `localhost` and knows it: browsers let security keys sign at a name, never at a bare address.
 */
export function freshHouse({ clock, byName = false, empty = false } = {}) {
  const house = { server: null, clock: null, sessions: new Map(), faults: [], provoked: [], contexts: [] };
  const before = clock ? test.beforeEach : test.beforeAll;
  before(async () => {
    house.clock = clock ? await clockAt(clock) : null;
    house.server = await start(house.clock, byName, empty);
    house.sessions.clear();
  });
  const close = async () => {
    await stop(house.server);
    await house.clock?.putAway();
  };
  if (!clock) test.afterAll(close);
  test.afterEach(async () => {
    const faults = house.faults.filter((fault) => !house.provoked.some((pattern) => pattern.test(fault)));
    await Promise.all(house.contexts.map((context) => context.close()));
    for (const list of [house.faults, house.provoked, house.contexts]) list.length = 0;
    if (clock) await close();
    expect(faults).toEqual([]);
    expect(house.server.log).not.toContain("a request failed");
  });
  return {
    get url() { return house.server.url; },
    /** What the program says on the command line, at the data of this house. */
    says: (...given) => says(house.server, given),
    expectFault: (pattern) => house.provoked.push(pattern),
    setClock: (instant) => house.clock.set(instant),
    /** Something else that is closed with the pages of the test. */
    atEnd: (close) => house.contexts.push({ close }),
    /** A page of somebody who has not signed in. */
    visit: (browser) => open(house, browser),
    enter: (browser, login) => enter(house, browser, login),
    hire: (browser, login, given) => hire(house, browser, login, given),
  };
}

/** The cookie by which the program knows a person's own browser again, wherever a test opens it: signing in is no news there. */
export function ownBrowser(login) {
  const value = createHash("sha256").update(login).digest("hex");
  return { name: "youju_device", value, domain: "127.0.0.1", path: "/", expires: -1, httpOnly: true, secure: false, sameSite: "Lax" };
}

async function open(house, browser, storageState, login) {
  const context = await browser.newContext({ baseURL: house.server.url, storageState });
  if (login) await context.addCookies([{ ...ownBrowser(login), domain: new URL(house.server.url).hostname }]);
  house.contexts.push(context);
  watch(context, house.server.url, house.faults);
  return context.newPage();
}

/** Signs in where the page asks who you are. True when it did. */
export async function signIn(page, login) {
  if (!page.url().includes("/sign-in")) return false;
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  return true;
}

/** Signs out by the menu of the person, and waits until the page of the door is there: other pages ask for a password, too. */
export async function leave(page) {
  await page.locator(".top-person summary").click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.waitForURL(/\/sign-in/);
}

/** Makes an account by the command line and opens it with the code: `given` says name, role, and area or code of the unit. */
async function hire(house, browser, login, given) {
  const options = Object.entries(given).flatMap(([key, value]) => [`--${key}`, value]);
  const said = await says(house.server, ["person", "add", "--login", login, ...options]);
  const code = said.match(/(?:[A-Z2-7]{4} ){6}[A-Z2-7]{4}/)[0];
  const page = await open(house, browser, undefined, login);
  await page.goto(`/activate#${code.replaceAll(" ", "")}`);
  await page.getByLabel("账号", { exact: true }).fill(login);
  await page.getByLabel("设置密码").fill(CHOSEN);
  await page.getByLabel("再输入一次密码").fill(CHOSEN);
  await page.getByRole("button", { name: "激活", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "待办" })).toBeVisible();
  house.sessions.set(login, await page.context().storageState());
  return page;
}

/** Signs in by the page once for each login, and goes on with the same session later. */
async function enter(house, browser, login) {
  const page = await open(house, browser, house.sessions.get(login), login);
  await page.goto("/inbox");
  if (await signIn(page, login)) {
    await expect(page.getByRole("heading", { level: 1, name: "待办" })).toBeVisible();
    house.sessions.set(login, await page.context().storageState());
  }
  return page;
}
