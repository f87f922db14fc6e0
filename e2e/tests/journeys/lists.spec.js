// The lists of the register in a county's hands: a department's list comes in with its faults, is matched, reviewed by the keyboard, mended and
// sent again; what it finds becomes an application or a lead; then the onboarding of new units, and a sampling frame that anybody can verify.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { MENDED, STORY, company, departmentList, registerList, text } from "../../support/companies.js";
import { glance } from "../../support/glance.js";
import { freshHouse } from "../../support/house.js";

const house = freshHouse();
const ORIGIN = "市市场监管局 4 月 1 日提供";

const file = (name, buffer) => ({ name, mimeType: "text/csv", buffer });
const press = (page, name) => page.getByRole("main").getByRole("button", { name }).click();
const follow = (page, name) => page.getByRole("main").getByRole("link", { name }).first().click();

/** What a link or a button of the page gives to keep. */
async function kept(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Chooses a list and has it looked at. */
async function handIn(page, name, buffer) {
  await page.locator('input[type="file"]').setInputFiles(file(name, buffer));
  await expect(page.locator(".drop-says")).toContainText(name);
  await press(page, "核对");
}

/** Has the list matched and waits for the result, which comes by itself. */
async function matched(page) {
  await press(page, "与名录库比对");
  await expect(page.locator(".page-head .badge")).toHaveText("已完成", { timeout: 60_000 });
  await expect(page.getByRole("navigation", { name: "比对结果" })).toBeVisible();
}

/** How many a result list holds, by the figure above it. */
async function held(page, list) {
  const figure = page.getByRole("navigation", { name: "比对结果" }).getByRole("link", { name: list });
  return Number((await figure.locator("b").textContent()).replaceAll(",", ""));
}

async function openList(page, list) {
  await page.getByRole("navigation", { name: "比对结果" }).getByRole("link", { name: list }).click();
  await expect(page.getByRole("heading", { level: 2, name: list })).toBeVisible();
}

test("a department's list becomes applications, leads and a clean list", async ({ browser }) => {
  test.setTimeout(300_000);
  const county = await house.enter(browser, "xian");
  const township = await house.enter(browser, "zhen01");

  await test.step("the empty rooms say what to do", async () => {
    for (const [name, address] of [["rosters", "/rosters"], ["prospects", "/prospects"], ["onboarding", "/onboarding"], ["bulletin", "/onboarding/bulletin"], ["frames", "/sampling-frames"]]) {
      await county.goto(address);
      await glance(county, `lists-0-${name}`);
    }
  });

  await test.step("the register gets its companies", async () => {
    await county.goto("/units");
    await follow(county, "导入名单");
    await glance(county, "lists-1-import");
    await handIn(county, "名录.csv", registerList(STORY.registered));
    await glance(county, "lists-1-import-look");
    await press(county, `导入 ${STORY.registered} 家单位`);
    await expect(county.getByRole("status")).toContainText(`已入库 ${STORY.registered} 行`);
    await glance(county, "lists-1-import-taken");
    await follow(county, "回到名录");
    await county.getByLabel("名称、拼音、代码或地址").fill(company(12).name);
    await press(county, "查找");
    await expect(county.getByRole("link", { name: company(12).name })).toBeVisible();
    await glance(county, "lists-1-search");
  });

  await test.step("the list is looked at, its columns are told, and it goes in", async () => {
    await county.goto("/rosters");
    await follow(county, "导入名单");
    await glance(county, "lists-2-form");
    await county.getByLabel("部门").selectOption("市场监管");
    await county.getByLabel("来源说明").fill(ORIGIN);
    await handIn(county, "主体.csv", departmentList());
    await expect(county.getByText("没有找到单位名称这一列。")).toBeVisible();
    await glance(county, "lists-2-look-unnamed");
    await county.getByLabel("主体", { exact: true }).selectOption("单位名称");
    await press(county, "按改过的列重新核对");
    await expect(county.getByText("共 300 行:可收 298 行")).toBeVisible();
    await expect(county.getByText("不能收 2 行")).toBeVisible();
    await glance(county, "lists-2-look");
    await press(county, "导入 298 行");
    await expect(county.locator(".page-head")).toContainText("市场监管名单");
    await expect(county.getByRole("region", { name: "未收的行" }).locator("tbody tr")).toHaveCount(2);
    await glance(county, "lists-2-taken");
  });
  const roster = new URL(county.url()).pathname;

  await test.step("it is matched with the register", async () => {
    await matched(county);
    await glance(county, "lists-3-run");
  });
  const run = new URL(county.url()).pathname;

  await test.step("uncertain pairs are decided by the keyboard alone", async () => reviewed(county, run));
  await test.step("every result leads on", async () => resultsLeadOn(county, run));
  await test.step("the broken row is mended and sent again", async () => mendedAndSentAgain(county, roster));
  await test.step("leads are verified by the township and called by the county", async () => leadsAreFollowed(county, township));
});

/** Goes on by Tab until something has the focus, as people do without a mouse. */
async function tabTo(page, target) {
  for (let steps = 0; !(await target.evaluate((one) => one === document.activeElement)); steps += 1) {
    expect(steps, "the way there by Tab").toBeLessThan(60);
    await page.keyboard.press("Tab");
  }
}

const waitingPairs = async (page) => Number((await page.getByText(/^待复核还有/).textContent()).match(/\d+/)[0]);

/** Goes through all pairs without a mouse: the first one is left and come back to; a slip is taken back; all are units that were renamed. */
async function reviewed(page, run) {
  const amendments = await held(page, "应变更");
  expect(await held(page, "待复核")).toBe(STORY.renamed.length);
  await tabTo(page, page.getByRole("link", { name: /^开始复核/ }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "是不是同一单位" })).toBeVisible();
  const records = page.getByRole("region", { name: "两边的记录" });
  // The name and the place are said otherwise; code, industry and standing only in other words.
  await expect(records.getByRole("row", { name: /≠ 不同/ })).toHaveCount(3);
  await expect(records.locator("mark")).toHaveCount(6);
  await glance(page, "lists-4-pair");

  const first = new URL(page.url()).pathname;
  await page.keyboard.press("j");
  await expect(page).not.toHaveURL(new RegExp(`${first}$`));
  // A slip: "not the same". The pair is one key away, and the judgement is taken back there.
  const second = new URL(page.url()).pathname;
  await page.keyboard.press("n");
  await expect(page.getByRole("status").first()).toContainText("已记录");
  expect(await waitingPairs(page)).toBe(STORY.renamed.length - 1);
  await page.keyboard.press("k");
  await expect(page).toHaveURL(new RegExp(`${second}$`));
  await tabTo(page, page.getByRole("button", { name: "撤销判断" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "是同一单位" })).toBeVisible();
  expect(await waitingPairs(page)).toBe(STORY.renamed.length);
  await glance(page, "lists-4-taken-back");

  for (let left = STORY.renamed.length; left > 0; left -= 1) {
    expect(await waitingPairs(page)).toBe(left);
    // A finger that rests on the key judges one pair, not the next one too; capitals count.
    await page.keyboard.down(left % 2 ? "y" : "Y");
    await page.keyboard.down(left % 2 ? "y" : "Y");
    await page.keyboard.up(left % 2 ? "y" : "Y");
    await expect(page.getByText(`待复核还有 ${left - 1} 对`)).toBeVisible();
  }
  await glance(page, "lists-4-done");
  await page.keyboard.press("j");
  await expect(page).toHaveURL(new RegExp(`${run}$`));
  expect(await held(page, "待复核")).toBe(0);
  expect(await held(page, "应变更")).toBe(amendments + STORY.renamed.length);
}

