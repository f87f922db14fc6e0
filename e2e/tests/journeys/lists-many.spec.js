// The lists of the register with one row and with very many: nothing runs out of the page, pages are turned, axe finds nothing, and a page of a
// long list answers. In a debug build 10,000 rows take most of a minute; MANY_ROWS=2000 is enough for an everyday run.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { longList, registerList } from "../../support/companies.js";
import { glance } from "../../support/glance.js";
import { freshHouse } from "../../support/house.js";

const house = freshHouse();
const MANY = Number(process.env.MANY_ROWS ?? 10_000);
const counted = (count) => count.toLocaleString("en-US");

/** Takes companies into the register by the command line, as an administrator does with a long list. */
async function registered(count) {
  const folder = await mkdtemp(join(tmpdir(), "youju-register-"));
  try {
    const path = join(folder, "名录.csv");
    await writeFile(path, registerList(count));
    return await house.says("import", "register", path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Brings a department's list by the page and has it matched; the address of the run. */
async function matched(page, count) {
  await page.goto("/rosters/table");
  await page.getByLabel("来源说明").fill("市市场监管局 4 月 1 日提供");
  await page.locator('input[type="file"]').setInputFiles({ name: "主体.csv", mimeType: "text/csv", buffer: longList(count) });
  await page.getByRole("button", { name: "核对" }).click();
  await page.getByRole("button", { name: `导入 ${counted(count)} 行` }).click();
  await expect(page.locator(".page-head")).toContainText("市场监管名单");
  await glance(page, `many-${count}-roster`);
  await page.getByRole("button", { name: "与名录库比对" }).click();
  await expect(page.locator(".page-head .badge")).toHaveText("已完成", { timeout: 120_000 });
  return new URL(page.url()).pathname;
}

/** Turns to the next page and back; the table shows other rows and the first ones again. */
async function turned(page) {
  const row = page.locator("tbody tr").first();
  const first = await row.innerText();
  await page.getByRole("link", { name: "下一页" }).first().click();
  await expect(page.getByText(/^第 2 页/).first()).toBeVisible();
  await expect(row).not.toHaveText(first);
  await page.getByRole("link", { name: "上一页" }).first().click();
  await expect(page.getByText(/^第 1 页/).first()).toBeVisible();
}

/** The leads of a run, and a frame of all units: counted, frozen. */
async function usedFurther(page, run, count, leads) {
  await page.goto(run);
  await page.getByRole("button", { name: "筛选达标的单位,列为准四上线索" }).click();
  await expect(page.getByText(`共 ${counted(leads)} 条`)).toBeVisible();
  await glance(page, `many-${count}-prospects`);
  await page.goto(`/sampling-frames/new?${new URLSearchParams({ name: "全部单位", purpose: "试验", area: "330781", on: new Date().toISOString().slice(0, 10) })}`);
  await expect(page.getByRole("heading", { level: 2, name: `共 ${counted(count)} 个单位` })).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "冻结" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "冻结" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "全部单位" })).toBeVisible();
  await glance(page, `many-${count}-frame`);
  await page.goto("/sampling-frames");
  await glance(page, `many-${count}-frames`);
}

test("one row and no more", async ({ browser }) => {
  const page = await house.enter(browser, "xian");
  await registered(1);
  const run = await matched(page, 1);
  for (const list of ["review", "enrol", "amend", "withdraw", "agreed", "nothing"]) {
    await page.goto(`${run}?list=${list}`);
    await glance(page, `many-1-${list}`);
  }
  await usedFurther(page, run, 1, 1);
});

test("very many rows", async ({ browser }) => {
  test.setTimeout(240_000);
  const page = await house.enter(browser, "xian");
  await registered(MANY);
  await page.goto("/units");
  await turned(page);
  await glance(page, "many-units");
  const run = await matched(page, MANY);
  for (const list of ["agreed", "amend", "review"]) {
    await page.goto(`${run}?list=${list}`);
    await glance(page, `many-${list}`);
    if (await page.getByRole("link", { name: "下一页" }).count() > 0) await turned(page);
  }
  await usedFurther(page, run, MANY, MANY / 20);
  await page.goto("/prospects");
  await turned(page);
});
