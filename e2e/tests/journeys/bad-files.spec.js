// Files as they really arrive. A good one is taken whatever its encoding or kind; a bad one is refused with the place and the
// way out, and nothing of it is written.
import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";
import { EXPECTED, csv, rowOf, trialBalance } from "../../support/books.js";
import { cell, importFile, openFromInbox } from "../../support/report.js";

const house = freshHouse();
const UNIT = "虚构第001号铁路厂";
const fixture = (name) => readFile(new URL(`../../fixtures/${name}`, import.meta.url));

const changed = (code, column, value) => (rows) => rows.map((row) => (row[0] === code ? row.with(column, value) : row));
const books = trialBalance({ unit: UNIT });

const BAD = [
  {
    what: "text in a number cell",
    name: "科目余额表.csv",
    bytes: () => csv(trialBalance({ unit: UNIT, change: changed("6601", 6, "25万") })),
    says: [`第 ${rowOf(books, "6601")} 行`, "25万", "请"],
  },
  {
    what: "debit and credit do not balance",
    name: "科目余额表.csv",
    bytes: () => csv(trialBalance({ unit: UNIT, change: (rows) => rows.filter((row) => row[0] !== "1405") })),
    says: ["期末余额借贷不平", "700,000,000"],
  },
  {
    what: "of another month",
    name: "科目余额表.csv",
    bytes: () => csv(trialBalance({ unit: UNIT, period: "2021年11月" })),
    says: ["2021年11月", "现在办理的报告期是 2021年1—12月", "请导出本期的科目余额表后重新导入。"],
  },
  { what: "a PDF that was renamed", name: "科目余额表.xlsx", bytes: () => fixture("renamed-pdf.xlsx"), says: ["科目余额表.xlsx", "PDF", "另存为 xlsx 或 csv"] },
  { what: "an empty file", name: "空.csv", bytes: () => Buffer.alloc(0), says: ["空.csv", "没有内容", "请检查是否选对了文件"] },
];

for (const { what, name, bytes, says } of BAD) {
  test(`refused: ${what}`, async ({ browser }) => {
    house.expectFault(/status of 4\d\d .*\/import\)/);
    const clerk = await house.enter(browser, "tb001");
    const report = await openFromInbox(clerk, UNIT);
    await importFile(clerk, report, name, await bytes());
    const alert = clerk.getByRole("alert");
    await expect(alert).toContainText("文件没有导入。");
    for (const words of says) await expect(alert).toContainText(words);
    await clerk.goto(`${report}/import`);
    await expect(clerk.getByText("本期已导入过")).toHaveCount(0);
    await clerk.goto(report);
    await expect(clerk.locator(".page-head .badge").first()).toHaveText("未填报");
  });
}

for (const [kind, name] of [["CSV in GBK", "gbk.csv"], ["a workbook", "trial-balance.xlsx"]]) {
  test(`taken: ${kind}`, async ({ browser }) => {
    const clerk = await house.enter(browser, "tb001");
    const report = await openFromInbox(clerk, UNIT);
    await importFile(clerk, report, `科目余额表-${name}`, await fixture(name));
    await expect(clerk.getByText("科目余额表已导入。")).toBeVisible();
    await expect(clerk.getByRole("row", { name: /6001 主营业务收入/ })).toContainText("3,100,000,000");
    await clerk.goto(report);
    await clerk.getByRole("button", { name: "一键生成" }).click();
    await clerk.goto(report);
    for (const [id, value] of Object.entries(EXPECTED)) await expect(cell(clerk, id)).toHaveValue(value);
  });
}
