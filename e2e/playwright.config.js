// Browser tests. Debian's chromium is used and nothing is downloaded. A test runs on the desktop unless its title bears @phone or @nojs.
import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

/** A free port of this machine. The workers inherit the environment, so all of them see the same one. */
function freePort(name) {
  const script = "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})";
  process.env[name] ??= execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim();
  return process.env[name];
}

const gallery = freePort("GALLERY_PORT");
const servers = [{ command: `${process.execPath} gallery-server.mjs ${gallery}`, url: `http://127.0.0.1:${gallery}/`, reuseExistingServer: false }];

const desktop = { viewport: { width: 1366, height: 768 } };

export default defineConfig({
  testDir: "tests",
  outputDir: ".results",
  reporter: "line",
  // Long enough for a busy machine: these tests judge what happens, never how fast.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  webServer: servers,
  use: {
    baseURL: `http://127.0.0.1:${gallery}`,
    browserName: "chromium",
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    trace: "retain-on-failure",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" },
  },
  projects: [
    { name: "desktop", use: desktop, grepInvert: /@phone|@nojs/ },
    { name: "phone", use: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }, grep: /@phone/ },
    { name: "nojs", use: { ...desktop, javaScriptEnabled: false }, grep: /@nojs/ },
  ],
});
