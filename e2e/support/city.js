// Two months of a city. One person sits at a desk (`desk.js`), and the test plays them in the browser; everybody else acts behind the
// scenes by the same forms that their pages send. Time stands until a turn moves it (`freshHouse({ clock })`).
import { expect, request } from "@playwright/test";
import { PASSWORD, ownBrowser } from "./house.js";
import { plausible } from "./plausible.js";
import { workbook } from "./workbook.js";

/** A Monday before the two months, when nothing of them has been arranged. */
export const BEFORE = "2022-03-28 09:00";
export const MARCH = "2022年1—3月";
export const APRIL = "2022年1—4月";
/** The unit that everything happens to, its people, and its township. */
export const UNIT = { number: "001", name: /虚构第001号/, clerk: "tb001", head: "fz001", township: "zhen02" };
/** Units that report without any trouble, so that there is something to add up. */
export const OTHERS = ["002", "003"];
const townshipOf = (number) => `zhen${String(Number(number) + 1).padStart(2, "0")}`;

/** What is said in the story. */
export const SOURCE = "国家查询清单 2022-03";
export const QUESTION = "营业收入比上年同期增长较快,请说明原因并提供凭证";
export const ANSWER = "三月新增一条生产线,订单增加,附发票汇总";
export const EVIDENCE = "三月新增订单的发票汇总";
export const RETURNED = "期末用工人数与花名册不符,请看 c601 的批注";
export const NOTE = "花名册 108 人,表中 120 人,请核对";
export const MISCOUNTED = "三月有两张发票漏记,收入和成本都少记 40 千元";
/** What the mending of the returned report and what the correction change: to be typed, and as the versions show it. */
export const MENDED = { c601: "108" };
export const MENDED_SHOWN = { 期末用工人数: ["108", "120"] };
export const CORRECTED = { c301: "20040", c307: "15040" };
export const CORRECTED_SHOWN = { 营业收入: ["20,040", "20,000"], 营业成本: ["15,040", "15,000"] };

/** What a unit reports of B203: the plausible report as often as its number says; what runs from January has grown by April. */
export function figuresOf(number, label) {
  const stock = /^c(2\d\d|601)/;
  const growth = { [MARCH]: 1, [APRIL]: 2 }[label];
  const grown = (id, value) => (stock.test(id) ? value : value * growth) * Number(number);
  return Object.fromEntries(Object.entries(plausible("B203")).map(([id, value]) => [id, String(grown(id, Number(value)))]));
}

/** A paper that proves a figure. */
export const PAPER = { name: "三月发票汇总.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n%…\n") };

/** A list of queries from above as a workbook: each row names a unit's code, a cell and what is asked. */
export function queryList(rows) {
  const head = ["统一社会信用代码", "表号", "报告期", "指标代码", "查询内容", "回复期限"];
  const body = rows.map(({ usci, cell, question, due }) => [usci, "B203", "2022-03", cell, question, due]);
  return { name: "国家查询清单.xlsx", mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", buffer: workbook([head, ...body]) };
}

/** Somebody who acts behind the scenes. Signs in when they have to; an act that is refused fails the test with the reason. */
class Hand {
  #context;

  constructor(house, login) {
    Object.assign(this, { house, login });
  }

  async #open() {
    const context = await request.newContext({ baseURL: this.house.url, storageState: { cookies: [ownBrowser(this.login)], origins: [] } });
    this.house.atEnd(() => context.dispose());
    return context;
  }

  async #send(method, path, options) {
    this.#context ??= await this.#open();
    const send = () => this.#context.fetch(path, { method, ...options });
    let response = await send();
    if (new URL(response.url()).pathname === "/sign-in") {
      await this.#context.post("/sign-in", { form: { login: this.login, password: PASSWORD } });
      response = await send();
    }
    const text = await response.text();
    const refused = text.match(/role="alert">(.*?)<\/div>/s)?.[1].replaceAll(/<[^>]*>/g, " ");
    if (!response.ok() || refused) throw new Error(`${this.login}: ${method} ${path}: ${response.status()} ${refused ?? text.slice(0, 300)}`);
    return { text, path: new URL(response.url()).pathname };
  }

  get = async (path) => (await this.#send("GET", path)).text;
  post = (path, form = {}) => this.#send("POST", path, { form });
  send = (path, multipart) => this.#send("POST", path, { multipart });
  save = (path, data) => this.#send("POST", path, { data });

  /** The first address of a kind in the row of a page that holds all the words. */
  async find(page, kind, ...words) {
    const rows = (await this.get(page)).split(/<(?:tr|li)[ >]/).filter((row) => words.every((word) => row.includes(word)));
    const found = rows[0]?.match(new RegExp(`href="(/${kind}/[^"/?#]+)"`))?.[1];
    if (!found) throw new Error(`${this.login}: ${page} leads to no ${kind} with ${words.join(", ")}`);
    return found;
  }
}

/** The others. Call once for each test with its house. */
export function cityOf(house) {
  const hands = new Map();
  const as = (login) => {
    if (!hands.has(login)) hands.set(login, new Hand(house, login));
    return hands.get(login);
  };
  return { as, ...arranging(as), ...reporting(as), ...reviewing(as), ...asking(as) };
}

