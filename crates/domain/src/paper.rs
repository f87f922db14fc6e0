//! Paper 纸介质: what stands on a printed form. Only the shape lives here; the setting of it lives in `print`.

use serde::Serialize;

/// Paper 报表纸 — one form of one unit and period, in the words of its maker.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Paper {
    /// The name of the form.
    pub title: String,
    /// 表号, 制定机关, 文号, 有效期至: label and value, right above.
    pub order: Vec<(String, String)>,
    /// 统一社会信用代码, 单位详细名称: label and value, left above.
    pub respondent: Vec<(String, String)>,
    /// The period, as it is written on the form.
    pub period: String,
    /// The unit of measure of the whole form; empty if every line has its own.
    pub measure: String,
    /// Heads of the columns of figures.
    pub columns: Vec<String>,
    /// Headings and figures in order.
    pub rows: Vec<Line>,
    /// Lists below them, each a table of its own.
    pub lists: Vec<PaperList>,
    /// 单位负责人, 统计负责人, 填表人 …: label and value.
    pub foot: Vec<(String, String)>,
    /// 说明.
    pub notes: Vec<String>,
    /// Where the seal goes, such as 单位公章.
    pub seal: String,
    /// Behind everything, on copies: who took them and when, in lines.
    pub watermark: Option<String>,
    /// Left below on every page.
    pub mark: String,
    /// What ties the paper to what is stored.
    #[serde(skip)]
    pub proof: Option<Proof>,
}

/// Line 行 — of the body.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// A line over the whole width.
    Heading {
        /// Its words.
        heading: String,
    },
    /// An indicator with its figures.
    Figure {
        /// Its name.
        name: String,
        /// Its unit of measure.
        measure: String,
        /// Its code.
        code: String,
        /// How deep it is indented.
        level: u8,
        /// The figures, one for each column.
        cells: Vec<String>,
    },
}

impl Line {
    /// A line over the whole width.
    pub fn heading(words: &str) -> Line {
        Line::Heading { heading: words.to_owned() }
    }

    /// An indicator with its figures.
    pub fn figure<'a>(
        name: &str,
        measure: &str,
        code: &str,
        level: u8,
        cells: impl IntoIterator<Item = &'a str>,
    ) -> Line {
        let cells = cells.into_iter().map(ToOwned::to_owned).collect();
        Line::Figure { name: name.to_owned(), measure: measure.to_owned(), code: code.to_owned(), level, cells }
    }
}

/// Paper list 清单 — one row per project or product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PaperList {
    /// What stands above it.
    pub heading: String,
    /// Heads of its columns.
    pub columns: Vec<String>,
    /// Its rows, each with one word for each column.
    pub rows: Vec<Vec<String>>,
}

/// Proof 凭证 — a code for cameras that carries the hash of the stored version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What the code holds.
    pub payload: String,
    /// What stands beside it in words.
    pub text: String,
}

/// Activation letter 激活信 — one sheet for one person, with the code by which they come into their account.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct ActivationLetter {
    /// Who it is for.
    pub name: String,
    /// Their unit, or the area that they answer for.
    pub place: String,
    /// Their role, as a word.
    pub role: String,
    /// What they sign in with.
    pub login: String,
    /// Where the code is typed.
    pub address: String,
    /// The code in groups.
    pub code: Vec<String>,
    /// What the code for cameras holds.
    #[serde(skip)]
    pub scan: String,
    /// Until when the code counts.
    pub until: String,
    /// Whom to ask.
    pub contact: String,
    /// When it was printed, and by whom.
    pub printed: String,
}

/// The code is not shown where somebody prints a value to look at it.
impl std::fmt::Debug for ActivationLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActivationLetter")
            .field("login", &self.login)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// Site sheet 现场核查表 — what was found at a unit, with what shows it and who signed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SiteSheet {
    /// What it is called.
    pub title: String,
    /// Which case it is of.
    pub number: String,
    /// Who was visited: label and value; an empty one is left for the pen.
    pub unit: Vec<(String, String)>,
    /// What was planned and found: label and words.
    pub facts: Vec<(String, String)>,
    /// The check list: item, answer, remark.
    pub checks: Vec<(String, String, String)>,
    /// Photographs.
    pub photos: Vec<SitePicture>,
    /// Names written by hand.
    pub names: Vec<SitePicture>,
    /// Who said what afterwards.
    pub opinions: Vec<(String, String)>,
    /// Where seals go.
    pub seals: Vec<String>,
    /// Left below on every page.
    pub mark: String,
}

/// A picture on a site sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SitePicture {
    /// What it is of.
    pub label: String,
    /// When, where, with what; and what does not fit together.
    pub words: Vec<String>,
    /// The end of its file's name, by which its format is known: jpg, png; empty where it cannot be printed.
    pub format: &'static str,
    /// Its content.
    #[serde(skip)]
    pub content: Vec<u8>,
}
