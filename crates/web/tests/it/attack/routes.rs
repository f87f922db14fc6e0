//! Every address that bears an identity stands in the access matrix, and no row of it opens to strangers what is one unit's.

use youju_testkit::{County, journal_root, on_both_engines};

use crate::browser::Browser;
use crate::matrix::rows::{COMMANDS, PAGES};

/// The routes, as they are written.
const ROUTER: &str = concat!(
    include_str!("../../../src/lib.rs"),
    include_str!("../../../src/security.rs"),
    include_str!("../../../src/enumerator.rs"),
    include_str!("../../../src/register.rs"),
    include_str!("../../../src/project.rs"),
    include_str!("../../../src/roster.rs"),
    include_str!("../../../src/prospect.rs"),
    include_str!("../../../src/onboarding.rs"),
    include_str!("../../../src/sampling_frame.rs"),
    include_str!("../../../src/api.rs"),
);

/// Rooms whose addresses have a matrix of their own: how they begin, and the test that walks them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("/joint-reviews/", "joint_review.rs every_address_of_a_meeting_answers_whom_it_concerns"),
    ("/windows/{id}/joint-review", "joint_review.rs every_address_of_a_meeting_answers_whom_it_concerns"),
    ("/organisations/", "organisation.rs every_address_of_an_organisation_answers_whom_it_concerns"),
    ("/messages/", "below"),
    ("/staff/{id}", "people.rs everybody_finds_what_they_may_see_and_nothing_else"),
    ("/units/{id}/staff", "people.rs everybody_finds_what_they_may_see_and_nothing_else"),
    ("/tenures/", "people.rs everybody_finds_what_they_may_see_and_nothing_else"),
    ("/cells/", "people.rs everybody_finds_what_they_may_see_and_nothing_else"),
    ("/handovers/{id}", "people.rs everybody_finds_what_they_may_see_and_nothing_else"),
    // Their pages are walked there; commands given by strangers have no row of their own yet.
    ("/seats/{id}/relieve", "people.rs"),
    ("/sponsorships/{id}", "sponsorship.rs every_address_of_a_sponsorship_answers_whom_it_concerns"),
    ("/sampling-frames/", "sampling_frame.rs every_address_of_a_frame_answers_whom_it_concerns"),
    ("/units/{id}/onboarding/", "onboarding.rs every_address_of_an_onboarding_answers_whom_it_concerns"),
    ("/enumerators/", "enumerators.rs everybody_finds_the_enumerators_that_they_may_see_and_nothing_else"),
    ("/rosters/", "roster.rs lists_are_for_offices_and_what_lies_elsewhere_is_not_found"),
    ("/prospects/", "roster.rs lists_are_for_offices_and_what_lies_elsewhere_is_not_found"),
    ("/projects/", "register_cases.rs every_address_of_a_project_answers_whom_it_concerns"),
    // Below the addresses of programs, where no session counts.
    ("/ledgers/{unit}", "api.rs only_a_key_that_serves_lets_in_and_every_other_is_answered_alike"),
    ("/reports/{unit}", "lineage.rs"),
    ("/case-types/{unit}", "api_cases.rs every_address_of_cases_answers_whom_it_concerns"),
    ("/cases/{unit}", "api_cases.rs every_address_of_cases_answers_whom_it_concerns"),
    ("/security/", "security.rs every_address_of_the_room_answers_whom_it_concerns"),
    // For everybody, signed in or not.
    ("/verify/", "public.rs"),
    ("/assets/", "guard.rs"),
];

/// Routes that bear an identity.
fn routes() -> Vec<&'static str> {
    let literals =
        ROUTER.split(".route(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
    literals.filter(|route| route.contains('{')).collect()
}

/// A row with what its names stand for.
fn of_row(row: &str) -> String {
    let path = row.split('?').next().unwrap_or_default();
    path.replace("{import}", "/imports/{id}")
        .replace("{records}", "/records/{id}")
        .replace("{upload}", "/uploads/{id}")
        .replace("{attachment}", "/attachments/{id}")
        .replace("{book}", "/books/{id}")
        .replace("{case}", "/cases/{id}")
        .replace("{onsite}", "/onsite/{id}")
}

fn fits(route: &str, row: &str) -> bool {
    let (route, row): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), row.split('/').collect());
    let same = route.iter().zip(&row).all(|(piece, given)| piece.starts_with('{') || piece == given);
    same && (route.len() == row.len() || route.last().is_some_and(|last| last.starts_with("{*")))
}

#[test]
fn every_address_with_an_identity_is_walked_for_every_role() {
    let rows: Vec<String> =
        PAGES.iter().map(|(row, _)| of_row(row)).chain(COMMANDS.iter().map(|(row, ..)| of_row(row))).collect();
    let missing: Vec<&str> = routes()
        .into_iter()
        .filter(|route| !ELSEWHERE.iter().any(|(begins, _)| route.starts_with(begins)))
        .filter(|route| !rows.iter().any(|row| fits(route, row)))
        .collect();
    assert!(routes().len() > 60, "the routes are written otherwise now");
    assert!(missing.is_empty(), "write rows into matrix/rows.rs for {missing:#?}");
}

#[test]
fn nobody_reads_or_signs_for_a_message_of_somebody_else() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        // The second browser of an account is told to its owner.
        Browser::of(&app, &county.factories[0].clerk).await;
        let clerk = Browser::of(&app, &county.factories[0].clerk).await;
        let own = clerk.get("/messages").await.text;
        let (_, rest) = own.split_once("\"/messages/").expect("the second browser is told");
        let path = format!("/messages/{}", rest.split('"').next().unwrap());
        assert!(path.ends_with("/read"), "{path}");
        for stranger in [&county.factories[1].clerk, &county.county, &county.neighbour, &county.admin] {
            let browser = Browser::of(&app, stranger).await;
            let root = journal_root(&app).await;
            let page = browser.post(&path, "").await;
            assert_eq!((page.status, journal_root(&app).await), (404, root), "{}", stranger.name);
        }
        assert!(clerk.get("/messages").await.text.contains(&path), "it is still to be read");
        assert_eq!(clerk.post(&path, "").await.status, 303);
    });
}

#[test]
fn no_row_opens_what_is_one_units_to_strangers() {
    // Another unit's clerk and the neighbouring county. A command that was done answers 303; a page shown answers 200.
    let is_ones_own = |row: &str| row.split('?').next().is_some_and(|path| path.contains('{'));
    let open_to_all = ["/forms/", "/assets/"];
    for (row, promised) in PAGES.iter().filter(|(row, _)| is_ones_own(row)) {
        if open_to_all.iter().any(|begin| row.starts_with(begin)) {
            continue;
        }
        for stranger in [2, 6] {
            assert_ne!(promised[stranger], 200, "{row} is shown to stranger {stranger}");
        }
    }
    for (row, _, _, promised) in COMMANDS.iter().filter(|(row, ..)| is_ones_own(row)) {
        for stranger in [2, 6] {
            assert_ne!(promised[stranger], 303, "{row} is done for stranger {stranger}");
        }
    }
}
