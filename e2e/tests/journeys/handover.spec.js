// 工作交接: a township statistician leaves; the successor takes over, the county watches, and the old account is out that second. And a
// deputy of a cell, from an enterprise, sees how far the others are and none of their figures.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";

const house = freshHouse();

test("a township statistician hands over, and the old access ends with the last signature", async ({ browser }) => {
  const [county, leaver] = [await house.enter(browser, "xian"), await house.enter(browser, "zhen03")];

  await test.step("the successor is entered into the register with an account of the same township", async () => {
    await county.goto("/organisations");
    await county.getByRole("link", { name: "永昌街道办事处" }).click();
    await county.getByRole("link", { name: "统计人员", exact: true }).click();
    await county.getByRole("link", { name: "登记人员" }).click();
    await county.getByLabel("姓名", { exact: true }).fill("何接手");
    await county.getByLabel("编制性质").selectOption({ label: "在编" });
    await county.getByLabel("任职日期").fill("2020-03-01");
    await county.getByLabel("账号的登录名").fill("zhen03b");
    await county.getByRole("button", { name: "登记" }).click();
    await expect(county.getByText("已登记。")).toBeVisible();
  });

  await test.step("the one who leaves looks at the list and signs", async () => {
    await leaver.goto("/staff");
    await leaver.getByRole("link", { name: "永昌统计员" }).click();
    await leaver.getByRole("link", { name: "办理交接" }).click();
    await leaver.getByLabel("接收人").selectOption({ label: "何接手 · 统计员" });
    await leaver.getByLabel("离任的文件或原因").fill("调任县统计局");
    const exception = leaver.getByLabel("聘期未满就调整的理由");
    if (await exception.count() > 0) await exception.fill("组织调动");
    await leaver.getByLabel("系统以外移交的资料").fill("纸质台账 3 册\n档案柜钥匙 1 把");
    await leaver.getByRole("button", { name: "开始交接" }).click();
    await expect(leaver.getByText("交接已开始")).toBeVisible();
    await leaver.getByRole("button", { name: "签字移交" }).focus();
    await leaver.keyboard.press("Enter");
    await expect(leaver.getByText("已签字,已通知下一位")).toBeVisible();
  });

  const successor = await house.enter(browser, "zhen03b");
  await successor.goto("/inbox");
  await successor.getByRole("link", { name: /永昌统计员 → 何接手/ }).click();
  await successor.getByRole("button", { name: "签字接收" }).click();
  await expect(successor.locator(".page-head")).toContainText("待监交人签字");

  await county.goto("/inbox");
  await county.getByRole("link", { name: /永昌统计员 → 何接手/ }).click();
  await county.getByRole("button", { name: "签字监交" }).click();
  await county.getByRole("dialog").getByRole("button", { name: "签字监交" }).click();
  await expect(county.getByText("交接已完成,移交人")).toBeVisible();
  await expect(county.locator(".page-head")).toContainText("已完成");

  await leaver.goto("/inbox");
  await expect(leaver).toHaveURL(/\/sign-in/);
});

test("a deputy from an enterprise sees lights, not figures", async ({ browser }) => {
  const clerk = await house.enter(browser, "tb001");
  await clerk.goto("/inbox");
  await clerk.getByRole("link", { name: /^我的网格/ }).first().click();
  await expect(clerk.locator(".page-head")).toContainText("看不到其他单位的数据");
  await expect(clerk.getByRole("region", { name: "报送状态" }).locator("tbody tr").first()).toBeVisible();
});
