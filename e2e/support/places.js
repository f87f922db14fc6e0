// Addresses that a test finds the way a person does: by the links of a page.

/** The first link of the main part of a page that fits. */
export async function linkOn(page, address, pattern) {
  await page.goto(address);
  const hrefs = await page.locator("main a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  return hrefs.find((href) => pattern.test(href));
}

/** The report of a unit in the newest period, found by the list of reports. */
export async function reportOf(page, words) {
  await page.goto("/reports");
  const row = page.locator("tbody tr", { hasText: words }).first();
  return row.getByRole("link").getAttribute("href");
}

/** Everything about one report that can be looked at. */
export const BELOW_REPORT = ["", "/history", "/versions/1", "/cells/c301", "/cells/c301/hands", "/import"];
