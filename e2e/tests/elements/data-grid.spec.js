// The entry grid under the hands of a statistician in an enterprise: moving, pasting, saving, losing the line.
import { expect, test } from "@playwright/test";
import { GALLERY, box, cell, fakeServer, openGallery, paste } from "../../support/gallery.js";

const saveState = (page) => page.locator("#save-state");

test.describe("moving", () => {
  test("Enter and the arrows move between cells, over headings and gaps", async ({ page }) => {
    await openGallery(page);
    await cell(page, "c203").click();
    await page.keyboard.press("ArrowDown");
    await expect(cell(page, "c205")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(cell(page, "c301")).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await expect(cell(page, "c301_ly")).toBeFocused();
    await page.keyboard.press("Shift+Enter");
    await expect(cell(page, "c205_ly")).toBeFocused();
    await page.keyboard.press("ArrowLeft");
    await expect(cell(page, "c205")).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(cell(page, "c205_ly")).toBeFocused();
  });

  test("a finding leads into its cell", async ({ page }) => {
    await openGallery(page);
    await page.locator("#findings").getByRole("link", { name: "营业成本" }).click();
    await expect(cell(page, "c307")).toBeFocused();
  });

  test("after F2 the left and right arrows move within the figure", async ({ page }) => {
    await openGallery(page);
    await cell(page, "c203").click();
    await page.keyboard.press("F2");
    await page.keyboard.press("ArrowLeft");
    await expect(cell(page, "c203")).toBeFocused();
    await page.keyboard.type("9");
    await expect(cell(page, "c203")).toHaveValue("12,3090");
  });

  test("Esc gives back what the cell held when it was entered", async ({ page }) => {
    const server = await fakeServer(page);
    await openGallery(page);
    await cell(page, "c203").click();
    await page.keyboard.type("77");
    await expect(box(page, "c203")).toHaveAttribute("data-sync", "dirty");
    await page.keyboard.press("Escape");
    await expect(cell(page, "c203")).toHaveValue("12,300");
    await expect(box(page, "c203")).not.toHaveAttribute("data-sync");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(700);
    expect(server.received).toEqual([]);
  });
});

test.describe("saving", () => {
  test("a changed cell is saved within a second of leaving it, and the verdict stands beside it", async ({ page }) => {
    const says = "应不小于其中“主营业务收入”1,350,现少 1。";
    const server = await fakeServer(page, () => ({ shown: "1,349", marks: [{ cell: "c301", level: "error", says }] }));
    const gallery = await openGallery(page);
    await cell(page, "c301").click();
    await page.keyboard.type("1349");
    await page.keyboard.press("Enter");
    await expect(saveState(page)).toHaveText("已保存 14:05:01", { timeout: 1000 });
    const changes = [{ cell: "c301", was: "1,200", value: "1349", reason: null }];
    expect(server.received).toEqual([{ revision: 3, changes, how: "typed", seconds: expect.any(Number) }]);
    await expect(cell(page, "c301")).toHaveValue("1,349");
    await expect(box(page, "c301")).toHaveAttribute("data-mark", "error");
    await expect(box(page, "c301").locator(".cell-says")).toHaveText(says);
    await expect(cell(page, "c301")).toHaveAccessibleDescription(`${says} 已保存`);
    await expect(box(page, "c307")).not.toHaveAttribute("data-mark");
    await expect(page.locator("#findings")).toHaveText("审核通过。");
    await expect(page.locator("#report-summary")).toHaveText("审核通过");
    gallery.expectNoFaults();
  });

  test("an explanation that is being written outlives the new findings", async ({ page }) => {
    await page.route("**/reports/1/cells", (route) => route.fulfill({
      json: { saved_at: "14:05:01", revision: 4, cells: [], marks: [], findings_html: '<section id="findings"><textarea id="explain-h12"></textarea></section>' },
    }));
    await openGallery(page);
    await cell(page, "c203").fill("500");
    await page.locator("#explain-h12").fill("新增一条");
    await expect(saveState(page)).toHaveText(/已保存 14:05:01/);
    await expect(page.locator("#explain-h12")).toHaveValue("新增一条");
    await expect(page.locator("#explain-h12")).toBeFocused();
  });

  test("quick typing goes out in one batch, and the next batch knows the new revision", async ({ page }) => {
    const server = await fakeServer(page);
    await openGallery(page);
    await cell(page, "c203").click();
    await page.keyboard.type("1");
    await page.keyboard.press("Enter");
    await page.keyboard.type("2");
    await page.keyboard.press("Enter");
    await expect(saveState(page)).toHaveText(/已保存/);
    await page.keyboard.type("3");
    await page.keyboard.press("Enter");
    await expect.poll(() => server.received.length).toBe(2);
    expect(server.received[0].changes.map((change) => [change.cell, change.value])).toEqual([["c203", "1"], ["c205", "2"]]);
    expect(server.received[1]).toMatchObject({ revision: 4, changes: [{ cell: "c301", was: "1,200", value: "3", reason: null }], how: "typed" });
  });

  test("a text that is no figure stays in its cell with the reason, and 上报 waits", async ({ page }) => {
    const says = "第 3 行“应收账款”应为数字,现为“12万”。请改为千元整数。";
    await fakeServer(page, ({ value }) => (value === "12万" ? { problem: says } : {}));
    await openGallery(page);
    await cell(page, "c203").fill("12万");
    await page.keyboard.press("Enter");
    await expect(box(page, "c203").locator(".cell-says")).toHaveText(says);
    await expect(cell(page, "c203")).toHaveValue("12万");
    await expect(cell(page, "c203")).toHaveAttribute("aria-invalid", "true");
    await expect(saveState(page)).toHaveText("已保存 14:05:01,另有 1 项未保存");
    await cell(page, "c205").fill("5");
    await page.keyboard.press("Enter");
    await expect(box(page, "c205")).toHaveAttribute("data-sync", "saved");
    await expect(box(page, "c203").locator(".cell-says")).toHaveText(says);
    await page.getByRole("button", { name: "上报", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "上报" }).click();
    await expect(page.locator(".grid-says")).toContainText("还有 1 格没有保存");
    expect(page.url()).toBe(GALLERY);
    await cell(page, "c203").fill("120");
    await page.keyboard.press("Enter");
    await expect(saveState(page)).toHaveText("已保存 14:05:01");
    await expect(box(page, "c203").locator(".cell-says")).toHaveText("");
    await page.getByRole("button", { name: "上报", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "上报" }).click();
    await page.waitForURL("**/submitted");
  });

  test("two people in one cell: both values are shown, and one of them is chosen", async ({ page }) => {
    const server = await fakeServer(page, ({ was }) => (was === "12,300" ? { conflict: "1,500" } : {}));
    await openGallery(page);
    await cell(page, "c203").fill("1600");
    await page.keyboard.press("Enter");
    await expect(box(page, "c203").locator(".cell-says")).toContainText("已有人把这一格改为 1,500,您填的是 1600。");
    await box(page, "c203").getByRole("button", { name: "用我填的" }).click();
    await expect(box(page, "c203")).toHaveAttribute("data-sync", "saved");
    expect(server.received[1].changes).toEqual([{ cell: "c203", was: "1,500", value: "1600", reason: null }]);
  });

  test("a generated value that is overtyped asks for a reason and does not wait for it", async ({ page }) => {
    const server = await fakeServer(page);
    await openGallery(page);
    await cell(page, "c201").fill("86000");
    await page.keyboard.press("Enter");
    await expect.poll(() => server.received.length).toBe(1);
    const reason = box(page, "c201").getByLabel("与台账生成的数不同,请写明原因");
    await reason.fill("剔除代收款");
    await page.keyboard.press("Tab");
    await expect.poll(() => server.received.length).toBe(2);
    expect(server.received[1].changes).toEqual([{ cell: "c201", was: "86000", value: "86000", reason: "剔除代收款" }]);
  });
});

test.describe("blocks from a spreadsheet", () => {
  test("a block is pasted from the active cell on; locked cells are left alone and said so", async ({ page }) => {
    const server = await fakeServer(page);
    await openGallery(page);
    await paste(page, "c307", "41,009\t22,002\r\n1\t2\r\n9\t9\r\n");
    await expect(cell(page, "c307")).toHaveValue("41,009");
    await expect(cell(page, "c307_ly")).toHaveValue("22,002");
    await expect(cell(page, "c323")).toHaveValue("−39,808");
    await expect(page.locator(".grid-says")).toContainText("已粘贴 2 格,2 格不能改,已跳过,2 格超出表格,未粘贴。");
    await expect.poll(() => server.received.length).toBe(1);
    expect(server.received[0].changes).toHaveLength(2);
    expect(server.received[0].how).toBe("pasted");
  });

  test("one Ctrl+Z takes a whole paste back, Ctrl+Y does it again", async ({ page }) => {
    await fakeServer(page);
    await openGallery(page);
    await paste(page, "c203", "1\t2\n3\t4");
    await expect(saveState(page)).toHaveText(/已保存/);
    await page.keyboard.press("Control+z");
    await expect(cell(page, "c203")).toHaveValue("12,300");
    await expect(cell(page, "c205_ly")).toHaveValue("9,412");
    await page.keyboard.press("Control+y");
    await expect(cell(page, "c205_ly")).toHaveValue("4");
  });

  test("Shift and arrows pick a block, which is copied as Excel reads it and cleared by Delete", async ({ page }) => {
    await fakeServer(page);
    await openGallery(page);
    await cell(page, "c203").click();
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowDown");
    await expect(page.locator("td.picked")).toHaveCount(4);
    const copied = await cell(page, "c203").evaluate((field) => {
      const clipboardData = new DataTransfer();
      field.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true }));
      return clipboardData.getData("text/plain");
    });
    expect(copied).toBe("12,300\t11,870\n\t9,412");
    await page.keyboard.press("Delete");
    await expect(cell(page, "c205_ly")).toHaveValue("");
  });
});

