// A look at a page as people have it before them: on a desk and on a phone, judged by axe, and kept as pictures in e2e/.results/shots.
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";

const SHOTS = fileURLToPath(new URL("../.results/shots/", import.meta.url));
const DESK = { width: 1366, height: 768 };
const PHONE = { width: 390, height: 844 };
const serious = ({ impact }) => impact === "serious" || impact === "critical";

/** Asserts that nothing runs out of the page to the side, and that axe finds nothing grave. Leaves the page as wide as a desk. */
export async function glance(page, name) {
  for (const [device, size] of Object.entries({ phone: PHONE, desktop: DESK })) {
    await page.setViewportSize(size);
    const [wide, widest] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(wide, `${name} is too wide on a ${device}`).toBeLessThanOrEqual(widest);
    await page.screenshot({ path: `${SHOTS}${device}/${name}.png`, fullPage: true });
  }
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa"]).analyze();
  expect(violations.filter(serious).map(({ id, nodes }) => `${name} ${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" | ")}`)).toEqual([]);
}
