//! Activation letters: a page each, everything on it can be read.

use youju_print::{ActivationLetter, letters};

fn letter(number: usize) -> ActivationLetter {
    ActivationLetter {
        name: format!("张三{number}"),
        place: "兰溪市#甲*纺织_有限公司".into(),
        role: "填报人".into(),
        login: "91330781MA28Q0XX1T".into(),
        address: "https://tj.example.gov.cn/activate".into(),
        code: ["ABCD", "EFGH", "IJKL", "MNOP", "QRST", "UVWX", "YZ23"].map(str::to_owned).into(),
        scan: "https://tj.example.gov.cn/activate#ABCDEFGHIJKLMNOPQRSTUVWXYZ23".into(),
        until: "2026-05-02 12:00".into(),
        contact: "李四 0579-88880000".into(),
        printed: "系统管理员 打印于 2026-04-02 12:00".into(),
    }
}

#[test]
fn every_letter_is_a_page_of_its_own_that_can_be_read() {
    let bytes = letters(&[letter(1), letter(2)]).unwrap();
    let pages = pdf_extract::extract_text_from_mem_by_pages(&bytes).unwrap();
    assert_eq!(pages.len(), 2);
    for (page, name) in pages.iter().zip(["张三1", "张三2"]) {
        let text: String = page.split_whitespace().collect();
        for word in [
            name,
            "兰溪市#甲*纺织_有限公司",
            "91330781MA28Q0XX1T",
            "https://tj.example.gov.cn/activate",
            "ABCDEFGHIJKLMNOP",
            "2026-05-0212:00",
            "李四0579-88880000",
            "不要使用",
        ] {
            assert!(text.contains(word), "{word} is not in {text}");
        }
    }
}

#[test]
fn a_letter_that_is_looked_at_does_not_tell_its_code() {
    assert!(!format!("{:?}", letter(1)).contains("ABCD"));
}
