//! CSV files as offices send them.

use youju_sheet::{CsvRows, SheetError, read};

use crate::make::{gbk, gzip, sheet};

const LEDGER: &str = "品种,购进量（吨）,备注\r\n原煤,\"1,200.5\",\"含\"\"精煤\"\"\r\n第二行\"\r\n柴油,30,\r\n";

#[test]
fn every_office_s_file_reads_the_same() {
    let utf_16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(LEDGER.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let expected = sheet(LEDGER);
    for (name, bytes) in [
        ("能源.csv", LEDGER.as_bytes().to_vec()),
        ("能源.csv", [b"\xEF\xBB\xBF", LEDGER.as_bytes()].concat()),
        ("能源.csv", gbk(LEDGER)),
        ("能源.csv", utf_16),
        ("能源.csv.gz", gzip(&gbk(LEDGER))),
        ("能源.tsv", LEDGER.replace(',', "\t").replace("1\t200.5", "1,200.5").into_bytes()),
        ("能源.xls", gbk(&LEDGER.replace(',', "\t").replace("1\t200.5", "1,200.5"))),
        ("C:\\台账\\能源.csv", LEDGER.replace("\r\n", "\r").replace("第", "\n第").into_bytes()),
    ] {
        let sheets = read(name, &bytes).unwrap();
        assert_eq!(sheets[0].name, "能源");
        let (found, wanted) = (&sheets[0].rows, &expected.rows);
        assert_eq!(found.len(), wanted.len(), "{name}");
        assert_eq!(found[0], wanted[0], "{name}");
        assert_eq!(found[1][..2], wanted[1][..2], "{name}");
        assert_eq!(found[1][2].text().replace(['\r', '\n'], ""), "含\"精煤\"第二行", "{name}");
        assert_eq!(found[1][1].number().unwrap().unwrap().to_string(), "1200.5");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_the_place_and_the_way_out() {
    for (bytes, sentence) in [
        ("a,b\n1,\"2\n3,4\n", "第 2 行第 2 列的引号没有成对。请补上缺少的英文双引号;内容里的双引号要写成两个。"),
        ("a,b\n\"1\"x,2\n", "第 2 行第 1 列的引号提前结束,后面还有内容。内容里的英文双引号要写成两个。"),
        (
            "a,b\n1,2\n3\u{0},4\n",
            "第 3 行含有空字符(NUL),文件不是文本或编码不完整。请将文件另存为 UTF-8 编码的 csv 后重新导入。",
        ),
        (
            "a,b,c\n1,2,3\n4,5\n6,7,8\n",
            "第 3 行有 2 列,应为 3 列。请检查该行是否缺少分隔符,带千位逗号的金额是否加了双引号。",
        ),
        (
            "科目,金额\n1002,500\n1122,1,200\n2202,300\n",
            "第 3 行有 3 列,应为 2 列。请检查该行是否缺少分隔符,带千位逗号的金额是否加了双引号。",
        ),
        ("", "“表.csv”没有内容。请检查是否选对了文件,或从原软件重新导出。"),
        ("\n , \n", "“表.csv”没有内容。请检查是否选对了文件,或从原软件重新导出。"),
        (
            "<html><table></table></html>",
            "“表.csv”是网页或 XML 格式,只是改了扩展名。请用 Excel 或 WPS 打开后另存为 xlsx 或 csv 文件再导入。",
        ),
        (
            "%PDF-1.7 …",
            "“表.csv”是 PDF 文件,其中的表格不能可靠读取。请用 Excel 或 WPS 打开后另存为 xlsx 或 csv 文件再导入。",
        ),
    ] {
        assert_eq!(read("表.csv", bytes.as_bytes()).unwrap_err().to_string(), sentence);
    }
}

#[test]
fn a_wrong_byte_in_a_gbk_file_is_reported_with_its_line() {
    let mut bytes = gbk("科目编码,科目名称\n1002,银行存款\n1122,应收账款\n");
    let last = bytes.len() - 2;
    bytes[last] = 0xFF;
    let refusal = read("余额表.csv", &bytes).unwrap_err().to_string();
    assert!(refusal.starts_with("第 3 行有无法识别的字符(按 gb18030 编码读取)。"), "{refusal}");
}

#[test]
fn titles_and_notes_may_be_shorter_than_the_table() {
    let sheet = sheet("能源台账\n某厂\n品种,购进,消费\n原煤,1,2\n\n合计,1,2\n制表人：王某\n");
    assert_eq!((sheet.rows.len(), sheet.width()), (7, 3));
    assert_eq!(sheet.cell(0, 0).text(), "能源台账");
    assert!(sheet.cell(0, 2).is_empty());
}

#[test]
fn millions_of_rows_are_read_one_at_a_time_with_progress() {
    let text: String = std::iter::once("单位,期别,营业收入\n".to_owned())
        .chain((0..100_000).map(|n| format!("第{n}厂,2026-03,{n}\n")))
        .collect();
    let packed = gzip(&gbk(&text));
    let mut rows = CsvRows::open(packed.as_slice()).unwrap();
    assert_eq!(rows.header(), ["单位", "期别", "营业收入"]);
    let (mut count, mut sum, mut progress) = (0_u64, 0_u64, 0);
    while let Some(row) = rows.next() {
        let row = row.unwrap();
        count += 1;
        assert_eq!(row.line, count + 1);
        sum += row.get(2).unwrap().parse::<u64>().unwrap();
        assert!(rows.bytes_read() >= progress);
        progress = rows.bytes_read();
    }
    assert_eq!((count, sum), (100_000, 4_999_950_000));
    assert_eq!(rows.bytes_read(), packed.len() as u64);
}

#[test]
fn a_large_file_stops_at_the_first_bad_row_and_names_its_line() {
    let refusals: Vec<SheetError> = ["甲,乙\n1,2\n\n3\n4,5\n", "甲,乙\n1,2\n\n3,4,5\n", "甲,乙,\n1,2\n\n3\n"]
        .iter()
        .map(|text| CsvRows::open(text.as_bytes()).unwrap().find_map(Result::err).unwrap())
        .collect();
    assert_eq!(refusals[0], SheetError::Ragged { line: 4, found: 1, expected: 2 });
    assert_eq!(refusals[1], SheetError::Ragged { line: 4, found: 3, expected: 2 });
    assert_eq!(refusals[2], SheetError::Ragged { line: 4, found: 1, expected: 3 });
    let mut rows = CsvRows::open("甲,乙\n1\n2,3\n".as_bytes()).unwrap();
    assert!(rows.next().unwrap().is_err());
    assert!(rows.next().is_none(), "nothing is read behind an error");
}

#[test]
fn cells_missing_at_the_end_are_fine_where_the_header_has_no_name_for_them() {
    let rows: Vec<_> = CsvRows::open("甲,乙,,\n1,2\n3,4,,\n".as_bytes()).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.iter().map(|row| row.get(1).unwrap()).collect::<Vec<_>>(), ["2", "4"]);
}

#[test]
fn two_columns_of_the_same_name_cannot_be_told_apart() {
    let refusal = CsvRows::open("单位,营业收入, 营业收入 \n".as_bytes()).err().unwrap().to_string();
    assert_eq!(refusal, "第 1 行表头中第 2 列与第 3 列都是“营业收入”,无法区分。请改名或删去其中一列。");
}

#[test]
fn marks_inside_quotes_do_not_part_cells() {
    for (text, cells) in [
        ("\"甲\t厂\",\"\"\n", ["甲\t厂", ""]),
        ("\"1\t\n\t2\",\"说\"\"\t\"\"\"\n", ["1\t\n\t2", "说\"\t\""]),
        ("\"甲,乙\";丙\n", ["甲,乙", "丙"]),
        ("\"甲,乙\"\t1,200.00\n", ["甲,乙", "1,200.00"]),
        ("直径5\"管\t\"3\"\n", ["直径5\"管", "3"]),
    ] {
        let rows = CsvRows::open(text.as_bytes()).unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
        assert_eq!(rows.header(), cells, "{text}");
    }
}

#[test]
fn a_well_formed_file_reads_as_other_readers_read_it() {
    let text = "甲,乙\n\"a,\"\"b\"\"\",\"x\ny\"\n,\"\"\n直径5\"管,丙\n";
    let mine: Vec<Vec<String>> = CsvRows::open(text.as_bytes())
        .unwrap()
        .map(|row| row.unwrap().cells().map(str::to_owned).collect())
        .filter(|row: &Vec<String>| row.iter().any(|cell| !cell.is_empty()))
        .collect();
    let theirs: Vec<Vec<String>> = csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .filter(|row: &Vec<String>| row.iter().any(|cell| !cell.is_empty()))
        .collect();
    assert_eq!(mine, theirs);
    assert_eq!(mine.len(), 2);
}
