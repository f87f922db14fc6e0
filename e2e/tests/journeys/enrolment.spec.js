// 调查单位纳入 by the procedures of 武威 and of 亳州: a new enterprise from the tip to its first accepted report, with an application that is
// sent back, one that is refused and made again, and a visit on a phone without a line.
import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { photograph } from "../../support/camera.js";
import { glance } from "../../support/glance.js";
import { freshHouse } from "../../support/house.js";
import { plausible } from "../../support/plausible.js";
import { expectState, fill, openFromInbox, signAndSubmit } from "../../support/report.js";

const house = freshHouse({ empty: true });
const NO_LINE = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_ADDRESS_UNREACHABLE/;
const YEAR = new Date().getFullYear() - 1;
const NAME = "虚构第901号毛纺厂";

/** Two jurisdictions whose procedures differ: where the unit is, and who has to do what after the materials are there. */
const PLACES = {
  武威: {
    city: "6206", county: "620602", township: "620602100", village: "620602100001", usci: "91620602FAKE00001U",
    takenIn: "待县级普查(名录)审核",
    review: [["county", "普查(名录)审核通过", { 比对过的部门和网络信息: "市场监管登记、税务申报、企业信用信息公示系统" }]],
    returns: "county", afterReturn: "普查(名录)退回补正",
    after: [["county2", "专业审核通过,报市统计局普查科", {}], ["city", "汇总无重复,核查表报省备案", {}, ["签字盖章的一套表实地核查表"]]],
  },
  亳州: {
    city: "3416", county: "341602", township: "341602001", village: "341602001001", usci: "91341602FAKE00001C",
    takenIn: "待乡镇初审",
    review: [["township", "初审通过", {}]],
    returns: "township", afterReturn: "初审退回补正",
    after: [
      ["county2", "专业审核通过", { 比对过的部门和网络信息: "税务申报、用电、企业信用信息公示系统" }],
      ["county", "名录审核通过,报市级", {}],
      ["city", "市级审核通过,报省级", {}, ["签字盖章的一套表实地核查表"]],
    ],
  },
};

