//! Workbooks that would take far more memory than they have bytes, or stop the reader in the middle: refused with the
//! number, before the memory is taken; and large workbooks of honest people, which are read.

use std::process::Command;

use youju_sheet::{Cell, SheetError, limits, read};

use crate::make::{Old, OldTab, begin, container, record, shared, with_part, xls, xls_of, xlsx};

const STRINGS: &str = "xl/sharedStrings.xml";

fn old(cells: &[(u16, u16, Old<'_>)], texts: &[u8]) -> Vec<u8> {
    xls_of(&[OldTab { name: "余额表", state: 0, cells, more: &[] }], texts)
}

#[track_caller]
fn refused(file: &[u8], words: &str) {
    let refusal = read("余额表.xlsx", file).unwrap_err();
    assert!(matches!(refusal, SheetError::Limit { .. }), "{refusal}");
    assert!(refusal.to_string().contains(words), "{refusal}");
}

#[test]
fn an_old_workbook_of_any_size_is_read() {
    for rows in [1_u16, 20, 60, 100, 300, 5_000, 60_000] {
        let cells: Vec<_> = (0..rows)
            .flat_map(|row| [(row, 0, Old::Text("银行存款")), (row, 1, Old::Number(f64::from(row) + 0.25))])
            .collect();
        let file = xls(&cells, &[]);
        let sheets = read("余额表.xls", &file).unwrap_or_else(|refusal| panic!("{} bytes: {refusal}", file.len()));
        assert_eq!(sheets[0].rows.len(), usize::from(rows));
        assert_eq!(sheets[0].cell(usize::from(rows) - 1, 1).text(), format!("{}.25", rows - 1));
    }
}

#[test]
fn few_cells_far_apart_in_an_old_workbook_are_refused_before_the_space_between_is_laid_out() {
    let stray = |row, column| xls(&[(0, 0, Old::Text("银行存款")), (row, column, Old::Number(1.0))], &[]);
    let sheets = read("余额表.xls", &stray(65_535, 60)).unwrap();
    assert_eq!(sheets[0].cell(65_535, 60).text(), "1");
    let few = stray(65_535, 61);
    assert!(few.len() < 30_000);
    refused(&few, "单元格数(连同中间的空单元格)为 4063232,超过上限 4000000");
    // A large file may span as much as before.
    let rows: Vec<_> =
        (0..=65_535_u16).flat_map(|row| (0..7).map(move |at| (row, 16 * at, Old::Number(2.5)))).collect();
    assert_eq!(read("余额表.xls", &xls(&rows, &[])).unwrap()[0].rows.len(), 65_536);
}

#[test]
fn shared_texts_of_an_old_workbook_are_read_across_records() {
    let texts: Vec<String> = (0..3_000).map(|number| format!("科目{number}·{}", "甲".repeat(number % 40))).collect();
    let table = shared(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let cells: Vec<_> = (0_u16..3_000).map(|row| (row, 0, Old::Shared(u32::from(row)))).collect();
    let sheets = read("余额表.xls", &old(&cells, &table)).unwrap();
    for (row, text) in texts.iter().enumerate() {
        assert_eq!(sheets[0].cell(row, 0).text(), text.as_str());
    }
}

#[test]
fn a_text_used_in_very_many_cells_of_an_old_workbook_is_refused_before_it_is_copied() {
    let text = "甲".repeat(30_000);
    let cells: Vec<_> = (0_u16..40_000).map(|row| (row, 0, Old::Shared(0))).collect();
    let file = old(&cells, &shared(&[&text]));
    assert!(file.len() < 1_000_000);
    refused(&file, "文本字节数为 3600000000,超过上限 268435456");
    // Few uses are nothing special.
    let few = old(&[(0, 0, Old::Shared(0)), (9, 0, Old::Shared(0))], &shared(&[&text]));
    assert_eq!(read("余额表.xls", &few).unwrap()[0].cell(9, 0).text(), text);
}

#[test]
fn a_text_that_claims_to_be_long_is_refused_before_room_is_made_for_it() {
    let label = |row: u16| record(0x0204, &[row.to_le_bytes().as_slice(), &[0, 0, 0, 0, 0xFF, 0xFF, 1]].concat());
    let labels: Vec<u8> = (0..60_000).flat_map(label).collect();
    refused(&xls(&[], &labels), "文本字节数");
}

#[test]
fn a_text_used_in_very_many_cells_of_a_new_workbook_is_refused_while_it_is_copied() {
    let rows = "x\n".repeat(12_000);
    let file = with_part(&xlsx(&[("表", &rows, &[])]), STRINGS, |part| {
        part.replace("<t>x</t>", &format!("<t>{}</t>", "甲".repeat(10_000))).into_bytes()
    });
    refused(&file, "文本字节数");
}

#[test]
fn a_count_of_shared_texts_that_cannot_be_is_refused_before_memory_is_taken() {
    let file = xlsx(&[("表", "甲,乙\n", &[])]);
    for forged in [
        "<sst uniqueCount=\"99999999999999\">",
        "<sst uniqueCount = '99999999999999999999999999999' >",
        "<x:sst a='>' uniqueCount='\u{30}0000099999999999'>",
        "<!-- <sst uniqueCount='1'/> --><sst count='1' uniqueCount='8000001'>",
        "<sst count=\"8000001\" uniqueCount=\"2\">",
    ] {
        let forged = with_part(&file, STRINGS, |part| {
            let (from, to) = (part.find("<sst").unwrap(), part.find("<si>").unwrap());
            [&part[..from], forged, &part[to..]].concat().into_bytes()
        });
        refused(&forged, "文本数");
    }
    // Behind the end of the table the reader does not look, and nobody else refuses what stands there.
    let longer = with_part(&file, STRINGS, |part| format!("{part}<broken").into_bytes());
    assert_eq!(read("表.xlsx", &longer).unwrap()[0].cell(0, 1).text(), "乙");
    // What is only written in a cell is a text like any other.
    let told = xlsx(&[("表", "uniqueCount=\"99999999999999\"\n", &[])]);
    assert_eq!(read("表.xlsx", &told).unwrap()[0].cell(0, 0).text(), "uniqueCount=\"99999999999999\"");
}

#[test]
fn very_many_empty_shared_texts_are_refused() {
    let file = with_part(&xlsx(&[("表", "甲\n", &[])]), STRINGS, |part| {
        part.replace("</sst>", &format!("{}</sst>", "<si/>".repeat(limits::CELLS_MAX + 1))).into_bytes()
    });
    // The packed size is some hundreds of kilobytes: the ratio alone refuses nothing of this kind.
    let refusal = read("表.xlsx", &file).unwrap_err();
    assert!(matches!(refusal, SheetError::Limit { .. }), "{refusal}");
    let old_table: Vec<u8> = record(0x00FC, &[&[0; 8], vec![0; 60_000].as_slice()].concat());
    let many = [old_table, record(0x003C, &vec![0; 60_000]).repeat(402)].concat();
    refused(&old(&[], &many), "文本数");
    refused(&old(&[], &[shared(&["甲"]), record(0x003C, &[]).repeat(100_000)].concat()), "续接记录数");
}

#[test]
fn a_part_in_utf16_is_refused() {
    for part in [STRINGS, "xl/worksheets/sheet1.xml"] {
        let file = with_part(&xlsx(&[("表", "甲\n", &[])]), part, |text| {
            [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
        });
        let refusal = read("表.xlsx", &file).unwrap_err().to_string();
        assert!(refusal.contains("UTF-16"), "{refusal}");
    }
}

#[test]
fn a_style_that_is_copied_very_often_is_refused_before_it_is_copied() {
    let file = with_part(&xlsx(&[("表", "甲\n", &[])]), "xl/styles.xml", |part| {
        let part = part.replace("val=\"Calibri\"", &format!("val=\"{}\"", "a".repeat(100_000)));
        let (from, to) = (part.find("<cellXfs").unwrap(), part.find("</cellXfs>").unwrap());
        let styles = "<xf numFmtId=\"0\" fontId=\"0\"/>".repeat(60_000);
        [&part[..from], "<cellXfs>", &styles, &part[to..]].concat().into_bytes()
    });
    refused(&file, "单元格格式字节数");
}

#[test]
fn formulas_and_names_of_an_old_workbook_are_not_laid_out_only_results_are_read() {
    // A formula of 1,000 references to one long name, and its result.
    let name = [[0, 0, 0, 250, 0, 0].as_slice(), &[0; 8], &[0], &[b'n'; 250]].concat();
    let tokens: Vec<u8> = [0x23, 1, 0, 0, 0].repeat(1_000);
    let formula = |row: u16| {
        let head = [row.to_le_bytes().as_slice(), &[0, 0, 0, 0], &2.5_f64.to_le_bytes(), &[0; 6]].concat();
        record(0x0006, &[head.as_slice(), &u16::try_from(tokens.len()).unwrap().to_le_bytes(), &tokens].concat())
    };
    let formulas: Vec<u8> = (0..4_000).flat_map(formula).collect();
    let file = xls_of(&[OldTab { name: "表", state: 0, cells: &[], more: &formulas }], &record(0x0018, &name));
    let sheets = read("表.xls", &file).unwrap();
    assert_eq!(sheets[0].rows.len(), 4_000);
    assert_eq!(sheets[0].cell(3_999, 0).text(), "2.5");
}

#[test]
fn sheets_that_lie_upon_one_another_are_damaged() {
    // The second sheet begins two bytes before a record of the first that is disarmed, and takes its kind for a length.
    let first = [begin(0x0010), record(0x0FFF, &[0xFE, 0x0F])].concat();
    let size = record(0x0200, &[0; 14]);
    let mut filler = vec![0; 60_000];
    let (kind_at, filler_at) = (first.len(), first.len() + size.len() + 4);
    // Before the change it ends soon; after it, a size of billions of cells comes to light.
    let mut put = |length: usize, bytes: &[u8]| {
        let at = kind_at + 2 + length - filler_at;
        filler[at..at + bytes.len()].copy_from_slice(bytes);
    };
    put(0x0200, &record(0x000A, &[]));
    put(0x7FFF, &record(0x0200, &[0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0]));
    let sheet = [first, size, record(0x0FFF, &filler), record(0x000A, &[])].concat();
    let globals = |start: usize| {
        let tab = |at: usize, name: u8| {
            record(0x0085, &[u32::try_from(at).unwrap().to_le_bytes().as_slice(), &[0, 0, 1, 0, name]].concat())
        };
        let tabs = [tab(start, b'a'), tab(start + kind_at - 2, b'b')].concat();
        [begin(0x0005), tabs, record(0x000A, &[])].concat()
    };
    let start = globals(0).len();
    let refusal = read("表.xls", &container(&[globals(start), sheet].concat())).unwrap_err().to_string();
    assert!(refusal.contains("相互重叠"), "{refusal}");
}

/// The variable under which this test calls itself.
const CALLED: &str = "YOUJU_SHEET_READS_DAMAGED";

#[test]
fn a_workbook_that_stops_the_reader_writes_nothing_to_the_log_of_the_server() {
    // A sheet that begins behind the end of the file.
    let name: Vec<u8> = [&[0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 0], b"x".as_slice()].concat();
    let stream = [begin(5), record(0x0085, &name), record(0x000A, &[])].concat();
    let file = container(&stream);
    if std::env::var_os(CALLED).is_some() {
        let refusal = read("表.xls", &file).unwrap_err();
        assert!(matches!(refusal, SheetError::Damaged { .. }), "{refusal}");
        // Everybody else's panics are told as ever.
        assert!(std::panic::catch_unwind(|| assert_eq!(Cell::Empty, Cell::Bool(true), "told as ever")).is_err());
        return;
    }
    let this = "heavy::a_workbook_that_stops_the_reader_writes_nothing_to_the_log_of_the_server";
    let mut again = Command::new(std::env::current_exe().unwrap());
    let output = again.args(["--exact", this, "--nocapture"]).env(CALLED, "1").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(log.contains("told as ever"), "{log}");
    assert_eq!(log.matches("panicked").count(), 1, "{log}");
}
