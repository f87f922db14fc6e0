//! Text of names and addresses made uniform: what `codes` makes of it, and Chinese figures as Arabic ones where they count something.

pub(crate) use youju_codes::uniform::folded;

/// Whether a field says that it says nothing.
pub(crate) fn is_blank(text: &[char]) -> bool {
    const NOTHING: &[&str] = &["无", "暂无", "不详", "未知", "空", "没有", "NULL", "NONE", "NA", "待定"];
    !text.iter().any(|c| c.is_alphanumeric())
        || NOTHING.iter().any(|word| word.chars().eq(text.iter().copied().filter(|c| c.is_alphanumeric())))
}

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn rank(c: char) -> Option<u32> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

fn is_numeral(c: char) -> bool {
    digit(c).is_some() || rank(c).is_some()
}

/// What a row of Chinese figures says: by ranks (一百零二) or figure by figure (二零一). None for what nobody counts with.
fn value(run: &[char]) -> Option<u32> {
    const FIGURES_MAX: usize = 8; // figures; more fit no 32 bits and are no number of a house
    if run.is_empty() || run.len() > FIGURES_MAX {
        return None;
    }
    if run.iter().all(|c| rank(*c).is_none()) {
        return Some(run.iter().fold(0, |sum, c| sum * 10 + digit(*c).unwrap_or(0)));
    }
    let (mut sum, mut waiting) = (0_u32, None);
    for c in run {
        match (digit(*c), rank(*c)) {
            (Some(figure), _) => waiting = Some(figure),
            (_, Some(rank)) => sum += waiting.take().unwrap_or(1) * rank,
            _ => return None,
        }
    }
    Some(sum + waiting.unwrap_or(0))
}

/// Chinese figures become Arabic where they count something: before one of `counted`, or after 第. 五金 and 三里屯 stay words.
pub(crate) fn with_figures(text: &[char], counted: &[char]) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.first() {
        let length = rest.iter().take_while(|c| is_numeral(**c)).count();
        let (run, after) = rest.split_at(length);
        let counts = out.last() == Some(&'第') || after.first().is_some_and(|c| counted.contains(c));
        match value(run).filter(|_| counts) {
            Some(number) => out.extend(number.to_string().chars()),
            None if length == 0 => out.push(*first),
            None => out.extend_from_slice(run),
        }
        rest = rest.get(length.max(1)..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::with_figures;

    #[test]
    fn figures_become_arabic_where_they_count() {
        for (text, expected) in [
            ("四号楼一楼", "4号楼1楼"),
            ("一百零二号", "102号"),
            ("十号", "10号"),
            ("二十三幢", "23幢"),
            ("二零一室", "201室"),
            ("五一路", "五一路"),
            ("五金", "五金"),
            ("第二分公司", "第2分公司"),
            ("", ""),
        ] {
            let text: Vec<char> = text.chars().collect();
            assert_eq!(with_figures(&text, &['号', '楼', '幢', '室']).iter().collect::<String>(), expected);
        }
    }
}
