// The main story: a figure comes in with the vouchers of a factory, is checked, answered for, accepted twice and added up; and
// whoever doubts the total walks down to the line of the account.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";
import { EXPECTED, csv, rowOf, trialBalance } from "../../support/books.js";
import { box, cell, expectState, fill, importFile, openFromInbox, signAndSubmit } from "../../support/report.js";

const house = freshHouse();
const UNIT = "虚构第001号铁路厂";
const REVENUE = "营业收入";
const books = trialBalance({ unit: UNIT });

/** The printed figure as a number. */
const number = (text) => Number(text.replaceAll(",", "").replace("−", "-"));

/** Revenue of all units accepted by the county, from the totals. */
async function revenueTotal(officer) {
  await officer.goto("/totals?cell=c301");
  const heads = await officer.locator("thead tr").first().locator("th").allInnerTexts();
  const place = heads.findIndex((head) => head.startsWith(REVENUE)); // 分组, 单位数, then two columns for each figure
  const cells = officer.locator("tr.sum td");
  return { units: number(await cells.nth(0).innerText()), revenue: number(await cells.nth((place - 2) * 2 + 1).innerText()) };
}

test("from the voucher to the total, and back down", async ({ browser }) => {
  test.setTimeout(120_000);
  house.expectFault(/status of 409 .*\/sign\)/);
  const clerk = await house.enter(browser, "tb001");
  const head = await house.enter(browser, "fz001");
  const county = await house.enter(browser, "xian");
  const before = await revenueTotal(county);
  let report;

  await test.step("the open report stands in the inbox with its deadline", async () => {
    await expect(clerk.locator("main li")).toContainText("还有 3 天");
    report = await openFromInbox(clerk, UNIT);
    await expectState(clerk, "未填报");
  });

  await test.step("the trial balance goes in and fills the report", async () => {
    await importFile(clerk, report, "科目余额表2021年12月.csv", csv(books));
    await expect(clerk.getByText("科目余额表已导入。")).toBeVisible();
    await expect(clerk.locator(`#row-${rowOf(books, "6001")}`)).toContainText("3,100,000,000");
    await clerk.getByRole("link", { name: "打开 B203" }).click();
    await clerk.getByRole("button", { name: "一键生成" }).click();
    await expect(clerk.locator("main")).toContainText("人数不在账上,请按期末花名册填报。");
    await clerk.getByRole("link", { name: "打开报表核对" }).click();
    for (const [id, value] of Object.entries(EXPECTED)) await expect(cell(clerk, id)).toHaveValue(value);
    await expect(box(clerk, "c301")).toContainText("台账生成");
    await expect(cell(clerk, "c301_ly")).toHaveValue("1,917,519");
  });

  await test.step("what no ledger holds is typed; what is owed is said until then", async () => {
    await expect(box(clerk, "c601")).toHaveAttribute("data-mark", "error");
    await fill(clerk, { c201: "6109508", c213: "12379477", c217: "7043352", c601: "2240" });
    await expect(box(clerk, "c601")).not.toHaveAttribute("data-mark");
    await expect(cell(clerk, "c213")).toHaveValue("12,379,477");
  });

  await test.step("a slip in 利润总额 is found beside its cell, with the figures, and mended", async () => {
    await fill(clerk, { c327: "158908" });
    await expect(box(clerk, "c327")).toHaveAttribute("data-mark", "error");
    await expect(box(clerk, "c327").locator(".cell-says")).toContainText("利润总额应等于营业利润加营业外收入减营业外支出");
    const finding = clerk.locator("#finding-Z7");
    for (const figure of ["158,908", "162,733", "619", "5,254"]) await expect(finding).toContainText(figure);
    await expect(clerk.locator("#report-summary")).toContainText("1 条须改数");
    await clerk.getByRole("button", { name: "统计人员签字" }).click();
    await expect(clerk.getByRole("main")).toContainText("请逐条修改数据或填写说明后再办理。");
    await clerk.goto(report);
    await clerk.locator("#finding-Z7").getByRole("link", { name: "改“利润总额”" }).click();
    await expect(cell(clerk, "c327")).toBeFocused();
    await fill(clerk, { c327: "158098" });
    await expect(clerk.locator("#finding-Z7")).toHaveCount(0);
    await expect(box(clerk, "c327")).not.toHaveAttribute("data-mark");
  });

  await test.step("a true but unusual figure is explained, not changed", async () => {
    const finding = clerk.locator("#finding-Z11c");
    await expect(finding).toContainText("营业收入与上年同期相比变动一般不超过 50%");
    await finding.getByRole("textbox").fill("三月新增一条机车转向架生产线,订单增加");
    await finding.getByRole("button", { name: "保存说明" }).click();
    await expect(clerk.locator("#finding-Z11c")).toContainText("已说明");
    await expect(clerk.locator("#report-summary")).toContainText("审核通过");
  });

  await test.step("two people answer for it and it goes to the county", async () => {
    await signAndSubmit(clerk, head, report);
    await expect(cell(clerk, "c301")).toHaveCount(0);
  });

  await test.step("the county and then the city find it in their inbox and accept", async () => {
    await openFromInbox(county, UNIT);
    await county.getByRole("button", { name: "验收", exact: true }).click();
    await expectState(county, "县级已验收");
    const city = await house.enter(browser, "shi");
    await openFromInbox(city, UNIT);
    await city.getByRole("button", { name: "验收", exact: true }).click();
    await expectState(city, "市级已验收");
  });

  await test.step("the total has grown by exactly this figure", async () => {
    const after = await revenueTotal(county);
    expect(after.units - before.units).toBe(1);
    expect(after.revenue - before.revenue).toBe(number(EXPECTED.c301));
  });

  await test.step("from the total down: township, report, cell, derivation, line of the account", async () => {
    await county.goto("/totals?cell=c301");
    await county.getByRole("link", { name: "云山街道" }).click();
    await expect(county.locator("tbody tr")).toHaveCount(1);
    await county.getByRole("link", { name: UNIT }).click();
    await box(county, "c301").getByRole("link", { name: EXPECTED.c301 }).click();
    await expect(county.getByRole("heading", { level: 1, name: REVENUE })).toBeVisible();
    await expect(county.locator("main")).toContainText("3,100,000,000");
    await expect(county.locator(".timeline")).toContainText("填报人001");
    await county.getByRole("link", { name: /6001/ }).click();
    const row = county.locator(`#row-${rowOf(books, "6001")}`);
    await expect(row).toBeInViewport();
    await expect(row).toContainText("主营业务收入");
    const shade = (line) => line.locator("td").last().evaluate((td) => getComputedStyle(td).backgroundColor);
    expect(await shade(row)).not.toBe(await shade(county.locator("tbody tr").first()));
    await expect(county.locator("main")).toContainText("科目余额表2021年12月.csv");
  });
});
