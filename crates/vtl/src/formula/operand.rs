//! What a formula names: cells and attributes.

use super::layout::{Attribute, Cell, Shift};
use super::parser::{Parsed, Parser};
use super::reference::{Axis, Reference, offered};
use crate::ast::{Expr, ExprKind};
use crate::nearest::nearest;

impl<'a> Parser<'a> {
    pub(super) fn attribute(&mut self, word: &str, shift: Shift) -> Parsed<Expr> {
        let span = self.here();
        let Some(attribute) = self.layout.attributes().iter().find(|known| known.word == word) else {
            return Err((span, unknown(word, self.layout.attributes())));
        };
        if shift != Shift::Now && !attribute.shifts.contains(&shift) {
            let (sign, offered) = (shift.sign(), offered(&attribute.shifts));
            return Err((span, format!("属性“{word}”没有提供“{sign}”的数据。{offered}")));
        }
        self.leaf(ExprKind::Name(format!("{}{}", attribute.name, shift.ending())))
    }

    pub(super) fn cell(&mut self, reference: &Reference) -> Parsed<Expr> {
        let span = self.here();
        let mut cells = self.cells(reference)?.into_iter();
        let first = cells.next();
        match (first, cells.next()) {
            (Some(cell), None) => self.leaf(ExprKind::Name(cell.component(reference.shift))),
            (Some(_), Some(_)) => {
                let advice =
                    "这里是几个单元格。要相加请写 SUM([2~5,1]);要逐个审核请用通配符加花括号,如 [*,1]>=0 {2~5}。";
                Err((span, advice.to_owned()))
            }
            (None, _) => Err((span, "表里没有这个单元格(行和栏都有,但两者相交处不填数),请核对。".to_owned())),
        }
    }

    /// The cells that a reference stands for here, row by row.
    pub(super) fn cells(&self, reference: &Reference) -> Parsed<Vec<&'a Cell>> {
        let span = self.here();
        let columns = self.layout.stands_for(reference, Axis::Column, self.place);
        let mut cells = Vec::new();
        for row in self.layout.stands_for(reference, Axis::Row, self.place) {
            cells.extend(columns.iter().filter_map(|column| self.layout.cell(reference.form, &row, column)));
        }
        for cell in &cells {
            let row = &cell.row;
            if reference.is_sum && !cell.is_list {
                return Err((span, format!("第 {row} 行不是浮动行,不要写 ''。")));
            }
            if cell.is_list && !reference.is_sum && !reference.is_added {
                let column = &cell.column;
                return Err((span, format!("第 {row} 行是浮动行,有许多条记录,请写合计 [{row},{column},'']。")));
            }
        }
        Ok(cells)
    }
}

fn unknown(word: &str, attributes: &[Attribute]) -> String {
    for key in ["如果", "若", "那么", "则", "否则", "并且", "且", "或者", "或", "非"] {
        if word.starts_with(key) && word != key {
            return format!("没有名为“{word}”的属性。若“{key}”是关键词,请在它后面空一格。");
        }
    }
    let near = nearest(word, attributes.iter().map(|attribute| attribute.word.as_str()));
    let advice = if near.is_empty() {
        "单元格请写成 [行,栏],文字请加双引号。".to_owned()
    } else {
        format!("是否应为 {}？", near.join("、"))
    };
    format!("没有名为“{word}”的属性。{advice}")
}
