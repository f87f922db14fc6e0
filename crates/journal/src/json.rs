//! JSON with exactly one text for each value: no spaces, members in a fixed order, the shortest escapes. Any other writing is refused.
//! General JSON is not read here; only [`string_member`] looks into the particulars of an entry.

use std::fmt::Write as _;

/// The text is not written as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadJson {
    /// Not the one writing that is allowed.
    #[error("第 {byte} 个字节起不是规定的写法:内容被改动、截断,或被编辑器另存过。请重新索取原件。")]
    Form {
        /// The first byte that does not fit, counted from 1.
        byte: usize,
    },
    /// A list goes on longer than is read.
    #[error("第 {byte} 个字节处的清单多于 {most} 项。请核对文件是否取错。")]
    TooMany {
        /// The byte after the last item that is read, counted from 1.
        byte: usize,
        /// How many items there may be.
        most: usize,
    },
}

/// Writes a text as a JSON string.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c)); // writing to a text cannot fail
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Writes a list, each item by `push`.
pub fn push_list<T>(out: &mut String, items: &[T], mut push: impl FnMut(&mut String, &T)) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        push(out, item);
    }
    out.push(']');
}

/// Reads a text from front to back and remembers where it stands.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Stands before the first byte.
    pub fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0 }
    }

    /// Bytes read so far.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The error of the byte that comes next.
    pub fn bad(&self) -> BadJson {
        BadJson::Form { byte: self.at + 1 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes these bytes if they come next.
    pub fn takes(&mut self, literal: &str) -> bool {
        let is_next = self.rest().starts_with(literal);
        if is_next {
            self.at += literal.len();
        }
        is_next
    }

    /// These bytes must come next. The error names the first that differs.
    pub fn literal(&mut self, literal: &str) -> Result<(), BadJson> {
        if self.takes(literal) {
            return Ok(());
        }
        let same = self.rest().bytes().zip(literal.bytes()).take_while(|(found, wanted)| found == wanted).count();
        Err(BadJson::Form { byte: self.at + same + 1 })
    }

    /// Nothing may follow.
    pub fn end(&self) -> Result<(), BadJson> {
        if self.rest().is_empty() { Ok(()) } else { Err(self.bad()) }
    }

    /// A whole number without sign and without leading zeros.
    pub fn number(&mut self) -> Result<u64, BadJson> {
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let text = rest.get(..digits).unwrap_or_default();
        let is_shortest = text == "0" || !text.starts_with('0');
        match text.parse() {
            Ok(number) if is_shortest => {
                self.at += digits;
                Ok(number)
            }
            _ => Err(self.bad()),
        }
    }

    /// A string with the shortest escapes.
    pub fn string(&mut self) -> Result<String, BadJson> {
        self.literal("\"")?;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.bytes().take_while(|&byte| byte >= b' ' && byte != b'"' && byte != b'\\').count();
            out.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            if self.takes("\"") {
                return Ok(out);
            }
            out.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, BadJson> {
        const SHORT: [(&str, char); 7] = [
            ("\\\"", '"'),
            ("\\\\", '\\'),
            ("\\b", '\u{8}'),
            ("\\f", '\u{c}'),
            ("\\n", '\n'),
            ("\\r", '\r'),
            ("\\t", '\t'),
        ];
        for (written, meant) in SHORT {
            if self.takes(written) {
                return Ok(meant);
            }
        }
        // What is left: a control character without a short escape, `\u` and four lower-case digits.
        let left = (0..32_u8).map(char::from).filter(|c| !SHORT.iter().any(|(_, short)| short == c));
        let rest = self.rest();
        let found = left.into_iter().find(|&c| rest.starts_with(&format!("\\u{:04x}", u32::from(c))));
        self.at += if found.is_some() { 6 } else { 0 };
        found.ok_or(self.bad())
    }

    /// A list of at most `most` items, each read by `item`.
    pub fn list<E: From<BadJson>>(
        &mut self,
        most: usize,
        mut item: impl FnMut(&mut Reader<'a>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.literal("[")?;
        if self.takes("]") {
            return Ok(());
        }
        for _ in 0..most {
            item(self)?;
            if self.takes("]") {
                return Ok(());
            }
            self.literal(",")?;
        }
        Err(BadJson::TooMany { byte: self.at, most }.into())
    }
}

/// The string that stands under this key in a JSON object, as the journal writes particulars. None if it is not there, stands there twice, or is
/// no string. Objects within are not searched.
pub fn string_member(object: &str, key: &str) -> Option<String> {
    let mut reader = Reader::new(object);
    let mut found = None;
    reader.literal("{").ok()?;
    if reader.takes("}") {
        return None;
    }
    loop {
        let is_wanted = reader.string().ok()? == key;
        reader.literal(":").ok()?;
        let value = if reader.rest().starts_with('"') {
            Some(reader.string().ok()?)
        } else {
            reader.skip()?;
            None
        };
        if is_wanted && found.replace(value).is_some() {
            return None;
        }
        if !reader.takes(",") {
            break;
        }
    }
    reader.literal("}").ok()?;
    reader.end().ok()?;
    found.flatten()
}

impl Reader<'_> {
    /// Passes a value that is no string: up to the comma or bracket that ends it.
    fn skip(&mut self) -> Option<()> {
        let (start, mut depth) = (self.at, 0_usize);
        loop {
            match self.rest().bytes().next()? {
                b'"' => drop(self.string().ok()?),
                b',' | b'}' | b']' if depth == 0 => return (self.at > start).then_some(()),
                b'{' | b'[' => (depth, self.at) = (depth + 1, self.at + 1),
                b'}' | b']' => (depth, self.at) = (depth - 1, self.at + 1),
                byte if byte.is_ascii() => self.at += 1,
                _ => return None,
            }
        }
    }
}
