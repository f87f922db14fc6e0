// The second step by a security key: an officer adds one, signs in with it, takes it away, and is asked for the password alone again.
import { expect, test } from "@playwright/test";
import { freshHouse, leave, PASSWORD, signIn } from "../../support/house.js";

const house = freshHouse({ byName: true });

/** A key in a slot of this machine, which somebody touches whenever it blinks. */
async function plugIn(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "usb", hasResidentKey: false, hasUserVerification: false, automaticPresenceSimulation: true };
  const { authenticatorId } = await client.send("WebAuthn.addVirtualAuthenticator", { options });
  return async () => (await client.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
}

test("an officer adds a security key, signs in with it, and takes it away", async ({ browser }) => {
  const page = await house.enter(browser, "zhen08");
  const credentials = await plugIn(page);
  await page.locator(".top-person summary").click();
  await page.getByRole("link", { name: "我的账号" }).click();
  await page.getByRole("link", { name: "登记安全密钥" }).click();
  await page.getByLabel("现在的密码").fill(PASSWORD);
  await page.getByRole("button", { name: "开始登记" }).click();
  await page.getByLabel("名称", { exact: true }).fill("办公室的");
  await page.getByRole("button", { name: "用安全密钥确认" }).click();
  await expect(page.locator("main li code")).toHaveCount(10);
  expect(await credentials()).toHaveLength(1);
  const [recovery] = await page.locator("main li code").allInnerTexts();
  await page.getByRole("link", { name: "已经保存,继续" }).click();
  await leave(page);

  await signIn(page, "zhen08");
  await expect(page.getByRole("heading", { level: 1, name: "使用安全密钥" })).toBeVisible();
  await page.getByRole("button", { name: "用安全密钥登录" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "待办" })).toBeVisible();
  const [{ signCount }] = await credentials();
  expect(signCount).toBeGreaterThan(0);
  await page.goto("/messages");
  await expect(page.getByText("您的账号登记了一把安全密钥")).toBeVisible();
  await leave(page);

  // The key lies at home: a recovery code.
  await signIn(page, "zhen08");
  await page.getByLabel("恢复码").fill(recovery);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "待办" })).toBeVisible();
  await page.goto("/account/keys");
  await page.getByText("改名或移除").click();
  await page.getByLabel("现在的密码").last().fill(PASSWORD);
  await page.getByRole("button", { name: "移除", exact: true }).click();
  await expect(page.getByText("安全密钥已移除,它不能再用来登录。")).toBeVisible();
  await leave(page);

  await signIn(page, "zhen08");
  await expect(page.getByRole("heading", { level: 1, name: "待办" })).toBeVisible();
});
