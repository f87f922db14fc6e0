//! Instants as they stand in the journal: one text for one moment, so that texts can be compared, hashed and sorted. No clock is asked here.

/// The shape of an instant; `0` stands for any digit.
const SHAPE: &[u8] = b"0000-00-00T00:00:00.000000Z";

/// True for an existing moment in UTC, RFC 3339 with six decimals: `2026-03-05T08:30:00.000000Z`. Nothing else is one.
pub fn is_instant(text: &str) -> bool {
    fields(text).is_some()
}

/// The same moment as people in China read it, to the second: `2026-03-05 16:30:00`. None if the text is no instant.
pub fn in_beijing(text: &str) -> Option<String> {
    let [mut year, mut month, mut day, hour, minute, second] = fields(text)?;
    let hour = hour + 8;
    if hour >= 24 {
        day += 1;
    }
    if day > days_in_month(year, month) {
        (month, day) = (month + 1, 1);
    }
    if month > 12 {
        (year, month) = (year + 1, 1);
    }
    Some(format!("{year:04}-{month:02}-{day:02} {:02}:{minute:02}:{second:02}", hour % 24))
}

/// Year, month, day, hour, minute and second, if there is such a moment. Leap seconds are not written.
fn fields(text: &str) -> Option<[u32; 6]> {
    let is_shaped = text.len() == SHAPE.len()
        && text
            .bytes()
            .zip(SHAPE)
            .all(|(byte, &shape)| if shape == b'0' { byte.is_ascii_digit() } else { byte == shape });
    if !is_shaped {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    let is_date = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    (is_date && hour < 24 && minute < 60 && second < 60).then_some([year, month, day, hour, minute, second])
}

/// Days of a month of the Gregorian calendar.
fn days_in_month(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
