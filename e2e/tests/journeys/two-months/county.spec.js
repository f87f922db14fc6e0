// Two months of a city from the seat of the county.
// One report comes on time, is sent back with notes on its cells and handed in again, is asked about by a national list, and is corrected
// after acceptance; another comes late, a third never comes. The others act behind the scenes (support/city.js).
import { expect, test } from "@playwright/test";
import {
  ANSWER, APRIL, BEFORE, CORRECTED, CORRECTED_SHOWN, EVIDENCE, MARCH, MENDED, MENDED_SHOWN, MISCOUNTED, NOTE,
  OTHERS, PAPER, QUESTION, RETURNED, SOURCE, UNIT, cityOf,
} from "../../../support/city.js";
import {
  changesOf, deskOf, openFrom, openFromList, openProgress, overOurHeads, sendBack, writeNote, income,
} from "../../../support/desk.js";
import { freshHouse } from "../../../support/house.js";
import { expectState } from "../../../support/report.js";

const house = freshHouse({ clock: BEFORE });
test.setTimeout(180_000);
test.use({ actionTimeout: 10_000 });

test("the county: arranges, opens, sends back, weighs, corrects, notices", async ({ browser }) => {
  const city = cityOf(house);
  const desk = await deskOf(house, browser, "xian");
  const { page, main } = desk;
  const reports = {};

  await test.step("28 March: the year is put into the calendar in one act", async () => {
    await city.clearDesks();
    await desk.comes(BEFORE);
    await expect(main).toContainText("现在没有待办");
    await desk.side("进度").click();
    await page.getByRole("link", { name: "报送日历" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("2022 年报送日历");
    const march = desk.row("B203 工业 财务状况", "2022年3月");
    await expect(march).toContainText("2022-04-01 00:00 周五");
    await expect(march).toContainText("2022-04-18 18:00 周一");
    await expect(march).toContainText("乡级 → 县级 → 市级");
    await expect(march).toContainText("未布置");
    await page.getByRole("button", { name: "全部列入日历" }).click();
    await expect(page.getByRole("status")).toContainText("已列入报送日历,到时由县级开网。");
    await expect(march).toContainText("已布置");
    await desk.picture("1-calendar");
  });

  await test.step("1 April: March is opened; thirteen units owe it", async () => {
    await desk.comes("2022-04-01 08:30");
    await expect(desk.group("待开网")).toContainText("B203 · 2022年1—3月");
    await openProgress(desk, "B203", MARCH);
    await expect(main).toContainText("待县级开网");
    await page.getByRole("button", { name: "开网", exact: true }).click();
    await expect(page.getByRole("status")).toContainText("已开网,名录库中应报单位都已生成报表。");
    await expect(main.locator(".figures")).toContainText("13应报单位");
    await desk.picture("2-opened");
  });

  await test.step("12 April: three come on time; one is sent back with notes, two are accepted in bulk", async () => {
    await desk.comes("2022-04-12 09:00");
    for (const number of [UNIT.number, ...OTHERS]) {
      reports[number] = await city.reports(number, MARCH);
      await city.accept(number, reports[number], "township");
    }
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["待开网", "待县级验收"]);
    await expect(desk.group("待县级验收").locator("li")).toHaveCount(3);
    await openFrom(desk, "待县级验收", "B203", MARCH);
    await expectState(page, "乡级已验收");
    await writeNote(desk, "c601", NOTE);
    await writeNote(desk, "c301", "列入现场核查", true);
    await sendBack(desk, RETURNED);
    await desk.picture("3-sent-back");
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["待开网", "待县级验收", "退回未报"]);
    await openProgress(desk, "B203", MARCH);
    await expect(main.locator(".figures")).toContainText("15.4%上报率(2 家)15.4%及时率(2 家)");
    await page.getByRole("link", { name: /批量验收/ }).click();
    await expect(main).toContainText("将验收下列 2 份报表。");
    await page.getByRole("button", { name: "验收 2 份" }).click();
    await expect(page.getByRole("status")).toContainText("已验收 2 份。");
    expect(await income(desk, MARCH, "县级已验收")).toEqual({ units: "2", income: "100,000" });
    await desk.picture("4-totals");
  });

  await test.step("14 April: handed in again, the change looked at, accepted; the total grows by it", async () => {
    await desk.comes("2022-04-14 09:00");
    await city.type(UNIT.number, reports[UNIT.number], MENDED);
    await city.handIn(UNIT.number, reports[UNIT.number]);
    await city.accept(UNIT.number, reports[UNIT.number], "township");
    await desk.inbox();
    await openFrom(desk, "待县级验收", "B203", MARCH);
    expect(await changesOf(desk, 2)).toEqual(MENDED_SHOWN);
    await desk.inbox();
    await openFrom(desk, "待县级验收", "B203", MARCH);
    await page.getByRole("button", { name: "验收", exact: true }).click();
    await expectState(page, "县级已验收");
    expect(await income(desk, MARCH, "县级已验收")).toEqual({ units: "3", income: "120,000" });
  });

  await test.step("18 April: the city asks by a national list; the county weighs the evidence, the city closes", async () => {
    await desk.comes("2022-04-18 09:00");
    await city.askByList(SOURCE, [{ usci: await city.code(UNIT.number), cell: "301", question: QUESTION, due: "2022-04-20 18:00" }]);
    const query = await city.query(UNIT.clerk, QUESTION);
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["待开网"]);
    await city.prove(reports[UNIT.number], "c301", EVIDENCE);
    await city.answer(UNIT.number, query, ANSWER);
    await desk.inbox();
    await expect(desk.group("待核实的查询")).toContainText(SOURCE);
    await desk.group("待核实的查询").getByRole("link", { name: UNIT.name }).click();
    await expect(main).toContainText(PAPER.name);
    await expect(main).toContainText("三月新增一条生产线");
    await page.getByLabel("凭证是否核对、是否属实").fill("已核对发票十二张,与申报一致");
    await page.getByRole("button", { name: "提交意见" }).click();
    await expect(page.getByRole("button", { name: "办结" })).toHaveCount(0);
    await desk.picture("5-weighed");
    await city.close(query);
    await desk.side("查询").click();
    await expect(desk.row(QUESTION)).toContainText("属实");
    await page.getByRole("link", { name: "回复质量" }).click();
    await expect(desk.row(UNIT.name)).toContainText("100.0%");
  });

  await test.step("20 April: what the county accepted last is corrected by its leave; the total falls and comes back", async () => {
    await desk.comes("2022-04-20 14:00");
    await city.correct(reports[UNIT.number], MISCOUNTED, CORRECTED);
    await desk.inbox();
    await expect(desk.group("更正申请")).toContainText(`填报错误:${MISCOUNTED}`);
    await expect(desk.group("更正申请")).toContainText("还有 3 天 0 小时");
    await desk.group("更正申请").getByRole("link", { name: UNIT.name }).click();
    await expect(desk.row("营业收入").locator("td.num")).toHaveText(["20,000", "20,040"]);
    await page.getByLabel("意见(不同意的必须写明理由)").fill("同意,请附发票");
    await page.getByRole("button", { name: "同意更正" }).click();
    await expectState(page, "已同意,待重报");
    await desk.picture("6-corrected");
    expect(await income(desk, MARCH, "县级已验收")).toEqual({ units: "2", income: "100,000" });
    await city.type(UNIT.number, reports[UNIT.number], CORRECTED);
    await city.handIn(UNIT.number, reports[UNIT.number]);
    await city.accept(UNIT.number, reports[UNIT.number], "township");
    await desk.inbox();
    await openFrom(desk, "待县级验收", "B203", MARCH);
    expect(await changesOf(desk, 3)).toEqual(CORRECTED_SHOWN);
    await desk.inbox();
    await openFrom(desk, "待县级验收", "B203", MARCH);
    await page.getByRole("button", { name: "验收", exact: true }).click();
    await expectState(page, "县级已验收");
    expect(await income(desk, MARCH, "县级已验收")).toEqual({ units: "3", income: "120,040" });
    await openProgress(desk, "B203", MARCH);
    await page.getByRole("link", { name: "修改痕迹" }).click();
    await expect(desk.row(UNIT.name).locator("td.num")).toHaveText(["3", "3", "1"]);
  });

  await test.step("24 April: the city accepts and locks; the county cannot send anything back any more", async () => {
    await desk.comes("2022-04-24 09:00");
    for (const number of [UNIT.number, ...OTHERS]) await city.accept(number, reports[number], "city");
    await city.lock("B203", MARCH);
    await openProgress(desk, "B203", MARCH);
    await expect(main).toContainText("已锁定");
    await openFromList(desk, "B203", MARCH);
    await expectState(page, "已锁定");
    await expect(page.locator(".page-head summary", { hasText: "退回" })).toHaveCount(0);
  });

  await test.step("9 May: the formal notice goes to whoever has not reported output", async () => {
    await desk.comes("2022-05-01 08:30");
    for (const form of ["B204-1", "B203"]) await city.openWindow(form, APRIL);
    await desk.comes("2022-05-09 09:00");
    await openProgress(desk, "B204-1", APRIL);
    await expect(main).toContainText("已截止,可补报");
    await page.getByRole("link", { name: "催报" }).click();
    await expect(desk.row(UNIT.name)).toContainText("逾期未报");
    await page.getByLabel("作为催报通知书,限期").fill("2022-05-12T12:00");
    await page.getByRole("button", { name: "发送给选中的单位" }).click();
    await expect(page.getByRole("status")).toContainText("已发送 13 家。");
    await page.getByRole("link", { name: "回到进度" }).click();
    await page.getByRole("link", { name: "催报" }).click();
    await expect(desk.row(UNIT.name)).toContainText("催报中 限期 2022-05-12 12:00 周四");
    await desk.picture("7-noticed");
  });

  await test.step("12 May: the term has run out", async () => {
    await desk.comes("2022-05-12 12:30");
    await openProgress(desk, "B204-1", APRIL);
    await page.getByRole("link", { name: "催报" }).click();
    await expect(desk.row(UNIT.name)).toContainText("催报期满未报");
    await desk.picture("8-refused");
    await desk.row(UNIT.name).getByRole("link").click();
    // No page of an office leads there yet.
    await page.goto(`${new URL(page.url()).pathname}/reminders`);
    await expect(desk.row("填报人001")).toContainText("未签收");
  });

  await test.step("19 May: April comes late, and the progress counts it as late", async () => {
    await desk.comes("2022-05-19 09:00");
    for (const number of [UNIT.number, ...OTHERS]) {
      reports[number] = await city.reports(number, APRIL);
      await city.accept(number, reports[number], "township");
    }
    await desk.inbox();
    await openFrom(desk, "待县级验收", "B203", APRIL);
    await expect(page.locator(".page-head .badge")).toHaveText(["乡级已验收", "迟报"]);
    await page.getByRole("button", { name: "验收", exact: true }).click();
    await expectState(page, "县级已验收");
    const late = reports[UNIT.number];
    await overOurHeads(desk, () => city.sendBack("shi", late, RETURNED), "市级退回");
    await city.handIn(UNIT.number, late);
    await city.accept(UNIT.number, late, "township", "county");
    await openProgress(desk, "B203", APRIL);
    await expect(main.locator(".figures")).toContainText("23.1%上报率(3 家)");
    await expect(main.locator(".figures")).toContainText("0.0%及时率(0 家)");
    await expect(main.locator("tr.sum")).toContainText("3");
    await desk.picture("9-late");
    expect(await income(desk, APRIL, "县级已验收")).toEqual({ units: "1", income: "40,000" });
  });
});
