//! Books made by double entry always pass, however they are exported; one changed 分 anywhere never does.

use proptest::prelude::*;
use rust_decimal::Decimal;
use youju_sheet::trial_balance::{self, Line};
use youju_sheet::{CellOut, ColumnOut, Table, read, write_csv, write_xlsx};

const ROOTS: [&str; 5] = ["1002", "1122", "2202", "4001", "6001"];
const COLUMNS: [&str; 10] = [
    "科目编码",
    "科目名称",
    "期初借方",
    "期初贷方",
    "本期借方",
    "本期贷方",
    "本年累计借方",
    "本年累计贷方",
    "期末借方",
    "期末贷方",
];

/// A voucher: debit account, credit account, 分.
type Voucher = (usize, usize, i64);

#[derive(Debug, Clone)]
struct Books {
    /// How many sub-accounts each first-level account has.
    children: Vec<usize>,
    opening: Vec<Voucher>,
    period: Vec<Voucher>,
    earlier: Vec<Voucher>,
}

fn books() -> impl Strategy<Value = Books> {
    let vouchers = || prop::collection::vec((0..64_usize, 0..64_usize, 1..1_000_000_000_i64), 1..12);
    (prop::collection::vec(0..4_usize, ROOTS.len()), vouchers(), vouchers(), vouchers())
        .prop_map(|(children, opening, period, earlier)| Books { children, opening, period, earlier })
}

impl Books {
    /// Code, and the leaves that belong to it.
    fn accounts(&self) -> Vec<(String, Vec<String>)> {
        let mut accounts = Vec::new();
        for (root, count) in ROOTS.iter().zip(&self.children) {
            let leaves: Vec<String> = (1..=*count).map(|n| format!("{root}{n:02}")).collect();
            let own = if leaves.is_empty() { vec![(*root).to_owned()] } else { leaves.clone() };
            accounts.push(((*root).to_owned(), own));
            accounts.extend(leaves.into_iter().map(|leaf| (leaf.clone(), vec![leaf])));
        }
        accounts
    }

    fn leaves(&self) -> Vec<String> {
        self.accounts().into_iter().filter(|(code, leaves)| *leaves == [code.clone()]).map(|(code, _)| code).collect()
    }

    /// Debit and credit movement of some leaves.
    fn movement(&self, vouchers: &[Voucher], of: &[String]) -> (Decimal, Decimal) {
        let leaves = self.leaves();
        let sum = |side: fn(&Voucher) -> usize| {
            let hits = vouchers.iter().filter(|voucher| of.contains(&leaves[side(voucher) % leaves.len()]));
            Decimal::new(hits.map(|voucher| voucher.2).sum(), 2)
        };
        (sum(|voucher| voucher.0), sum(|voucher| voucher.1))
    }

    fn rows(&self) -> Vec<Vec<CellOut>> {
        let some = |amount: Decimal| if amount.is_zero() { CellOut::Empty } else { CellOut::Number(amount) };
        let sides = |net: Decimal| {
            let debit = net.max(Decimal::ZERO);
            [some(debit), some(debit - net)]
        };
        let row = |(code, leaves): (String, Vec<String>)| {
            let (opening, period) = (self.movement(&self.opening, &leaves), self.movement(&self.period, &leaves));
            let earlier = self.movement(&self.earlier, &leaves);
            let net = opening.0 - opening.1;
            let mut row = vec![CellOut::Text(code.clone()), CellOut::Text(format!("科目{code}"))];
            row.extend(sides(net));
            row.extend([some(period.0), some(period.1)]);
            row.extend([some(period.0 + earlier.0), some(period.1 + earlier.1)]);
            row.extend(sides(net + period.0 - period.1));
            row
        };
        self.accounts().into_iter().map(row).collect()
    }
}

fn table(rows: Vec<Vec<CellOut>>) -> Table<Vec<Vec<CellOut>>> {
    let columns = COLUMNS.map(ColumnOut::new).to_vec();
    Table { title: "甲公司2026年3月科目余额表（单位：元）".into(), columns, rows }
}

fn xlsx(rows: Vec<Vec<CellOut>>) -> Vec<u8> {
    let mut file = Vec::new();
    write_xlsx(&mut file, table(rows)).unwrap();
    file
}

/// A line as it would be written.
fn cells(line: &Line) -> Vec<CellOut> {
    let amounts = [
        line.opening_debit,
        line.opening_credit,
        line.period_debit,
        line.period_credit,
        line.ytd_debit,
        line.ytd_credit,
        line.closing_debit,
        line.closing_credit,
    ];
    let head = [CellOut::Text(line.code.clone()), CellOut::Text(line.name.clone())];
    head.into_iter().chain(amounts.map(CellOut::from)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn books_that_balance_are_accepted_and_come_back_unchanged(books in books()) {
        let rows = books.rows();
        let mut csv = Vec::new();
        write_csv(&mut csv, table(rows.clone())).unwrap();
        for (name, file) in [("余额表.xlsx", xlsx(rows.clone())), ("余额表.csv", csv)] {
            let balance = trial_balance::parse(&read(name, &file).unwrap());
            let balance = balance.map_err(|errors| TestCaseError::fail(format!("{name}: {errors:#?}")))?;
            let found: Vec<_> = balance.lines.iter().map(cells).collect();
            prop_assert_eq!(&found, &rows);
            let leaves: Vec<_> = balance.lines.iter().filter(|line| line.is_leaf).map(|line| line.code.clone()).collect();
            prop_assert_eq!(leaves, books.leaves());
        }
    }

    #[test]
    fn one_changed_cent_anywhere_is_found(books in books(), row in 0..64_usize, column in 2..10_usize) {
        let mut rows = books.rows();
        let row = row % rows.len();
        let cell = &mut rows[row][column];
        *cell = match cell {
            CellOut::Number(amount) => CellOut::Number(*amount + Decimal::new(1, 2)),
            _ => CellOut::Number(Decimal::new(1, 2)),
        };
        let errors = trial_balance::parse(&read("余额表.xlsx", &xlsx(rows)).unwrap()).unwrap_err();
        // Title, header, then the rows: the changed one, or the account above it, or the table as a whole.
        prop_assert!(errors.iter().any(|error| error.row.is_none_or(|found| found <= row + 3)), "{:#?}", errors);
    }
}