test.describe("a lost line", () => {
  test("changes are kept on the machine, outlive the page, and go out when the line is back", async ({ page }) => {
    const server = await fakeServer(page);
    server.isDown = true;
    await openGallery(page);
    await cell(page, "c203").fill("500");
    await page.keyboard.press("Enter");
    await cell(page, "c205").fill("600");
    await page.keyboard.press("Enter");
    await expect(saveState(page)).toHaveText("未联网,已存本机 2 项");
    await expect(box(page, "c203")).toHaveAttribute("data-sync", "offline");
    await page.reload();
    await expect(cell(page, "c203")).toHaveValue("500");
    await expect(saveState(page)).toHaveText("未联网,已存本机 2 项");
    server.isDown = false;
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await expect(saveState(page)).toHaveText("已保存 14:05:01");
    expect(server.received.at(-1).changes.map(({ cell: id, was, value }) => [id, was, value])).toEqual([["c203", "12,300", "500"], ["c205", "", "600"]]);
    await page.reload();
    await expect(cell(page, "c203")).toHaveValue("12,300"); // the queue is empty: the page again shows what its server sent
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("500");
  });

  test("a refusal is said and not repeated", async ({ page }) => {
    const server = await fakeServer(page);
    server.status = 409;
    await openGallery(page);
    await cell(page, "c203").fill("500");
    await page.keyboard.press("Enter");
    await expect(saveState(page)).toContainText("报表已经上报,不能再改。");
    await expect(box(page, "c203")).toHaveAttribute("data-sync", "refused");
  });

  test("an expired sign-in keeps the figures and says where to go", async ({ page }) => {
    const server = await fakeServer(page);
    server.status = 401;
    await openGallery(page);
    await cell(page, "c203").fill("500");
    await page.keyboard.press("Enter");
    await expect(saveState(page)).toHaveText("登录已过期,已存本机 1 项。请在新窗口登录,本页会自动送出");
    server.status = 200;
    await expect(saveState(page)).toHaveText("已保存 14:05:01", { timeout: 10_000 });
  });

  test("a server at fault is asked again by itself", async ({ page }) => {
    const server = await fakeServer(page);
    server.status = 503;
    await openGallery(page);
    await cell(page, "c203").fill("500");
    await page.keyboard.press("Enter");
    await expect(saveState(page)).toHaveText("服务器暂时没有应答,已存本机 1 项,稍后自动重送");
    server.status = 200;
    await expect(saveState(page)).toHaveText("已保存 14:05:01", { timeout: 10_000 });
  });

  test("a figure typed while its own cell was on the way is no conflict", async ({ page }) => {
    const bodies = [];
    await page.route("**/reports/1/cells", async (route) => {
      const body = route.request().postDataJSON();
      bodies.push(body);
      await new Promise((resolve) => { setTimeout(resolve, 900); });
      await route.fulfill({ json: { saved_at: "14:05:01", revision: body.revision + 1, marks: [], cells: body.changes.map((one) => ({ id: one.cell, value: one.value })) } });
    });
    await openGallery(page);
    await cell(page, "c203").fill("1");
    await page.keyboard.press("Enter");
    await expect(saveState(page)).toHaveText("正在保存 1 项");
    await cell(page, "c203").fill("2");
    await page.keyboard.press("Enter");
    await expect.poll(() => bodies.length, { timeout: 5000 }).toBe(2);
    expect(bodies[1].changes).toEqual([{ cell: "c203", was: "1", value: "2", reason: null }]);
    await expect(cell(page, "c203")).toHaveValue("2");
  });
});

test("without JavaScript the grid is a form with a button @nojs", async ({ page }) => {
  await page.goto(GALLERY);
  await page.locator('[name="c203"]').fill("500");
  const sent = page.waitForRequest((request) => request.method() === "POST");
  await page.locator(".entry-bar").getByRole("button", { name: "保存" }).click();
  expect((await sent).postData()).toContain("c203=500");
});
