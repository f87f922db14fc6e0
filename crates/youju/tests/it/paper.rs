//! A report on paper says what is stored, to the last digit.

use youju_domain::paper::Line;
use youju_domain::report::State;
use youju_testkit::{County, on_sqlite};

/// The text of a PDF without the blanks that a reader may put anywhere between letters.
fn text(bytes: &[u8]) -> String {
    let text = pdf_extract::extract_text_from_mem(bytes).unwrap();
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn squeezed(words: &str) -> String {
    words.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_printed_figures_are_the_stored_ones() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let report = county.bring(0, State::Submitted).await;
        let clerk = &county.factories[0].clerk;
        let (paper, version) = app
            .read(Some(clerk.clone()), async |cx| {
                let paper = youju_app::paper::of_report(cx, report).await?;
                Ok((paper, youju_app::report::version(cx, report, 1).await?))
            })
            .await
            .unwrap();
        let text = text(&youju_print::pdf(&paper).unwrap());
        let form = app.form("B203").unwrap();
        let mut compared = 0;
        for line in &paper.rows {
            let Line::Figure { name, measure, code, cells, .. } = line else { continue };
            let expected = squeezed(&format!("{name}{measure}{code}{}", cells.concat()));
            assert!(text.contains(&expected), "{expected} is missing in\n{text}");
            let indicator = form.indicators().find(|indicator| indicator.code == *code).unwrap();
            for (column, printed) in form.columns.iter().zip(cells) {
                let id = &form.cell_at(indicator, column).unwrap().id;
                assert_eq!(*printed, version.cells.get(id).map(|cell| cell.value.print()).unwrap_or_default(), "{id}");
                compared += 1;
            }
        }
        assert_eq!(compared, form.cells().len());
        let proof = paper.proof.as_ref().unwrap();
        assert!(proof.payload.contains(&version.cells_hash));
        assert!(text.contains(&squeezed(&proof.text)), "{}", proof.text);
        // The unit's own copy of what it handed in is the original.
        assert_eq!(paper.watermark, None);
        let copy = async |cx: &mut youju_app::Cx<'_>| youju_app::paper::of_report(cx, report).await;
        let copy = app.read(Some(county.county.clone()), copy).await.unwrap();
        assert!(copy.watermark.unwrap().contains(&county.county.name));
    });
}

#[test]
fn a_draft_says_that_it_is_one() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let report = county.bring(0, State::Draft).await;
        let paper = async |cx: &mut youju_app::Cx<'_>| youju_app::paper::of_report(cx, report).await;
        let paper = app.read(Some(county.factories[0].clerk.clone()), paper).await.unwrap();
        assert!(paper.watermark.as_ref().unwrap().starts_with("草稿"));
        assert_eq!(paper.proof, None);
        assert!(text(&youju_print::pdf(&paper).unwrap()).contains("草稿尚未上报"));
    });
}

#[test]
fn every_form_has_a_blank_one() {
    on_sqlite(async |app| {
        for programme in app.programmes().values() {
            for form in programme.forms() {
                let paper = youju_app::paper::blank(&app, &form.code).unwrap();
                let text = text(&youju_print::pdf(&paper).unwrap());
                for words in [format!("{} 表", form.code), form.authority.clone(), "单位公章".to_owned()] {
                    assert!(text.contains(&squeezed(&words)), "{}: {words}\n{text}", form.code);
                }
                for indicator in form.indicators() {
                    assert!(text.contains(&squeezed(&indicator.name)), "{}: {}\n{text}", form.code, indicator.name);
                }
            }
        }
    });
}
