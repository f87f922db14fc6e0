// By keyboard alone, and by thumb.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";
import { cell, expectState, fill, openFromInbox, saveState } from "../../support/report.js";
import { linkOn } from "../../support/places.js";

const house = freshHouse();
const STOPS_MAX = 60;

/** Presses Tab until the focus is there, as somebody without a mouse does. */
async function tabTo(page, target, key = "Tab") {
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`not reached with ${STOPS_MAX} presses of ${key}: ${target}`);
}

test("from signing in to signing without a mouse", async ({ browser }) => {
  const page = await house.visit(browser);
  await page.goto("/");
  await expect(page.getByLabel("账号")).toBeFocused();
  await page.keyboard.type("tb002");
  await page.keyboard.press("Tab");
  await page.keyboard.type("youju-demo");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "待办" })).toBeVisible();

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "跳到正文" })).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("main").getByRole("link", { name: /虚构第002号/ }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "工业 财务状况" })).toBeVisible();

  await tabTo(page, cell(page, "c201"));
  for (let row = 0; row < STOPS_MAX && !(await cell(page, "c402").evaluate((field) => field === document.activeElement)); row += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.type("12345");
  await page.keyboard.press("Enter");
  await expect(cell(page, "c601")).toBeFocused();
  await expect(saveState(page)).toHaveText(/^已保存/);
  await expect(cell(page, "c402")).toHaveValue("12,345");
  await page.keyboard.press("Control+z");
  await expect(cell(page, "c402")).toHaveValue("");
  await expect(saveState(page)).toHaveText(/^已保存/);

  await tabTo(page, page.getByRole("button", { name: "统计人员签字" }));
  await page.keyboard.press("Enter");
  await expectState(page, "统计人员已签");
});

test("/ finds a unit, ? shows the keys", async ({ browser }) => {
  const page = await house.enter(browser, "xian");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "键盘操作" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("第008号");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main").locator("tbody tr")).toHaveCount(1);
});

test("a figure is typed and saved on a phone @phone", async ({ browser }) => {
  const page = await house.enter(browser, "tb002");
  await openFromInbox(page, /虚构第002号/);
  await fill(page, { c402: "4321" });
  await cell(page, "c402").scrollIntoViewIfNeeded();
  await expect(cell(page, "c402")).toBeInViewport({ ratio: 1 });
  await expect(saveState(page)).toBeInViewport();
  await expect(page.locator("tr", { has: cell(page, "c402") }).getByRole("rowheader")).toBeInViewport();
});

test("a township officer reads the board on a phone @phone", async ({ browser }) => {
  const page = await house.enter(browser, "zhen05");
  await page.goto(await linkOn(page, "/windows", /^\/windows\//));
  await expect(page.locator(".figures").getByText("上报率")).toBeInViewport();
  await page.locator(".figures a").tap();
  await expect(page.getByRole("heading", { level: 1, name: "报表" })).toBeVisible();
});
