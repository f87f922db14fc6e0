// The sample page ui/gallery.html, with a server that the test plays itself.
import { expect } from "@playwright/test";

export const GALLERY = `http://127.0.0.1:${process.env.GALLERY_PORT}/`;

/** Opens the sample page and fails the test later if the page broke its content policy, threw, or asked another host. */
export async function openGallery(page) {
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => { if (/Content Security Policy/i.test(message.text())) faults.push(message.text()); });
  page.on("request", (request) => {
    if (!request.url().startsWith(GALLERY) && !/^(data|blob):/.test(request.url())) faults.push(`foreign request ${request.url()}`);
  });
  await page.goto(GALLERY);
  return { expectNoFaults: () => expect(faults).toEqual([]) };
}

/** Answers the autosave as the server would; `verdict(change)` may return a problem, a conflict, marks. Returns what was received. */
export async function fakeServer(page, verdict = () => ({})) {
  const received = [];
  const server = { received, isDown: false, status: 200 };
  await page.route("**/reports/1/cells", async (route) => {
    if (server.isDown) return route.abort("internetdisconnected");
    const body = route.request().postDataJSON();
    received.push(body);
    if (server.status !== 200) return route.fulfill({ status: server.status, json: { says: "报表已经上报,不能再改。" } });
    return route.fulfill({ json: answer(body, verdict) });
  });
  return server;
}

function answer({ revision, changes }, verdict) {
  const said = changes.map((change) => ({ change, ...verdict(change) }));
  const kept = said.filter((one) => !one.problem && !one.conflict);
  return {
    saved_at: "14:05:01",
    revision: revision + 1,
    cells: kept.map(({ change, shown }) => ({ id: change.cell, value: shown ?? change.value, state: "collected", state_label: "填报" })),
    conflicts: said.filter((one) => one.conflict).map(({ change, conflict }) => ({ cell: change.cell, stands: conflict, wanted: change.value })),
    problems: said.filter((one) => one.problem).map(({ change, problem }) => ({ cell: change.cell, says: problem })),
    marks: said.flatMap((one) => one.marks ?? []),
    findings_html: '<section id="findings"><p>审核通过。</p></section>',
    summary_html: '<span id="report-summary"><span class="badge done">审核通过</span></span>',
  };
}

export function cell(page, id) {
  return page.locator(`[data-cell="${id}"]`);
}

export function box(page, id) {
  return page.locator(`td:has([data-cell="${id}"])`);
}

/** A paste as the browser delivers it, with this text on the clipboard. */
export async function paste(page, id, text) {
  await cell(page, id).focus();
  await cell(page, id).evaluate((field, given) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", given);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}
