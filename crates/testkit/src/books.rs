//! The books of a unit that has nothing to hide: a trial balance that balances, and the report that it leads to.

use youju_app::report::Typed;
use youju_codes::parse_number;
use youju_domain::report::{CellId, Cells, value_of};
use youju_sheet::{CellOut, ColumnOut, Table, write_xlsx};

/// 科目余额表 of March 2026 in 元. 6001 stands a hair below half of 千元, 6401 exactly on it.
pub const TRIAL_BALANCE: &str = "科目余额表,,,,,,,,,
编制单位:虚构第000号食品厂,,,,,,,会计期间:2026年3月,,单位:元
科目编码,科目名称,期初余额,,本期发生额,,本年累计发生额,,期末余额,
,,借方,贷方,借方,贷方,借方,贷方,借方,贷方
1002,银行存款,38019999.75,0.00,40030000.25,33050000.00,120100499.99,99050500.00,45000000.00,0.00
1122,应收账款,20000000.00,0.00,0.00,0.00,0.00,0.00,20000000.00,0.00
1405,库存商品,15000000.00,0.00,0.00,0.00,0.00,0.00,15000000.00,0.00
1601,固定资产,70000000.00,0.00,0.00,0.00,0.00,0.00,70000000.00,0.00
2202,应付账款,0.00,60000000.00,0.00,0.00,0.00,0.00,0.00,60000000.00
4001,实收资本,0.00,68950000.01,0.00,0.00,0.00,0.00,0.00,68950000.01
6001,主营业务收入,0.00,80000499.74,0.00,40000000.25,0.00,120000499.99,0.00,120000499.99
6301,营业外收入,0.00,70000.00,0.00,30000.00,0.00,100000.00,0.00,100000.00
6401,主营业务成本,60000500.00,0.00,30000000.00,0.00,90000500.00,0.00,90000500.00,0.00
6403,税金及附加,400000.00,0.00,200000.00,0.00,600000.00,0.00,600000.00,0.00
6601,销售费用,2000000.00,0.00,1000000.00,0.00,3000000.00,0.00,3000000.00,0.00
6602,管理费用,3300000.00,0.00,1700000.00,0.00,5000000.00,0.00,5000000.00,0.00
6603,财务费用,270000.00,0.00,130000.00,0.00,400000.00,0.00,400000.00,0.00
6711,营业外支出,30000.00,0.00,20000.00,0.00,50000.00,0.00,50000.00,0.00
合计,,209020499.75,209020499.75,73080000.25,73080000.25,219150999.99,219150999.99,249050500.00,249050500.00
";

/// [`TRIAL_BALANCE`] as an accounting program exports it: a workbook with one row of header, codes as text, amounts as numbers.
pub fn trial_balance_workbook() -> Vec<u8> {
    let names = ["期初", "本期", "本年累计", "期末"]
        .into_iter()
        .flat_map(|of| ["借方", "贷方"].map(|side| format!("{of}{side}")));
    let columns = ["科目编码".to_owned(), "科目名称".to_owned()].into_iter().chain(names);
    let cell = |(at, text): (usize, &str)| match parse_number(text) {
        Ok(number) if at > 1 => CellOut::Number(number),
        _ => CellOut::Text(text.to_owned()),
    };
    let rows = TRIAL_BALANCE.lines().skip(4).map(|line| line.split(',').enumerate().map(cell).collect::<Vec<_>>());
    let columns = columns.map(|name| ColumnOut::new(&name)).collect();
    let table = Table { title: "科目余额表 2026年3月".to_owned(), columns, rows };
    let mut file = Vec::new();
    write_xlsx(&mut file, table).unwrap();
    file
}

/// 凭证序时簿 of the same month: what it posts is what [`TRIAL_BALANCE`] says was posted. One column names a person.
pub const VOUCHERS: &str = "凭证序时簿,,,,,,,
日期,凭证字号,摘要,科目编码,科目名称,借方金额,贷方金额,制单人
2026-03-05,记-1,收到货款,1002,银行存款,40030000.25,,钱会计
2026-03-05,记-1,收到货款,6001,主营业务收入,,40000000.25,钱会计
2026-03-05,记-1,收到罚款,6301,营业外收入,,30000.00,钱会计
2026-03-31,记-2,付本月成本费用,6401,主营业务成本,30000000.00,,钱会计
2026-03-31,记-2,付本月成本费用,6403,税金及附加,200000.00,,钱会计
2026-03-31,记-2,付本月成本费用,6601,销售费用,1000000.00,,钱会计
2026-03-31,记-2,付本月成本费用,6602,管理费用,1700000.00,,钱会计
2026-03-31,记-2,付本月成本费用,6603,财务费用,130000.00,,钱会计
2026-03-31,记-2,付本月成本费用,6711,营业外支出,20000.00,,钱会计
2026-03-31,记-2,付本月成本费用,1002,银行存款,,33050000.00,钱会计
";

/// A report of form B203 in 千元 that no check objects to.
pub const FIGURES: [(&str, &str); 15] = [
    ("c201", "80,000"),
    ("c213", "150,000"),
    ("c217", "60,000"),
    ("c301", "120,000"),
    ("c307", "90,001"),
    ("c309", "600"),
    ("c312", "3,000"),
    ("c313", "5,000"),
    ("c317", "400"),
    ("c322", "0"),
    ("c323", "20,999"),
    ("c325", "100"),
    ("c326", "50"),
    ("c327", "21,049"),
    ("c601", "80"),
];

/// [`FIGURES`] typed into an empty report.
pub fn figures() -> Vec<Typed> {
    corrections(&Cells::new())
}

/// What has to be typed so that [`FIGURES`] stand in the report.
pub fn corrections(cells: &Cells) -> Vec<Typed> {
    let typed = FIGURES.iter().map(|(cell, value)| {
        let was = value_of(cells, &CellId::new(*cell)).print();
        let reason = (!was.is_empty()).then(|| "按审定报表改正".to_owned());
        Typed { cell: (*cell).to_owned(), was, value: (*value).to_owned(), reason }
    });
    typed.filter(|typed| typed.was != typed.value).collect()
}
