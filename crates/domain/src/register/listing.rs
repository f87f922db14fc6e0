//! What a unit is, whether it works, and whether it reports by itself.

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$one:meta])* $variant:ident $key:literal $label:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$one])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// The name in storage and files.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key),* }
            }

            /// Reads the key.
            pub fn from_key(key: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.key() == key)
            }

            /// The word on the page.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label),* }
            }

            /// Keys and words to choose from.
            pub fn choices() -> Vec<(&'static str, &'static str)> {
                $name::ALL.iter().map(|one| (one.key(), one.label())).collect()
            }
        }
    };
}

choice! {
    /// Kind of unit 单位类型.
    Kind {
        /// 法人单位.
        Legal "legal" "法人单位",
        /// 产业活动单位: a branch, which is surveyed by itself in few cases.
        Branch "branch" "产业活动单位",
        /// 个体经营户.
        Household "household" "个体经营户",
    }
}

choice! {
    /// Listing 纳入情况: whether a unit of the register reports by itself.
    Listing {
        /// 未纳入调查: known, and asked for nothing.
        Outside "outside" "未纳入",
        /// 一套表调查单位 (四上).
        Above "above" "一套表调查单位",
        /// 样本单位 (四下).
        Sample "sample" "样本单位",
    }
}

choice! {
    /// Status 运营状态 (item 208 of form 101-1).
    Status {
        /// 正常运营.
        Open "open" "正常运营",
        /// 停业(歇业).
        Suspended "suspended" "停业(歇业)",
        /// 筹建.
        Preparing "preparing" "筹建",
        /// 当年关闭.
        Closed "closed" "当年关闭",
        /// 当年破产.
        Bankrupt "bankrupt" "当年破产",
        /// 当年注销.
        Cancelled "cancelled" "当年注销",
        /// 当年撤(吊)销.
        Revoked "revoked" "当年撤(吊)销",
        /// 其他.
        Other "other" "其他",
    }
}

impl Status {
    /// True when the unit is no more.
    pub fn is_over(self) -> bool {
        matches!(self, Status::Closed | Status::Bankrupt | Status::Cancelled | Status::Revoked)
    }
}
