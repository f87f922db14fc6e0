//! What can go wrong below the use cases: an answer that the caller can act on, or a fault with its cause.

use std::error::Error;

use youju_journal::Mismatch;

/// Short for results of this crate.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// What a statement or a transaction answers when it does not succeed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else was faster: another number of rows changed than must have, or the engine broke a deadlock.
    #[error("这条记录刚刚被别人修改过。请刷新页面,核对后重试。")]
    Conflict,
    /// A constraint of the schema, by the name that both engines share: `report_unit_form_period_key`, `report_pkey`,
    /// `report_unit_id_not_null`, the name of a check, or [`StoreError::FOREIGN_KEY`].
    #[error("数据违反了约束 {0},没有保存。请核对是否重复填报或缺少必填内容。")]
    Constraint(String),
    /// A row that must be there is not.
    #[error("要找的记录不存在,可能已被删除。请刷新页面后重试。")]
    Missing,
    /// No connection became free in time, or a lock was held too long.
    #[error("系统繁忙,排队等候数据库超时。请稍后重试;如持续出现,请联系管理员。")]
    Busy,
    /// A statement tried to write in a transaction that was opened for reading.
    #[error("只读操作中不能修改数据,修改没有保存。请联系管理员。")]
    ReadOnly,
    /// An earlier statement of this transaction failed or was cut off; nothing of it can be saved any more.
    #[error("本次操作的前一步没有成功,全部修改均未保存。请重试。")]
    Broken,
    /// The address names no data base that this program knows. Only the part before the colon is repeated: the rest may hold a password.
    #[error("数据库地址的开头\"{0}\"无法识别。请写成 sqlite:文件路径 或 postgres://用户名@主机/库名。")]
    Address(String),
    /// The schema of the data base and this program do not fit together.
    #[error("{0}")]
    Schema(String),
    /// The journal is not what it was.
    #[error(transparent)]
    Tampered(#[from] Mismatch),
    /// An accident that no user can repair: connection lost, disk full, a statement that does not fit the schema.
    #[error("数据库操作没有完成({doing})。请稍后重试;如持续出现,请联系管理员。")]
    Fault {
        /// The statement, or what was being done.
        doing: String,
        /// What went wrong below.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// The one key for every violated foreign key: SQLite does not say which it was.
    pub const FOREIGN_KEY: &str = "foreign_key";

    /// An accident with its cause.
    pub fn fault(doing: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> StoreError {
        StoreError::Fault { doing: doing.into(), source: source.into() }
    }

    /// The violated constraint, when it was one.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            StoreError::Constraint(name) => Some(name),
            _ => None,
        }
    }
}
