//! What an attacker reads from a page: its links and its forms, with something to fill into every field.

/// A form of a page.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
    /// Name of the field that takes a file.
    pub file: Option<String>,
}

/// The value of an attribute, with its characters as they were typed.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split_once('"')?.0))
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn has(tag: &str, word: &str) -> bool {
    tag.split([' ', '\n']).any(|one| one == word || one.starts_with(&format!("{word}=")))
}

/// Addresses of ours that a page leads to.
pub fn links(page: &str) -> Vec<String> {
    let hrefs =
        page.split("<a ").skip(1).filter_map(|rest| attribute(&format!(" {}", rest.split('>').next()?), "href"));
    hrefs.filter(|href| href.starts_with('/') && !href.starts_with("//")).map(|href| without_place(&href)).collect()
}

fn without_place(href: &str) -> String {
    href.split('#').next().unwrap_or_default().to_owned()
}

/// The forms of a page that change something, every field of words filled with `words`.
pub fn forms(page: &str, own: &str, words: &str) -> Vec<Form> {
    let mut found = Vec::new();
    for rest in page.split("<form").skip(1) {
        let (head, body) = rest.split_once('>').unwrap_or_default();
        if attribute(head, "method").as_deref() != Some("post") {
            continue;
        }
        let body = body.split("</form>").next().unwrap_or_default();
        let mut form =
            Form { action: attribute(head, "action").unwrap_or(own.to_owned()), fields: Vec::new(), file: None };
        for (at, _) in body.match_indices('<') {
            let tag = body[at + 1..].split('>').next().unwrap_or_default();
            let Some(name) = attribute(tag, "name") else { continue };
            let kind = attribute(tag, "type").unwrap_or_default();
            let value = attribute(tag, "value").unwrap_or_default();
            let value = match (tag.split(' ').next().unwrap_or_default(), kind.as_str()) {
                (_, "file") => {
                    form.file = Some(name);
                    continue;
                }
                ("input", "hidden" | "checkbox" | "submit") | ("button", _) => value,
                ("input", "radio") if has(tag, "checked") => value,
                ("input", "radio") => continue,
                ("input", "date") => or(value, "2026-04-20"),
                ("input", "datetime-local") => or(value, "2026-05-20T00:00"),
                ("input", "number" | "month") => or(value, "1"),
                ("select", _) => chosen(&body[at..]),
                ("input" | "textarea", _) => words.to_owned(),
                _ => continue,
            };
            form.fields.push((name, value));
        }
        found.push(form);
    }
    found
}

fn or(value: String, other: &str) -> String {
    if value.is_empty() { other.to_owned() } else { value }
}

/// The option that stands chosen, or the first one that says something.
fn chosen(select: &str) -> String {
    let body = select.split("</select>").next().unwrap_or_default();
    let options: Vec<&str> = body.split("<option").skip(1).filter_map(|rest| rest.split('>').next()).collect();
    let selected = options.iter().find(|option| has(option, "selected"));
    let first = options.iter().find(|option| attribute(option, "value").is_some_and(|value| !value.is_empty()));
    selected.or(first).and_then(|option| attribute(option, "value")).unwrap_or_default()
}

/// An address without its identities: two reports are the same kind of page.
pub fn pattern(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let is_identity = |piece: &&str| piece.len() == 36 && piece.bytes().filter(|byte| *byte == b'-').count() == 4;
    let pieces: Vec<&str> = path.split('/').map(|piece| if is_identity(&piece) { "{id}" } else { piece }).collect();
    let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", pieces.join("/"), names.join("&"))
}
