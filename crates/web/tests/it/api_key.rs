//! Keys in a browser without scripts: make one, copy the secret once, end it.

use axum::body::Body;
use youju_testkit::{County, Factory, on_both_engines, on_sqlite};

use crate::browser::Browser;

/// The secret as it stands on the page.
fn secret(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("value=\"yj_")?;
    let end = rest.find('"')?;
    let from = page.len() - rest.len() - 3;
    page.get(from..from + 3 + end)
}

#[test]
fn a_clerk_makes_a_key_copies_it_once_and_the_head_ends_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, unit, .. } = &county.factories[0];
        let (clerk, head) = (Browser::of(&app, clerk).await, Browser::of(&app, head).await);
        let keys = format!("/units/{unit}/api-keys");
        assert!(clerk.get(&format!("/units/{unit}")).await.text.contains(&keys));
        let empty = clerk.get(&keys).await.text;
        assert!(empty.contains("还没有接口密钥") && secret(&empty).is_none(), "{empty}");
        let made = clerk.post(&keys, "name=%E7%94%A8%E5%8F%8B%E6%8E%A5%E5%8F%A3&last_day=2027-03-31&use=ledgers").await;
        assert_eq!(made.status, 200, "{}", made.text);
        let secret_text = secret(&made.text).unwrap().to_owned();
        assert_eq!(secret_text.len(), 67);
        let address = "http://youju.test/api/v1/ledgers/91330781FAKE00000";
        for words in ["密钥只显示这一次", "用友接口", "2027-03-31", "curl -X POST", address, "没有使用过"]
        {
            assert!(made.text.contains(words), "{words}: {}", made.text);
        }
        let (_, rest) = made.text.split_once("/api/v1/ledgers/").unwrap();
        let usci = rest.split('/').next().unwrap();
        let bearer = format!("Bearer {secret_text}");
        let asks = async || {
            let headers = [("authorization", bearer.as_str())];
            Browser::new(&app).send("GET", &format!("/api/v1/ledgers/{usci}/2026-03"), &headers, Body::empty()).await
        };
        assert_eq!(asks().await.status, 200);

        let listed = head.get(&keys).await.text;
        assert!(!listed.contains(&secret_text) && listed.contains(&secret_text[..11]), "{listed}");
        assert!(!listed.contains("没有使用过") && !listed.contains("name=\"last_day\""), "{listed}");
        let (_, rest) = listed.split_once("/api-keys/").unwrap();
        let revoke = format!("/api-keys/{}", rest.split('"').next().unwrap());
        assert!(head.get(&revoke).await.text.contains("确定要停用吗"));
        assert_eq!(asks().await.status, 200, "asking whether to end it does not end it");
        let ended = head.post(&revoke, "").await;
        assert_eq!((ended.status, ended.to()), (303, keys.as_str()));
        assert_eq!(asks().await.status, 401);
        assert!(clerk.get(&keys).await.text.contains("已停用"));
        assert!(clerk.get(&revoke).await.text.contains("这个密钥已经停用"));
    });
}

#[test]
fn what_is_typed_wrongly_is_refused_in_a_sentence_and_names_are_shown_and_not_run() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let browser = Browser::of(&app, clerk).await;
        let keys = format!("/units/{unit}/api-keys");
        for (form, says) in [
            ("name=&use=ledgers", "密钥名称应为 1 到 20 个字"),
            ("use=ledgers", "密钥名称应为 1 到 20 个字"),
            ("name=U8", "请选择密钥的用途"),
            ("name=U8&use=everything", "请选择密钥的用途"),
            ("name=U8&use=ledgers&last_day=2026-02-30", "有效期应为日期"),
            ("name=U8&use=ledgers&last_day=2029-01-01", "最长 24 个月"),
            ("name=U8&use=ledgers&last_day=2026-04-01", "有效期应在 2026-04-02 至 2028-04-02 之间"),
            ("name=%00", "不完整或格式不对"),
        ] {
            let page = browser.post(&keys, form).await;
            assert!(page.status == 422 && page.is_page() && page.text.contains(says), "{form}: {}", page.text);
        }
        let page = browser.post(&keys, "name=%3Cscript%3Ealert(1)&use=cases").await.text;
        assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"), "{page}");
        for path in ["/api-keys/x/revoke", "/api-keys/018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11/revoke", "/units/x/api-keys"]
        {
            assert_eq!(browser.get(path).await.status, 404, "{path}");
        }
    });
}
