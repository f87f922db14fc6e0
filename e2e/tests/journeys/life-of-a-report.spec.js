// What happens to a report besides being filled in: queries, corrections, notes, the calendar, reminders that are signed for.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";
import { box, expectState, fill, signAndSubmit } from "../../support/report.js";

const house = freshHouse();

/** Opens the first report of a list; gives its address and the number of its unit. */
async function openFirst(page, list) {
  await page.goto(list);
  const link = page.locator("main tbody tr").first().getByRole("link").first();
  const name = await link.innerText();
  await link.click();
  await expect(page.locator(".page-head")).toBeVisible();
  return { report: new URL(page.url()).pathname, number: name.match(/第(\d{3})号/)[1] };
}

/** A moment as a field for date and time takes it, in Shanghai. */
function moment(hours) {
  return new Date(Date.now() + (hours + 8) * 3_600_000).toISOString().slice(0, 16);
}

test("a query of the city is answered, weighed by the county, asked again and closed", async ({ browser }) => {
  const city = await house.enter(browser, "shi");
  const { number } = await openFirst(city, "/reports?state=accepted_by_county");
  await city.getByText("查询", { exact: true }).last().click();
  await city.getByLabel(/数据项编号,用逗号分开/).fill("c301");
  await city.getByLabel(/查询内容/).fill("营业收入比上年同期增长过快,请说明原因并提供凭证");
  await city.getByRole("button", { name: "提出查询" }).click();
  await expectState(city, "待回复");
  const query = new URL(city.url()).pathname;

  const clerk = await house.enter(browser, `tb${number}`);
  await clerk.goto("/inbox");
  const waiting = clerk.locator("main section", { hasText: "待回复的查询" });
  await expect(waiting).toContainText("营业收入比上年同期增长过快");
  await waiting.getByRole("link", { name: /虚构第/ }).click();
  await test.step("an empty phrase is not an answer", async () => {
    house.expectFault(/422/);
    await clerk.getByLabel("说明").fill("数据经核实无误");
    await clerk.getByRole("button", { name: "回复" }).click();
    await expect(clerk.getByRole("alert")).toContainText("没有说明原因");
    await clerk.goto(query);
  });
  await clerk.getByLabel("说明").fill("三月新增一条生产线,订单增加三成,附发票汇总");
  await clerk.getByRole("button", { name: "回复" }).click();
  await expectState(clerk, "待核实");

  const county = await house.enter(browser, "xian");
  await county.goto(query);
  await county.getByLabel("凭证是否核对、是否属实").fill("已核对发票,与申报一致");
  await county.getByRole("button", { name: "提交意见" }).click();
  await expect(county.getByRole("button", { name: "办结" })).toHaveCount(0);

  await city.goto(query);
  await city.getByText("再次查询", { exact: true }).first().click();
  await city.getByLabel("还要说明什么").fill("请补充三月的销售合同");
  await city.getByRole("button", { name: "再次查询" }).click();
  await expectState(city, "待回复");
  await clerk.goto(query);
  await clerk.getByLabel("说明").fill("合同已作为附件放到营业收入上");
  await clerk.getByRole("button", { name: "回复" }).click();
  await city.goto(query);
  await city.getByLabel("核实结果").selectOption({ label: "属实" });
  await city.getByLabel("原因分类").selectOption({ label: "生产经营变化" });
  await city.getByRole("button", { name: "办结" }).click();
  await expectState(city, "已办结");
  await expect(city.locator(".timeline li")).toHaveCount(6);
});

test("an accepted figure is corrected by application, and both versions stay", async ({ browser }) => {
  const county = await house.enter(browser, "xian");
  const { report, number } = await openFirst(county, "/reports?state=accepted_by_county");
  const before = (await box(county, "c601").locator("a.figure").innerText()).replaceAll(",", "");
  const after = String(Number(before) + 15);
  const clerk = await house.enter(browser, `tb${number}`);
  await clerk.goto(report);
  await clerk.getByRole("link", { name: "申请更正" }).click();
  await clerk.getByLabel("更正原因").selectOption({ label: "填报错误" });
  await clerk.getByLabel("具体说明").fill("期末用工人数漏计了二车间的人员");
  await clerk.getByLabel("期末用工人数更正为").fill(after);
  await clerk.getByRole("button", { name: "提出申请" }).click();
  await expectState(clerk, "待审批");

  await county.goto("/inbox");
  await county.locator("main section", { hasText: "更正申请" }).getByRole("link", { name: new RegExp(`第${number}号`) }).click();
  await expect(county.locator("main")).toContainText("漏计了二车间");
  await county.getByRole("button", { name: "同意更正" }).click();
  await expectState(county, "已同意,待重报");

  await clerk.goto(report);
  await expectState(clerk, "已退回");
  await expect(clerk.locator(".notice.error")).toContainText("同意更正(填报错误)");
  await fill(clerk, { c601: after });
  const head = await house.enter(browser, `fz${number}`);
  await signAndSubmit(clerk, head, report);
  await county.goto(`${report}/history`);
  await expect(county.getByRole("link", { name: /第 \d 版/ })).toHaveText(["第 2 版", "第 1 版"]);
  await expect(county.locator(".timeline")).toContainText("更正后重报");
});