const paper = (name) => ({ name: `${name}.pdf`, mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n%…\n") });

/** Everybody who has to do with it. */
async function people(browser, place, key) {
  const login = (role) => `${key}-${role}`;
  const hired = {};
  for (const [role, title, area] of [
    ["township", "township_officer", place.township], ["county", "county_officer", place.county],
    ["county2", "county_officer", place.county], ["city", "city_officer", place.city],
  ]) hired[role] = await house.hire(browser, login(role), { name: `${role}统计员`, role: title, area });
  return { ...hired, login };
}

const exactly = (label) => new RegExp(`^${label.replaceAll(/[()]/g, "\\$&")}$`);

/** Opens an act of the case and does it: fields by label, files by the name of the material. */
async function act(page, path, label, fields = {}, files = [], reason) {
  await page.goto(path);
  const form = page.locator("details", { has: page.locator("summary", { hasText: exactly(label) }) });
  if (!(await form.evaluate((one) => one.open))) await form.locator("summary").first().click();
  for (const [name, value] of Object.entries(fields)) await form.getByLabel(name).first().fill(value);
  for (const name of files) await form.getByLabel(new RegExp(`^${name.replaceAll(/[()]/g, "\\$&")}`)).first().setInputFiles(paper(name.replaceAll(/[()]/g, "")));
  if (reason) await form.getByLabel(/^意见/).fill(reason);
  await form.getByRole("button", { name: label, exact: true }).click();
}

const state = (page, word) => expect(page.locator(".page-head .badge").first()).toHaveText(word);

/** 单位登记: known, asked for nothing. Gives the unit's address. */
async function entered(page, place) {
  await page.goto("/units/new");
  for (const [label, value] of [["统一社会信用代码", place.usci], ["单位详细名称", NAME], ["所在地区划", place.village], ["行业代码", "1721"]]) {
    await page.getByRole("main").getByLabel(label, { exact: true }).fill(value);
  }
  await page.getByLabel("从哪一天起").fill(`${YEAR}-01-01`);
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByRole("status")).toContainText("不要求报表");
  return new URL(page.url()).pathname;
}

async function applied(page, unit) {
  await page.goto(`/cases/new/enrolment?subject=${unit.split("/").pop()}`);
  await page.getByLabel("申报渠道").selectOption("月度新增");
  await page.getByLabel("纳入原因").selectOption("1 新开业(投产)");
  await page.getByLabel("申报专业").selectOption("工业");
  await page.getByLabel("线索来源").fill("走访");
  await page.getByRole("button", { name: "提出线索或申请" }).click();
  await state(page, "线索待核实");
  return new URL(page.url()).pathname;
}

const MATERIALS = ["纳入申报表", "营业执照(证书)复印件", "利润表", "增值税纳税申报表和附列资料(表一)"];
const FIGURES = { 年主营业务收入: "3200", "开业(投产)日期": `${YEAR}-11-02`, 统计联系人: "王五", 联系电话: "0935-8880001" };

/** 实地核查 on a phone: the page is opened with a line, filled in without one, and goes out when it is back. */
async function visited(browser, login, path) {
  const page = await house.enter(browser, login);
  await page.setViewportSize({ width: 360, height: 640 });
  await page.context().grantPermissions(["geolocation"]);
  await page.context().setGeolocation({ latitude: 37.928, longitude: 102.638, accuracy: 15 });
  await page.goto(`${path.replace("/cases/", "/onsite/")}/visit`);
  await expect(page.locator("#line-state")).toHaveText("本页已存在手机里,没有网络也能打开。");
  await page.context().setOffline(true);
  await page.reload();
  for (const item of await page.locator(".check-item").all()) await item.getByRole("radio", { name: "是", exact: true }).check();
  await page.getByLabel("实地核查情况").fill("设备在运转,利润表与账一致,财务经理接待。");
  const taken = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 19).replace("T", " ").replaceAll("-", ":");
  for (const [label, name] of [[/^门头照片/, "门头.jpg"], [/^生产经营场所照片/, "车间.jpg"]]) {
    await page.getByLabel(label).setInputFiles(await photograph(page, name, taken, [[37, 55, 40], [102, 38, 16]]));
    await expect(page.locator("[data-photo]").filter({ has: page.getByLabel(label) }).locator(".shots > li")).toContainText("已定位");
  }
  await page.getByRole("button", { name: "完成,发送" }).click();
  await expect(page.locator("#told")).toHaveText("");
  await expect(page.locator("#kept")).toContainText("没有联上服务器,联网后自动发送");
  await page.context().setOffline(false);
  await page.goto("/onsite");
  await expect(page.locator("#shelf")).toBeHidden({ timeout: 20_000 });
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto(path);
  await state(page, "待第二核查人确认");
}

/** The county opens the window of December; the unit reports, the county accepts. */
async function reported(browser, place, who) {
  const county = await house.enter(browser, who.login("county"));
  await county.goto("/windows");
  const soon = (hours) => new Date(Date.now() + (hours + 8) * 3_600_000).toISOString().slice(0, 16);
  await county.locator("summary", { hasText: "布置" }).first().click();
  await county.getByLabel("报表", { exact: true }).selectOption("B203");
  await county.getByLabel("报告期", { exact: true }).fill(`${YEAR}-12`);
  await county.getByLabel("开网时间").fill(soon(-1));
  await county.getByLabel("截止时间").first().fill(soon(24));
  await county.getByLabel("关网时间").fill(soon(48));
  await county.locator("main form").filter({ has: county.getByLabel("开网时间") }).getByRole("button").last().click();
  await expect(county.getByRole("status")).toBeVisible();
  const clerk = await house.enter(browser, who.login("clerk"));
  const head = await house.enter(browser, who.login("head"));
  const report = await openFromInbox(clerk, NAME);
  await fill(clerk, plausible("B203"));
  await signAndSubmit(clerk, head, report);
  await county.goto(report);
  await county.getByRole("button", { name: "验收", exact: true }).click();
  await expectState(county, "县级已验收");
}

