// Two months of a city from the seat of the person in charge of a unit.
// One report comes on time, is sent back with notes on its cells and handed in again, is asked about by a national list, and is corrected
// after acceptance; another comes late, a third never comes. The others act behind the scenes (support/city.js).
import { expect, test } from "@playwright/test";
import {
  ANSWER, APRIL, BEFORE, CORRECTED, CORRECTED_SHOWN, EVIDENCE, MARCH, MENDED, MENDED_SHOWN, MISCOUNTED, NOTE,
  PAPER, QUESTION, RETURNED, SOURCE, UNIT, cityOf, figuresOf,
} from "../../../support/city.js";
import { changesOf, deskOf, openFrom, openFromList } from "../../../support/desk.js";
import { freshHouse } from "../../../support/house.js";
import { expectState, pressAndConfirm, box } from "../../../support/report.js";

const house = freshHouse({ clock: BEFORE });
test.setTimeout(180_000);
test.use({ actionTimeout: 10_000 });

test("the person in charge: signs what is right, sees what came of it, and leaves a notice unsigned", async ({ browser }) => {
  const city = cityOf(house);
  const desk = await deskOf(house, browser, UNIT.head);
  const { page, main } = desk;
  let report;
  const signHere = async () => {
    await page.getByRole("button", { name: "单位负责人签字" }).click();
    await expectState(page, "负责人已签");
  };

  await test.step("12 April, on time: looks at the figures, signs and hands in", async () => {
    await city.clearDesks();
    await city.prepareYear();
    await desk.comes("2022-04-01 08:40");
    await city.openWindow("B203", MARCH);
    await desk.inbox();
    await expect(main).toContainText("现在没有待办");
    await desk.comes("2022-04-12 09:00");
    report = await city.report(UNIT.number, "B203", MARCH);
    await city.type(UNIT.number, report, figuresOf(UNIT.number, MARCH));
    await desk.inbox();
    await expect(main).toContainText("现在没有待办");
    await city.sign(report);
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["待负责人签字"]);
    await openFrom(desk, "待负责人签字", "B203", MARCH);
    await expect(box(page, "c301").locator("a.figure")).toHaveText("20,000");
    await expect(box(page, "c327").locator("a.figure")).toHaveText("2,200");
    await expect(page.locator("[data-cell]")).toHaveCount(0);
    await expect(page.locator(".entry-bar")).toContainText("统计人员已签字");
    await desk.picture("1-to-sign");
    await signHere();
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["已签字,待上报"]);
    await openFrom(desk, "已签字,待上报", "B203", MARCH);
    await pressAndConfirm(page, "上报");
    await expectState(page, "已上报");
  });

  await test.step("13 April: the county sends it back; the clerk mends it, and it is signed again", async () => {
    await desk.comes("2022-04-13 10:00");
    await city.accept(UNIT.number, report, "township");
    await city.note("xian", report, "c601", NOTE);
    await city.sendBack("xian", report, RETURNED);
    await desk.inbox();
    await expect(desk.group("退回待改,由统计人员修改")).toContainText("B203");
    await desk.picture("2-returned");
    await page.getByRole("link", { name: /消息$/ }).click();
    await expect(main).toContainText(/B203 2022年1—3月 被退回:虚构第001号/);
    await expect(main).toContainText(`县级退回,请于 2022-04-15 10:00 前改正重报。原因:${RETURNED}`);
    await openFromList(desk, "B203", MARCH);
    await expectState(page, "已退回");
    await expect(main.locator(".notice.error")).toContainText(RETURNED);
    await expect(page.locator("#talk")).toContainText(NOTE);
    await city.type(UNIT.number, report, MENDED);
    await city.sign(report);
    await desk.inbox();
    await openFrom(desk, "待负责人签字", "B203", MARCH);
    await expect(box(page, "c601").locator("a.figure")).toHaveText("108");
    await signHere();
    await pressAndConfirm(page, "上报");
    await expectState(page, "已上报");
    await city.acceptAll(UNIT.number, report);
    await openFromList(desk, "B203", MARCH);
    await expectState(page, "市级已验收");
    expect(await changesOf(desk, 2)).toEqual(MENDED_SHOWN);
  });

  await test.step("18 April: sees the national query and its evidence; the clerk answers, the city verifies", async () => {
    await desk.comes("2022-04-18 09:00");
    await city.askByList(SOURCE, [{ usci: await city.code(UNIT.number), cell: "301", question: QUESTION, due: "2022-04-20 18:00" }]);
    await desk.inbox();
    await expect(desk.group("待回复的查询")).toContainText(QUESTION);
    await desk.picture("3-queried");
    await desk.group("待回复的查询").getByRole("link", { name: UNIT.name }).click();
    await expectState(page, "待回复");
    await expect(page.getByRole("button", { name: "回复", exact: true })).toHaveCount(0);
    const query = new URL(page.url()).pathname;
    await city.prove(report, "c301", EVIDENCE);
    await city.answer(UNIT.number, query, ANSWER);
    await page.reload();
    await expectState(page, "待核实");
    await expect(main).toContainText(PAPER.name);
    await city.close(query);
    await desk.inbox();
    await expect(desk.group("待回复的查询")).toHaveCount(0);
    await desk.side("查询").click();
    await expect(desk.row(QUESTION)).toContainText("属实");
  });

  await test.step("20 April: the clerk asks for a correction; agreed to, it is signed and accepted again", async () => {
    await desk.comes("2022-04-20 14:00");
    const correction = await city.correct(report, MISCOUNTED, CORRECTED);
    await desk.inbox();
    await expect(desk.group("更正申请")).toContainText("待审批");
    await desk.group("更正申请").getByRole("link", { name: UNIT.name }).click();
    await expect(desk.row("营业收入").locator("td.num")).toHaveText(["20,000", "20,040"]);
    await expect(page.getByRole("button", { name: "同意更正" })).toHaveCount(0);
    await city.decide("shi", correction, "同意,请于三天内重报");
    await desk.inbox();
    await expect(desk.group("更正申请")).toContainText("已同意,待重报");
    await expect(desk.group("消息")).toContainText("更正申请已同意");
    await city.type(UNIT.number, report, CORRECTED);
    await city.sign(report);
    await desk.inbox();
    await openFrom(desk, "待负责人签字", "B203", MARCH);
    await signHere();
    await pressAndConfirm(page, "上报");
    await city.acceptAll(UNIT.number, report);
    await openFromList(desk, "B203", MARCH);
    expect(await changesOf(desk, 3)).toEqual(CORRECTED_SHOWN);
  });

  await test.step("24 April: the month is locked", async () => {
    await desk.comes("2022-04-24 09:00");
    await city.lock("B203", MARCH);
    await openFromList(desk, "B203", MARCH);
    await expectState(page, "已锁定");
  });

  await test.step("9 May: a formal notice is left unsigned; its term runs out all the same", async () => {
    await city.openWindow("B204-1", APRIL);
    await city.openWindow("B203", APRIL);
    await desk.comes("2022-05-09 09:00");
    await city.notice("B204-1", APRIL, "2022-05-12 12:00");
    await desk.inbox();
    await expect(desk.group("请签收")).toContainText("催报通知书:B204-1");
    await desk.comes("2022-05-12 12:30");
    await expect(desk.group("请签收")).toContainText("催报通知书:B204-1");
    await desk.group("请签收").getByRole("link", { name: /催报通知书/ }).click();
    await expectState(page, "未填报");
    await expect(page.locator("[data-cell]")).toHaveCount(0);
    await desk.picture("4-refused");
  });

  await test.step("19 May: April is signed after its deadline, and the page says that it is late", async () => {
    await desk.comes("2022-05-19 09:00");
    const late = await city.report(UNIT.number, "B203", APRIL);
    await city.type(UNIT.number, late, figuresOf(UNIT.number, APRIL));
    await city.sign(late);
    await desk.inbox();
    await expect(desk.group("待负责人签字")).toContainText("已过 15 小时 0 分");
    await openFrom(desk, "待负责人签字", "B203", APRIL);
    await signHere();
    await pressAndConfirm(page, "上报");
    await expect(page.locator(".page-head .badge")).toHaveText(["已上报", "迟报"]);
    await city.acceptAll(UNIT.number, late);
    await desk.side("报表").click();
    await expect(desk.row("B203", APRIL)).toContainText("市级已验收 迟报");
    await expect(desk.row("B203", MARCH)).toContainText("已锁定");
    await desk.picture("5-list");
  });
});