/** What the county does with the calendar. */
function arranging(as) {
  const window = (form, label) => as("xian").find("/windows", "windows", `>${form}<`, label);
  return {
    window,
    /** What the demonstration left over from last year is accepted, so that desks are empty. */
    async clearDesks() {
      for (const login of ["xian", "shi"]) {
        const left = await as(login).find("/windows", "windows", ">B203<", "2021年1—12月");
        const reports = (await as(login).get(`${left}/accept`)).match(/name="reports" value="([^"]*)"/)[1];
        await as(login).post(`${left}/accept`, { reports });
      }
    },
    prepareYear: () => as("xian").post("/calendar", { year: "2022" }),
    openWindow: async (form, label) => as("xian").post(`${await window(form, label)}/open`),
    lock: async (form, label) => as("shi").post(`${await window(form, label)}/lock`),
    /** The formal notice to the unit that everything happens to. */
    async notice(form, label, respondBy) {
      const page = `${await window(form, label)}/remind`;
      const row = (await as("xian").get(page)).split("<tr").find((text) => text.includes(`第${UNIT.number}号`));
      const report = row.match(/name="report" value="([^"]*)"/)[1];
      return as("xian").post(page, { report, respond_by: respondBy, body: "请核对数据后尽快报送。" });
    },
  };
}

/** What units do with their reports. */
function reporting(as) {
  const report = (number, form, label) => as(`tb${number}`).find("/reports", "reports", `<td>${form}</td>`, label);
  const type = async (number, path, figures) => {
    const clerk = as(`tb${number}`);
    const page = await clerk.get(path);
    const was = (cell) => page.match(new RegExp(`name="${cell}" [^>]*?value="([^"]*)"`))?.[1] ?? "";
    const changes = Object.entries(figures).map(([cell, value]) => ({ cell, was: was(cell), value, reason: null }));
    const told = JSON.parse((await clerk.save(`${path}/cells`, { revision: 0, changes })).text);
    expect([...told.conflicts, ...told.problems]).toEqual([]);
  };
  const handIn = async (number, path) => {
    await as(`tb${number}`).post(`${path}/sign`);
    await as(`fz${number}`).post(`${path}/authorise`);
    await as(`tb${number}`).post(`${path}/submit`);
  };
  return {
    report,
    type,
    handIn,
    sign: (path) => as(UNIT.clerk).post(`${path}/sign`),
    authorise: (path) => as(UNIT.head).post(`${path}/authorise`),
    submit: (path) => as(UNIT.clerk).post(`${path}/submit`),
    /** Fills a report of B203 in and hands it in. */
    async reports(number, label) {
      const path = await report(number, "B203", label);
      await type(number, path, figuresOf(number, label));
      await handIn(number, path);
      return path;
    },
    note: (login, path, cell, text, internal = false) => as(login).post(`${path}/note`, { cell, text, ...(internal && { internal: "1" }) }),
    correct: async (path, reason, figures) => {
      const typed = Object.fromEntries(Object.entries(figures).map(([cell, value]) => [`c.${cell}`, value]));
      return (await as(UNIT.clerk).post(`${path}/correction`, { cause: "slip", reason, ...typed })).path;
    },
  };
}

/** What offices do with what has come in. */
function reviewing(as) {
  const accept = async (number, path, ...levels) => {
    const logins = { township: townshipOf(number), county: "xian", city: "shi" };
    for (const level of levels) await as(logins[level]).post(`${path}/accept`);
  };
  return {
    accept,
    acceptAll: (number, path) => accept(number, path, "township", "county", "city"),
    sendBack: (login, path, reason) => as(login).post(`${path}/return`, { reason }),
    decide: (login, correction, opinion = "") => as(login).post(`${correction}/decide`, { agrees: "yes", opinion }),
  };
}

/** Queries by a list from above. */
function asking(as) {
  const code = async (number) => {
    const unit = await as(`tb${number}`).find("/units", "units", `第${number}号`);
    return (await as(`tb${number}`).get(unit)).match(/91330781[0-9A-Z]{10}/)[0];
  };
  return {
    code,
    async askByList(source, rows) {
      const { buffer, name } = queryList(rows);
      const kept = buffer.toString("base64");
      const { text } = await as("shi").send("/queries/list/ask", { name, source, kept });
      expect(text).toContain(`已提出 ${rows.length} 条查询。`);
    },
    query: (login, question) => as(login).find("/queries", "queries", question),
    answer: (number, query, text) => as(`tb${number}`).post(`${query}/answer`, { text }),
    opine: (login, query, text) => as(login).post(`${query}/judge`, { act: "opinion", text }),
    close: (query) => as("shi").post(`${query}/judge`, { act: "close", outcome: "confirmed", cause: "business", text: "" }),
    /** Lays the paper down as evidence for a figure. */
    async prove(report, cell, note) {
      const unit = await as(UNIT.clerk).find("/units", "units", `第${UNIT.number}号`);
      const proves = `report:${report.split("/").at(-1)}:${cell}`;
      await as(UNIT.clerk).send(`${unit}/attachments?period=2022-03`, { file: PAPER, note, proves });
    },
  };
}
