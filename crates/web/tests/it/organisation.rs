//! 机构 by links and forms alone: set up from the profile, added, renamed, merged, split and ended; its standards claimed and accepted; and
//! every address of an organisation for everybody.

use youju_app::App;
use youju_domain::access::Actor;
use youju_testkit::{County, on_both_engines};

use crate::browser::{Browser, Page};

/// `浙民行批1号`, `石渠村委会`, `优化设置`, as a form sends them.
const DOCUMENT: &str =
    "document=%E6%B5%99%E6%B0%91%E8%A1%8C%E6%89%B91%E5%8F%B7&reason=%E4%BC%98%E5%8C%96%E8%AE%BE%E7%BD%AE";
const VILLAGE: &str = "%E7%9F%B3%E6%B8%A0%E6%9D%91%E5%A7%94%E4%BC%9A";

/// The page of a browser after a command, which must have been done.
async fn after(browser: &Browser, path: &str, form: &str) -> Page {
    let done = browser.post(path, form).await;
    assert_eq!(done.status, 303, "{path}: {}", done.text);
    browser.get(done.to()).await
}

/// The address behind the link with these words.
#[track_caller]
fn link(page: &Page, words: &str) -> String {
    let end = format!("\">{words}</a>");
    let before = page.text.split(&end).next().filter(|before| before.len() < page.text.len());
    let before = before.unwrap_or_else(|| panic!("no link {words}: {}", page.text));
    before.rsplit("href=\"").next().unwrap().to_owned()
}

async fn set_up(app: &App, county: &County) -> Browser {
    let own = Browser::of(app, &county.county).await;
    let done = after(&own, "/organisations/set-up", "profile=lanxi&shown=36").await;
    assert!(done.text.contains("共 36 个机构"), "{}", done.text);
    own
}

#[test]
fn organisations_are_set_up_and_changed_by_forms_alone() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = Browser::of(&app, &county.county).await;
        assert!(own.get("/units").await.text.contains("href=\"/organisations\""));
        let empty = own.get("/organisations").await.text;
        assert!(empty.contains("这一天还没有机构") && empty.contains("href=\"/organisations/set-up\""));
        let run = own.get("/organisations/set-up").await.text;
        for words in ["设置 36 个机构", "兰溪市基层统计网格智治专项改革工作方案", "水亭畲族乡人民政府", "330781203000"]
        {
            assert!(run.contains(words), "{words}: {run}");
        }
        let own = set_up(&app, &county).await;
        let again = own.get("/organisations/set-up").await.text;
        assert!(again.contains("没有要设置的") && !again.contains("name=\"shown\""));
        let tree = own.get("/organisations").await;
        assert!(tree.text.contains("共 36 个机构"), "{}", tree.text);
        assert!(own.get("/organisations?on=2022-05-23").await.text.contains("这一天还没有机构"));

        // A village is added to 马涧镇, which is merged into 香溪镇 afterwards.
        let (majian, xiangxi) = (link(&tree, "马涧镇人民政府"), link(&tree, "香溪镇人民政府"));
        assert!(own.get(&format!("{majian}/add")).await.text.contains("新增下级机构:马涧镇人民政府"));
        let new = format!("kind=village&name={VILLAGE}&code=330781109200&usci=&on=2026-04-02&{DOCUMENT}");
        let village = after(&own, &format!("{majian}/add"), &new).await;
        assert!(village.text.contains("石渠村委会") && village.text.contains("浙民行批1号"), "{}", village.text);
        let merge = own.get(&format!("{majian}/merge")).await.text;
        let id = xiangxi.rsplit('/').next().unwrap();
        assert!(merge.contains(&format!("name=\"with\" value=\"{id}\"")) && merge.contains("新设的机构"), "{merge}");
        let form = format!("with={id}&target={id}&kind=township&name=&code=&on=2026-04-10&{DOCUMENT}");
        let merged = after(&own, &format!("{majian}/merge"), &form).await;
        assert!(merged.text.contains("<h1>香溪镇人民政府") && merged.text.contains("合并"), "{}", merged.text);
        assert!(own.get("/organisations?on=2026-04-10").await.text.contains("共 36 个机构"));
        let old = own.get(&format!("{majian}?on=2026-04-10")).await.text;
        assert!(old.contains("已终止") && old.contains("这一天没有这个机构"), "{old}");
        let cut = own.get("/organisations/recut?code=330781109&from=2026-04-01&to=2026-05-01").await.text;
        assert!(cut.contains("330781108000") && cut.contains("不能分开再换算回来"), "{cut}");

        // 兰江街道 is split, 建设局 renamed, 柏社乡 ended; what is wrong is told.
        let street = link(&tree, "兰江街道办事处");
        let split = format!(
            "goes_on=yes&kind.0=street&name.0=%E9%87%91%E8%A7%92%E8%A1%97%E9%81%93&code.0=330781008&kind.1=street&name.1=&on=2026-04-20&{DOCUMENT}"
        );
        assert!(own.get(&format!("{street}/split")).await.text.contains("分出的第 4 个"));
        let split = after(&own, &format!("{street}/split"), &split).await;
        assert!(split.text.contains("金角街道") && split.text.contains("分设"), "{}", split.text);
        let build = link(&tree, "兰溪市建设局");
        let rename = format!("kind=department&name=%E4%BD%8F%E5%BB%BA%E5%B1%80&code=&on=2026-04-03&{DOCUMENT}");
        assert!(own.get(&format!("{build}/rename")).await.text.contains("value=\"兰溪市建设局\""));
        assert!(after(&own, &format!("{build}/rename"), &rename).await.text.contains("住建局"));
        let baishe = link(&tree, "柏社乡人民政府");
        assert!(own.get(&format!("{baishe}/end")).await.text.contains("终止:柏社乡人民政府"));
        let bad = own.post(&format!("{baishe}/end"), "on=&document=&reason=").await;
        assert!(bad.status == 422 && bad.text.contains("请填写生效日期"), "{}", bad.text);
        assert!(
            after(&own, &format!("{baishe}/end"), &format!("on=2026-04-30&{DOCUMENT}")).await.text.contains("终止")
        );
    });
}

