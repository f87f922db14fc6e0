// A slow line: what is pressed twice is sent once. The county presses again because nothing seems to happen; the second press is told that
// the first is under way, and there is one lead, one list and one frame.
import { expect, test } from "@playwright/test";
import { longList, registerList } from "../../support/companies.js";
import { freshHouse } from "../../support/house.js";

const house = freshHouse();
const file = (name, buffer) => ({ name, mimeType: "text/csv", buffer });
const SLOW_MS = 1_500;

/** Everything that is sent takes its time, and is counted. */
async function slowLine(page) {
  const sent = [];
  await page.route("**/*", async (route) => {
    if (route.request().method() === "POST") {
      sent.push(new URL(route.request().url()).pathname);
      await new Promise((resolve) => { setTimeout(resolve, SLOW_MS); });
    }
    await route.continue();
  });
  return sent;
}

/** Presses several buttons one after the other before any answer is there; gives what the page says then. */
async function impatient(page, ...names) {
  return page.evaluate(async (wanted) => {
    const buttons = wanted.map((name) => [...document.querySelectorAll("main button")].find((one) => one.textContent.trim() === name));
    for (const button of buttons) {
      button.click();
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    return document.getElementById("messages").textContent;
  }, names);
}

const ON_ITS_WAY = "已经送出,正在等服务器答复,请不要再点。";

test("a double click on a slow line sends once", async ({ browser }) => {
  const page = await house.enter(browser, "xian");
  await page.goto("/units/import");
  await page.locator('input[type="file"]').setInputFiles(file("名录.csv", registerList(40)));
  await page.getByRole("button", { name: "核对" }).click();
  await page.getByRole("button", { name: "导入 40 家单位" }).click();
  await expect(page.getByRole("status")).toContainText("已入库 40 行");
  const sent = await slowLine(page);

  await test.step("a list goes in once", async () => {
    await page.goto("/rosters/table");
    await page.getByLabel("来源说明").fill("市市场监管局 4 月 1 日提供");
    await page.locator('input[type="file"]').setInputFiles(file("主体.csv", longList(50)));
    await page.getByRole("button", { name: "核对" }).dblclick();
    await expect(page.getByRole("button", { name: "导入 50 行" })).toBeVisible();
    // Nor does another form of the page go while the first is under way.
    expect(await impatient(page, "导入 50 行", "导入 50 行", "按改过的列重新核对")).toContain(ON_ITS_WAY);
    await expect(page.locator(".page-head")).toContainText("市场监管名单");
    expect(sent).toEqual(["/rosters/table", "/rosters/table/take"]);
    await page.goto("/rosters");
    await expect(page.getByRole("region", { name: "部门名单" }).locator("tbody tr")).toHaveCount(1);
  });

  await test.step("a frame is frozen once, though it is asked for twice", async () => {
    sent.length = 0;
    const asked = { name: "抽样框一", purpose: "试验", area: "330781", on: new Date().toISOString().slice(0, 10) };
    await page.goto(`/sampling-frames/new?${new URLSearchParams(asked)}`);
    await page.getByRole("main").getByRole("button", { name: "冻结" }).click();
    // The question is answered, and the button pressed again: it does not ask once more, either.
    const said = await page.evaluate(async () => {
      document.querySelector("dialog[open] .primary").click();
      await new Promise((resolve) => { setTimeout(resolve, 100); });
      document.querySelector("main form[data-confirm] button").click();
      return [document.getElementById("messages").textContent, document.querySelectorAll("dialog[open]").length];
    });
    expect(said).toEqual([expect.stringContaining(ON_ITS_WAY), 0]);
    await expect(page.getByRole("heading", { level: 1, name: "抽样框一" })).toBeVisible();
    expect(sent).toEqual(["/sampling-frames"]);
    await page.goto("/sampling-frames");
    await expect(page.getByRole("region", { name: "抽样框" }).locator("tbody tr")).toHaveCount(1);
  });

  await test.step("who goes back may send again, and files may be fetched one after the other", async () => {
    sent.length = 0;
    await page.goto("/units/import");
    await page.locator('input[type="file"]').setInputFiles(file("名录.csv", Buffer.from("信用代码,企业名称,行业代码,地址\n9133078,错码厂,1721,兰溪市兰江街道\n")));
    await page.getByRole("button", { name: "核对" }).click();
    for (let times = 0; times < 2; times += 1) {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "下载这些行(CSV)" }).click()]);
      expect(download.suggestedFilename()).toContain("未入库");
    }
    expect(sent).toEqual(["/units/import", "/units/import/left", "/units/import/left"]);
    await page.goBack();
    await page.locator('input[type="file"]').setInputFiles(file("名录.csv", registerList(41)));
    await page.getByRole("button", { name: "核对" }).click();
    await expect(page.getByRole("button", { name: "导入 1 家单位" })).toBeVisible();
  });
});
