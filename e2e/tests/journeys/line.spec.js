// The line to the server: two people in one report, a lost connection, a browser without scripts.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";
import { box, cell, fill, openFromInbox, saveState } from "../../support/report.js";

const house = freshHouse();
const REPORT = /虚构第002号/;

test("two people type at once: the second is asked cell by cell, and nothing is lost", async ({ browser }) => {
  const first = await house.enter(browser, "tb002");
  const report = await openFromInbox(first, REPORT);
  const second = await house.enter(browser, "tb002");
  await second.goto(report);
  await fill(first, { c202: "1111", c205: "2222" });
  await cell(second, "c202").fill("3333");
  await cell(second, "c205").fill("4444");
  await cell(second, "c206").fill("55");
  await cell(second, "c206").press("Enter");

  await expect(box(second, "c202")).toContainText("已有人把这一格改为 1,111,您填的是 3,333。");
  await expect(box(second, "c205")).toContainText("已有人把这一格改为 2,222,您填的是 4,444。");
  await expect(cell(second, "c202")).toHaveValue("3333");
  await expect(saveState(second)).toContainText("另有 2 项未保存");
  await first.reload();
  await expect(cell(first, "c202")).toHaveValue("1,111");
  await expect(cell(first, "c206")).toHaveValue("55");

  await box(second, "c202").getByRole("button", { name: "用我填的" }).click();
  await expect(saveState(second)).toHaveText(/^已保存 \d\d:\d\d:\d\d,另有 1 项未保存$/);
  await box(second, "c205").getByRole("button", { name: "用已存的" }).click();
  await expect(saveState(second)).toHaveText("没有待保存的改动");
  await first.reload();
  await expect(cell(first, "c202")).toHaveValue("3,333");
  await expect(cell(first, "c205")).toHaveValue("2,222");
});

test("the statistician and the person in charge see that both have the report open", async ({ browser }) => {
  const clerk = await house.enter(browser, "tb002");
  const report = await openFromInbox(clerk, REPORT);
  const head = await house.enter(browser, "fz002");
  await head.goto(report);
  await expect(head.locator("[data-present]")).toHaveText("填报人002也打开了这张报表,改同一格时会逐格询问。");
  // The clerk's page asks by itself when it is looked at again.
  await clerk.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect(clerk.locator("[data-present]")).toContainText("也打开了这张报表");
});

test("without a connection the figures stay on this machine and go out when it is back", async ({ browser }) => {
  house.expectFault(/ERR_INTERNET_DISCONNECTED/);
  const page = await house.enter(browser, "tb002");
  await openFromInbox(page, REPORT);
  await page.context().setOffline(true);
  await cell(page, "c402").fill("777");
  await cell(page, "c402").press("Enter");
  await expect(saveState(page)).toHaveText("未联网,已存本机 1 项");
  await page.context().setOffline(false);
  await expect(saveState(page)).toHaveText(/^已保存 \d\d:\d\d:\d\d$/, { timeout: 8_000 });
  await page.reload();
  await expect(cell(page, "c402")).toHaveValue("777");
});

test("the same form is saved without scripts; what could not be taken is told @nojs", async ({ browser }) => {
  house.expectFault(/status of 4\d\d .*\/cells\)/);
  const page = await house.enter(browser, "tb002");
  const report = await openFromInbox(page, REPORT);
  const colleague = await house.enter(browser, "tb002");
  await colleague.goto(report);
  const save = (who) => who.getByRole("button", { name: "保存", exact: true }).click();

  await cell(page, "c402").fill("888");
  await save(page);
  await expect(page.getByText("已保存。")).toBeVisible();
  await expect(cell(page, "c402")).toHaveValue("888");

  await cell(page, "c402").fill("889");
  await cell(page, "c601").fill("12人");
  await save(page);
  await expect(page.locator("main")).toContainText("期末用工人数");
  await expect(page.locator("main")).toContainText("其余 1 格已保存");

  await cell(colleague, "c402").fill("999");
  await save(colleague);
  await expect(colleague.locator("main")).toContainText("应交增值税");
  await expect(colleague.locator("main")).toContainText("889");
  await page.goto(report);
  await expect(cell(page, "c402")).toHaveValue("889");

  await page.getByRole("button", { name: "统计人员签字" }).click();
  await expect(page.locator(".page-head .badge").first()).toHaveText("统计人员已签");
});
