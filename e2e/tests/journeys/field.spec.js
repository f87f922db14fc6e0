// 实地核查 on a phone without a line: what is filled in, photographed and signed stays on the phone, goes out when the line is back, and is
// one step however often it is sent.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { photograph } from "../../support/camera.js";
import { freshHouse, signIn } from "../../support/house.js";
import { linkOn } from "../../support/places.js";

const house = freshHouse();
const NO_LINE = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_ADDRESS_UNREACHABLE/;
/** Where the phone is, and what a camera there writes: 29°12′30″ north, 119°27′37″ east. */
const HERE = { latitude: 29.208333, longitude: 119.460277, accuracy: 12 };
const CAMERA = [[29, 12, 30], [119, 27, 37]];

/** The county plans a verification of a unit; the address of the case. */
async function planned(browser, unit) {
  const county = await house.enter(browser, "xian");
  const id = (await linkOn(county, `/units?search=虚构第${unit}号`, /^\/units\/[0-9a-f-]{36}$/)).split("/").pop();
  await county.goto(`/cases/new/onsite_verification?subject=${id}`);
  await county.getByLabel("核查原因").selectOption("申报入库");
  await county.getByLabel("核查专业").selectOption("工业");
  await county.getByLabel("计划核查日期").fill("2026-04-02");
  await county.getByLabel("核查人员一").fill("张三");
  await county.getByLabel("核查人员二").fill("李四");
  await county.getByRole("button", { name: "安排核查" }).click();
  await expect(county.locator(".page-head .badge")).toHaveText("待实地核查");
  return new URL(county.url()).pathname;
}

/** A phone of a township's officer, at the unit, with the page of the verification open and kept. */
async function phone(browser, login, path) {
  const page = await house.enter(browser, login);
  await page.setViewportSize({ width: 360, height: 640 });
  await page.context().grantPermissions(["geolocation"]);
  await page.context().setGeolocation(HERE);
  await page.goto(`${path.replace("/cases/", "/onsite/")}/verify`);
  await expect(page.locator("#line-state")).toHaveText("本页已存在手机里,没有网络也能打开。");
  return page;
}

async function answers(page) {
  const items = page.locator(".check-item");
  expect(await items.count()).toBe(11);
  for (const item of await items.all()) await item.getByRole("radio", { name: "是", exact: true }).check();
  const power = items.filter({ hasText: "用电、用工与产值规模相称" });
  await expect(power.locator(".remark")).toBeHidden();
  await power.getByRole("radio", { name: "否" }).check();
  await power.locator(".remark").fill("停产一周");
  await page.getByLabel("单位接待人和职务").fill("王五 财务经理");
  await page.getByLabel("核查情况").fill("设备在运转,凭证齐全。");
  await page.getByLabel("单位意见").selectOption("无异议,已签名");
  await page.getByLabel("核查人员意见").selectOption("属实");
}

const now = () => new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 19).replace("T", " ").replaceAll("-", ":");
const shots = (page, label) => page.locator("[data-photo]").filter({ hasText: label }).locator(".shots > li");
const signs = (page, label) => page.locator("[data-signature]").filter({ hasText: label });

async function photographs(page, old = now()) {
  await page.getByLabel(/^门头照片/).setInputFiles(await photograph(page, "门头.jpg", old, CAMERA));
  await expect(shots(page, "门头照片")).toContainText("已定位(±12 米)");
  await page.getByLabel(/^生产经营场所照片/).setInputFiles(await photograph(page, "车间.jpg", now(), CAMERA));
  await expect(shots(page, "生产经营场所照片")).toContainText("已定位");
}

/** A stroke across a place to sign. */
async function sign(page, label) {
  const canvas = signs(page, label).locator("canvas");
  await canvas.evaluate((place) => place.scrollIntoView({ block: "center" })); // clear of the bar below
  const area = await canvas.boundingBox();
  await page.mouse.move(area.x + 30, area.y + 40);
  await page.mouse.down();
  for (let i = 1; i <= 10; i += 1) await page.mouse.move(area.x + 30 + i * 15, area.y + 40 + (i % 3) * 12);
  await page.mouse.up();
  await expect(canvas).toHaveAttribute("aria-label", `${label}:已签`);
}

const kept = (page) => expect(page.locator("#kept")).toHaveText(/^已存本机 \d\d:\d\d:\d\d,还没有发送$/);
const send = (page) => page.getByRole("button", { name: "完成,发送" }).click();