test("notes: what is internal stays with the offices", async ({ browser }) => {
  const county = await house.enter(browser, "xian");
  const { report, number } = await openFirst(county, "/reports?state=submitted");
  for (const [text, internal] of [["请核对计量单位", false], ["建议列入现场核查", true]]) {
    await county.getByText("写批注", { exact: true }).first().click();
    await county.getByLabel(/数据项编号\(不填/).fill("c301");
    await county.getByLabel("批注", { exact: true }).fill(text);
    if (internal) await county.getByLabel(/内部批注/).check();
    await county.getByRole("button", { name: "写批注" }).click();
    await expect(county.locator("#talk")).toContainText(text);
  }
  const clerk = await house.enter(browser, `tb${number}`);
  await clerk.goto(report);
  await expect(clerk.locator("#talk")).toContainText("请核对计量单位");
  await expect(clerk.locator("#talk")).not.toContainText("建议列入现场核查");
});

test("the year is prepared, a late month is opened, and a formal notice is signed for", async ({ browser }) => {
  const county = await house.enter(browser, "xian");
  await test.step("the calendar of a year, in one act", async () => {
    await county.goto("/calendar?year=2025");
    await county.getByRole("button", { name: "全部列入日历" }).click();
    await expect(county.getByText("未布置")).toHaveCount(0);
    await county.goto("/windows");
    await expect(county.getByText("待县级开网").first()).toBeVisible();
  });
  await test.step("a window whose deadline has passed, and which has closed", async () => {
    await county.goto("/windows");
    await county.getByText("布置一期报表").click();
    await county.getByLabel("报表", { exact: true }).selectOption({ label: "B203 工业 财务状况" });
    await county.getByLabel("报告期").fill("2018-03");
    await county.getByLabel("开网时间").fill(moment(-48));
    await county.getByLabel("截止时间").fill(moment(-24));
    await county.getByLabel("关网时间").fill(moment(-1));
    await county.getByRole("button", { name: "布置", exact: true }).click();
  });
  const clerk = await house.enter(browser, "tb007");
  await clerk.goto("/inbox");
  await expect(clerk.locator("main")).not.toContainText("2018年1—3月");
  await test.step("the county reminds formally, with a term", async () => {
    await county.getByRole("link", { name: "催报" }).click();
    await county.getByLabel(/作为催报通知书,限期/).fill(moment(48));
    await county.getByRole("button", { name: "发送给选中的单位" }).click();
    await expect(county.getByRole("status")).toContainText("已发送");
  });
  await test.step("the unit signs for it and may report again", async () => {
    await clerk.goto("/inbox");
    const notice = clerk.locator("main section", { hasText: "请签收" });
    await expect(notice).toContainText("催报通知书:B203");
    await notice.getByRole("button", { name: "签收" }).click();
    await expect(clerk.locator("main section", { hasText: "请签收" })).toHaveCount(0);
    await clerk.locator("main").getByRole("link", { name: /2018年1—3月/ }).first().click();
    await fill(clerk, { c301: "120000" });
  });
  await test.step("the county sees who signed, and when", async () => {
    await county.goto(`${new URL(clerk.url()).pathname}/reminders`);
    await expect(county.locator("main tbody tr", { hasText: "填报人007" })).not.toContainText("未签收");
  });
});

test("a list of queries from above is looked at before anything is asked", async ({ browser }) => {
  const county = await house.enter(browser, "xian");
  await openFirst(county, "/reports?state=submitted");
  const code = await county.locator(".crumbs a", { hasText: "虚构第" }).getAttribute("href");
  await county.goto(code);
  const usci = (await county.locator("main").innerText()).match(/[0-9A-Z]{18}/)[0];
  const period = "2021-12";
  const csv = `统一社会信用代码,表号,报告期,指标代码,查询内容,回复期限\n${usci},B203,${period},301,营业收入增长过快请说明,\n${usci},B203,${period},999,没有这个指标的查询,\n`;
  await county.goto("/queries/list");
  await county.getByLabel("清单名称").fill("国家查询清单 2021-12");
  await county.locator('input[type="file"]').setInputFiles({ name: "清单.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await county.getByRole("button", { name: "核对清单" }).click();
  await expect(county.locator("main")).toContainText("清单 2 行,1 行可以提出,1 行有问题");
  await county.getByRole("button", { name: "提出 1 条查询" }).click();
  await expect(county.getByRole("status")).toContainText("已提出 1 条查询");
  await county.getByRole("link", { name: "查看这份清单的查询" }).click();
  await expect(county.locator("main tbody tr")).toHaveCount(1);
});

test("whoever holds a printed form may look it up without signing in; a wrong code is told", async ({ browser }) => {
  const anybody = await house.visit(browser);
  await anybody.goto("/verify");
  await anybody.getByLabel("二维码的内容").fill("youju:1:018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11:1:ab:1:cd");
  await anybody.getByRole("button", { name: "核对" }).click();
  await expect(anybody.getByRole("alert")).toContainText("没有对上");
  await anybody.getByRole("link", { name: "操作日志的检查点和公钥" }).click();
  await expect(anybody.getByRole("heading", { level: 1 })).toHaveText("操作日志的检查点");
});