#[test]
fn a_claim_with_a_file_is_accepted_above_and_the_list_tells_who_lacks_what() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = set_up(&app, &county).await;
        let town = Browser::of(&app, &county.township).await;
        let street = link(&own.get("/organisations").await, "兰江街道办事处");
        let page = town.get(&street).await;
        assert!(page.text.contains("乡镇(街道)统计制度") && page.text.contains("今天达到 0 / 7"), "{}", page.text);
        assert!(!page.text.contains("/rename"), "the township changes no organisation");
        let item = link(&page, "统计资料管理制度");
        let sent: [(&str, Option<&str>, &[u8]); 6] = [
            ("note", None, "按新制度执行".as_bytes()),
            ("document", None, "兰江办〔2026〕3号".as_bytes()),
            ("dated", None, b"2026-03-01"),
            ("signed_by", None, "主任".as_bytes()),
            ("in_force_until", None, b"2027-02-28"),
            ("file", Some("制度.pdf"), b"%PDF-1.7"),
        ];
        let late = [sent[1], ("dated", None, b"2026-03-01"), sent[3], ("in_force_until", None, b"2028-02-28")];
        let late = town.parts(&item, &late).await;
        assert!(late.status == 422 && late.text.contains("有效期最晚到 2027-03-01"), "{}", late.text);
        let claimed = town.parts(&item, &sent).await;
        assert_eq!(claimed.status, 303, "{}", claimed.text);
        let waiting = town.get(claimed.to()).await.text;
        assert!(waiting.contains("待验收的申报") && !waiting.contains("/accept\""), "{waiting}");
        let file = link(&own.get(&item).await, "制度.pdf");
        let file = own.get(&file).await;
        assert_eq!((file.status, file.bytes.as_slice()), (200, b"%PDF-1.7".as_slice()));

        assert!(after(&own, &format!("{item}/accept"), "text=").await.text.contains("已达到"));
        assert!(town.get(&street).await.text.contains("今天达到 1 / 7"));
        let list = own.get("/standards?standard=lanxi/township_rules").await.text;
        for words in ["适用 18 个机构,全部达到的 0 个", "共 18 条", "1 / 7", "已达到", "数据采集审核报送制度"]
        {
            assert!(list.contains(words), "{words}: {list}");
        }
        let csv = own.get("/standards/csv?standard=lanxi/township_rules&standing=met").await.text;
        assert!(csv.lines().count() == 9 && csv.contains("已达到,是,2027-02-28"), "{csv}");
        let short = own.post(&format!("{item}/return"), "text=x").await;
        assert!(short.status == 422 && short.text.contains("退回原因应在 4 到 500 个字之间"));
        let back = after(
            &own,
            &format!("{item}/return"),
            "text=%E7%8E%B0%E5%9C%BA%E6%A3%80%E6%9F%A5%E6%B2%A1%E6%9C%89%E6%89%A7%E8%A1%8C",
        )
        .await;
        assert!(back.text.contains("现场检查没有执行"), "{}", back.text);
        assert!(town.get(&street).await.text.contains("今天达到 0 / 7"));
    });
}

