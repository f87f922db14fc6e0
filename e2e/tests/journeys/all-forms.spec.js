// Every shipped form in the hands of somebody who owes it: opened, filled, checked, kept, out to Excel and home, put on paper.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";
import { plausible } from "../../support/plausible.js";
import { csv, trialBalance } from "../../support/books.js";
import { cell, importFile, saveState } from "../../support/report.js";

const house = freshHouse();

/** Who owes which form in the demonstration. */
const OWED = {
  tb002: ["B203"],
  tb901: ["B204-1", "B103-1", "101-1", "202-1", "102-1", "205-1", "206-1", "107-1", "107-2", "109"],
  tb902: ["E204-1", "E224"],
  tb903: ["S204-1"],
  tb904: ["F203"],
  tb905: ["X204-1"],
  tb906: ["NC-村"],
  tb907: ["NC-乡"],
};

/** Forms that nothing generates: 109 has no ledger, and those of E224 are only looked at by its checks. */
const BY_HAND = ["109", "E224"];
/** Forms that are generated from a trial balance. */
const FROM_ACCOUNTS = ["B203", "B103-1", "101-1", "F203"];

/** Generates what the books of the unit give, before anything is typed; each figure then says where it is from. */
async function generate(page, report, form) {
  if (FROM_ACCOUNTS.includes(form)) {
    await importFile(page, report, "科目余额表2021年12月.csv", csv(trialBalance({ unit: "虚构单位" })));
    await expect(page.getByText("科目余额表已导入。")).toBeVisible();
    await page.goto(report);
  }
  await page.getByRole("button", { name: "一键生成" }).click();
  await expect(page.getByRole("main")).toContainText(/已生成 [1-9]\d* 项|已从台账生成报表/);
  await page.goto(report);
  const origin = page.locator(".cell-state a").filter({ hasText: "台账生成" }).first();
  await expect(origin).toBeVisible();
  const from = await origin.getAttribute("href");
  await page.goto(from);
  await expect(page.getByRole("heading", { name: "取数过程" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("台账");
  await page.goto(report);
}

/** The newest report of a form, found in the list of reports. */
async function openReport(page, form) {
  await page.goto("/reports");
  const row = page.locator("tbody tr").filter({ has: page.getByRole("cell", { name: form, exact: true }) }).first();
  await row.getByRole("link").click();
  return new URL(page.url()).pathname;
}

async function fillAll(page, figures) {
  for (const [id, value] of Object.entries(figures)) {
    const field = cell(page, id);
    if (await field.evaluate((element) => element.tagName === "SELECT")) await field.selectOption(value);
    else {
      await field.fill(value);
      await field.press("Enter");
    }
  }
  await page.keyboard.press("Control+s");
  await expect(saveState(page)).toHaveText(/^已保存 \d\d:\d\d:\d\d$/);
}

for (const [login, forms] of Object.entries(OWED)) {
  for (const form of forms) {
    test(`${form} is opened, generated, filled, checked, kept and put on paper`, async ({ browser }) => {
      test.setTimeout(120_000);
      const page = await house.enter(browser, login);
      const report = await openReport(page, form);
      if (!BY_HAND.includes(form)) await generate(page, report, form);
      const figures = plausible(form);
      await fillAll(page, figures);
      await expect(page.locator("#report-summary")).not.toBeEmpty();
      await expect(page.locator("#findings")).toBeVisible();

      await page.reload();
      for (const [id, value] of Object.entries(figures)) {
        const kept = (await cell(page, id).inputValue()).replaceAll(",", "").replace("−", "-");
        expect(kept, id).toBe(value);
      }

      const book = await page.request.get(`${report}/form-book`);
      const mimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
      expect(book.headers()["content-type"]).toBe(mimeType);
      await page.goto(`${report}/form-book/import`);
      await page.locator('main input[type="file"]').setInputFiles({ name: "报表.xlsx", mimeType, buffer: await book.body() });
      await page.locator("main form button[type=submit]").click();
      await expect(page.getByText("报表里已经是这些数据")).toBeVisible();
      await page.goto(report);

      const paper = await page.request.get(`${report}/paper`);
      expect(paper.headers()["content-type"]).toBe("application/pdf");
      expect((await paper.body()).subarray(0, 5).toString()).toBe("%PDF-");

      await page.getByRole("link", { name: "表式、审核关系和它们的来源" }).click();
      await expect(page.getByRole("heading", { name: "审核关系" })).toBeVisible();
      const blank = await page.request.get(`/forms/${encodeURIComponent(form)}/blank`);
      expect(blank.status()).toBe(200);
    });
  }
}