/** 新入库辅导: the unit stands in the list, its service pack is there, and the bulletin of the month in which it entered counts one. */
async function onboarded(page, unit, key) {
  await page.goto("/onboarding");
  await glance(page, `enrolment-${key}-onboarding`);
  await page.getByRole("link", { name: NAME }).click();
  await expect(page).toHaveURL(new RegExp(`${unit}/onboarding$`));
  await glance(page, `enrolment-${key}-onboarding-unit`);
  await page.getByRole("link", { name: "统计服务包" }).first().click();
  await glance(page, `enrolment-${key}-pack`);
  await page.goto(`/onboarding/bulletin?month=${YEAR}-12`);
  const figures = page.getByRole("region", { name: "各地辅导情况" }).locator("tbody tr").first().locator("td");
  expect((await figures.allTextContents()).slice(0, 4)).toEqual(["1", "0", "0.0%", "1"]);
  await glance(page, `enrolment-${key}-bulletin`);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "导出 CSV" }).click()]);
  expect(await readFile(await download.path(), "utf8")).toMatch(new RegExp(`^${key}000000,[^,]+,1,0,0\\.0%,`, "m"));
  await figures.first().getByRole("link").click();
  await expect(page.getByRole("link", { name: NAME })).toBeVisible();
}

for (const [name, place] of Object.entries(PLACES)) {
  test(`a new enterprise of ${name} from the tip to its first accepted report`, async ({ browser }) => {
    test.setTimeout(240_000);
    house.expectFault(NO_LINE);
    const key = place.county;
    const who = await people(browser, place, key);
    const unit = await entered(who.township, place);

    await test.step("the enterprise has its accounts, and owes nothing", async () => {
      who.clerk = await house.hire(browser, who.login("clerk"), { name: "王五", role: "statistician", usci: place.usci });
      await house.hire(browser, who.login("head"), { name: "赵六", role: "unit_head", usci: place.usci });
      await who.clerk.goto(`${unit}/owed`);
      await expect(who.clerk.locator("main")).toContainText("应报 0 张");
    });

    await test.step("the first application is refused, with the reason", async () => {
      const path = await applied(who.township, unit);
      await act(who.township, path, "未达标准,不列入", {}, [], "投产不足一个月,还没有收入");
      await state(who.township, "未达标准");
    });

    const path = await applied(who.clerk, unit);
    await test.step("the second is verified, handed in, sent back and handed in again", async () => {
      await act(who.township, path, "核实属实,列为应入", { 线索核实情况: "厂房、设备、工人都在" });
      await state(who.township, "应入,待交材料");
      await act(who.clerk, path, "提交材料", FIGURES, MATERIALS);
      await state(who.clerk, place.takenIn);
      await act(who[place.returns], path, "退回补正", {}, [], "利润表没有盖章,请补盖后重新提交");
      await state(who[place.returns], place.afterReturn);
      await act(who.clerk, path, "补正后重新提交", {}, ["利润表"]);
      await state(who.clerk, place.takenIn);
      for (const [role, label, fields] of place.review) await act(who[role], path, label, fields);
      await who.township.goto(path);
      await state(who.township, "待实地核查");
    });

    await test.step("it is visited without a line, and the second one confirms", async () => {
      await visited(browser, who.login("county"), path);
      await act(who.township, path, "确认核查情况");
    });

    await test.step("professions, register, city, province and nation", async () => {
      for (const [role, label, fields, files] of place.after) await act(who[role], path, label, fields, files);
      await act(who.city, path, "登记省级审核通过", { 省级审核结果文号: "省统普查〔2025〕12号" });
      await act(who.city, path, "登记国家确认,纳入", { 国家审核结果文号: "国统办普查字〔2025〕9号", 生效日期: `${YEAR}-12-01` });
      await state(who.city, "已纳入");
      await who.clerk.goto(`${unit}/history`);
      await expect(who.clerk.locator("main")).toContainText("事项办结");
    });

    await test.step("the first report is accepted", async () => reported(browser, place, who));
    await test.step("it is owed the four ones, and the bulletin of its month counts it", async () => onboarded(who.county, unit, key));
  });
}
