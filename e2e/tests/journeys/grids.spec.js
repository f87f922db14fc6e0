// 网格: the county is cut, the cut adopted, and one township mended by hand, with the mouse and with the keyboard alone.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";

const house = freshHouse();

test("a county is cut, looked at, adopted, and a township is mended by dragging and by keys", async ({ browser }) => {
  const county = await house.enter(browser, "xian");
  await county.getByRole("navigation", { name: "主要工作" }).getByRole("link", { name: "网格" }).click();
  await expect(county.locator(".figures")).toContainText("覆盖率");
  await expect(county.locator(".figures div").first()).toContainText("100.0%");
  await county.getByRole("link", { name: "重新划分" }).click();
  await expect(county.locator(".page-head")).toContainText("还没有生效");
  await county.getByRole("button", { name: "采用这个方案" }).click();
  await expect(county.getByText("划分方案已采用")).toBeVisible();
  await expect(county.locator(".figures div").first()).toContainText("100.0%");

  const rows = county.getByRole("region", { name: "各乡镇覆盖情况" }).locator("tbody tr");
  const cells = await rows.evaluateAll((all) => all.map((row) => [Number(row.cells[1].textContent), Number(row.cells[4].textContent)]));
  const fullest = cells.findIndex(([units, grids]) => grids > 0 && units === Math.max(...cells.filter(([, other]) => other > 0).map(([most]) => most)));
  await rows.nth(fullest).getByRole("link").click();
  await county.getByRole("link", { name: "人工调整" }).click();
  const columns = county.locator(".cell-column");
  const first = columns.first();
  const before = await first.locator("li[draggable]").count();
  const fresh = county.locator('.cell-column[data-cell="new.0"]');

  await test.step("by dragging", async () => {
    await first.locator("li[draggable] .main").first().dragTo(fresh);
    await expect(first.locator("li[draggable]")).toHaveCount(before - 1);
    await expect(county.getByRole("status").filter({ hasText: "有 1 家移动过" })).toBeVisible();
  });
  await test.step("by keys: the unit is chosen into the new cell, and the keyboard goes along", async () => {
    await first.locator("li[draggable] select").first().focus();
    await county.keyboard.press("End");
    await county.keyboard.press("ArrowUp");
    await expect(fresh.locator("li[draggable]")).toHaveCount(2);
    await expect(fresh.locator("select:focus")).toHaveCount(1);
  });
  await county.getByLabel("名称", { exact: true }).first().fill("重点企业网格");
  await county.getByLabel("调整原因").fill("两家重点企业单独联系");
  await county.getByRole("button", { name: "保存调整" }).click();
  await expect(county.getByText("调整已保存")).toBeVisible();
  const card = county.locator("section.card", { hasText: "重点企业网格" });
  await expect(card).toContainText("2 家");
  await expect(card).toContainText("两家重点企业单独联系");

  await test.step("the township sees it and cannot change it", async () => {
    const township = await house.enter(browser, "zhen01");
    await township.goto("/grids");
    await expect(township.locator("main")).toContainText("覆盖率");
    await expect(township.getByRole("link", { name: /划分/ })).toHaveCount(0);
  });
});
