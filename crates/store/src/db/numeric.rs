//! PostgreSQL's `numeric` on the wire, digit by digit: 28 digits and trailing zeros survive ("1.50" stays "1.50", "0.00" stays "0.00").
//! Nothing is computed here that could round.

use rust_decimal::Decimal;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueFormat, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type, TypeInfo};

/// The type's number in every PostgreSQL (`pg_type.dat`).
const NUMERIC_OID: Oid = Oid(1700);
const NEGATIVE: u16 = 0x4000;

/// A decimal as PostgreSQL sends it: groups of four digits, the first worth `10000^weight`, and how many decimals to show.
pub(super) struct Exact(pub(super) Decimal);

impl Type<Postgres> for Exact {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(NUMERIC_OID)
    }
    fn compatible(ty: &PgTypeInfo) -> bool {
        ty.name().eq_ignore_ascii_case("numeric")
    }
}

impl Encode<'_, Postgres> for Exact {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buf.extend_from_slice(&to_wire(self.0)?);
        Ok(IsNull::No)
    }
}

impl Decode<'_, Postgres> for Exact {
    fn decode(value: PgValueRef<'_>) -> Result<Exact, BoxDynError> {
        match value.format() {
            PgValueFormat::Binary => from_wire(value.as_bytes()?).map(Exact),
            PgValueFormat::Text => Ok(Exact(Decimal::from_str_exact(value.as_str()?)?)),
        }
    }
}

fn to_wire(value: Decimal) -> Result<Vec<u8>, BoxDynError> {
    let scale = value.scale();
    // Groups begin at the decimal point, so the last one is filled up with zeros.
    let mut rest = value.mantissa().unsigned_abs() * 10u128.pow((4 - scale % 4) % 4);
    let mut groups = Vec::with_capacity(8);
    while rest > 0 {
        groups.push(u16::try_from(rest % 10_000)?);
        rest /= 10_000;
    }
    groups.reverse();
    let weight = i16::try_from(groups.len())? - i16::try_from(scale.div_ceil(4))? - 1;
    let sign = if value.is_sign_negative() && !value.is_zero() { NEGATIVE } else { 0 };
    let mut bytes = Vec::with_capacity(8 + 2 * groups.len());
    bytes.extend_from_slice(&u16::try_from(groups.len())?.to_be_bytes());
    bytes.extend_from_slice(&(if groups.is_empty() { 0 } else { weight }).to_be_bytes());
    bytes.extend_from_slice(&sign.to_be_bytes());
    bytes.extend_from_slice(&u16::try_from(scale)?.to_be_bytes());
    for group in groups {
        bytes.extend_from_slice(&group.to_be_bytes());
    }
    Ok(bytes)
}

fn from_wire(bytes: &[u8]) -> Result<Decimal, BoxDynError> {
    let words: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
    let [_, weight, sign, scale, groups @ ..] = words.as_slice() else {
        return Err("a numeric shorter than its header".into());
    };
    if *sign != 0 && *sign != NEGATIVE {
        return Err("NaN or infinity is not a reported figure".into());
    }
    let too_long = || format!("a numeric with {scale} decimals in {} groups has more than 28 digits", groups.len());
    let mut mantissa: i128 = 0;
    let mut exponent = i32::from(weight.cast_signed()) * 4 + i32::from(*scale);
    for group in groups {
        let group = i128::from(*group);
        // Below the last shown decimal a group holds zeros only.
        let part = match u32::try_from(exponent) {
            Ok(up) => 10i128.checked_pow(up).and_then(|power| group.checked_mul(power)),
            Err(_) => 10i128.checked_pow(exponent.unsigned_abs()).map(|power| group / power),
        };
        mantissa = part.and_then(|part| mantissa.checked_add(part)).ok_or_else(too_long)?;
        exponent -= 4;
    }
    if *sign == NEGATIVE {
        mantissa = -mantissa;
    }
    Ok(Decimal::try_from_i128_with_scale(mantissa, u32::from(*scale))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_and_every_trailing_zero_survives() {
        for text in [
            "0",
            "0.00",
            "1",
            "1.50",
            "-1.5",
            "0.0001",
            "0.00001",
            "10000",
            "99990000",
            "12345.678",
            "-0.0000000000000000000000000001",
            "7922816251426433759354395033.5",
            "79228162514264337593543950335",
            "1.234567890123456789012345678",
        ] {
            let value: Decimal = text.parse().unwrap();
            assert_eq!(from_wire(&to_wire(value).unwrap()).unwrap().to_string(), text);
        }
    }

    #[test]
    fn one_hundred_thousand_and_a_half_is_written_as_the_server_does() {
        let value: Decimal = "100000.5".parse().unwrap();
        assert_eq!(to_wire(value).unwrap(), [0, 3, 0, 1, 0, 0, 0, 1, 0, 10, 0, 0, 0x13, 0x88]);
    }

    #[test]
    fn what_no_decimal_can_hold_is_refused_and_not_rounded() {
        let nan = [0, 0, 0, 0, 0xC0, 0, 0, 0];
        let ten_to_the_forty = [0, 1, 0, 10, 0, 0, 0, 0, 0, 1];
        let thirty_decimals = [0, 1, 0xFF, 0xF8, 0, 0, 0, 30, 0, 1];
        for bytes in [&nan[..], &ten_to_the_forty, &thirty_decimals, &[0, 1]] {
            assert!(from_wire(bytes).is_err(), "{bytes:?}");
        }
    }
}
