// The second step: an officer sets it up with a phone, signs in by it, and by a recovery code when the phone is gone.
import { createHmac } from "node:crypto";
import { expect, test } from "@playwright/test";
import { freshHouse, leave, PASSWORD, signIn } from "../../support/house.js";

const house = freshHouse();

/** What an app on a phone shows for a secret in base 32 (RFC 6238), some half minutes from now. */
function codeOf(secret, ahead = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll(" ", "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const digest = createHmac("sha1", key).update(step).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

test("an officer sets up the second step, signs in by it, and by a recovery code without the phone", async ({ browser }) => {
  house.expectFault(/status of 401 .*\/sign-in\/code/);
  const page = await house.enter(browser, "zhen09");
  await page.locator(".top-person summary").click();
  await page.getByRole("link", { name: "我的账号" }).click();
  await expect(page.getByRole("row").filter({ hasText: "本机" })).toHaveCount(1);
  await page.getByRole("link", { name: "启用动态码" }).click();
  await page.getByLabel("现在的密码").fill(PASSWORD);
  await page.getByRole("button", { name: "开始启用" }).click();
  await expect(page.getByRole("img", { name: "动态码的二维码" })).toBeVisible();
  const secret = await page.locator("main ol p code").innerText();
  await page.getByLabel("动态码", { exact: true }).fill(codeOf(secret));
  await page.getByRole("button", { name: "确认启用" }).click();
  const recovery = await page.locator("main li code").allInnerTexts();
  expect(recovery).toHaveLength(10);
  await page.getByRole("link", { name: "已经保存,继续" }).click();
  await leave(page);

  await signIn(page, "zhen09");
  await expect(page.getByRole("heading", { level: 1, name: "输入动态码" })).toBeVisible();
  await page.getByLabel("动态码或恢复码").fill("000000");
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("alert")).toContainText("动态码不正确,或者已经用过。");
  // The code of the present half minute was used by the set-up; a phone may be half a minute ahead.
  await page.getByLabel("动态码或恢复码").fill(codeOf(secret, 1));
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "待办" })).toBeVisible();
  await leave(page);

  await signIn(page, "zhen09");
  await page.getByLabel("动态码或恢复码").fill(recovery[0]);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "待办" })).toBeVisible();
  await page.goto("/messages");
  await expect(page.getByText("您用恢复码登录了一次")).toBeVisible();
});
