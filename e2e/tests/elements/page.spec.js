// The sample page as a whole: contrast and names in both schemes, the frame on a phone, keys, dialogs, charts.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { GALLERY, openGallery } from "../../support/gallery.js";

for (const scheme of ["light", "dark"]) {
  test(`names and contrast hold in the ${scheme} scheme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    const gallery = await openGallery(page);
    await page.locator("stat-chart").scrollIntoViewIfNeeded();
    await expect(page.locator("stat-chart .canvas")).toHaveAttribute("data-drawn", "true");
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
    gallery.expectNoFaults();
  });
}

test("a chart is one named image with its table beside it, and can be taken away as a picture", async ({ page }) => {
  const gallery = await openGallery(page);
  await page.locator("stat-chart").scrollIntoViewIfNeeded();
  await expect(page.getByRole("img", { name: /10 月营业收入比上年同期增长 8.6%/ })).toBeVisible();
  const taken = page.waitForEvent("download");
  await page.getByRole("button", { name: "下载图片" }).click();
  expect((await taken).suggestedFilename()).toBe("营业收入-2026年10月.png");
  await page.locator("stat-chart .canvas").hover();
  await page.waitForTimeout(200);
  gallery.expectNoFaults();
});

test("/ goes to the search and ? shows the keys, but not while typing", async ({ page }) => {
  await openGallery(page);
  await page.keyboard.press("/");
  await expect(page.locator("#search")).toBeFocused();
  await page.keyboard.type("?");
  await expect(page.locator("#keys")).toBeHidden();
  await page.locator("h1").click();
  await page.keyboard.press("?");
  await expect(page.locator("#keys")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator("#keys")).toBeHidden();
});

test("a hint is shown once and dismissed for good", async ({ page }) => {
  await openGallery(page);
  const hint = page.locator("[data-hint]");
  await hint.getByRole("button", { name: "知道了" }).click();
  await expect(hint).toBeHidden();
  await page.reload();
  await expect(page.locator("#save-state")).toBeVisible();
  await expect(hint).toBeHidden();
});

test("a dangerous act is asked first, and 取消 leaves everything as it was", async ({ page }) => {
  await openGallery(page);
  await page.getByRole("button", { name: "上报", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("上报后不能再改");
  await dialog.getByRole("button", { name: "取消" }).click();
  await expect(dialog).toHaveCount(0);
  expect(page.url()).toBe(GALLERY);
});

test("picking rows counts them and wakes the buttons", async ({ page }) => {
  await openGallery(page);
  const accept = page.getByRole("button", { name: "验收所选" });
  await expect(accept).toBeDisabled();
  await page.getByLabel("全选").check();
  await expect(page.locator(".picked-count")).toHaveText("已选 4 项");
  await page.getByLabel("选择亳州明盛机械制造厂").uncheck();
  await expect(page.locator(".picked-count")).toHaveText("已选 3 项");
  await expect(accept).toBeEnabled();
});

test("a chosen file is named on its label", async ({ page }) => {
  await openGallery(page);
  await page.locator('.drop input[type="file"]').setInputFiles({ name: "科目余额表.xlsx", mimeType: "application/octet-stream", buffer: Buffer.alloc(2048) });
  await expect(page.locator(".drop-says")).toHaveText("已选 1 个文件:科目余额表.xlsx(2 KB)");
});

test("on a phone the menu lies at the bottom and nothing runs out of the page @phone", async ({ page }) => {
  const gallery = await openGallery(page);
  const side = await page.locator(".side").boundingBox();
  expect(side.y + side.height).toBeCloseTo(page.viewportSize().height, 0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  gallery.expectNoFaults();
});