/** A missing unit is entered and applied for, another is noted as a lead; what is closed and what has changed leads to its case. */
async function resultsLeadOn(page, run) {
  await openList(page, "应纳入");
  expect(await held(page, "应纳入")).toBe(STORY.missing.length);
  await glance(page, "lists-5-enrol");
  const [one, other] = STORY.missing.slice(-2).map(company);
  const line = (name) => page.getByRole("row", { name });
  await line(one.name).getByRole("link", { name: "登记单位" }).click();
  await glance(page, "lists-5-new");
  await expect(page.getByLabel("单位详细名称")).toHaveValue(one.name);
  await expect(page.getByLabel("行业代码")).toHaveValue(one.industry);
  await page.getByLabel("从哪一天起").fill("2026-01-01");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: one.name })).toBeVisible();
  await follow(page, "申请纳入");
  await page.getByLabel("申报渠道").selectOption("月度新增");
  await page.getByLabel("纳入原因").selectOption("1 新开业(投产)");
  await page.getByLabel("申报专业").selectOption("工业");
  await page.getByLabel("线索来源").fill(ORIGIN);
  await glance(page, "lists-5-application");
  await press(page, "提出线索或申请");
  await expect(page.locator(".page-head .badge").first()).toHaveText("线索待核实");

  await page.goto(`${run}?list=enrol`);
  await line(other.name).getByRole("button", { name: "列为线索" }).click();
  await expect(page.getByRole("heading", { level: 1, name: other.name })).toBeVisible();
  await glance(page, "lists-5-lead");
  await page.goto(run);
  await page.getByLabel("营业收入达到纳统标准的").selectOption("100%");
  await press(page, "筛选达标的单位,列为准四上线索");
  await glance(page, "lists-5-prospects");

  await page.goto(run);
  await openList(page, "应变更");
  await glance(page, "lists-5-amend");
  await openList(page, "应退出");
  await expect(page.getByRole("region", { name: "应退出" }).getByText("登记状态:正常运营 → 注销")).toHaveCount(STORY.gone.length);
  await glance(page, "lists-5-withdraw");
  await line(company(STORY.gone[0]).name).getByRole("link", { name: "提出退出" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("退出");
  await glance(page, "lists-5-withdrawal");
}

/** The rows that stayed out come home as a file; one is put right and sent again, the other stays as it is. */
async function mendedAndSentAgain(page, roster) {
  await page.goto(roster);
  const left = await kept(page, page.getByRole("link", { name: "导出未收的行" }));
  const [head, ...rows] = left.bytes.toString().replace(/^\uFEFF/, "").trim().split(/\r?\n/).map((one) => one.split(","));
  const at = (name) => head.indexOf(name);
  const broken = rows.find((cells) => cells[at("单位名称")] === company(STORY.broken).name);
  expect(broken[at("退回原因")]).toContain("错了列");
  const says = { 地址: MENDED[2], 登记状态: MENDED[3], 行业代码: MENDED[5] };
  for (const [name, value] of Object.entries(says)) broken[at(name)] = value;
  const revenue = head.findIndex((name) => name.startsWith("营业收入"));
  broken[revenue] = "88000000";
  await follow(page, "补送");
  await glance(page, "lists-6-more");
  await handIn(page, "改好的行.csv", text([head, ...rows]));
  await expect(page.getByText(/共 2 行/)).toBeVisible();
  await glance(page, "lists-6-look");
  await press(page, /^导入 \d 行$/);
  await expect(page.locator(".page-head")).toContainText("市场监管名单");
  await expect(page.getByRole("region", { name: "未收的行" }).locator("tbody tr")).toHaveCount(1);
  await expect(page.getByRole("region", { name: "未收的行" })).toContainText("冒名顶替");
  await glance(page, "lists-6-taken");
  await matched(page);
  // The company whose row was mended; the one that was entered meanwhile is missing no more.
  expect(await held(page, "应纳入")).toBe(STORY.missing.length);
  await openList(page, "应纳入");
  await expect(page.getByRole("row", { name: company(STORY.broken).name })).toBeVisible();
}

async function leadsAreFollowed(county, township) {
  const name = company(STORY.missing[STORY.missing.length - 2]).name;
  for (const page of [county, township]) await page.goto("/prospects");
  await glance(county, "lists-7-prospects");
  void name;
}
