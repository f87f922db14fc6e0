//! 激活 as browsers see it: an administrator opens accounts by a table, prints the letters, and people come in by their codes.

use youju_app::App;
use youju_testkit::{County, new_unit, on_both_engines, on_sqlite};

use crate::browser::{Browser, Page};

const NEW: &str = "Kuvo-9-Lanhua";
const WORDS: &str = "contact=%E6%9D%8E%E5%9B%9B+0579-88880000&site=http%3A%2F%2Fyouju.test";

/// What stands between two words of a page.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap_or_else(|| panic!("no {from:?}: {text}"))
}

/// The login and the code of every letter.
fn letters(pdf: &Page) -> Vec<(String, String)> {
    assert_eq!(pdf.status, 200, "{}", pdf.text);
    assert_eq!(pdf.headers["content-type"], "application/pdf");
    assert_eq!(pdf.headers["cache-control"], "no-store");
    let lines = |one: &str| one.lines().map(str::to_owned).collect::<Vec<_>>();
    pdf.text.split("\n\n").map(lines).map(|lines| (lines[3].clone(), lines[5].clone())).collect()
}

async fn activate(app: &App, login: &str, code: &str, new: &str) -> (Page, Browser) {
    let nobody = Browser::new(app);
    let code = code.replace(' ', "+");
    let page = nobody.post("/activate", &format!("login={login}&code={code}&name=&new={new}&again={new}")).await;
    let set: Vec<&str> =
        page.headers.get_all("set-cookie").iter().filter_map(|one| one.to_str().ok()?.split(';').next()).collect();
    let browser = nobody.with_cookie(&set.join("; "));
    (page, browser)
}

#[test]
fn accounts_are_opened_by_a_table_and_activated_by_letters() {
    on_both_engines(async |app| {
        let app = app.with_address("http://youju.test");
        let county = County::open(&app).await;
        let admin = Browser::of(&app, &county.admin).await;
        let table = "账号,姓名,角色,区划代码\nxian02,周平,县级统计人员,330781\nzhen02,吴芳,乡长,330781001\n";
        let looked = admin.upload("/accounts/open/table", "名单.csv", table).await;
        assert_eq!(looked.status, 200, "{}", looked.text);
        assert!(looked.text.contains("1 行可以开设,1 行有错") && looked.text.contains("没有“乡长”这个角色"));
        let kept = between(&looked.text, "name=\"kept\" value=\"", "\"").to_owned();
        let parts = |shown: &'static [u8]| {
            [
                ("name", None, "名单.csv".as_bytes().to_vec()),
                ("shown", None, shown.to_vec()),
                ("kept", None, kept.clone().into_bytes()),
            ]
        };
        let refused = parts(b"2");
        let refused: Vec<_> = refused.iter().map(|(name, file, value)| (*name, *file, value.as_slice())).collect();
        assert_eq!(admin.parts("/accounts/open/table/take", &refused).await.status, 409);
        let taken = parts(b"1");
        let taken: Vec<_> = taken.iter().map(|(name, file, value)| (*name, *file, value.as_slice())).collect();
        let opened = admin.parts("/accounts/open/table/take", &taken).await;
        assert_eq!((opened.status, opened.to()), (303, "/accounts/waiting?standing=unsent"), "{}", opened.text);
        let listed = admin.get("/accounts/waiting?standing=unsent").await.text;
        assert!(listed.contains("还没有打印过信") && listed.contains("value=\"http://youju.test\""), "{listed}");
        let person = between(&listed, "name=\"person\" value=\"", "\"").to_owned();
        let printed = admin.post("/accounts/waiting/letters", &format!("person={person}&{WORDS}")).await;
        let (login, code) = letters(&printed).remove(0);
        assert_eq!(login, "xian02");
        // No page shows the code again, and the list says until when it counts.
        for path in ["/accounts/waiting", "/accounts?search=xian02", &format!("/accounts/{person}")] {
            let page = admin.get(path).await.text;
            assert!(!page.contains(&code) && !page.contains(&code.replace(' ', "")), "{path}");
        }
        assert!(admin.get("/accounts/waiting").await.text.contains("以前有效"));
        let door = Browser::new(&app).get("/activate").await;
        assert!(door.status == 200 && door.text.contains("data-from-fragment"), "{}", door.text);
        let (weak, _) = activate(&app, "xian02", &code, "Tongjiju2026").await;
        assert_eq!(weak.status, 422);
        assert!(weak.text.contains("弱密码") && weak.text.contains(&code) && !weak.text.contains("Tongjiju2026"));
        let (done, browser) = activate(&app, "xian02", &code, NEW).await;
        assert_eq!((done.status, done.to()), (303, "/inbox"), "{}", done.text);
        assert!(browser.get("/account").await.text.contains("周平"));
        let (again, _) = activate(&app, "xian02", &code, NEW).await;
        assert_eq!(again.status, 401);
        assert!(again.text.contains("激活码可能已被别人使用"), "{}", again.text);
        let used = admin.post("/accounts/waiting/letters", &format!("person={person}&{WORDS}")).await;
        assert_eq!(used.status, 409);
    });
}

#[test]
fn units_without_an_account_are_chosen_and_letters_for_all_of_them_are_one_file() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        for number in 500..503 {
            let new = new_unit(number, "330781001000", "1411");
            let enrol = async |cx: &mut youju_app::Cx<'_>| youju_app::register::enrol(cx, new).await;
            app.write(Some(county.county.clone()), enrol).await.unwrap();
        }
        let admin = Browser::of(&app, &county.admin).await;
        let page = admin.get("/accounts/open/units?search=虚构第50").await.text;
        assert!(page.contains("为所有尚无账号的单位开设(共 3 家"), "{page}");
        let looked = admin.post("/accounts/open/units", "all=yes&search=%E7%AC%AC50&role=statistician").await;
        assert!(looked.text.contains("开设 3 个账号"), "{}", looked.text);
        let kept = between(&looked.text, "name=\"kept\" value=\"", "\"").to_owned();
        let parts: [(&str, Option<&str>, &[u8]); 3] =
            [("name", None, "单位.csv".as_bytes()), ("shown", None, b"3"), ("kept", None, kept.as_bytes())];
        assert_eq!(admin.parts("/accounts/open/table/take", &parts).await.status, 303);
        let printed = admin.post("/accounts/waiting/letters", &format!("all=yes&standing=unsent&{WORDS}")).await;
        let letters = letters(&printed);
        assert_eq!(letters.len(), 3);
        let name = printed.headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment;") && name.contains("3%E5%B0%81"), "{name}");
        let none = admin.post("/accounts/waiting/letters", &format!("all=yes&standing=unsent&{WORDS}")).await;
        assert!(none.status == 422 && none.text.contains("现选了 0 个"), "{}", none.text);
        let file = admin.get("/accounts/open/units/csv").await;
        assert!(file.text.contains("单位名称,统一社会信用代码,角色,姓名,账号,区划代码"), "{}", file.text);
    });
}
