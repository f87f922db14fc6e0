// Ledgers by hand and from records: typed and pasted like in a sheet, gathered from slips, every form of the period generated in one
// act, papers attached, a program's key made and used.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";
import { linkOn } from "../../support/places.js";

const house = freshHouse();
const serious = ({ impact }) => impact === "serious" || impact === "critical";

const ownUnit = (page) => linkOn(page, "/units", /^\/units\//);
const field = (page, row, column) => page.locator(`[data-cell="r.${row}.${column}"]`);

async function holds(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa"]).analyze();
  expect(violations.filter(serious).map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
}

async function choose(page, address, name, text) {
  await page.goto(address);
  await page.locator("form", { hasText: "下一步:核对各列" }).locator('input[type="file"]').setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "下一步:核对各列" }).click();
}

test("a ledger is filled like a sheet, with the keyboard alone", async ({ browser, browserName }) => {
  test.skip(browserName !== "chromium");
  house.expectFault(/status of 422 /);
  const page = await house.enter(browser, "tb901");
  const unit = await ownUnit(page);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${unit}/ledger?period=2021-11`);
  await page.getByRole("link", { name: "产值产量台账" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "产值产量台账" })).toBeVisible();
  await holds(page);

  await test.step("a block from Excel is pasted; what is computed stays closed", async () => {
    await page.evaluate(() => navigator.clipboard.writeText("棉布\t1721001\t万米\n棉纱\t1711001\t吨"));
    await field(page, 1, "name").focus();
    await page.keyboard.press("Control+v");
    await expect(field(page, 2, "unit")).toHaveValue("吨");
    await field(page, 1, "produced").focus();
    await page.keyboard.type("80");
    await page.keyboard.press("Enter");
    await page.keyboard.type("12,5x");
    await page.keyboard.press("Enter");
    await expect(page.locator("#cell-r\\.1\\.value input")).toHaveCount(0);
  });

  await test.step("a slip is told, nothing is saved, nothing that was typed is lost", async () => {
    await page.getByRole("button", { name: "保存", exact: true }).press("Enter");
    await expect(page.getByRole("alert")).toContainText("没有保存。");
    await expect(page.getByRole("alert")).toContainText("12,5x");
    await expect(field(page, 1, "name")).toHaveValue("棉布");
    await expect(field(page, 2, "produced")).toHaveValue("12,5x");
    await field(page, 2, "produced").fill("12.5");
    await field(page, 1, "price").fill("92000");
    await page.getByRole("button", { name: "再加 20 行" }).click();
    await expect(page.getByText("已加空行,填写的内容还没有保存。")).toBeVisible();
    await expect(field(page, 27, "name")).toBeVisible();
    await page.getByRole("button", { name: "保存", exact: true }).click();
    await expect(page.getByText("台账已保存,计算栏目已重新算出。")).toBeVisible();
    await expect(page.locator("tr.sum")).toContainText("7,360,000");
    await expect(page.locator(".timeline li")).toHaveCount(1);
  });

  await test.step("leaving with something unsaved asks first", async () => {
    await field(page, 1, "sold").fill("5");
    await field(page, 1, "sold").press("Enter");
    let asked = false;
    page.once("dialog", async (dialog) => { asked = true; await dialog.accept(); });
    await page.getByRole("link", { name: "返回台账" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "台账" })).toBeVisible();
    expect(asked).toBe(true);
  });
});

test("slips become a ledger, and ledgers become every form of the month", async ({ browser }) => {
  const page = await house.enter(browser, "tb901");
  const unit = await ownUnit(page);

  await test.step("slips of December are imported and gathered", async () => {
    const slips = "能源品种,计量单位,日期,购进量,购进金额,生产用,非生产用,期末库存\n原煤,吨,2021-12-02,41,33600,36,3,102\n电力,千瓦时,2021-12-28,161000,128800,150000,11000,\n柴油,升,2021-12-05,300,2200,300,,\n";
    await choose(page, `${unit}/ledger?period=2021-12`, "十二月能源.csv", slips);
    await expect(page.getByText("能源购进消费").first()).toBeVisible();
    await page.getByRole("button", { name: /^导入/ }).first().click();
    await expect(page.getByText("原始记录已导入")).toBeVisible();
    await page.goto(`${unit}/books/energy?period=2021-12`);
    await page.getByRole("button", { name: "结转和归集" }).click();
    await expect(page.getByRole("main")).toContainText("计量单位“升”不能换算成吨");
    await page.getByRole("link", { name: "打开台账核对" }).click();
    // What the clerk typed stands, with what the slips say beside it.
    await expect(field(page, 1, "purchased")).toHaveValue("30");
    await expect(page.locator("td", { has: field(page, 1, "purchased") })).toContainText("归集 41");
  });

  await test.step("the comparison names what differs", async () => {
    await page.goto(`${unit}/ledger?period=2021-12`);
    const records = page.locator("#records");
    await expect(records).toContainText("能源台账 01 原煤的购进量");
    await expect(records).toContainText("不一致");
  });

  await test.step("every form of the period in one act, each figure with its source", async () => {
    await page.getByRole("link", { name: "本期报表一键生成" }).click();
    await holds(page);
    await page.getByRole("button", { name: "全部生成" }).click();
    await expect(page.getByRole("main")).toContainText(/本期报表已生成|有报表没有生成/);
    const output = page.locator("#form-B204-1");
    await output.getByText(/^有来源的 \d+ 项$/).click();
    await expect(output.locator("tr", { hasText: "工业总产值" }).first()).toContainText("8,308");
    await expect(output.locator("tr", { hasText: "工业总产值" }).first().getByRole("link", { name: "台账" })).toBeVisible();
    const energy = page.locator("#form-205-1");
    await energy.getByText(/^有来源的 \d+ 项$/).click();
    await expect(energy.locator("tr", { hasText: "电力(2 购进量)" })).toContainText("182.4");
    await expect(page.locator("#form-102-1")).toContainText("从业人员平均人数");
    await holds(page);
  });

  await test.step("the figure leads back to the ledger as it was saved", async () => {
    await page.locator("#form-B204-1 tr", { hasText: "工业总产值" }).first().getByRole("link", { name: "台账" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "产值产量台账" })).toBeVisible();
    await expect(page.locator("tr.sum")).toContainText("8,308,000");
  });
});

test("papers are attached, refused by what they are, fetched and taken away", async ({ browser }) => {
  house.expectFault(/status of 422 /);
  const page = await house.enter(browser, "tb902");
  const unit = await ownUnit(page);
  await page.goto(`${unit}/ledger?period=2021-12`);
  const form = page.locator("form", { hasText: "添加附件" });
  const pdf = { name: "十二月电费单.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n%…\n") };
  const page_ = { name: "发票.pdf", mimeType: "application/pdf", buffer: Buffer.from("<!DOCTYPE html><script>1</script>") };
  await form.locator('input[type="file"]').setInputFiles([pdf, page_]);
  await form.getByLabel("说明").fill("电费单,共 1 张");
  await form.getByRole("button", { name: "添加附件" }).click();
  const main = page.getByRole("main");
  await expect(main).toContainText("发票.pdf");
  await expect(main).toContainText("十二月电费单.pdf");
  await page.goto(`${unit}/ledger?period=2021-12`);
  await holds(page);
  const link = page.getByRole("link", { name: "十二月电费单.pdf" }).first();
  const download = page.waitForEvent("download");
  await link.click();
  expect((await download).suggestedFilename()).toBe("十二月电费单.pdf");

  const officer = await house.enter(browser, "xian");
  await officer.goto(`${unit}/ledger?period=2021-12`);
  await expect(officer.getByRole("main")).toContainText("电费单,共 1 张");
  await expect(officer.getByRole("button", { name: "添加附件" })).toHaveCount(0);
});

test("a key is shown once, hands in a ledger, and is ended", async ({ browser, request }) => {
  const page = await house.enter(browser, "tb903");
  const unit = await ownUnit(page);
  await page.goto(`${unit}/api-keys`);
  await holds(page);
  await page.getByLabel("名称", { exact: true }).fill("U8 接口");
  await page.getByRole("button", { name: "新建" }).click();
  const secret = await page.getByLabel("密钥", { exact: true }).inputValue();
  expect(secret).toMatch(/^yj_[0-9a-f]{64}$/);
  await holds(page);
  await page.goto(`${unit}/api-keys`);
  await expect(page.getByRole("main")).not.toContainText(secret);

  const address = `${house.url}/api/v1/ledgers/${unit.split("/").at(-1)}/2021-12`;
  const slips = { columns: ["能源品种", "计量单位", "日期", "购进量"], rows: [["电力", "千瓦时", "2021-12-28", "161000.25"]] };
  const send = () => request.post(`${address}/records/energy_slips`, { headers: { authorization: `Bearer ${secret}` }, data: slips });
  const [first, second] = [await send(), await send()];
  expect([first.status(), second.status()]).toEqual([201, 200]);
  const standing = await (await request.get(address, { headers: { authorization: `Bearer ${secret}` } })).json();
  expect(JSON.stringify(standing)).toContain("energy_slips");
  expect((await request.post(`${address}/records/energy_slips`, { headers: { authorization: "Bearer yj_0" }, data: slips })).status()).toBe(401);

  await page.getByRole("link", { name: "停用" }).click();
  await page.getByRole("main").getByRole("button", { name: "停用" }).click();
  await expect(page.getByText("接口密钥已停用,使用它的软件不能再报送。")).toBeVisible();
  expect((await send()).status()).toBe(401);
});

test("the ledgers of three years stand in a list, the worst first", async ({ browser }) => {
  const officer = await house.enter(browser, "xian");
  await officer.goto("/compliance");
  await holds(officer);
  await officer.getByRole("main").getByRole("link").filter({ hasText: "虚构" }).first().click();
  await expect(officer.getByRole("heading", { level: 1, name: "台账达标" })).toBeVisible();
  await holds(officer);
});

test("the pages of ledgers fit a phone @phone", async ({ browser }) => {
  const page = await house.enter(browser, "tb901");
  const unit = await ownUnit(page);
  const wide = [];
  for (const address of ["/ledger?period=2021-12", "/books/output?period=2021-12", "/books/energy?period=2021-12", "/generate?period=2021-12", "/api-keys", "/compliance"]) {
    await page.goto(`${unit}${address}`);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > page.viewportSize().width) wide.push(`${address} ${width}`);
  }
  expect(wide).toEqual([]);
});
