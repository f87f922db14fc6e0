// Who looks after network security: an asset that ends soon, a plan, a drill whose measure is struck off, the self-check of the year; and the
// auditor, who reads it.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";

const house = freshHouse();

/** The light of a line of the overview. */
const light = (page, topic) => page.getByRole("row", { name: new RegExp(`^${topic}`) }).locator(".badge");

test("from an asset to a drill, a measure and the self-check, and the auditor reads all of it", async ({ browser }) => {
  const page = await house.enter(browser, "anquan");
  await page.getByRole("navigation", { name: "主要工作" }).getByRole("link", { name: "安全" }).click();
  await expect(light(page, "资产清单")).toHaveText("须处理");
  await expect(light(page, "应急演练")).toHaveText("须处理");

  await page.getByRole("navigation", { name: "安全" }).getByRole("link", { name: "资产清单" }).click();
  await page.getByLabel("类别").selectOption({ label: "证书" });
  await page.getByLabel("名称", { exact: true }).fill("统计网站证书");
  await page.getByLabel("责任人").fill("赵安");
  await page.getByLabel("等级保护").selectOption({ label: "三级" });
  await page.getByLabel("到期(没有可不填)").fill("2021-01-31");
  await page.getByRole("button", { name: "登记" }).click();
  await expect(page.getByRole("status")).toContainText("已登记");
  await expect(page.getByRole("region", { name: "登记的资产" }).getByRole("row", { name: /统计网站证书/ })).toContainText("须处理");

  await page.getByRole("navigation", { name: "安全" }).getByRole("link", { name: "预案和演练" }).click();
  await page.getByLabel("名称", { exact: true }).fill("网络安全应急预案");
  await page.getByLabel("正文(上传文件的可不填)").fill("断网时由县局电话通知各单位。");
  await page.getByRole("button", { name: "登记预案" }).click();
  await expect(page.getByText("第 1 版 网络安全应急预案")).toBeVisible();
  await page.getByLabel("演练日期").fill("2021-03-01");
  await page.getByLabel("情景").fill("机房断电,改用备用线路");
  await page.getByLabel("参加人员").fill("赵安、李静");
  await page.getByLabel("评估结果").fill("切换用了两小时");
  await page.getByRole("button", { name: "登记演练" }).click();
  await page.getByLabel("要做什么").fill("备用电源每季度试一次");
  await page.getByRole("button", { name: "登记措施" }).click();
  const measure = page.getByRole("region", { name: "问题清单" }).getByRole("row", { name: /备用电源每季度试一次/ });
  await measure.getByText("销号", { exact: true }).first().click();
  await measure.getByLabel("怎样处理的").fill("已列入巡检表");
  await measure.getByRole("button", { name: "销号" }).click();
  await expect(measure).toContainText("已销号");

  await page.getByRole("navigation", { name: "安全" }).getByRole("link", { name: "年度自查" }).click();
  await page.getByLabel("结论").fill("逐条看过,不符合的列入计划");
  await page.getByRole("button", { name: "记录自查" }).click();
  await expect(page.getByRole("region", { name: "自查记录" })).toContainText("逐条看过,不符合的列入计划");

  const auditor = await house.enter(browser, "shenji");
  await auditor.goto("/security");
  await expect(light(auditor, "年度自查")).toHaveText("正常");
  await auditor.goto("/security/drills");
  await expect(auditor.getByText("已列入巡检表")).toBeVisible();
  await expect(auditor.getByRole("button", { name: "登记演练" })).toHaveCount(0);
  const versions = auditor.waitForEvent("download");
  await auditor.goto("/security/software");
  await auditor.getByRole("link", { name: "导出组件清单(CycloneDX)" }).click();
  expect((await versions).suggestedFilename()).toMatch(/^youju-.*\.cdx_[2-9A-Z]{8}\.json$/);
});

test("an officer's copies bear the mark that leads the auditor to whoever took them", async ({ browser }) => {
  const county = await house.enter(browser, "xian");
  await county.goto("/reports?search=虚构第005号&state=submitted");
  const report = await county.locator("tbody tr").first().getByRole("link").first().getAttribute("href");
  const book = await county.request.get(`${report}/form-book`);
  const name = decodeURIComponent(book.headers()["content-disposition"]);
  const mark = /_([2-9A-Z]{8})\.xlsx$/.exec(name)[1];
  const paper = await county.request.get(`${report}/paper`);
  expect(decodeURIComponent(paper.headers()["content-disposition"])).toMatch(/_[2-9A-Z]{8}\.pdf$/);
  const auditor = await house.enter(browser, "shenji");
  await auditor.goto(`/audit/looks?search=${mark}`);
  await expect(auditor.getByRole("region", { name: "查看记录" })).toContainText(".xlsx");
});
