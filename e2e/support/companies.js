// Fictitious companies of 兰溪 as lists have them: what the register knows, and what a department says of the same ones, in its own layout.

const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const WORDS = [..."红发 华盛 永达 瑞丰 金桥 恒泰 锦绣 天马 宏图 顺昌 百盛 新锐 嘉禾 东升 凯旋 明珠 长虹 鼎力 远航 双喜 兰芝 翠屏 横山 游埠".split(" ")];
const TRADES = [["纺织", "1711"], ["五金", "3351"], ["食品", "1411"], ["塑料", "2922"]];
const STREETS = ["兰江街道丹溪大道", "云山街道振兴路"];

/** The code with its check character (GB 32100). */
function usci(first17) {
  const sum = [...first17].reduce((total, letter, place) => total + ALPHABET.indexOf(letter) * (3 ** place % 31), 0);
  return first17 + ALPHABET[(31 - (sum % 31)) % 31];
}

/** The company of a number below 13,824. */
export function company(number) {
  const [a, b, c] = [number % 24, Math.floor(number / 24) % 24, Math.floor(number / 576)];
  const [trade, industry] = TRADES[number % TRADES.length];
  const words = WORDS[a] + WORDS[(a + 1 + (b % 23)) % 24] + (b === 23 ? "新" : "") + (c > 0 ? WORDS[c - 1] : "");
  return {
    code: usci(`91330781MA2L${String(number).padStart(5, "0")}`),
    name: `兰溪市${words}${trade}有限公司`,
    industry,
    address: `浙江省兰溪市${STREETS[number % 2]}${number + 10}号`,
  };
}

/** So many companies from a number on, as a list for the register. */
export function registerList(count, from = 0) {
  const rows = Array.from({ length: count }, (_, place) => company(from + place));
  return text([["统一社会信用代码", "单位详细名称", "行业代码", "地址"], ...rows.map((one) => [one.code, one.name, one.industry, one.address])]);
}

/** How a department says it: the heading of names is its own word, so that somebody has to say what the column is. */
const HEAD = ["统一社会信用代码", "主体", "住所", "登记状态", "应税销售额(万元)", "行业代码"];
const row = (one) => [one.code, one.name, one.address, "存续", one.revenue ?? "", one.industry];

/** What the list of the story says of 280 registered companies and twenty others, with what went wrong in it. */
export const STORY = {
  registered: 280,
  /** Without code, with a wrong character in the name. */
  misspelt: range(240, 250),
  /** Under their code with another name at another door. */
  renamed: range(250, 256),
  /** Closed. */
  gone: range(256, 261),
  /** 有限公司 has become 有限责任公司, 兰溪市 has moved into brackets. */
  moved: range(261, 271),
  /** Not in the register. */
  missing: range(280, 298),
  /** Whose code stands in the list once more, under another name. */
  twice: 7,
  /** In front of which company stands a row with a column too many; the row is that of the last company. */
  brokenBefore: 140,
  broken: 299,
};

function range(from, to) {
  return Array.from({ length: to - from }, (_, place) => from + place);
}

/** What the list says of a company. */
function said(number) {
  const one = company(number);
  const is = (kind) => STORY[kind].includes(number);
  if (is("misspelt")) return row({ ...one, code: "", name: one.name.replace(/^兰溪市(.)./, "兰溪市$1丰") });
  if (is("renamed")) return row({ ...one, name: `浙江飞跃${number}智能科技有限公司`, address: `浙江省兰溪市游埠镇工业路${number}号` });
  if (is("gone")) return Object.assign(row(one), { 3: "注销" });
  if (is("moved")) return row({ ...one, name: `${one.name.replace("兰溪市", "").replace("有限公司", "")}(兰溪市)有限责任公司` });
  if (is("missing")) return row({ ...one, revenue: 1000 + 250 * (number - STORY.missing[0]) });
  return row(one);
}

/** The row with a column too many, and as it should have been. */
export const MENDED = row({ ...company(STORY.broken), revenue: 8800 });
const BROKEN = [...MENDED.slice(0, 2), "2001-05-06", ...MENDED.slice(2)];

/** The department's list of the story. */
export function departmentList() {
  const rows = [...range(0, STORY.registered), ...STORY.missing].map(said);
  rows.splice(STORY.brokenBefore, 0, BROKEN);
  rows.push(row({ ...company(STORY.twice), name: "兰溪市冒名顶替贸易有限公司" }));
  return text([["兰溪市市场主体名单", "", "", "", "", ""], HEAD, ...rows]);
}

/** A long list of which every tenth row has a wrong character in its name and no code, and every twentieth a revenue above the line. */
export function longList(count) {
  const rows = range(0, count).map((number) => {
    const one = { ...company(number), revenue: number % 20 === 0 ? 2500 : "" };
    return row(number % 10 === 3 ? { ...one, code: "", name: one.name.replace(/^兰溪市(.)./, "兰溪市$1丰") } : one);
  });
  return text([Object.assign([...HEAD], { 1: "企业名称" }), ...rows]);
}

/** Rows as CSV in UTF-8. */
export function text(rows) {
  const cell = (value) => (/[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : value);
  return Buffer.from(rows.map((cells) => cells.map(cell).join(",")).join("\n") + "\n");
}

/** The rows of a CSV that the program has written, none of whose cells breaks its line. */
export function rowsOf(bytes) {
  const lines = bytes.toString().replace(/^\uFEFF/, "").trim().split(/\r?\n/);
  const cell = (found) => found.replace(/^"(.*)"$/, "$1").replaceAll('""', '"');
  return lines.map((line) => [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map((match) => cell(match[1])));
}
