// Every page for every role: names, contrast and structure by axe, no fault in the browser, a picture of it in e2e/.results/shots.
// On a phone: nothing runs out of the page to the side.
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { freshHouse } from "../../support/house.js";
import { linkOn, reportOf } from "../../support/places.js";

const house = freshHouse();
const SHOTS = fileURLToPath(new URL("../../.results/shots/", import.meta.url));

/** The pages of each role; `find` gives addresses under a short name. */
const ROLES = {
  "statistician-new": { login: "tb001", find: async (page) => ({ ...respondent(await reportOf(page, "2021年")), unit: await linkOn(page, "/units", /^\/units\//) }) },
  "statistician-filled": { login: "tb002", find: async (page) => respondent(await reportOf(page, "2021年")) },
  "statistician-finding": { login: "tb007", find: async (page) => ({ inbox: "/inbox", report: await reportOf(page, "2021年") }) },
  "statistician-signed": { login: "tb003", find: async (page) => ({ inbox: "/inbox", report: await reportOf(page, "2021年") }) },
  "statistician-done": { login: "tb010", find: async (page) => ({ inbox: "/inbox", ...below(await reportOf(page, "2021年")) }) },
  head: { login: "fz003", find: async (page) => ({ inbox: "/inbox", report: await reportOf(page, "2021年") }) },
  township: { login: "zhen05", find: async (page) => ({ inbox: "/inbox", onsite: "/onsite", reports: "/reports", units: "/units", windows: "/windows", totals: "/totals", window: await linkOn(page, "/windows", /^\/windows\//) }) },
  county: { login: "xian", find: officer },
  city: { login: "shi", find: async (page) => ({ inbox: "/inbox", report: await reportOf(page, "虚构第008号"), window: await linkOn(page, "/windows", /^\/windows\//), totals: "/totals?form=B203&period=2021-12&by=county&level=city&cell=c301", assessments: "/assessments", "assessments-none": "/assessments?form=B203&period=2031-12" }) },
  security: { login: "anquan", find: async (page) => ({ accounts: "/accounts", account: await linkOn(page, "/accounts?search=tb001", /^\/accounts\/.+/), ...security, "security-check-one": "/security/self-check?chapter=2&status=not_met" }) },
  auditor: { login: "shenji", find: async () => ({ inbox: "/inbox", ...security, audit: "/audit", "audit-none": "/audit?search=没有这个人", looks: "/audit/looks" }) },
  administrator: { login: "admin", find: async (page) => ({ inbox: "/inbox", accounts: "/accounts", "accounts-none": "/accounts?search=没有这个人", "accounts-open": "/accounts/open", "accounts-units": "/accounts/open/units", "accounts-waiting": "/accounts/waiting", "security-assets": "/security/assets", "security-software": "/security/software", account: await linkOn(page, "/accounts?search=tb001", /^\/accounts\/.+/) }) },
};

const security = Object.fromEntries(["", "/assets", "/software", "/sign-ins", "/failures", "/logs", "/drills", "/self-check"].map((end) => [`security${end.replace("/", "-")}`, `/security${end}`]));
const below = (report) => ({ report, history: `${report}/history`, version: `${report}/versions/1`, cell: `${report}/cells/c301`, hands: `${report}/cells/c301/hands` });
const respondent = (report) => ({ inbox: "/inbox", reports: "/reports", report, import: `${report}/import`, cell: `${report}/cells/c301`, history: `${report}/history` });

async function officer(page) {
  const report = await reportOf(page, "虚构第005号");
  const window = await linkOn(page, "/windows", /^\/windows\//);
  return {
    inbox: "/inbox",
    account: "/account",
    "account-password": "/account/password",
    "account-factor": "/account/second-factor",
    "account-keys": "/account/keys",
    reports: "/reports",
    "reports-one": "/reports?search=虚构第005号&state=submitted",
    "reports-none": "/reports?search=没有这家",
    ...below(report),
    source: await linkOn(page, `${report}/cells/c301`, /^\/imports\/.*#row-/),
    impact: await linkOn(page, `${report}/cells/c301`, /^\/imports\/.*\/impact$/),
    windows: "/windows",
    window,
    accept: `${window}/accept`,
    units: "/units",
    "units-none": "/units?search=没有这家",
    "units-new": "/units/new",
    "units-import": "/units/import",
    ...(await unitPages(page)),
    calendar: "/calendar?year=2026",
    change: `${window}/change`,
    remind: `${window}/remind`,
    signals: `${window}/signals`,
    edited: `${window}/edited`,
    order: `${window}/review`,
    ...(await checkLists(page)),
    ...(await grids(page)),
    "order-far": `${window}/review?only=outside`,
    beside: `${window}/outside`,
    outside: "/outside",
    "outside-table": "/outside/table",
    rosters: "/rosters",
    "roster-table": "/rosters/table",
    prospects: "/prospects",
    prospectNew: "/prospects/new",
    archives: "/archive?year=2021",
    archive: await linkOn(page, "/archive?year=2021", /^\/archive\/.*\/2021$/),
    parts: await linkOn(page, "/totals", /^\/totals\/parts/),
    assessments: "/assessments",
    "joint-reviews": "/joint-reviews",
    "joint-review-call": `${window}/joint-review`,
    queries: "/queries",
    "queries-list": "/queries/list",
    "queries-quality": "/queries/quality",
    messages: "/messages",
    contact: "/contact",
    organisations: "/organisations",
    "organisations-set-up": "/organisations/set-up",
    "organisations-recut": "/organisations/recut",
    standards: "/standards",
    staff: "/staff",
    "staff-one": await linkOn(page, "/staff", /^\/staff\/[0-9a-f-]+$/),
    staffing: "/staffing",
    enumerators: "/enumerators",
    "enumerator-rates": "/enumerators/rates",
    sponsorships: "/sponsorships",
    onboarding: "/onboarding",
    "onboarding-bulletin": "/onboarding/bulletin",
    "first-reports": "/onboarding/first-reports",
    "unit-onboarding": `${await linkOn(page, "/units", /^\/units\/[0-9a-f-]+$/)}/onboarding`,
    "service-pack": `${await linkOn(page, "/units", /^\/units\/[0-9a-f-]+$/)}/service-pack`,
    "sampling-frames": "/sampling-frames",
    "sampling-frame-new": "/sampling-frames/new",
    "sampling-frame-verify": "/sampling-frames/verify",
    handovers: "/handovers",
    seats: "/seats",
    cases: "/cases",
    "case-new": "/cases/new/department_survey",
    "case-new-staff": "/cases/new/staff_change",
    "case-new-enumerator": "/cases/new/enumerator_selection",
    "case-new-record": "/cases/new/interference_record",
    traces: `${await linkOn(page, "/reports?state=submitted", /^\/reports\/[0-9a-f-]+$/)}/traces`,
    totals: "/totals",
    "totals-industry": "/totals?form=B203&period=2021-12&by=division&level=city&cell=c301",
  };
}

/** The cells of the county, cut if they are not yet, and of one township. */
async function unitPages(page) {
  const unit = await linkOn(page, "/units?search=虚构第", /^\/units\/[0-9a-f-]{36}$/);
  const below = ["history", "owed", "change", "merge", "split", "projects"].map((part) => [`unit-${part}`, `${unit}/${part}`]);
  const cases = ["enrolment", "amendment", "withdrawal", "sample_replacement", "project_entry"].map((kind) => [`case-new-${kind}`, `/cases/new/${kind}`]);
  return { unit, ...Object.fromEntries([...below, ...cases]) };
}

async function grids(page) {
  await page.goto("/grids/330781000000/cut");
  await page.getByRole("button", { name: "采用这个方案" }).click();
  const township = await linkOn(page, "/grids", /^\/grids\/330781(?!000)\d{6}$/);
  return { grids: "/grids", "grids-earlier": "/grids?on=2021-01-01", "grid-cut": "/grids/330781000000/cut", grid: township, "grid-recut": `${township}/recut` };
}

/** The check lists of a window, and the first one that may be opened; none where no window of a form with check lists is open. */
async function checkLists(page) {
  await page.goto("/inbox");
  const due = page.locator('a[href*="/check-lists/"]').first();
  if (await due.count() === 0) return {};
  const list = await due.getAttribute("href");
  return { "check-lists": list.replace(/\/check-lists\/.*/, "/check-lists"), "check-list": list };
}

/** The county has some forty pages; each is drawn, judged and kept as a picture, on whatever machine. */
const PAGES_TIMEOUT = 300_000;

const serious = ({ impact }) => impact === "serious" || impact === "critical";

async function lookAt(page, role, name, address, device) {
  await page.goto(address);
  const chart = page.locator("stat-chart .canvas");
  if (await chart.count() > 0) await expect(chart).toHaveAttribute("data-drawn", "true");
  await page.screenshot({ path: `${SHOTS}${device}/${role}-${name}.png`, fullPage: true });
}

for (const [role, { login, find }] of Object.entries(ROLES)) {
  test(`the pages of ${role} hold`, async ({ browser }) => {
    test.setTimeout(PAGES_TIMEOUT);
    const page = await house.enter(browser, login);
    const broken = [];
    for (const [name, address] of Object.entries(await find(page))) {
      await lookAt(page, role, name, address, "desktop");
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa"]).analyze();
      broken.push(...violations.filter(serious).map(({ id, nodes }) => `${name} ${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" | ")}`));
    }
    expect(broken).toEqual([]);
  });

  test(`the pages of ${role} fit a phone @phone`, async ({ browser }) => {
    test.setTimeout(PAGES_TIMEOUT);
    const page = await house.enter(browser, login);
    const wide = [];
    for (const [name, address] of Object.entries(await find(page))) {
      await lookAt(page, role, name, address, "phone");
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > page.viewportSize().width) wide.push(`${name} ${width}`);
    }
    expect(wide).toEqual([]);
  });
}

test("pages for nobody in particular hold: signing in, an address that is not there", async ({ browser }) => {
  house.expectFault(/status of 40[14] /);
  const page = await house.visit(browser);
  for (const [name, address] of [["sign-in", "/sign-in"], ["nothing", "/no/such/page"], ["verify", "/verify"], ["checkpoints", "/journal"], ["activate", "/activate"]]) {
    await lookAt(page, "anybody", name, address, "desktop");
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(serious).map(({ id }) => id)).toEqual([]);
  }
});
