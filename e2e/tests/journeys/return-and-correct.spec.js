// The county doubts a figure and sends the report back; the unit corrects it; both versions stay, with what differs.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";
import { box, cell, expectState, fill, openFromInbox, signAndSubmit } from "../../support/report.js";

const house = freshHouse();
const REASON = "期末用工人数比花名册多 12 人,请核对";

test("a returned report is corrected and comes back as a second version", async ({ browser }) => {
  const clerk = await house.enter(browser, "tb005");
  const county = await house.enter(browser, "xian");
  const report = await openFromInbox(county, /虚构第005号/);
  const before = (await box(county, "c601").locator("a.figure").innerText()).replaceAll(",", "");
  const after = String(Number(before) - 12);

  await test.step("a return without a reason is not taken", async () => {
    await county.getByText("退回", { exact: true }).first().click();
    await county.getByRole("button", { name: "退回", exact: true }).click();
    await expectState(county, "已上报");
  });

  await test.step("with a reason it goes back; the county sees that it waits for the unit now", async () => {
    await county.getByLabel("退回原因(单位会看到)").fill(REASON);
    await county.getByRole("button", { name: "退回", exact: true }).click();
    await expectState(county, "已退回");
    await county.goto("/inbox");
    const sections = county.locator("main section", { hasText: "虚构第005号" });
    await expect(sections.getByRole("heading")).toHaveText(["退回未报"]);
  });

  await test.step("the unit sees it first of all, with the reason", async () => {
    await clerk.goto("/inbox");
    const first = clerk.locator("main section").first();
    await expect(first.getByRole("heading")).toContainText("退回");
    await expect(first).toContainText(REASON);
    await openFromInbox(clerk, /虚构第005号/);
    await expect(clerk.locator("main .notice.error")).toContainText(REASON);
  });

  await test.step("the figure is corrected and the report handed in again", async () => {
    await fill(clerk, { c601: after });
    await expect(cell(clerk, "c601")).not.toHaveValue(before);
    const head = await house.enter(browser, "fz005");
    await signAndSubmit(clerk, head, report);
  });

  await test.step("the second version shows what was changed, and nothing else", async () => {
    await county.goto(`${report}/history`);
    await expect(county.getByRole("link", { name: /第 \d 版/ })).toHaveText(["第 2 版", "第 1 版"]);
    await expect(county.locator(".timeline")).toContainText(REASON);
    await county.getByRole("link", { name: "第 2 版" }).click();
    const changed = county.locator("tbody tr", { has: county.getByText("改动", { exact: true }) });
    await expect(changed).toHaveCount(1);
    await expect(changed).toContainText("期末用工人数");
    const figures = (await changed.locator("td.num").allInnerTexts()).map((text) => text.replaceAll(",", ""));
    expect(figures).toEqual([after, before]);
  });
});
