// What people do with a report, in the words of the page.
import { expect } from "@playwright/test";

/** The field of a cell. */
export function cell(page, id) {
  return page.locator(`[data-cell="${id}"]`);
}

/** The box of a cell: its field or figure, its state, what the checks say. */
export function box(page, id) {
  return page.locator(`#cell-${id}`);
}

export function saveState(page) {
  return page.locator("#save-state");
}

/** Types into cells one after the other and waits until the last one is saved. */
export async function fill(page, figures) {
  for (const [id, value] of Object.entries(figures)) {
    await cell(page, id).fill(value);
    await cell(page, id).press("Enter");
  }
  await expect(saveState(page)).toHaveText(/^已保存 \d\d:\d\d:\d\d$/);
}

/** Opens the report of a unit from the inbox, found by a part of its line. */
export async function openFromInbox(page, words) {
  await page.goto("/inbox");
  const reports = page.getByRole("main").locator('a[href^="/reports/"]').filter({ hasText: " · " });
  await reports.filter({ hasText: words }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "工业 财务状况" })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Presses a button that asks "sure?" and says yes. */
export async function pressAndConfirm(page, name) {
  await page.getByRole("main").getByRole("button", { name, exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
}

export async function expectState(page, word) {
  await expect(page.locator(".page-head .badge").first()).toHaveText(word);
}

/** Uploads a file on the import page of a report. */
export async function importFile(page, report, name, buffer) {
  await page.goto(`${report}/import`);
  await page.locator('input[type="file"]').setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await page.getByRole("button", { name: "导入", exact: true }).click();
}

/** Signs, has the head sign, hands in. `clerk` and `head` are pages of the two people. */
export async function signAndSubmit(clerk, head, report) {
  await clerk.getByRole("button", { name: "统计人员签字" }).click();
  await expectState(clerk, "统计人员已签");
  await openFromInbox(head, /虚构第/);
  await head.getByRole("button", { name: "单位负责人签字" }).click();
  await expectState(head, "负责人已签");
  await clerk.goto(report);
  await pressAndConfirm(clerk, "上报");
  await expectState(clerk, "已上报");
}
