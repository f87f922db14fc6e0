//! Numbers: `12`, `12.5`, `80%`, `2000万元`.

use super::layout::Unit;
use super::lexer::{Kind, Lexer, is_word};
use crate::scalar::Scalar;

impl Lexer<'_> {
    pub(super) fn number(&mut self) -> Kind {
        let from = self.at;
        let mut digits = self.take_while(|c| c.is_ascii_digit());
        if self.peek(0) == Some('.') && self.peek(1).is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
            digits = format!("{digits}.{}", self.take_while(|c| c.is_ascii_digit()));
        }
        let whole = !digits.contains('.');
        let value = if whole { digits.parse().ok().map(Scalar::Integer) } else { Scalar::parse_number(&digits) };
        let tail_from = self.at;
        let percent = self.accept('%');
        let tail = self.take_while(is_word);
        if self.peek(0) == Some('[') {
            return self.wrong(from, "数字后面不能直接写方括号。若是表号,请核对:没有这张表。");
        }
        let value = match (value, percent, tail.as_str()) {
            (None, ..) => return self.wrong(from, "这个数太长:整数最多 18 位,小数连同小数位最多 38 位。"),
            (Some(value), false, "") => Some(value),
            (Some(value), true, "") => {
                return match scaled(&value, -2) {
                    Some(value) => Kind::Percent(value),
                    None => self.wrong(from, "换算后的数太长,最多 38 位。"),
                };
            }
            (Some(value), false, word) => match Unit::named(word) {
                None => {
                    return self.wrong(
                        tail_from,
                        format!("数字后面紧跟着“{word}”。数字后只能写 %、元、千元、万元、百万元或亿元。"),
                    );
                }
                Some(unit) => match self.layout.own_unit() {
                    None => return self.wrong(tail_from, "本表没有声明计量单位,不能在数字后写单位。"),
                    Some(own) => scaled(&value, i32::from(unit.power()) - i32::from(own.power())),
                },
            },
            (Some(_), true, word) => return self.wrong(tail_from, format!("百分数后面紧跟着“{word}”,请删去。")),
        };
        match value {
            Some(value) => Kind::Constant(value),
            None => self.wrong(from, "换算后的数太长,最多 38 位。"),
        }
    }
}

/// A number times a power of ten, exactly, with no more decimal places than needed.
fn scaled(value: &Scalar, power: i32) -> Option<Scalar> {
    let (digits, scale) = value.decimal()?;
    let scale = i32::from(scale) - power;
    if scale < 0 {
        let digits = digits.checked_mul(10_i128.checked_pow(scale.unsigned_abs())?)?;
        return i64::try_from(digits).ok().map(Scalar::Integer);
    }
    let (mut digits, mut scale) = (digits, scale);
    while scale > 0 && digits % 10 == 0 {
        (digits, scale) = (digits / 10, scale - 1);
    }
    if scale == 0 {
        return i64::try_from(digits).ok().map(Scalar::Integer);
    }
    let scale = u8::try_from(scale).ok().filter(|scale| *scale <= crate::limits::SCALE_MAX)?;
    Some(Scalar::Number { unscaled: digits, scale })
}
