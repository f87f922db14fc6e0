// A desk: the page of the person whom a test plays, and what people do there by the links and buttons of the pages.
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import { APRIL, MARCH, RETURNED, UNIT } from "./city.js";
import { signIn } from "./house.js";
import { expectState } from "./report.js";

const SHOTS = fileURLToPath(new URL("../.results/shots/two-months/", import.meta.url));

/** Takes a seat. */
export async function deskOf(house, browser, login) {
  const page = await house.enter(browser, login);
  const side = (name) => page.getByRole("navigation", { name: "主要工作" }).getByRole("link", { name });
  return {
    page,
    main: page.getByRole("main"),
    side,
    /** Moves the clock; the person comes to work then, signs in and looks at what waits. */
    async comes(instant) {
      await house.setClock(instant);
      const look = async () => {
        await page.goto("/inbox");
        await signIn(page, login);
        await expect(page.locator("header.top")).toContainText(`演练时钟 ${instant}`, { timeout: 300 });
      };
      await expect(look).toPass({ timeout: 20_000 });
      // The clock may have moved while that page was made, which ends the session that it was made for.
      await look();
    },
    /** Looks at what waits now. */
    async inbox() {
      await side("待办").click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("待办");
    },
    /** A group of the inbox by its heading. */
    group: (title) => page.locator("main section").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) }),
    /** The headings of the inbox, from above. */
    groups: () => page.locator("main section h2"),
    /** The rows of the table that hold all the words. */
    row: (...words) => words.reduce((rows, hasText) => rows.filter({ hasText }), page.locator("main tbody tr")),
    async picture(name) {
      await page.screenshot({ path: `${SHOTS}${login}-${name}.png`, fullPage: true });
    },
  };
}

/** A report as the inbox names it. */
export const line = (form, label) => `${form} · ${label}`;

/** The report in the row of a list of reports. */
export async function openFromList(desk, form, label) {
  await desk.side("报表").click();
  await desk.row(UNIT.name, label).filter({ has: desk.page.getByRole("cell", { name: form, exact: true }) }).getByRole("link").first().click();
  await expect(desk.page.locator(".page-period")).toHaveText(label);
  return new URL(desk.page.url()).pathname;
}

/** The report in a group of the inbox. */
export async function openFrom(desk, group, form, label) {
  await desk.group(group).locator("li", { hasText: UNIT.name }).getByRole("link", { name: line(form, label) }).click();
  await expect(desk.page.locator(".page-period")).toHaveText(label);
  return new URL(desk.page.url()).pathname;
}

/** What a version changed: label -> [now, before]. */
export async function changesOf(desk, version) {
  await desk.page.getByRole("link", { name: "办理过程" }).first().click();
  await desk.page.getByRole("link", { name: `第 ${version} 版`, exact: true }).click();
  await expect(desk.page.getByRole("heading", { level: 1 })).toHaveText(`第 ${version} 版`);
  const rows = desk.main.locator("tbody tr", { has: desk.page.getByText("改动", { exact: true }) });
  const read = async (row) => [await row.locator("th").innerText(), await row.locator("td.num").allInnerTexts()];
  return Object.fromEntries(await Promise.all((await rows.all()).map(read)));
}

/** 营业收入 in the sum of a page of totals, with the number of units. */
export async function income(desk, label, level) {
  await desk.side("汇总").click();
  const period = { [MARCH]: "2022-03", [APRIL]: "2022-04" }[label];
  await desk.page.getByLabel("报表和报告期").selectOption(`B203/${period}`);
  await desk.page.getByLabel("口径").selectOption({ label: level });
  await desk.page.getByRole("button", { name: "汇总", exact: true }).click();
  await expect(desk.page.locator(".page-period")).toHaveText(label);
  const heads = await desk.main.locator("thead tr").first().locator("th[colspan]").allInnerTexts();
  const at = heads.findIndex((head) => head.startsWith("营业收入"));
  const sum = await desk.main.locator("tr.sum td").allInnerTexts();
  return { units: sum[0], income: sum[1 + 2 * at] };
}

/** The progress of a window, found in the list of windows. */
export async function openProgress(desk, form, label) {
  await desk.side("进度").click();
  await desk.row(label).filter({ has: desk.page.getByRole("link", { name: form, exact: true }) }).getByRole("link").click();
  await expect(desk.page.locator(".page-period")).toHaveText(label);
}

/** Sends the report on the page back. */
export async function sendBack(desk, reason) {
  await desk.page.locator(".page-head summary", { hasText: "退回" }).click();
  await desk.page.getByLabel("退回原因(单位会看到)").fill(reason);
  await desk.page.getByRole("button", { name: "退回", exact: true }).click();
  await expectState(desk.page, "已退回");
}

/** A level above sends back what this desk has accepted: the inbox tells it as news and as something that waits for the unit. */
export async function overOurHeads(desk, sendBack, words) {
  await sendBack();
  await desk.inbox();
  const news = desk.group("消息").locator("li", { hasText: /B203 2022年1—4月 被退回:虚构第001号/ });
  await expect(news).toContainText(words);
  await expect(news).toContainText(RETURNED);
  await expect(desk.group("退回未报")).toContainText(RETURNED);
  await desk.picture("over-our-heads");
  await news.getByRole("button", { name: "知道了" }).click();
  await expect(desk.group("消息")).toHaveCount(0);
}

/** Writes a note on a cell of the report on the page. */
export async function writeNote(desk, id, text, isInternal = false) {
  await desk.page.locator("#talk summary", { hasText: "写批注" }).click();
  await desk.page.getByLabel(/数据项编号\(不填为整张表\)$/).first().fill(id);
  await desk.page.getByLabel("批注", { exact: true }).fill(text);
  if (isInternal) await desk.page.getByLabel(/内部批注/).check();
  await desk.page.getByRole("button", { name: "写批注" }).click();
  await expect(desk.page.locator("#talk")).toContainText(text);
}
