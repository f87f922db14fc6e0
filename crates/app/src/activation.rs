//! Activation 激活: letters for accounts that have no password yet, and the door at which their codes are shown. A code exists on the
//! paper alone: here is its hash, and whoever needs the code again gets another one.

use serde_json::json;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::account::{Account, AccountProblem};
use youju_domain::activation::{Activation, CODE_CHARS, LETTERS_MAX, Standing, Wording, groups, name_of, read_code};
use youju_domain::id::PersonId;
use youju_domain::message::Kind;
use youju_domain::paper::ActivationLetter;
use youju_domain::person::Person;
use youju_domain::survey::print_instant;
use youju_domain::{Instant, Problem};
use youju_store::register::{Page, PageRequest};
use youju_store::{account as accounts, activation as store, person, register};

use crate::access::{Browser, Entered, complete, counted, halfway, hash_password, stranger};
use crate::account::{limit, must_be_new, of, set_password, take_password};
use crate::context::{App, Cx};
use crate::crypto;
use crate::error::{Error, Result};
use crate::message::{Draft, tell};
use crate::paper;

pub use youju_store::activation::{Filter, Waiting};

/// Where a code is typed, below the address of the site.
const DOOR: &str = "/activate";
/// What the journal calls a code that was refused.
pub(crate) const REFUSED: &str = "account.activation_refused";

/// One page of the accounts that are not activated.
pub async fn waiting(cx: &mut Cx<'_>, filter: &Filter, page: PageRequest) -> Result<Page<Waiting>> {
    cx.allow(Action::View, Object::System)?;
    let now = cx.now();
    Ok(store::list(cx.tx(), filter, now, page).await?)
}

/// How many accounts are not activated: all, and those whose letter has run out.
pub async fn count(cx: &mut Cx<'_>) -> Result<(u64, u64)> {
    cx.allow(Action::View, Object::System)?;
    let now = cx.now();
    Ok(store::count(cx.tx(), now).await?)
}

/// How the activation of an account stands; none where its password was set otherwise.
pub async fn standing(cx: &mut Cx<'_>, id: PersonId) -> Result<Option<(Standing, Action)>> {
    cx.allow(Action::View, Object::System)?;
    let now = cx.now();
    Ok(store::of(cx.tx(), id).await?.map(|one| (one.standing(now), one.issuer())))
}

/// The account waits for a letter.
pub(crate) async fn expect(cx: &mut Cx<'_>, id: PersonId) -> Result<()> {
    accounts::must_change(cx.tx(), id, false).await?;
    store::put(cx.tx(), id, &Activation::default()).await?;
    Ok(())
}

/// A code is bound to the account that it is for.
fn hash(id: PersonId, code: &str) -> String {
    crypto::sha256(format!("{id} {code}").as_bytes())
}

/// Why letters are printed.
enum For<'a> {
    /// The accounts are new.
    Opened,
    /// Somebody has lost their password.
    Lost(&'a str),
}

/// Letters for new accounts as one PDF. The letters before them are void; a letter that could not be set makes nothing void.
pub async fn letters(app: &App, actor: &Actor, people: &[PersonId], wording: Wording) -> Result<(String, Vec<u8>)> {
    actor.must(Action::Administer, Object::System)?;
    if people.is_empty() || people.len() > LETTERS_MAX {
        let reason = format!("请选择 1 至 {LETTERS_MAX} 个账号打印激活信,现选了 {} 个。", people.len());
        return Err(Problem::BadInput { reason }.into());
    }
    print(app, actor, people, wording, &For::Opened).await
}

/// A letter for somebody who has lost their password, which counts no more from now on.
pub async fn reset(
    app: &App,
    actor: &Actor,
    id: PersonId,
    reason: &str,
    wording: Wording,
) -> Result<(String, Vec<u8>)> {
    actor.must(Action::Secure, Object::System)?;
    let reason = youju_domain::grid::read_reason(reason)?;
    print(app, actor, &[id], wording, &For::Lost(&reason)).await
}

async fn print(
    app: &App,
    actor: &Actor,
    people: &[PersonId],
    wording: Wording,
    why: &For<'_>,
) -> Result<(String, Vec<u8>)> {
    let mut people = people.to_vec();
    people.sort_unstable();
    people.dedup();
    let drawn = app
        .read(Some(actor.clone()), async |cx| {
            cx.allow(action(why), Object::System)?;
            let wording = wording.read()?;
            let mut drawn = Vec::with_capacity(people.len());
            for id in people {
                let (person, _) = of(cx, id).await?;
                may_print(&person, store::of(cx.tx(), id).await?.as_ref(), why)?;
                drawn.push(draw(cx, &person, &wording).await?);
            }
            Ok(drawn)
        })
        .await?;
    let (issued, letters): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
    let number = letters.len();
    let content = paper::letters(app, letters).await?;
    app.write(Some(actor.clone()), async |cx| {
        cx.allow(action(why), Object::System)?;
        for (id, code_hash) in issued {
            issue(cx, id, code_hash, why).await?;
        }
        Ok(())
    })
    .await?;
    Ok((format!("账号激活信_{number}封.pdf"), content))
}

