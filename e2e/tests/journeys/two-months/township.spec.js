// Two months of a city from the seat of a township.
// One report comes on time, is sent back with notes on its cells and handed in again, is asked about by a national list, and is corrected
// after acceptance; another comes late, a third never comes. The others act behind the scenes (support/city.js).
import { expect, test } from "@playwright/test";
import {
  ANSWER, APRIL, BEFORE, CORRECTED, CORRECTED_SHOWN, EVIDENCE, MARCH, MENDED, MENDED_SHOWN, MISCOUNTED, NOTE,
  PAPER, QUESTION, RETURNED, SOURCE, UNIT, cityOf,
} from "../../../support/city.js";
import { changesOf, deskOf, openFrom, openProgress, overOurHeads, sendBack, writeNote, income, line } from "../../../support/desk.js";
import { freshHouse } from "../../../support/house.js";
import { expectState } from "../../../support/report.js";

const house = freshHouse({ clock: BEFORE });
test.setTimeout(180_000);
test.use({ actionTimeout: 10_000 });

test("the township: looks first, follows what the others ask, reminds, and sees who did not report", async ({ browser }) => {
  const city = cityOf(house);
  const desk = await deskOf(house, browser, UNIT.township);
  const { page, main } = desk;
  let report;

  await test.step("1 April: March is open, one unit owes it", async () => {
    await city.clearDesks();
    await city.prepareYear();
    await city.openWindow("B203", MARCH);
    await desk.comes("2022-04-01 08:40");
    await expect(desk.group("未填报")).toContainText(line("B203", MARCH));
    await openProgress(desk, "B203", MARCH);
    await expect(main).toContainText("报送中,还有 17 天 9 小时");
    await expect(main.locator(".figures")).toContainText("1应报单位");
    await expect(main.locator(".figures")).toContainText("0.0%上报率(0 家)");
    await expect(page.getByRole("button", { name: "开网" })).toHaveCount(0);
    await desk.picture("1-open");
  });

  await test.step("12 April, on time: taken up, a note on a cell, sent back", async () => {
    await desk.comes("2022-04-12 09:00");
    report = await city.reports(UNIT.number, MARCH);
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["待乡级验收"]);
    await expect(desk.group("待乡级验收")).toContainText("上报时间 2022-04-12 09:00");
    await openFrom(desk, "待乡级验收", "B203", MARCH);
    await page.getByRole("button", { name: "开始审核" }).click();
    await expectState(page, "审核中");
    await expect(page.getByRole("status")).toContainText("已开始审核,单位不能再撤回。");
    await writeNote(desk, "c601", NOTE);
    await sendBack(desk, RETURNED);
    await desk.picture("2-sent-back");
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["退回未报"]);
    await expect(desk.group("退回未报")).toContainText(`退回原因:${RETURNED}`);
  });

  await test.step("14 April: handed in again, compared with the first version, accepted", async () => {
    await desk.comes("2022-04-14 09:00");
    await city.type(UNIT.number, report, MENDED);
    await city.handIn(UNIT.number, report);
    await desk.inbox();
    await expect(desk.groups()).toHaveText(["待乡级验收"]);
    await openFrom(desk, "待乡级验收", "B203", MARCH);
    expect(await changesOf(desk, 2)).toEqual(MENDED_SHOWN);
    await desk.inbox();
    await openFrom(desk, "待乡级验收", "B203", MARCH);
    await page.getByRole("button", { name: "验收", exact: true }).click();
    await expectState(page, "乡级已验收");
    await desk.inbox();
    await expect(main).toContainText("现在没有待办");
    await city.accept(UNIT.number, report, "county", "city");
  });

  await test.step("the totals of the township hold the accepted figure", async () => {
    expect(await income(desk, MARCH, "县级已验收")).toEqual({ units: "1", income: "20,000" });
  });

  await test.step("18 April: a national list asks; the unit lets the term pass, and the township is shown it first", async () => {
    await desk.comes("2022-04-18 09:00");
    await city.askByList(SOURCE, [{ usci: await city.code(UNIT.number), cell: "301", question: QUESTION, due: "2022-04-19 18:00" }]);
    await desk.inbox();
    await expect(main).toContainText("现在没有待办");
    await desk.side("查询").click();
    await expect(desk.row(QUESTION)).toContainText("待回复");
    await desk.comes("2022-04-20 09:00");
    await expect(desk.group("逾期的查询")).toContainText("逾期");
    await desk.picture("3-overdue");
    const query = await city.query(UNIT.clerk, QUESTION);
    await city.prove(report, "c301", EVIDENCE);
    await city.answer(UNIT.number, query, ANSWER);
    await desk.inbox();
    await expect(desk.group("逾期的查询")).toHaveCount(0);
    await desk.group("待核实的查询").getByRole("link", { name: UNIT.name }).click();
    await expect(main).toContainText(PAPER.name);
    await expect(page.getByRole("button", { name: "办结" })).toHaveCount(0);
    await page.getByLabel("凭证是否核对、是否属实").fill("已到企业核对发票,情况属实,共十二张");
    await page.getByRole("button", { name: "提交意见" }).click();
    await expect(main.locator(".timeline")).toContainText("已到企业核对发票");
    await city.close(query);
    await desk.inbox();
    await expect(desk.group("待核实的查询")).toHaveCount(0);
  });

  await test.step("20 April: a correction agreed to by the city comes back to the township first", async () => {
    const correction = await city.correct(report, MISCOUNTED, CORRECTED);
    await city.decide("shi", correction);
    await desk.inbox();
    await expect(desk.group("退回未报")).toContainText("同意更正(填报错误)");
    expect(await income(desk, MARCH, "县级已验收")).toEqual({ units: undefined, income: undefined });
    await city.type(UNIT.number, report, CORRECTED);
    await city.handIn(UNIT.number, report);
    await desk.inbox();
    await openFrom(desk, "待乡级验收", "B203", MARCH);
    expect(await changesOf(desk, 3)).toEqual(CORRECTED_SHOWN);
    await desk.inbox();
    await openFrom(desk, "待乡级验收", "B203", MARCH);
    await page.getByRole("button", { name: "验收", exact: true }).click();
    await expectState(page, "乡级已验收");
    await city.accept(UNIT.number, report, "county", "city");
    expect(await income(desk, MARCH, "县级已验收")).toEqual({ units: "1", income: "20,040" });
  });

  await test.step("24 April: locked by the city", async () => {
    await desk.comes("2022-04-24 09:00");
    await city.lock("B203", MARCH);
    await openProgress(desk, "B203", MARCH);
    await expect(main).toContainText("已锁定");
    await expect(main.locator("tr.sum")).toContainText("100.0%");
    await desk.picture("4-locked");
  });

  await test.step("7 May: a plain word before the deadline, by the township; the formal notice is not its business", async () => {
    await city.openWindow("B204-1", APRIL);
    await city.openWindow("B203", APRIL);
    await desk.comes("2022-05-07 09:00");
    await expect(desk.group("未填报")).toContainText(line("B204-1", APRIL));
    await openProgress(desk, "B204-1", APRIL);
    await page.getByRole("link", { name: "催报" }).click();
    await expect(page.getByLabel(/作为催报通知书/)).toHaveCount(0);
    await page.getByLabel("提醒内容").fill("明天截止,请今天报送产值产量");
    await page.getByRole("button", { name: "发送给选中的单位" }).click();
    await expect(page.getByRole("status")).toContainText("已发送 1 家。");
  });

  await test.step("12 May: reminded by the county, the term has run out", async () => {
    await desk.comes("2022-05-09 09:00");
    await city.notice("B204-1", APRIL, "2022-05-12 12:00");
    await openProgress(desk, "B204-1", APRIL);
    await page.getByRole("link", { name: "催报" }).click();
    await expect(desk.row(UNIT.name)).toContainText("催报中 限期 2022-05-12 12:00 周四");
    await desk.comes("2022-05-12 12:30");
    await expect(main).not.toContainText("B204-1");
    await openProgress(desk, "B204-1", APRIL);
    await expect(main).toContainText("已关网");
    await page.getByRole("link", { name: "催报" }).click();
    await expect(desk.row(UNIT.name)).toContainText("催报期满未报");
    await desk.picture("5-refused");
  });

  await test.step("19 May: April comes late and is accepted as late", async () => {
    await desk.comes("2022-05-19 09:00");
    await expect(desk.group("未填报")).toContainText(line("B203", APRIL));
    const late = await city.reports(UNIT.number, APRIL);
    await desk.inbox();
    await openFrom(desk, "待乡级验收", "B203", APRIL);
    await expect(page.locator(".page-head .badge")).toHaveText(["已上报", "迟报"]);
    await page.getByRole("button", { name: "验收", exact: true }).click();
    await expectState(page, "乡级已验收");
    await overOurHeads(desk, () => city.sendBack("xian", late, RETURNED), "县级退回");
    await city.handIn(UNIT.number, late);
    await city.acceptAll(UNIT.number, late);
    await openProgress(desk, "B203", APRIL);
    await expect(main.locator(".figures")).toContainText("100.0%上报率(1 家)");
    await expect(main.locator(".figures")).toContainText("0.0%及时率(0 家)");
    expect(await income(desk, APRIL, "县级已验收")).toEqual({ units: "1", income: "40,000" });
  });
});
