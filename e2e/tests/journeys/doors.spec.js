// Who may not: officers never write a figure, nobody sees another unit, a stranger sees the sign-in page and nothing else.
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";
import { BELOW_REPORT, linkOn } from "../../support/places.js";
import { box, cell, openFromInbox } from "../../support/report.js";

const house = freshHouse();

/** Everything that can be sent about one report. */
const WRITES = ["/cells", "/generate", "/sign", "/authorise", "/submit", "/recall", "/explain", "/import"];

/** Status of a POST that a page of the program would send. */
function send(page, path, form = {}) {
  return page.request.post(path, { form, maxRedirects: 0 }).then((response) => response.status());
}

test("an officer's page has no field, and what an officer sends by hand is refused and changes nothing", async ({ browser }) => {
  const county = await house.enter(browser, "xian");
  const report = await openFromInbox(county, /虚构第005号/);
  await expect(county.locator("[data-cell], data-grid, #save-state")).toHaveCount(0);
  for (const word of ["一键生成", "统计人员签字", "保存", "上报"]) await expect(county.getByRole("button", { name: word, exact: true })).toHaveCount(0);
  const shown = await box(county, "c301").innerText();
  const history = await (await county.request.get(`${report}/history`)).text();
  const was = shown.trim().split("\n")[0];

  const sent = await county.request.post(`${report}/cells`, { data: { revision: 1, changes: [{ cell: "c301", was, value: "1", reason: null }] } });
  expect(sent.status()).toBe(403);
  expect((await sent.json()).says).toContain("您没有办理这件事的权限。");
  for (const login of ["xian", "shi", "zhen01", "admin"]) {
    const officer = await house.enter(browser, login);
    expect([403, 404]).toContain(await send(officer, `${report}/cells`, { "was.c301": was, c301: "1" }));
    for (const path of WRITES.slice(1, -1)) expect([403, 404], `${login} ${path}`).toContain(await send(officer, `${report}${path}`, { check: "Z7", text: "这是一条代写的说明" }));
  }
  await county.reload();
  expect(await box(county, "c301").innerText()).toBe(shown);
  expect(await (await county.request.get(`${report}/history`)).text()).toBe(history);
});

test("an officer of another township does not find the report", async ({ browser }) => {
  const county = await house.enter(browser, "xian");
  const report = await openFromInbox(county, /虚构第005号/);
  const found = [];
  for (const login of ["zhen01", "zhen02", "zhen03", "zhen04", "zhen05", "zhen06", "zhen07"]) {
    const township = await house.enter(browser, login);
    const response = await township.request.get(report);
    const listed = await (await township.request.get("/reports")).text();
    expect(listed.includes("虚构第005号")).toBe(response.status() === 200);
    if (response.status() === 200) found.push(login);
    else expect(response.status()).toBe(404);
  }
  expect(found).toHaveLength(1);
});

test("another unit's report is not found, whatever is asked of it", async ({ browser }) => {
  const owner = await house.enter(browser, "tb002");
  const report = await openFromInbox(owner, /虚构第002号/);
  const was = await cell(owner, "c301").inputValue();
  for (const login of ["tb001", "fz001"]) {
    const neighbour = await house.enter(browser, login);
    for (const path of BELOW_REPORT) expect((await neighbour.request.get(`${report}${path}`)).status(), `${login} ${path}`).toBe(404);
    for (const path of [...WRITES.slice(0, -1), "/accept", "/return"]) {
      const form = { "was.c301": was, c301: "1", check: "Z7", text: "这是一条代写的说明", reason: "请核对数据" };
      expect([403, 404], `${login} ${path}`).toContain(await send(neighbour, `${report}${path}`, form));
    }
    expect(await (await neighbour.request.get("/reports")).text()).not.toContain("虚构第002号");
    expect(await (await neighbour.request.get("/units?search=虚构")).text()).not.toContain("虚构第002号");
  }
  await owner.reload();
  await expect(cell(owner, "c301")).toHaveValue(was);
});

test("every address shows a stranger the sign-in page", async ({ browser }) => {
  const county = await house.enter(browser, "xian");
  const report = await openFromInbox(county, /虚构第005号/);
  const window = await linkOn(county, "/windows", /^\/windows\//);
  const unit = await linkOn(county, "/units", /^\/units\/[0-9a-f-]{36}$/);
  const source = await linkOn(county, `${report}/cells/c301`, /^\/imports\//);
  const addresses = ["/", "/inbox", "/reports", "/windows", "/units", "/totals", window, `${window}/accept`, unit, source, ...BELOW_REPORT.map((path) => report + path)];
  const stranger = await house.visit(browser);
  for (const address of addresses) {
    await stranger.goto(address);
    await expect(stranger.getByRole("button", { name: "登录" }), address).toBeVisible();
    await expect(stranger.locator("body")).not.toContainText("虚构第005号");
  }
  for (const path of [...WRITES, "/accept", "/return"]) expect(await send(stranger, `${report}${path}`), path).toBe(303);
  expect(await send(stranger, `${window}/accept`)).toBe(303);
});

test("a wrong password is told in words, and after signing out the page is closed", async ({ browser }) => {
  house.expectFault(/status of 401 .*\/sign-in/);
  const page = await house.visit(browser);
  await page.goto("/reports?state=draft");
  await page.getByLabel("账号").fill("tb003");
  await page.getByLabel("密码").fill("wrong");
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("alert")).toContainText("账号或密码不正确。");
  await expect(page.getByLabel("账号")).toHaveValue("tb003");
  await page.getByLabel("密码").fill("youju-demo");
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page).toHaveURL(/\/reports\?state=draft$/);
  await page.locator(".top-person summary").click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goBack();
  await page.reload();
  await expect(page.getByRole("button", { name: "登录" })).toBeVisible();
});
