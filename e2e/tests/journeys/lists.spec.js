// The lists of the register in a county's hands: a department's list comes in with its faults, is matched, reviewed by the keyboard, mended and
// sent again; what it finds becomes an application or a lead; then the onboarding of new units, and a sampling frame that anybody can verify.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { MENDED, STORY, company, departmentList, registerList, rowsOf, text } from "../../support/companies.js";
import { glance } from "../../support/glance.js";
import { freshHouse } from "../../support/house.js";
import { unzip } from "../../support/unzip.js";

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

/** Presses a letter on a page whose scripts are there. */
async function letter(page, key) {
  await page.waitForLoadState("load");
  await page.keyboard.press(key);
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
  await letter(page, "j");
  await expect(page).not.toHaveURL(new RegExp(`${first}$`));
  // A slip: "not the same". The pair is one key away, and the judgement is taken back there.
  const second = new URL(page.url()).pathname;
  await letter(page, "n");
  await expect(page.getByRole("status").first()).toContainText("已记录");
  expect(await waitingPairs(page)).toBe(STORY.renamed.length - 1);
  await letter(page, "k");
  await expect(page).toHaveURL(new RegExp(`${second}$`));
  await tabTo(page, page.getByRole("button", { name: "撤销判断" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "是同一单位", exact: true })).toBeVisible();
  expect(await waitingPairs(page)).toBe(STORY.renamed.length);
  await glance(page, "lists-4-taken-back");

  for (let left = STORY.renamed.length; left > 0; left -= 1) {
    expect(await waitingPairs(page)).toBe(left);
    // A finger that rests on the key judges one pair, not the next one too; capitals count.
    const key = left % 2 ? "y" : "Y";
    await page.waitForLoadState("load");
    await page.keyboard.down(key);
    await page.keyboard.down(key);
    await page.keyboard.up(key);
    await expect(page.getByText(`待复核还有 ${left - 1} 对`)).toBeVisible();
  }
  await glance(page, "lists-4-done");
  await letter(page, "j");
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
  // They are only known and owe no report: there is nothing to withdraw from, their standing is amended.
  await line(company(STORY.gone[0]).name).getByRole("link", { name: "提出变更" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("变更");
  await glance(page, "lists-5-amendment");
}

/** The rows that stayed out come home as a file; one is put right and sent again, the other stays as it is. */
async function mendedAndSentAgain(page, roster) {
  await page.goto(roster);
  const left = await kept(page, page.getByRole("link", { name: "导出未收的行" }));
  const [head, ...rows] = rowsOf(left.bytes);
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

/** The township verifies a lead on the spot, the county lists it as due; the way leads on to the register. */
async function leadsAreFollowed(county, township) {
  await county.goto("/prospects");
  const rows = county.getByRole("region", { name: "准四上单位", exact: true }).locator("tbody tr");
  // Whose revenue reaches 2,000 万元, the line of industry: those from 2,000 on, of 1,000 and 250 more from row to row.
  await expect(rows).toHaveCount(STORY.missing.filter((_, place) => 1000 + 250 * place >= 2000).length);
  await glance(county, "lists-7-prospects");
  const mine = STORY.missing.map(company).filter((one) => one.address.includes("兰江街道")).at(-1).name;
  await township.goto("/prospects");
  await township.getByLabel("名称或代码", { exact: true }).fill(mine);
  await press(township, "查找");
  await township.getByRole("link", { name: mine }).click();
  await glance(township, "lists-7-lead-township");
  await press(township, "办理");
  await expect(township.locator(".page-head .badge")).toHaveText("已核实");
  const lead = new URL(township.url()).pathname;
  await county.goto(lead);
  await county.getByLabel("列为应入").check();
  await press(county, "办理");
  await expect(county.locator(".page-head .badge")).toHaveText("应入");
  await glance(county, "lists-7-lead");
  const csv = await downloaded(county, "/prospects", "导出 CSV");
  expect(csv.bytes.toString()).toContain(mine);
}

async function downloaded(page, address, name) {
  await page.goto(address);
  return kept(page, page.getByRole("main").getByRole("link", { name, exact: true }));
}

test("the bulletin of new units is told and kept; a sampling frame is frozen, delivered and verified", async ({ browser }) => {
  test.setTimeout(120_000);
  const county = await house.enter(browser, "xian");
  await county.goto("/units");
  await follow(county, "新入库辅导");
  await follow(county, "辅导通报");
  const bulletin = await kept(county, county.getByRole("link", { name: "导出 CSV" }));
  expect(bulletin.bytes.toString()).toContain("兰溪市");
  await county.getByRole("navigation", { name: "所在位置" }).getByRole("link", { name: "新入库辅导" }).click();
  await follow(county, "首报跟踪");
  await glance(county, "lists-8-first-reports");

  await test.step("the register gets units that a frame is drawn from", async () => {
    await county.goto("/units/import");
    // Others than those of the story above, whose house this is.
    await handIn(county, "名录.csv", registerList(60, 1_000));
    await press(county, /^导入 60 家单位$/);
  });
  await county.goto("/units");
  await follow(county, "抽样框");
  await follow(county, "新的抽样框");
  await glance(county, "lists-9-frame-new");
  await county.getByLabel("名称(例如").fill("2026 年规下工业抽样框");
  await county.getByLabel("用途和交付给谁").fill("规下工业抽样,交付调查队");
  await county.getByLabel("行业(门类字母").fill("C");
  await press(county, "看各层单位数");
  await expect(county.getByRole("heading", { level: 2, name: /^共 \d+ 个单位/ })).toBeVisible();
  await glance(county, "lists-9-frame-counted");
  await press(county, "冻结");
  await county.getByRole("dialog").getByRole("button", { name: "冻结" }).click();
  await expect(county.getByRole("heading", { level: 1, name: "2026 年规下工业抽样框" })).toBeVisible();
  await glance(county, "lists-9-frame");

  const shown = await county.locator("dl.facts .code").allTextContents();
  for (const [at, name] of [/^下载 UTF-8/, /^下载 GB/].entries()) {
    const { bytes } = await kept(county, county.getByRole("link", { name }));
    const files = unzip(bytes);
    const table = Object.keys(files).find((one) => one.endsWith(".csv"));
    const hash = createHash("sha256").update(files[table]).digest("hex");
    expect(hash, "what the page shows is the hash of what it delivers").toBe(shown[at]);
    expect(files.SHA256SUMS.toString()).toContain(hash);
    expect(JSON.parse(files["manifest.json"]).sha256).toBe(hash);
    if (at === 0) await verified(county, table, files[table]);
  }
});

/** Whoever has the file asks whether it is the delivered one; one that a spreadsheet has saved anew is not. */
async function verified(page, name, content) {
  const frame = page.url();
  await page.goto("/sampling-frames/verify");
  await page.getByLabel("CSV 原件").setInputFiles(file(name, content));
  await press(page, "核对");
  await expect(page.getByRole("heading", { level: 2, name: "是这里交付的抽样框" })).toBeVisible();
  await glance(page, "lists-9-verified");
  await page.getByLabel("CSV 原件").setInputFiles(file(name, Buffer.concat([content, Buffer.from("\n")])));
  await press(page, "核对");
  await expect(page.getByText("不是这里交付的抽样框")).toBeVisible();
  await glance(page, "lists-9-not-verified");
  await page.goto(frame);
}