fn action(why: &For<'_>) -> Action {
    match why {
        For::Opened => Action::Administer,
        For::Lost(_) => Action::Secure,
    }
}

/// Whoever opens accounts prints letters for those that nobody has come into yet. Whoever gives passwords back does so for the others,
/// but never for an officer of the system like themselves.
fn may_print(person: &Person, activation: Option<&Activation>, why: &For<'_>) -> Result<()> {
    let is_new = activation.is_some_and(|one| one.used_at.is_none() && !one.is_reset);
    match why {
        For::Opened if is_new => Ok(()),
        For::Opened => Err(Problem::from(AccountProblem::Activated).into()),
        For::Lost(_) if is_new => {
            let reason = format!("账号 {} 还没有激活过,由系统管理员重新打印激活信。", person.login);
            Err(Problem::BadInput { reason }.into())
        }
        For::Lost(_) if person.role.keeps_the_system() => {
            let reason = format!("{}的密码只能在服务器上用 youju person reset 重置。", person.role.label());
            Err(Problem::BadInput { reason }.into())
        }
        For::Lost(_) => Ok(()),
    }
}

/// Draws a code for somebody: its hash, and the letter.
async fn draw(cx: &mut Cx<'_>, person: &Person, wording: &Wording) -> Result<((PersonId, String), ActivationLetter)> {
    let code = crypto::new_activation_code()?;
    let place = match person.unit {
        Some(unit) => register::get(cx.tx(), unit).await?.map(|unit| unit.name).unwrap_or_default(),
        None => youju_codes::area::name(&person.area).unwrap_or(person.area.as_str()).to_owned(),
    };
    let until = Activation::default().issued(String::new(), cx.now()).expires_at.unwrap_or(cx.now());
    let letter = ActivationLetter {
        name: person.name.clone(),
        place,
        role: person.role.label().to_owned(),
        login: person.login.clone(),
        address: format!("{}{DOOR}", wording.site),
        code: groups(&code),
        // Behind the #: a browser does not send it, so that it stands in nobody's log. The login is not in it: whatever reads the
        // picture on the way to the browser has half of what is needed.
        scan: format!("{}{DOOR}#{code}", wording.site),
        until: print_instant(until),
        contact: wording.contact.clone(),
        printed: format!("{} 打印于 {}", cx.actor()?.name, print_instant(cx.now())),
    };
    Ok(((person.id, hash(person.id, &code)), letter))
}

async fn issue(cx: &mut Cx<'_>, id: PersonId, code_hash: String, why: &For<'_>) -> Result<()> {
    let (now, held) = (cx.now(), store::hold(cx.tx(), id).await?);
    let (person, _) = of(cx, id).await?;
    // Somebody may have activated the account while the letter was set.
    may_print(&person, held.as_ref(), why)?;
    let object = ("person", id.to_string());
    match why {
        For::Opened => {
            let issued = held.unwrap_or_default().issued(code_hash, now);
            store::put(cx.tx(), id, &issued).await?;
            cx.record("account.letter_printed", object, json!({ "until": issued.expires_at })).await
        }
        For::Lost(reason) => {
            in_place_of_password(cx, id, code_hash).await?;
            cx.record("person.password_reset", object, json!({ "reason": reason })).await?;
            let draft = Draft {
                kind: Kind::Account,
                title: "您的密码已由安全管理员重置".into(),
                body: format!("原因:{reason}。不是您本人要求的,请立即告诉本级统计机构。"),
                about: ("person", id.to_string()),
            };
            tell(cx, id, &draft, false).await
        }
    }
}

/// The password counts no more, and nobody is signed in; a code takes its place.
async fn in_place_of_password(cx: &mut Cx<'_>, id: PersonId, code_hash: String) -> Result<()> {
    let now = cx.now();
    take_password(cx, id).await?;
    let issued = Activation { is_reset: true, ..Activation::default() }.issued(code_hash, now);
    Ok(store::put(cx.tx(), id, &issued).await?)
}

