//! Which rows of two lists are the same unit 名单匹配: the register and the lists of market regulation, tax, civil affairs and the staffing
//! office, or one list with itself. Names, addresses and codes are made uniform and taken apart, pairs worth a look are found, fields are
//! compared, the lists teach what an agreement is worth (Fellegi and Sunter, by expectation and maximisation), and what follows is told as
//! lists that somebody works through, each pair with its evidence.
//!
//! What never lives here: files, clocks, chance that no seed gives, decisions that a person has to take. The result depends on rows and
//! settings alone, not on how many threads there are. How good and how quick it is, is measured in `docs/linkage.md`.
//!
//! ```
//! use youju_linkage::{Coverage, Entry, Lists, Settings, Side, link, outcome};
//!
//! let register = [Entry { name: "义乌市红发针织内衣厂", address: "浙江省义乌市开元北街12号", ..Entry::default() }];
//! let list = [Entry { name: "義烏市紅發（針織內衣）厂", address: "义乌市开元北街十二号", phone: "13805791234", ..Entry::default() }];
//! let mut lists = Lists::new();
//! lists.add(Side::Register, &register, 1);
//! lists.add(Side::List, &list, 1);
//! let linked = link(&lists, &Settings { random_pairs: 1000, ..Settings::default() });
//! assert_eq!((linked.links[0].left, linked.links[0].right), (0, 0));
//! let todo = outcome(&lists, &linked, Coverage::Part);
//! assert!(todo.enrol.is_empty());
//! // Two rows teach nothing: the weights are the usual ones, and that is said.
//! assert!(linked.notices.iter().any(|notice| notice.says().contains("采用的是通常值")));
//! ```

mod address;
mod assign;
mod block;
mod cluster;
mod code;
mod compare;
mod em;
mod explain;
mod field;
mod hash;
mod lexicon;
mod link;
mod model;
mod name;
mod notice;
mod outcome;
mod place;
mod resolve;
mod side;
mod similar;
mod text;
mod train;
mod unit;
mod value;
mod words;

pub use address::{Address, address};
pub use block::{Caps, PASSES, Pass, PassReport};
pub use cluster::{Cluster, Clusters, clusters};
pub use code::{Code, CodeAgreement, CodeKind};
pub use em::{Estimate, Seen, estimate};
pub use explain::{Explanation, Line, explain};
pub use field::{FIELDS, Field, LEVELS, Pattern};
pub use lexicon::Side;
pub use link::{Band, Bands, Doubled, Link, Linked, Settings, doubled, link};
pub use model::{Model, Table, levels_of, probability};
pub use name::{Name, name};
pub use notice::{Notice, Session};
pub use outcome::{Amendment, Coverage, Difference, Outcome, Review, Withdrawal, differing, outcome, same_code};
pub use place::Place;
pub use train::{SessionReport, Training};
pub use unit::{Entry, Lists, ROWS_MAX, Standing};
pub use value::{date, industry, person, phone};
pub use words::Form;
pub use youju_codes::uniform::clean;
