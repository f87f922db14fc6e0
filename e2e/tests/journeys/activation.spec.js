// An administrator opens accounts by a table and on a page, prints the letters, and somebody comes in by the code behind the #.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";

const house = freshHouse();
const NEW = "Kuvo-9-Lanhua";
const TABLE = "账号,姓名,角色,区划代码\nxian77,周平,县级统计人员,330781\nzhen77,吴芳,乡长,330781001\n";

test("accounts are opened without a password, and a letter opens them once", async ({ browser }) => {
  house.expectFault(/status of 401 .*\/activate/);
  const admin = await house.enter(browser, "admin");
  await admin.goto("/accounts");
  await admin.getByRole("link", { name: "开设账号" }).click();
  await admin.locator('input[type="file"]').setInputFiles({ name: "名单.csv", mimeType: "text/csv", buffer: Buffer.from(TABLE) });
  await admin.getByRole("button", { name: "核对" }).click();
  await expect(admin.getByText("没有“乡长”这个角色")).toBeVisible();
  await admin.getByRole("button", { name: "开设 1 个账号" }).click();
  await expect(admin.getByRole("status")).toContainText("还没有密码");
  const row = admin.getByRole("row").filter({ hasText: "xian77" });
  await expect(row).toContainText("待发信");
  await row.getByRole("checkbox").check();
  await admin.getByLabel("联系人和电话").fill("李四 0579-88880000");
  await admin.getByLabel("网址(印在信上)").fill(house.url);
  const [letter] = await Promise.all([admin.waitForEvent("download"), admin.getByRole("button", { name: "打印激活信" }).click()]);
  expect(letter.suggestedFilename()).toMatch(/^账号激活信_1封_.*\.pdf$/);
  await admin.goto("/accounts/waiting");
  await expect(admin.getByRole("row").filter({ hasText: "xian77" })).toContainText("待激活");

  // The code of a letter is on paper alone; the one that the command line shows makes it void.
  const said = await house.says("person", "reset", "--login", "xian77");
  const code = said.match(/(?:[A-Z2-7]{4} ){6}[A-Z2-7]{4}/)[0];
  const page = await house.visit(browser);
  await page.goto(`/activate#${code.replaceAll(" ", "")}`);
  await expect(page.getByLabel("激活码", { exact: true })).toHaveValue(code);
  expect(page.url()).toBe(`${house.url}/activate`);
  await page.getByLabel("账号", { exact: true }).fill("xian77");
  await page.getByLabel("设置密码").fill("Tongjiju2026");
  await page.getByLabel("再输入一次密码").fill("Tongjiju2026");
  house.expectFault(/status of 422 .*\/activate/);
  await page.getByRole("button", { name: "激活", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("容易被猜到");
  await page.getByLabel("设置密码").fill(NEW);
  await page.getByLabel("再输入一次密码").fill(NEW);
  await page.getByRole("button", { name: "激活", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "待办" })).toBeVisible();

  const again = await house.visit(browser);
  await again.goto(`/activate#${code.replaceAll(" ", "")}`);
  await again.getByLabel("账号", { exact: true }).fill("xian77");
  await again.getByLabel("设置密码").fill(NEW);
  await again.getByLabel("再输入一次密码").fill(NEW);
  await again.getByRole("button", { name: "激活", exact: true }).click();
  await expect(again.getByRole("alert")).toContainText("已经用过");
});