test("a verification is filled in, photographed and signed without a line, and sent when it is back @phone", async ({ browser }) => {
  house.expectFault(NO_LINE);
  const path = await planned(browser, "001");
  const page = await phone(browser, "zhen02", path);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);

  await test.step("without a line the page opens, and everything typed stays", async () => {
    await page.context().setOffline(true);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("虚构第001号");
    await answers(page);
    await photographs(page, "2022:01:05 08:00:00");
    for (const label of ["核查人员一签名", "核查人员二签名"]) await sign(page, label);
    await kept(page);
    await page.reload();
    await expect(page.getByLabel("核查情况")).toHaveValue("设备在运转,凭证齐全。");
    await expect(page.locator(".check-item").filter({ hasText: "用电" }).locator(".remark")).toHaveValue("停产一周");
    await expect(shots(page, "门头照片")).toHaveCount(1);
    await expect(signs(page, "核查人员二签名").locator("canvas")).toHaveAttribute("aria-label", "核查人员二签名:已签");
  });

  await test.step("it waits, and the phone says what waits", async () => {
    await send(page);
    await expect(page.locator("#kept")).toContainText("没有联上服务器,联网后自动发送");
    await page.goto("/onsite");
    await expect(page.locator("#shelf")).toContainText("待发送 1 件");
    await expect(page.locator("#shelf-list")).toContainText(/待发送 · 现场核查 · .* [KM]B · 本机保留到/);
  });

  await test.step("the line is back: it goes by itself", async () => {
    await page.context().setOffline(false);
    await expect(page.locator("#shelf")).toBeHidden({ timeout: 20_000 });
    await page.goto(path);
    await expect(page.locator(".page-head .badge")).toHaveText("待第二人确认");
    for (const words of ["停产一周", "北纬 29.208333°,东经 119.460277°(±12 米)", "HONOR 60", "照片内的拍摄时间是 2022-01-05 08:00"]) {
      await expect(page.locator("main")).toContainText(words);
    }
  });

  await test.step("the second one confirms by their own account, and the sheet is printed", async () => {
    const county = await house.enter(browser, "xian");
    await county.goto(path);
    await county.getByRole("button", { name: "第二人确认" }).click();
    await expect(county.locator(".page-head .badge")).toHaveText("待作出结论");
    const sheet = await county.request.get(`${path}/sheet`);
    expect(sheet.headers()["content-type"]).toBe("application/pdf");
    expect((await sheet.body()).subarray(0, 5).toString()).toBe("%PDF-");
  });
});

test("an answer that is lost, a session that is over: nothing is lost and nothing is done twice @phone", async ({ browser }) => {
  house.expectFault(NO_LINE);
  const path = await planned(browser, "001");
  const page = await phone(browser, "zhen02", path);
  await answers(page);
  await photographs(page);
  for (const label of ["核查人员一签名", "核查人员二签名"]) await sign(page, label);
  await page.context().clearCookies();
  await send(page);
  await expect(page.locator("#told")).toContainText("登录已到期,内容还在手机里。");
  await page.getByRole("link", { name: "请重新登录,登录后自动发送。" }).click();

  // The server takes it, and the line breaks before the answer is there.
  let requests = 0;
  await page.context().route(/\/onsite\/.*\/verify$/, async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    requests += 1;
    if (requests > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await signIn(page, "zhen02");
  await expect(page.locator("#shelf")).toContainText("没有联上服务器");
  await page.getByRole("button", { name: "立即发送" }).click();
  await expect(page.locator("#shelf")).toBeHidden({ timeout: 20_000 });
  expect(requests).toBe(2);
  await page.goto(path);
  await expect(page.locator(".timeline > li")).toHaveCount(2);
});

test("by keyboard alone; somebody was faster, which is told with the way out; signing out empties the phone @phone", async ({ browser }) => {
  house.expectFault(/409/);
  const path = await planned(browser, "002");
  const page = await phone(browser, "zhen03", path);
  await page.locator(".check-item input[type=radio]").first().focus();
  for (let item = 0; item < 11; item += 1) {
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab"); // a "yes" hides the words beside it: the next stop is the next item
  }
  await expect(page.locator(".check-item input[value=yes]:checked")).toHaveCount(11);
  for (const [label, words] of [["单位接待人和职务", "王五"], ["核查情况", "属实"]]) {
    await page.getByLabel(label).focus();
    await page.keyboard.type(words);
  }
  for (const [label, steps] of [["单位意见", 1], ["核查人员意见", 1]]) {
    await page.getByLabel(label).focus();
    for (let i = 0; i < steps; i += 1) await page.keyboard.press("ArrowDown");
  }
  await photographs(page);
  for (const label of ["核查人员一签名", "核查人员二签名"]) {
    await signs(page, label).getByLabel("不能手写的,输入姓名(图中会注明)").focus();
    await page.keyboard.type("张三");
    await page.keyboard.press("Tab");
    await expect(signs(page, label).locator("canvas")).toHaveAttribute("aria-label", `${label}:已签`);
  }
  await kept(page);

  const county = await house.enter(browser, "xian");
  await county.goto(path);
  await county.locator("summary", { hasText: "取消核查" }).click();
  await county.locator("form", { has: county.getByRole("button", { name: "取消核查" }) }).getByLabel("意见或原因").fill("改期核查");
  await county.getByRole("button", { name: "取消核查" }).click();
  await expect(county.locator(".page-head .badge")).toHaveText("已取消");

  await page.getByRole("button", { name: "完成,发送" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("#told")).toContainText("刚才有其他人也在办理");
  await page.getByRole("button", { name: "取得最新情况" }).click();
  await expect(page.locator("main")).toContainText("这一步现在不能办理。");
  await expect(page.locator("#shelf")).toContainText("没有办成");
  await expect(page.getByRole("button", { name: "另存照片和内容" })).toBeVisible();

  await page.goto("/inbox");
  await page.locator(".top-person summary").click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await expect(page.getByRole("dialog")).toContainText("这台设备上有 1 件现场办理的内容没有发送");
  await page.getByRole("dialog").getByRole("button", { name: "退出登录" }).click();
  await expect(page.getByLabel("密码")).toBeVisible();
  const left = await page.evaluate(async () => [(await indexedDB.databases()).map(({ name }) => name), await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length]);
  expect(left).toEqual([[], [], 0]);
});
