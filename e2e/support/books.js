// A trial balance as accounting software exports it before the closing transfer of the month.

// Movements of the year to December in 元; the month holds a twelfth. Money moves through the bank, equity closes the gap.
const YEAR = [
  ["6001", "主营业务收入", 0, 3_100_000_000],
  ["6117", "其他收益", 0, 52_504_400],
  ["6301", "营业外收入", 0, 619_000],
  ["6401", "主营业务成本", 2_000_000_000, 0],
  ["6403", "税金及附加", 15_780_000, 0],
  ["6601", "销售费用", 256_466_000, 0],
  ["6602", "管理费用", 316_477_000, 0],
  ["6603", "财务费用", 192_311_000, 0],
  ["6604", "研发费用", 208_737_000, 0],
  ["6711", "营业外支出", 5_254_000, 0],
  ["6801", "所得税费用", 24_390_000, 0],
];
const STILL = [["1122", "应收账款", 900_000_000], ["1405", "库存商品", 700_000_000], ["1601", "固定资产", 6_200_000_000], ["2202", "应付账款", -5_000_000_000]];
const BANK = 4_000_000_000;

/** What the report should hold of these books, in 千元. 其他收益 52,504.4 is rounded to 52,504. */
export const EXPECTED = { c301: "3,100,000", c307: "2,000,000", c333: "52,504", c323: "162,733", c327: "158,098" };

function profitAndLoss() {
  return YEAR.map(([code, name, debit, credit]) => {
    const month = [debit / 12, credit / 12].map(Math.floor);
    return { code, name, month, year: [debit, credit], closing: debit - credit };
  });
}

function accounts() {
  const income = profitAndLoss();
  const sum = (of) => income.reduce((total, account) => total + of(account), 0);
  const bank = {
    code: "1002",
    name: "银行存款",
    month: [sum((a) => a.month[1]), sum((a) => a.month[0])],
    year: [sum((a) => a.year[1]), sum((a) => a.year[0])],
    closing: BANK,
  };
  const still = STILL.map(([code, name, closing]) => ({ code, name, month: [0, 0], year: [0, 0], closing }));
  const rest = [...income, bank, ...still];
  const equity = { code: "4104", name: "利润分配", month: [0, 0], year: [0, 0], closing: -rest.reduce((total, account) => total + account.closing, 0) };
  return [...rest, equity].sort((a, b) => a.code.localeCompare(b.code));
}

function amounts({ month, year, closing }) {
  const opening = closing - month[0] + month[1];
  const sides = (balance) => [Math.max(balance, 0), Math.max(-balance, 0)];
  return [...sides(opening), ...month, ...year, ...sides(closing)];
}

/** Rows of cells: title, caption, two rows of head, accounts, total. The third argument may change the rows of accounts. */
export function trialBalance({ unit, period = "2021年12月", change = (rows) => rows }) {
  const lines = accounts().map((account) => [account.code, account.name, ...amounts(account)]);
  const totals = lines[0].slice(2).map((_, column) => lines.reduce((total, line) => total + line[column + 2], 0));
  const blank = (count) => Array(count).fill("");
  return [
    ["科目余额表", ...blank(9)],
    [`编制单位:${unit}`, ...blank(5), `会计期间:${period}`, "", "单位:元", ""],
    ["科目编码", "科目名称", "期初余额", "", "本期发生额", "", "本年累计发生额", "", "期末余额", ""],
    ["", "", ...Array(4).fill(["借方", "贷方"]).flat()],
    ...change(lines),
    ["合计", "", ...totals],
  ];
}

/** The rows as CSV in UTF-8. */
export function csv(rows) {
  const print = (value) => (typeof value === "number" ? value.toFixed(2) : value);
  return Buffer.from(rows.map((row) => row.map(print).join(",")).join("\n") + "\n");
}

/** The row of an account in the file, counted from 1 as Excel does. */
export function rowOf(rows, code) {
  return rows.findIndex((row) => row[0] === code) + 1;
}
