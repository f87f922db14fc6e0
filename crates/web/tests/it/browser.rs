//! A browser without scripts: it keeps cookies, and looks at the security headers of every single answer.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt;
use youju_app::App;
use youju_domain::access::Actor;
use youju_testkit::PASSWORD;
use youju_web::{Settings, router};

/// What came back.
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Page {
    /// Where a redirect leads.
    pub fn to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub fn is_page(&self) -> bool {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        kind.starts_with("text/html") && self.text.starts_with("<!DOCTYPE html>")
    }
}

#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookie: Option<String>,
}

impl Browser {
    /// Nobody yet.
    pub fn new(app: &App) -> Browser {
        Browser::with(app, Settings { place: "兰溪市".into(), ..Settings::default() })
    }

    /// Nobody yet, at an installation that has decided otherwise.
    pub fn with(app: &App, settings: Settings) -> Browser {
        Browser { router: router(app.clone(), settings), cookie: None }
    }

    /// Somebody who has signed in. A person's login is the last word of their name.
    pub async fn of(app: &App, actor: &Actor) -> Browser {
        Browser::new(app).signed_in(actor).await
    }

    /// The same browser, at an installation of the same app that has decided otherwise.
    pub fn moved_to(&self, app: &App, settings: Settings) -> Browser {
        Browser { router: router(app.clone(), settings), ..self.clone() }
    }

    /// The same browser, signed in.
    pub async fn signed_in(self, actor: &Actor) -> Browser {
        let login = actor.name.rsplit(' ').next().unwrap();
        let mut browser = self;
        let page = browser.post("/sign-in", &format!("login={login}&password={PASSWORD}")).await;
        assert_eq!((page.status, page.to()), (303, "/inbox"), "{login}");
        browser.cookie = Some(cookie(&page).split(';').next().unwrap().to_owned());
        browser
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send("GET", path, &[], Body::empty()).await
    }

    pub async fn post(&self, path: &str, form: &str) -> Page {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &kind, Body::from(form.to_owned())).await
    }

    pub async fn post_json(&self, path: &str, body: &serde_json::Value) -> Page {
        self.send("POST", path, &[("content-type", "application/json")], Body::from(body.to_string())).await
    }

    /// Sends a file as the page for trial balances does.
    pub async fn upload(&self, path: &str, name: &str, content: impl AsRef<[u8]>) -> Page {
        self.parts(path, &[("file", Some(name), content.as_ref())]).await
    }

    /// Sends a form of parts: name, name of a file, content.
    pub async fn parts(&self, path: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Page {
        let mut body = Vec::new();
        for (name, file, content) in parts {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            let head = format!("--youju\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend([head.as_bytes(), content, b"\r\n"].concat());
        }
        body.extend(b"--youju--\r\n");
        let kind = [("content-type", "multipart/form-data; boundary=youju")];
        self.send("POST", path, &kind, Body::from(body)).await
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Page {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "youju.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let answer = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let page = Page { status: parts.status.as_u16(), headers: parts.headers, text, bytes };
        is_guarded(&page, &format!("{method} {path}"));
        page
    }

    pub fn with_cookie(&self, cookie: &str) -> Browser {
        Browser { cookie: Some(cookie.to_owned()), ..self.clone() }
    }
}

/// What a browser would send when nothing is changed on the page that shows the columns of a file.
pub fn agreement(page: &str) -> String {
    let value_of = |name: &str| {
        let (_, rest) = page.split_once(&format!("type=\"hidden\" name=\"{name}\" value=\"")).unwrap_or_default();
        let value = rest.split('"').next().unwrap_or_default();
        value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let mut pairs: Vec<(String, String)> =
        ["kind", "sheet", "mapping"].iter().map(|name| ((*name).to_owned(), value_of(name))).collect();
    for select in page.split("<select ").skip(1).filter(|select| select.contains("name=\"column.")) {
        let index = select.split("name=\"column.").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let body = select.split("</select>").next().unwrap_or_default();
        let chosen = body.split("<option ").find(|option| option.contains(" selected")).unwrap_or_default();
        let value = chosen.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        pairs.push((format!("column.{index}"), value.to_owned()));
    }
    serde_urlencoded::to_string(&pairs).unwrap()
}

pub fn cookie(page: &Page) -> &str {
    page.headers.get(header::SET_COOKIE).map_or("", |cookie| cookie.to_str().unwrap())
}

/// Every answer, also a refusal or an accident, tells the browser what it may load and whom it may tell.
#[track_caller]
fn is_guarded(page: &Page, asked: &str) {
    let value = |name: &str| page.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let policy = value("content-security-policy");
    for rule in ["default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "form-action 'self'"] {
        assert!(policy.contains(rule), "{asked}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{asked}: {policy}");
    assert_eq!(value("x-content-type-options"), "nosniff", "{asked}");
    assert_eq!(value("referrer-policy"), "same-origin", "{asked}");
    assert_eq!(value("x-frame-options"), "DENY", "{asked}");
    assert!(value("permissions-policy").contains("camera=()"), "{asked}");
    for name in ["cross-origin-opener-policy", "cross-origin-resource-policy"] {
        assert_eq!(value(name), "same-origin", "{asked}");
    }
    assert_eq!(value("cross-origin-embedder-policy"), "require-corp", "{asked}");
    // Who answers, and with what, helps only those who look for its weaknesses.
    for name in ["server", "x-powered-by", "via"] {
        assert!(page.headers.get(name).is_none(), "{asked}: {name}");
    }
    let is_asset = ["GET /assets/", "GET /onsite-worker.js"].iter().any(|begin| asked.starts_with(begin));
    let is_asset = is_asset && page.status < StatusCode::BAD_REQUEST.as_u16();
    let is_kept_file = policy.ends_with("; sandbox");
    let keeps = match () {
        () if is_asset => "no-cache",
        () if is_kept_file => "private, no-store",
        () => "no-store",
    };
    assert_eq!(value("cache-control"), keeps, "{asked}");
}