/// A code that whoever sits at the terminal reads there: of a new account, or of one whose password was lost. Gives the person, the code
/// in groups, and until when it counts.
pub async fn at_terminal(cx: &mut Cx<'_>, login: &str) -> Result<(Person, Vec<String>, Instant)> {
    let found = person::by_login(cx.tx(), login).await?;
    let (person, _) = found.ok_or(Error::Problem(Problem::NotFound { what: "账号" }))?;
    let (id, now, code) = (person.id, cx.now(), crypto::new_activation_code()?);
    let code_hash = hash(id, &code);
    let object = ("person", id.to_string());
    let held = store::hold(cx.tx(), id).await?.filter(|one| one.used_at.is_none() && !one.is_reset);
    if let Some(held) = held {
        store::put(cx.tx(), id, &held.issued(code_hash, now)).await?;
        cx.record("account.letter_printed", object, json!({})).await?;
    } else {
        in_place_of_password(cx, id, code_hash).await?;
        cx.record("person.password_reset", object, json!({})).await?;
    }
    let until = store::of(cx.tx(), id).await?.and_then(|one| one.expires_at).unwrap_or(now);
    Ok((person, groups(&code), until))
}

/// What somebody types at the door.
#[derive(Clone)]
pub struct Typed {
    /// What they sign in with.
    pub login: String,
    /// The code of the letter.
    pub code: String,
    /// Their name, where the letter does not say it.
    pub name: String,
    /// The password that they choose.
    pub new: String,
    /// The same again.
    pub again: String,
}

/// Activates an account: the code of its letter is shown, a password is chosen, and the code counts no more. What is due then follows
/// as after any other signing in. Wrong codes count like wrong passwords.
pub async fn activate(app: &App, typed: Typed, browser: &Browser) -> Result<Entered> {
    let login = typed.login.trim().to_owned();
    let found = app.read(None, async |cx| {
        let Some((person, _)) = person::by_login(cx.tx(), &login).await? else { return Ok(None) };
        let activation = store::of(cx.tx(), person.id).await?;
        let (_, account) = of(cx, person.id).await?;
        let earlier = accounts::passwords(cx.tx(), person.id, limit()).await?;
        Ok(Some((person, account, activation, earlier)))
    });
    let Some((person, account, activation, earlier)) = found.await? else {
        return stranger::refuse_code(app, &login, (REFUSED, browser)).await;
    };
    let now = app.world().now();
    person.may_try(now)?;
    let code = read_code(&typed.code).unwrap_or_else(|| "-".repeat(CODE_CHARS));
    let code_hash = hash(person.id, &code);
    let Some(activation) = activation.filter(|one| one.fits(&code_hash)) else {
        app.write(Some(person.actor()), async |cx| counted(cx, person.id, false, (REFUSED, browser)).await).await?;
        return Err(Problem::from(AccountProblem::WrongActivation).into());
    };
    // From here on somebody holds the letter.
    activation.must_count(now)?;
    account.life.must_be_open(now)?;
    let name = name_of(&person.name, &typed.name)?;
    let person = Person { name: name.unwrap_or(person.name), ..person };
    if typed.new != typed.again {
        return Err(Problem::from(AccountProblem::PasswordsDiffer).into());
    }
    must_be_new(&person, &typed.new, earlier).await?;
    let new_hash = hash_password(typed.new).await?;
    app.write(Some(person.actor()), async |cx| enter(cx, &person, &account, (&code_hash, &new_hash), browser).await)
        .await
}

async fn enter(
    cx: &mut Cx<'_>,
    person: &Person,
    account: &Account,
    (code_hash, new_hash): (&str, &str),
    browser: &Browser,
) -> Result<Entered> {
    counted(cx, person.id, true, (REFUSED, browser)).await?;
    let (id, now) = (person.id, cx.now());
    let held = store::hold(cx.tx(), id).await?.filter(|one| one.fits(code_hash));
    let held = held.ok_or(Error::Problem(AccountProblem::WrongActivation.into()))?;
    held.must_count(now)?;
    person::set_name(cx.tx(), id, &person.name).await?;
    set_password(cx, id, new_hash).await?;
    accounts::must_change(cx.tx(), id, false).await?;
    store::put(cx.tx(), id, &held.used(now)).await?;
    cx.record("account.activated", ("person", id.to_string()), json!({})).await?;
    if account.has_second_factor() {
        let token = halfway(cx, id, account, browser).await?;
        return Ok(Entered::Halfway { token });
    }
    let account = Account { must_change: false, ..account.clone() };
    complete(cx, person, &account, browser).await.map(Entered::In)
}