/// Every address of 兰江街道, and a form that the county may send: clerk of the street's own factory, head, another unit's clerk, township,
/// county, city, neighbour, administrator.
const ADDRESSES: &[(&str, Option<&str>, [u16; 8])] = &[
    ("", None, [404, 404, 404, 200, 200, 200, 404, 404]),
    ("?on=2021-01-01", None, [404, 404, 404, 200, 200, 200, 404, 404]),
    ("/add", None, [404, 404, 404, 403, 200, 200, 404, 404]),
    ("/rename", None, [404, 404, 404, 403, 200, 200, 404, 404]),
    ("/merge", None, [404, 404, 404, 403, 200, 200, 404, 404]),
    ("/split", None, [404, 404, 404, 403, 200, 200, 404, 404]),
    ("/end", None, [404, 404, 404, 403, 200, 200, 404, 404]),
    ("/enterprises", None, [303; 8]),
    ("/standards/township_rules/files", None, [404, 404, 404, 200, 200, 200, 404, 404]),
    ("/standards/township_rules/nothing", None, [404; 8]),
    ("/standards/five_haves/leader", None, [404; 8]),
    ("/standards/township_rules/files/accept", None, [303; 8]),
    ("/standards/township_rules/files/return", None, [303; 8]),
    ("/standards/township_rules/files/files/00", None, [404; 8]),
    ("/add", Some("kind=department&name=x&on=2026-04-02"), [404, 404, 404, 403, 422, 422, 404, 404]),
    ("/rename", Some("kind=street&name=x&on=2026-05-01"), [404, 404, 404, 403, 422, 422, 404, 404]),
    ("/merge", Some("target=new&kind=street&name=&code=&on=2026-05-01"), [404, 404, 404, 403, 422, 422, 404, 404]),
    ("/split", Some("on=2026-05-01"), [404, 404, 404, 403, 422, 422, 404, 404]),
    ("/end", Some("on=2026-05-01"), [404, 404, 404, 403, 422, 422, 404, 404]),
    ("/enterprises", Some(""), [404, 404, 404, 403, 303, 303, 404, 404]),
    ("/standards/township_rules/files/accept", Some("text="), [404, 404, 404, 403, 422, 422, 404, 404]),
    ("/standards/township_rules/files/return", Some("text="), [404, 404, 404, 403, 422, 422, 404, 404]),
];

#[test]
fn every_address_of_an_organisation_answers_whom_it_concerns() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = set_up(&app, &county).await;
        let street = link(&own.get("/organisations").await, "兰江街道办事处");
        let actors: [&Actor; 8] = [
            &county.factories[0].clerk,
            &county.factories[0].head,
            &county.factories[1].clerk,
            &county.township,
            &county.county,
            &county.city,
            &county.neighbour,
            &county.admin,
        ];
        let nobody = Browser::new(&app);
        let mut browsers = Vec::new();
        for actor in actors {
            browsers.push((actor, Browser::of(&app, actor).await));
        }
        for (below, form, promised) in ADDRESSES {
            let path = format!("{street}{below}");
            for ((actor, browser), status) in browsers.iter().zip(promised) {
                let page = match form {
                    Some(form) => browser.post(&path, form).await,
                    None => browser.get(&path).await,
                };
                assert_eq!(page.status, *status, "{} {below} {form:?}: {}", actor.name, page.text);
            }
            let unknown = if form.is_some() { nobody.post(&path, "").await } else { nobody.get(&path).await };
            assert!(unknown.status == 303 && unknown.to().starts_with("/sign-in"), "{below}");
        }
        // By now the street's units are organisations: each opens its own from the register, and no other.
        let [own, other] = [0, 1].map(|number| format!("/units/{}/organisation", county.factories[number].unit));
        let clerk = &browsers[0].1;
        let found = clerk.get(&own).await;
        assert_eq!(found.status, 303);
        let page = clerk.get(found.to()).await;
        assert!(page.text.contains("企业统计“四大体系”") && !page.text.contains("兰江街道办事处</a>"), "{}", page.text);
        assert!(clerk.get(&format!("/units/{}", county.factories[0].unit)).await.text.contains("规范化清单"));
        assert_eq!((clerk.get(&other).await.status, browsers[2].1.get(found.to()).await.status), (404, 404));
    });
}
