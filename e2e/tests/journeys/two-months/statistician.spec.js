// Two months of a city from the seat of a unit's statistician.
// One report comes on time, is sent back with notes on its cells and handed in again, is asked about by a national list, and is corrected
// after acceptance; another comes late, a third never comes. The others act behind the scenes (support/city.js).
import { expect, test } from "@playwright/test";
import {
  ANSWER, APRIL, BEFORE, CORRECTED, CORRECTED_SHOWN, EVIDENCE, MARCH, MENDED, MENDED_SHOWN, MISCOUNTED, NOTE,
  PAPER, QUESTION, RETURNED, SOURCE, UNIT, cityOf, figuresOf,
} from "../../../support/city.js";
import { changesOf, deskOf, openFrom, openFromList, writeNote, line } from "../../../support/desk.js";
import { freshHouse } from "../../../support/house.js";
import { expectState, pressAndConfirm, cell, fill } from "../../../support/report.js";

const house = freshHouse({ clock: BEFORE });
test.setTimeout(180_000);
test.use({ actionTimeout: 10_000 });

test("the statistician: reports, mends, answers, corrects, comes late, and does not come", async ({ browser }) => {
  const city = cityOf(house);
  const desk = await deskOf(house, browser, UNIT.clerk);
  const { page, main } = desk;
  const march = figuresOf(UNIT.number, MARCH);
  let report;

  await test.step("1 April: the county opens March, and the inbox says until when", async () => {
    await city.clearDesks();
    await city.prepareYear();
    await desk.comes("2022-04-01 08:40");
    await expect(main).toContainText("现在没有待办");
    await city.openWindow("B203", MARCH);
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["待填报"]);
    await expect(desk.group("待填报")).toContainText(`${line("B203", MARCH)}`);
    await expect(desk.group("待填报")).toContainText("截止时间 2022-04-18 18:00 周一");
    await expect(desk.group("待填报")).toContainText("还有 17 天 9 小时");
    await desk.picture("1-open");
    await page.getByRole("link", { name: "查看以前的消息" }).click();
    await expect(main).toContainText(/B203 工业 财务状况 2022年1—3月 开网/);
  });

  await test.step("12 April, on time: filled in, signed twice, handed in", async () => {
    await desk.comes("2022-04-12 09:00");
    report = await openFrom(desk, "待填报", "B203", MARCH);
    await expectState(page, "未填报");
    await fill(page, march);
    await expect(page.locator("#report-summary")).toHaveText("审核通过");
    // The head of the page follows the state: what was blank can be signed now.
    await expectState(page, "填报中");
    await page.getByRole("button", { name: "统计人员签字" }).click();
    await expectState(page, "统计人员已签");
    await desk.inbox();
    await expect(main).toContainText("现在没有待办");
    await city.authorise(report);
    await desk.inbox();
    await openFrom(desk, "已签字,待上报", "B203", MARCH);
    await pressAndConfirm(page, "上报");
    await expectState(page, "已上报");
    await expect(page.locator(".page-head")).not.toContainText("迟报");
    await desk.picture("2-handed-in");
  });

  await test.step("13 April: sent back by the county, with a note on the cell; the internal one stays with the offices", async () => {
    await desk.comes("2022-04-13 10:00");
    await expect(main).toContainText("现在没有待办");
    await city.accept(UNIT.number, report, "township");
    await city.note("xian", report, "c601", NOTE);
    await city.note("xian", report, "c301", "列入现场核查", true);
    await city.sendBack("xian", report, RETURNED);
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["退回待改", "消息"]);
    await expect(desk.group("消息")).toContainText(`有审核批注县级`);
    await expect(desk.group("消息")).toContainText(NOTE);
    await desk.group("消息").getByRole("button", { name: "知道了" }).click();
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["退回待改"]);
    await expect(desk.group("退回待改")).toContainText(`退回原因:${RETURNED}`);
    await expect(desk.group("退回待改")).toContainText("还有 2 天 0 小时");
    await openFrom(desk, "退回待改", "B203", MARCH);
    await expect(main.locator(".notice.error")).toContainText(`已退回:${RETURNED}`);
    await expect(main.locator(".notice.error")).toContainText("请于 2022-04-15 10:00 周五 前重报");
    await expect(page.locator("#talk")).toContainText(NOTE);
    await expect(page.locator("#talk")).not.toContainText("列入现场核查");
    await desk.picture("3-returned");
  });

  await test.step("14 April: mended, the note answered, handed in again, accepted by all", async () => {
    await desk.comes("2022-04-14 09:00");
    await openFrom(desk, "退回待改", "B203", MARCH);
    await fill(page, MENDED);
    await writeNote(desk, "c601", "已按花名册改为 108 人");
    await page.getByRole("button", { name: "统计人员签字" }).click();
    await expectState(page, "统计人员已签");
    await city.authorise(report);
    await desk.inbox();
    await openFrom(desk, "已签字,待上报", "B203", MARCH);
    await pressAndConfirm(page, "上报");
    await expectState(page, "已上报");
    await city.acceptAll(UNIT.number, report);
    await openFromList(desk, "B203", MARCH);
    await expectState(page, "市级已验收");
    await expect(page.getByRole("button", { name: "撤回修改" })).toHaveCount(0);
    expect(await changesOf(desk, 2)).toEqual(MENDED_SHOWN);
  });

  await test.step("18 April: a national list asks; answered with evidence, verified by the city", async () => {
    await desk.comes("2022-04-18 09:00");
    await city.askByList(SOURCE, [{ usci: await city.code(UNIT.number), cell: "301", question: QUESTION, due: "2022-04-20 18:00" }]);
    await desk.inbox();
    await expect(desk.group("待回复的查询")).toContainText(SOURCE);
    await expect(desk.group("待回复的查询")).toContainText("2022-04-20 18:00 周三");
    await desk.group("待回复的查询").getByRole("link", { name: UNIT.name }).click();
    await expectState(page, "待回复");
    const query = new URL(page.url()).pathname;
    await expect(desk.row("营业收入").locator("td.num").first()).toHaveText("20,000");
    await page.getByRole("link", { name: "查看和添加附件" }).click();
    const form = page.locator("form", { hasText: "添加附件" });
    await form.locator('input[type="file"]').setInputFiles(PAPER);
    await form.getByLabel("说明").fill(EVIDENCE);
    await form.getByRole("button", { name: "添加附件" }).click();
    await expect(page.getByRole("status")).toContainText("附件已添加。");
    await desk.side("查询").click();
    await desk.row(QUESTION).getByRole("link").click();
    await expect(main).toContainText(PAPER.name);
    await page.getByLabel("说明").fill(ANSWER);
    await page.getByRole("button", { name: "回复", exact: true }).click();
    await expectState(page, "待核实");
    await desk.picture("4-answered");
    await desk.inbox();
    await expect(desk.group("待回复的查询")).toHaveCount(0);
    await city.opine("xian", query, "已核对发票,与申报一致");
    await city.close(query);
    await desk.side("查询").click();
    await expect(desk.row(QUESTION)).toContainText("已办结");
    await expect(desk.row(QUESTION)).toContainText("属实");
  });

  await test.step("20 April: a correction of what was accepted is asked for and agreed to", async () => {
    await desk.comes("2022-04-20 14:00");
    await openFromList(desk, "B203", MARCH);
    await page.getByRole("link", { name: "申请更正" }).click();
    await page.getByLabel("更正原因").selectOption({ label: "填报错误" });
    await page.getByLabel("具体说明").fill(MISCOUNTED);
    await page.getByLabel("营业收入更正为", { exact: true }).fill(CORRECTED.c301);
    await page.getByLabel("营业成本更正为", { exact: true }).fill(CORRECTED.c307);
    await page.getByRole("button", { name: "提出申请" }).click();
    await expectState(page, "待审批");
    const correction = new URL(page.url()).pathname;
    await desk.inbox();
    await expect(desk.group("更正申请")).toContainText("待审批");
    await desk.comes("2022-04-21 09:00");
    await city.decide("shi", correction);
    await desk.inbox();
    await expect(desk.group("更正申请")).toContainText("已同意,待重报");
    await expect(desk.group("消息")).toContainText("更正申请已同意");
    await desk.group("消息").locator("li", { hasText: "更正申请已同意" }).getByRole("button", { name: "知道了" }).click();
    await expect(page.getByRole("status")).toContainText("已标为已读。");
    await openFrom(desk, "退回待改", "B203", MARCH);
    await expect(main.locator(".notice.error")).toContainText(`同意更正(填报错误):${MISCOUNTED}`);
  });

  await test.step("the third version holds what was asked for and nothing else; it is accepted again", async () => {
    await fill(page, CORRECTED);
    await page.getByRole("button", { name: "统计人员签字" }).click();
    await expectState(page, "统计人员已签");
    await city.authorise(report);
    await page.reload();
    await pressAndConfirm(page, "上报");
    await expectState(page, "已上报");
    await city.acceptAll(UNIT.number, report);
    await openFromList(desk, "B203", MARCH);
    await expectState(page, "市级已验收");
    await expect(page.locator("#talk")).toContainText("已更正");
    expect(await changesOf(desk, 3)).toEqual(CORRECTED_SHOWN);
    await desk.picture("5-versions");
  });

  await test.step("24 April: the city locks the month", async () => {
    await desk.comes("2022-04-24 09:00");
    await city.lock("B203", MARCH);
    await openFromList(desk, "B203", MARCH);
    await expectState(page, "已锁定");
    await expect(page.getByRole("link", { name: "申请更正" })).toBeVisible();
    await expect(page.locator("[data-cell]")).toHaveCount(0);
  });

  await test.step("9 May: a formal notice about output is signed for; its term runs out, and nothing is taken any more", async () => {
    await city.openWindow("B204-1", APRIL);
    await city.openWindow("B203", APRIL);
    await desk.comes("2022-05-09 09:00");
    await expect(desk.group("待填报")).toContainText(line("B204-1", APRIL));
    await expect(desk.group("待填报").locator("li", { hasText: "B204-1" })).toContainText("已过 15 小时 0 分");
    await city.notice("B204-1", APRIL, "2022-05-12 12:00");
    await desk.inbox();
    await expect(desk.groups().first()).toHaveText("请签收");
    await expect(desk.group("请签收")).toContainText("催报通知书:B204-1 工业产销总值及主要产品产量");
    await expect(desk.group("请签收")).toContainText("请于 2022-05-12 12:00 前报送;期满仍未报送的,将依照《中华人民共和国统计法》处理。");
    await desk.picture("6-notice");
    await desk.group("请签收").getByRole("button", { name: "签收" }).click();
    await expect(page.getByRole("status")).toContainText("已签收,签收人和时间已记入日志。");
    await expect(desk.group("待填报").locator("li", { hasText: "B204-1" })).toContainText("还有 3 天 3 小时");
    await desk.comes("2022-05-12 12:30");
    await expect(desk.group("待填报")).not.toContainText("B204-1");
    const refused = await openFromList(desk, "B204-1", APRIL);
    await expectState(page, "未填报");
    await expect(page.locator("[data-cell]")).toHaveCount(0);
    await desk.picture("7-refused");
    await page.getByRole("link", { name: "催报记录" }).click();
    await expect(desk.row("填报人001")).toContainText("2022-05-09 09:00");
    await expect(desk.row("负责人001")).toContainText("未签收");
    expect(new URL(page.url()).pathname).toBe(`${refused}/reminders`);
  });

  await test.step("19 May: April comes after its deadline and before the closing, and says so", async () => {
    await desk.comes("2022-05-19 09:00");
    await expect(desk.group("待填报").locator("li", { hasText: "B203" })).toContainText("已过 15 小时 0 分");
    const late = await openFrom(desk, "待填报", "B203", APRIL);
    await expect(page.locator(".page-about")).toContainText("截止 2022-05-18 18:00,已过 15 小时 0 分");
    const before = page.locator("tr", { has: cell(page, "c301") }).locator("td.ref").last();
    await expect(before).toHaveText("20,040");
    await fill(page, figuresOf(UNIT.number, APRIL));
    await expect(page.locator("#report-summary")).toHaveText("审核通过");
    await page.getByRole("button", { name: "统计人员签字" }).click();
    await expectState(page, "统计人员已签");
    await city.authorise(late);
    await page.reload();
    await pressAndConfirm(page, "上报");
    await expect(page.locator(".page-head .badge")).toHaveText(["已上报", "迟报"]);
    await city.acceptAll(UNIT.number, late);
  });

  await test.step("the list of reports tells the two months", async () => {
    await desk.side("报表").click();
    await expect(desk.row("B203", APRIL)).toContainText("市级已验收 迟报");
    await expect(desk.row("B203", MARCH)).toContainText("已锁定");
    await expect(desk.row("B203", MARCH).locator("td").last()).toHaveText("3");
    await expect(desk.row("B204-1", APRIL)).toContainText("未填报");
    await desk.picture("8-list");
    await desk.inbox();
    await expect(main).toContainText("现在没有待办");
  });
});
