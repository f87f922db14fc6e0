// Two months of a city from the seat of the city.
// One report comes on time, is sent back with notes on its cells and handed in again, is asked about by a national list, and is corrected
// after acceptance; another comes late, a third never comes. The others act behind the scenes (support/city.js).
import { expect, test } from "@playwright/test";
import {
  ANSWER, APRIL, BEFORE, CORRECTED, CORRECTED_SHOWN, EVIDENCE, MARCH, MENDED, MENDED_SHOWN, MISCOUNTED, NOTE,
  OTHERS, PAPER, QUESTION, RETURNED, SOURCE, UNIT, cityOf, queryList,
} from "../../../support/city.js";
import { changesOf, deskOf, openFrom, openFromList, openProgress, sendBack, writeNote, income } from "../../../support/desk.js";
import { freshHouse } from "../../../support/house.js";
import { expectState, pressAndConfirm } from "../../../support/report.js";

const house = freshHouse({ clock: BEFORE });
test.setTimeout(180_000);
test.use({ actionTimeout: 10_000 });

test("the city: accepts, sends back over their heads, asks by a national list, locks", async ({ browser }) => {
  const city = cityOf(house);
  const desk = await deskOf(house, browser, "shi");
  const { page, main } = desk;
  const reports = {};
  const bothCounts = async () => [await income(desk, MARCH, "县级已验收"), await income(desk, MARCH, "市级已验收")];

  await test.step("12 April: three come on time and are accepted below; one is sent back over their heads", async () => {
    await city.clearDesks();
    await city.prepareYear();
    await city.openWindow("B203", MARCH);
    await desk.comes("2022-04-12 09:00");
    await expect(main).toContainText("现在没有待办");
    for (const number of [UNIT.number, ...OTHERS]) {
      reports[number] = await city.reports(number, MARCH);
      await city.accept(number, reports[number], "township", "county");
    }
    await desk.inbox();
    await expect(desk.group("待市级验收").locator("li")).toHaveCount(3);
    await openFrom(desk, "待市级验收", "B203", MARCH);
    await writeNote(desk, "c601", NOTE);
    await sendBack(desk, RETURNED);
    await expect(main.locator(".notice.error")).toContainText(RETURNED);
    await openProgress(desk, "B203", MARCH);
    await page.getByRole("link", { name: /批量验收/ }).click();
    await page.getByRole("button", { name: "验收 2 份" }).click();
    await expect(page.getByRole("status")).toContainText("已验收 2 份。");
    expect(await bothCounts()).toEqual([{ units: "2", income: "100,000" }, { units: "2", income: "100,000" }]);
    await desk.picture("1-totals");
  });

  await test.step("14 April: it comes back by way of both levels and is accepted", async () => {
    await desk.comes("2022-04-14 09:00");
    await city.type(UNIT.number, reports[UNIT.number], MENDED);
    await city.handIn(UNIT.number, reports[UNIT.number]);
    await desk.inbox();
    await expect(main).toContainText("现在没有待办");
    await city.accept(UNIT.number, reports[UNIT.number], "township", "county");
    await desk.inbox();
    await openFrom(desk, "待市级验收", "B203", MARCH);
    expect(await changesOf(desk, 2)).toEqual(MENDED_SHOWN);
    await desk.inbox();
    await openFrom(desk, "待市级验收", "B203", MARCH);
    await page.getByRole("button", { name: "验收", exact: true }).click();
    await expectState(page, "市级已验收");
    expect(await income(desk, MARCH, "市级已验收")).toEqual({ units: "3", income: "120,000" });
  });

  let queries;
  await test.step("18 April: the national list is looked at row by row, then asked", async () => {
    await desk.comes("2022-04-18 09:00");
    const [first, second] = [await city.code(UNIT.number), await city.code(OTHERS[0])];
    const due = "2022-04-20 18:00";
    const rows = [
      { usci: first, cell: "301", question: QUESTION, due },
      { usci: second, cell: "402", question: "应交增值税与营业收入不匹配,请说明", due },
      { usci: first, cell: "999", question: "没有这个指标的查询", due },
    ];
    await desk.side("查询").click();
    await page.getByRole("link", { name: "导入查询清单" }).click();
    await page.getByLabel("清单名称").fill(SOURCE);
    await page.locator('input[type="file"]').setInputFiles(queryList(rows));
    await page.getByRole("button", { name: "核对清单" }).click();
    await expect(main).toContainText("清单 3 行,2 行可以提出,1 行有问题。");
    await expect(desk.row("没有这个指标的查询")).toContainText("不能");
    await desk.picture("2-list");
    await page.getByRole("button", { name: "提出 2 条查询" }).click();
    await expect(page.getByRole("status")).toContainText("已提出 2 条查询。1 行没有提出,原因如下。");
    await page.getByRole("link", { name: "查看这份清单的查询" }).click();
    await expect(main.locator("tbody tr")).toHaveCount(2);
    queries = [await city.query("shi", QUESTION), await city.query("shi", "应交增值税")];
  });

  await test.step("20 April: answered with evidence and weighed by the county, it is verified; the other one rises to the city", async () => {
    await desk.comes("2022-04-20 09:00");
    await city.prove(reports[UNIT.number], "c301", EVIDENCE);
    await city.answer(UNIT.number, queries[0], ANSWER);
    await city.opine("xian", queries[0], "已核对发票,与申报一致");
    await desk.inbox();
    await desk.group("待核实的查询").getByRole("link", { name: UNIT.name }).click();
    await expect(main).toContainText(PAPER.name);
    await expect(main.locator(".timeline")).toContainText("已核对发票,与申报一致");
    await page.getByLabel("核实结果").selectOption({ label: "属实" });
    await page.getByLabel("原因分类").selectOption({ label: "生产经营变化" });
    await page.getByRole("button", { name: "办结" }).click();
    await expectState(page, "已办结");
    await expect(main).toContainText("属实 · 生产经营变化");
    await desk.picture("3-verified");
    await desk.comes("2022-04-22 19:00");
    await expect(desk.group("逾期的查询")).toContainText("虚构第002号");
    await city.answer(OTHERS[0], queries[1], "三月设备进项税额较多,抵扣后应交增值税下降");
    await desk.inbox();
    await desk.group("待核实的查询").getByRole("link", { name: /虚构第002号/ }).click();
    await page.getByRole("button", { name: "办结" }).click();
    await expectState(page, "已办结");
    await desk.side("查询").click();
    await page.getByRole("link", { name: "回复质量" }).click();
    await expect(desk.row("合计")).toContainText("50.0%");
  });

  await test.step("23 April: a correction is agreed to; nothing is locked while it is on its way", async () => {
    house.expectFault(/status of 4\d\d /);
    await desk.comes("2022-04-23 09:00");
    await city.correct(reports[UNIT.number], MISCOUNTED, CORRECTED);
    await desk.inbox();
    await desk.group("更正申请").getByRole("link", { name: UNIT.name }).click();
    await page.getByRole("button", { name: "同意更正" }).click();
    await expectState(page, "已同意,待重报");
    expect(await bothCounts()).toEqual([{ units: "2", income: "100,000" }, { units: "2", income: "100,000" }]);
    await openProgress(desk, "B203", MARCH);
    await pressAndConfirm(page, "锁定本期");
    await expect(page.getByRole("alert")).toContainText("还有 1 份报表没有验收(已上报、退回修改或催报未到期),不能锁定本期。");
    await desk.picture("4-not-locked");
    await city.type(UNIT.number, reports[UNIT.number], CORRECTED);
    await city.handIn(UNIT.number, reports[UNIT.number]);
    await city.accept(UNIT.number, reports[UNIT.number], "township", "county");
    expect(await bothCounts()).toEqual([{ units: "3", income: "120,040" }, { units: "2", income: "100,000" }]);
    await desk.inbox();
    await openFrom(desk, "待市级验收", "B203", MARCH);
    expect(await changesOf(desk, 3)).toEqual(CORRECTED_SHOWN);
    await desk.inbox();
    await openFrom(desk, "待市级验收", "B203", MARCH);
    await page.getByRole("button", { name: "验收", exact: true }).click();
    await expectState(page, "市级已验收");
    expect(await income(desk, MARCH, "市级已验收")).toEqual({ units: "3", income: "120,040" });
  });

  await test.step("24 April: the month is locked", async () => {
    await desk.comes("2022-04-24 09:00");
    await openProgress(desk, "B203", MARCH);
    await pressAndConfirm(page, "锁定本期");
    await expect(page.getByRole("status")).toContainText("本期已锁定。");
    await expect(main).toContainText("已锁定");
    await expect(page.getByRole("button", { name: "锁定本期" })).toHaveCount(0);
    await desk.picture("5-locked");
    await openFromList(desk, "B203", MARCH);
    await expectState(page, "已锁定");
    await expect(page.locator(".page-head summary", { hasText: "退回" })).toHaveCount(0);
  });

  await test.step("12 May: output was never reported; the county's notice has run out", async () => {
    await city.openWindow("B204-1", APRIL);
    await city.openWindow("B203", APRIL);
    await desk.comes("2022-05-09 09:00");
    await city.notice("B204-1", APRIL, "2022-05-12 12:00");
    await desk.comes("2022-05-12 12:30");
    await openProgress(desk, "B204-1", APRIL);
    await page.getByRole("link", { name: "催报" }).click();
    await expect(desk.row(UNIT.name)).toContainText("催报期满未报");
    await expect(desk.row("虚构第002号")).toContainText("逾期未报");
    await desk.picture("6-refused");
  });

  await test.step("19 May: April comes late, is accepted, and the second month is locked too", async () => {
    await desk.comes("2022-05-19 09:00");
    for (const number of [UNIT.number, ...OTHERS]) {
      reports[number] = await city.reports(number, APRIL);
      await city.accept(number, reports[number], "township", "county");
    }
    await desk.inbox();
    await openFrom(desk, "待市级验收", "B203", APRIL);
    await expect(page.locator(".page-head .badge")).toHaveText(["县级已验收", "迟报"]);
    await openProgress(desk, "B203", APRIL);
    await page.getByRole("link", { name: /批量验收/ }).click();
    await expect(main.locator("tbody tr", { hasText: "迟报" })).toHaveCount(3);
    await page.getByRole("button", { name: "验收 3 份" }).click();
    expect(await income(desk, APRIL, "市级已验收")).toEqual({ units: "3", income: "240,000" });
    await desk.comes("2022-05-24 09:00");
    await openProgress(desk, "B203", APRIL);
    await expect(main.locator(".figures")).toContainText("0.0%及时率(0 家)");
    await pressAndConfirm(page, "锁定本期");
    await expect(page.getByRole("status")).toContainText("本期已锁定。");
    await desk.picture("7-second-month");
  });
});
