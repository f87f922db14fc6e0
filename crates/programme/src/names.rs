//! The names that an expression reads, and those among them that must not be null.

use std::collections::BTreeSet;

use youju_vtl::{Expr, ExprKind, Function};

/// Every name, in the order of the text, each once.
pub(crate) fn all(expr: &Expr) -> Vec<String> {
    let mut names = Vec::new();
    collect(expr, false, &mut |name| {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    });
    names
}

/// Names outside of what `nvl` replaces and `isnull` asks about: when one of them is null, so is the result.
pub(crate) fn strict(expr: &Expr) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(expr, true, &mut |name| {
        names.insert(name.to_owned());
    });
    names
}

fn collect(expr: &Expr, strict_only: bool, found: &mut impl FnMut(&str)) {
    match &expr.kind {
        ExprKind::Name(name) => found(name),
        ExprKind::Call(Function::Nvl | Function::IsNull, _) if strict_only => {}
        kind => {
            for child in kind.children() {
                collect(child, strict_only, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nvl_replaces_is_not_strict() {
        let expr = youju_vtl::parse_expression("a - nvl(b, 0) + if isnull(c) then a else d").unwrap();
        assert_eq!(all(&expr), ["a", "b", "c", "d"]);
        assert_eq!(strict(&expr).into_iter().collect::<Vec<_>>(), ["a", "d"]);
    }
}
