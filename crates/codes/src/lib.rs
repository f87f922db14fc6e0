//! Values with rules 带规则的取值: identifiers, classifications, reporting periods, units of measure and exact numbers
//! of official statistics. Text becomes one of these types once, at the edge; inside, nobody checks it again.
//!
//! What never lives here: files, databases, clocks, random numbers, business rules, floating point. The published code
//! lists are embedded from `codes/*.csv` (provenance in `codes/README.md`) and parsed on first use.
//!
//! Full-width digits, spaces and lower case are normalised everywhere; anything else is refused with the position and
//! the reason, as a full Chinese sentence that says how to go on.
//!
//! ```
//! use youju_codes::{AreaCode, Industry, Measure, Period, Quantity, Usci, area, parse_number};
//!
//! let usci = Usci::parse(" 91330100 799655058b ")?;
//! assert_eq!(usci.as_str(), "91330100799655058B");
//!
//! let lanxi = AreaCode::parse("330781")?;
//! assert_eq!(area::path(&lanxi), "浙江省 › 金华市 › 兰溪市");
//! assert_eq!(Industry::parse("1311")?.path(), "制造业 › 农副食品加工业 › 谷物磨制 › 稻谷加工");
//!
//! let march = Period::parse("2026年3月")?;
//! assert_eq!((march.to_string(), march.cumulative_label()), ("2026-03".into(), "2026年1—3月".into()));
//!
//! let revenue = Quantity::new(parse_number("1,234.5")?, Measure::TenThousandYuan);
//! assert_eq!(revenue.to(Measure::ThousandYuan)?.to_string(), "12,345");
//!
//! let refused = Usci::parse("91330100799655058C").unwrap_err();
//! assert_eq!(
//!     refused.to_string(),
//!     "统一社会信用代码“91330100799655058C”第 18 位有误:校验码应为 B,现为 C。请对照证照逐位核对全部 18 位后重新填写。"
//! );
//! # Ok::<(), youju_codes::CodeError>(())
//! ```

mod error;
mod text;

pub mod area;
pub mod industry;
pub mod locate;
mod measure;
mod number;
mod org_code;
mod period;
mod period_text;
mod quantity;
pub mod size_class;
pub mod threshold;
pub mod uniform;
mod usci;
pub mod workday;

pub use area::{Area, AreaCode, AreaLevel};
pub use error::{CodeError, CodeErrorKind, Subject};
pub use industry::{Industry, IndustryLevel};
pub use measure::{Dimension, Measure};
pub use number::{format_number, format_yuan, parse_number};
pub use org_code::OrgCode;
pub use period::{Period, PeriodKind};
pub use quantity::{Quantity, Rounding};
pub use size_class::SizeClass;
pub use text::normalise;
pub use usci::Usci;
