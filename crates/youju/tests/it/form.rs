//! Reports out to Excel and home again at the command line, by the people whose reports they are.

use chrono::TimeDelta;
use youju_app::survey::{self, NewWindow};
use youju_app::world::World;
use youju_domain::survey::Times;
use youju_testkit::{County, FIGURES, InMemory, PASSWORD, Workbook, new_window, open_app};

use crate::house::{House, Ran};

/// A data directory in which form B203 is open for September, today.
fn open_now(house: &House) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        std::fs::create_dir_all(house.path("data")).unwrap();
        let url = format!("sqlite:{}", house.path("data").join("youju.sqlite").display());
        let app = open_app(&url, Box::new(InMemory::default())).await;
        let county = County::open(&app).await;
        let now = World::System.now();
        let (opens_at, due_at) = (now - TimeDelta::days(1), now + TimeDelta::days(5));
        let closes_at = now + TimeDelta::days(9);
        let new = NewWindow { times: Times { opens_at, due_at, closes_at }, ..new_window("330781", "2026-09") };
        app.world().set(now);
        app.write(Some(county.county.clone()), async |cx| survey::open(cx, new).await).await.unwrap();
        app.db().close().await;
    });
}

fn form(house: &House, login: &str, arguments: &[&str]) -> Ran {
    let [act, rest @ ..] = arguments else { panic!("{arguments:?}") };
    let all = [&["form", act, "--login", login][..], rest].concat();
    let output = house.command(&all).env("YOUJU_PASSWORD", PASSWORD).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn workbooks_go_out_come_home_and_coming_again_changes_nothing() {
    let house = House::new();
    open_now(&house);
    let out = form(&house, "tb000", &["export", "--period", "2026-09", "--out", "books"]);
    assert_eq!((out.code, out.out.lines().count()), (0, 2), "{}{}", out.out, out.err);
    let file = out.out.lines().next().unwrap().to_owned();
    let mut workbook = Workbook::open(&std::fs::read(house.path(&file)).unwrap());
    for (cell, value) in FIGURES {
        workbook.put(cell.strip_prefix('c').unwrap(), "", &value.replace(',', ""));
    }
    house.write("good.xlsx", workbook.save());
    workbook.put("301", "", "二百");
    house.write("bad.xlsx", workbook.save());

    let dry = form(&house, "tb000", &["import", "--dry-run", "good.xlsx"]);
    assert!(dry.code == 0 && dry.out.contains(&format!("将导入 {} 格", FIGURES.len())), "{}{}", dry.out, dry.err);
    let bad = form(&house, "tb000", &["import", "--copies", "copies", "bad.xlsx", "missing.xlsx"]);
    assert_eq!(bad.code, 1);
    assert!(
        bad.out.contains("“二百”") && bad.err.contains("missing.xlsx:没有导入。不能读取文件"),
        "{}{}",
        bad.out,
        bad.err
    );
    assert_eq!(std::fs::read_dir(house.path("copies")).unwrap().count(), 1);
    let good = form(&house, "tb000", &["import", "good.xlsx"]);
    assert!(good.code == 0 && good.out.contains(&format!("已导入 {} 格", FIGURES.len())), "{}{}", good.out, good.err);
    let again = form(&house, "tb000", &["import", "good.xlsx"]);
    assert!(again.code == 0 && again.out.contains("没有改动。"), "{}", again.out);

    // Somebody else's report is not there for them; an officer gets all units as one table and may bring nothing home.
    let stranger = form(&house, "tb001", &["import", "good.xlsx"]);
    assert_eq!(stranger.code, 1);
    let table = form(&house, "xian", &["export", "--form", "B203", "--period", "2026-09", "--out", "tables"]);
    assert_eq!((table.code, table.out.lines().count()), (0, 2), "{}", table.err);
    let officer = form(&house, "xian", &["import", "bad.xlsx"]);
    assert_eq!(officer.code, 1);
    let nothing = form(&house, "tb000", &["export", "--form", "205-1"]);
    assert!(nothing.code == 2 && nothing.err.contains("没有符合条件的报表"), "{}", nothing.err);
}

#[test]
fn without_the_right_password_nothing_goes_out() {
    let house = House::new();
    open_now(&house);
    let ran = house.command(&["form", "export", "--login", "tb000"]).env("YOUJU_PASSWORD", "wrong").output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    let told = String::from_utf8(ran.stderr).unwrap();
    assert!(told.contains("密码") && !told.contains("wrong"), "{told}");
}
