//! `youju person`: accounts, for setting up an installation and for those who forgot their password. A code is shown
//! instead of setting a password, unless a script gives one.

use clap::{Args, Subcommand};
use youju_app::access::{NewPerson, open_account, reset_password};
use youju_app::world::World;
use youju_app::{Cx, Error, activation, crypto, opening, second_factor};
use youju_codes::{AreaCode, Usci};
use youju_domain::access::Role;
use youju_domain::id::UnitId;
use youju_domain::password::{self, Whose};
use youju_domain::person::Person;
use youju_domain::survey::print_instant;
use youju_domain::{Instant, Problem};
use youju_store::{person, register};

use crate::open::{Failure, Place, block_on, open, say};

/// 账号。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 新建账号:显示一次性激活码,本人用它设置密码。设了环境变量 YOUJU_PASSWORD 的,改为用它作第一个密码,本人登录后必须修改。
    Add(New),
    /// 重置密码:显示一次性激活码;原来的密码和各处的登录随即失效。设了环境变量 YOUJU_PASSWORD 的,同上。
    Reset(Reset),
    /// 重置动态码和安全密钥(都丢失时);此账号在各处的登录随即失效,本人会收到消息。
    ResetFactor(ResetFactor),
}

/// 新账号。
#[derive(Debug, Args)]
struct New {
    #[command(flatten)]
    place: Place,
    /// 登录账号。
    #[arg(long)]
    login: String,
    /// 姓名。
    #[arg(long)]
    name: String,
    /// 角色:statistician unit_head township_officer county_officer city_officer administrator。
    #[arg(long)]
    role: String,
    /// 管理的区划代码(单位人员不填,取单位所在地)。
    #[arg(long)]
    area: Option<String>,
    /// 所在单位的统一社会信用代码(单位人员必填)。
    #[arg(long)]
    usci: Option<String>,
    /// 第一个密码;缺省不设密码,给激活码。
    #[arg(long, env = "YOUJU_PASSWORD", hide_env_values = true, hide = true)]
    password: Option<String>,
}

/// 要重置密码的账号。
#[derive(Debug, Args)]
struct Reset {
    #[command(flatten)]
    place: Place,
    /// 登录账号。
    #[arg(long)]
    login: String,
    /// 新密码;缺省不设密码,给激活码。
    #[arg(long, env = "YOUJU_PASSWORD", hide_env_values = true, hide = true)]
    password: Option<String>,
}

/// 要重置动态码和安全密钥的账号。
#[derive(Debug, Args)]
struct ResetFactor {
    #[command(flatten)]
    place: Place,
    /// 登录账号。
    #[arg(long)]
    login: String,
    /// 原因,本人会看到。
    #[arg(long)]
    reason: String,
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    match options.act {
        Act::Add(new) => add(new),
        Act::Reset(wanted) => reset(wanted),
        Act::ResetFactor(wanted) => reset_factor(wanted),
    }
}

fn hash(password: &str, whose: Whose<'_>) -> Result<String, Failure> {
    password::judge(password, whose)?;
    Ok(crypto::hash_password(password).map_err(Error::Fault)?)
}

fn reset_factor(wanted: ResetFactor) -> Result<(), Failure> {
    block_on(async move {
        let app = open(&wanted.place, World::System).await?;
        let done = app.write(None, async |cx| {
            let found = person::by_login(cx.tx(), &wanted.login).await?;
            let (person, _) = found.ok_or(Error::Problem(Problem::NotFound { what: "账号" }))?;
            second_factor::reset(cx, person.id, &wanted.reason).await?;
            Ok(person)
        });
        let person = done.await?;
        say(&format!("已重置账号 {}({})的动态码和安全密钥。", person.login, person.name));
        Ok(())
    })
}

fn reset(wanted: Reset) -> Result<(), Failure> {
    block_on(async move {
        let app = open(&wanted.place, World::System).await?;
        let Some(password) = wanted.password else {
            let issued = app.write(None, async |cx| activation::at_terminal(cx, &wanted.login).await).await?;
            say(&format!("已重置账号 {}({})的密码,各处的登录都已退出。", issued.0.login, issued.0.name));
            say_code(&issued);
            return Ok(());
        };
        let found = app.read(None, async |cx| Ok(person::by_login(cx.tx(), &wanted.login).await?)).await?;
        let (known, _) = found.ok_or(Problem::NotFound { what: "账号" })?;
        let whose = Whose { login: &known.login, name: &known.name, role: known.role };
        let password_hash = hash(&password, whose)?;
        let person = app.write(None, async |cx| reset_password(cx, &wanted.login, &password_hash).await).await?;
        say(&format!("已重置账号 {}({})的密码,本人登录后须改成自己的密码。", person.login, person.name));
        Ok(())
    })
}

/// The code is shown here and nowhere else.
fn say_code((_, code, until): &(Person, Vec<String>, Instant)) {
    say(&format!("激活码(只显示这一次,只能用一次,{} 以前有效): {}", print_instant(*until), code.join(" ")));
    say("请当面或密封交给本人,在网页 /activate 上输入账号和激活码,设置自己的密码。");
}

fn add(new: New) -> Result<(), Failure> {
    let role = Role::from_key(&new.role).ok_or_else(|| format!("没有“{}”这个角色。", new.role))?;
    let whose = Whose { login: &new.login, name: &new.name, role };
    let password_hash = new.password.as_deref().map(|password| hash(password, whose)).transpose()?;
    block_on(async move {
        let app = open(&new.place, World::System).await?;
        let issued = app.write(None, async |cx| {
            let (unit, area) = belonging(cx, &new, role).await?;
            let (login, name) = (new.login.clone(), new.name.clone());
            if let Some(password_hash) = password_hash {
                open_account(cx, NewPerson { login, name, role, area, unit, password_hash }).await?;
                return Ok(None);
            }
            let person = NewPerson { login, name, role, area, unit, password_hash: String::new() };
            opening::open_at_terminal(cx, person).await?;
            activation::at_terminal(cx, &new.login).await.map(Some)
        });
        let issued = issued.await?;
        say(&format!("已建立账号 {}({},{})。", new.login, new.name, role.label()));
        if let Some(issued) = issued {
            say_code(&issued);
        }
        Ok(())
    })
}

/// The unit of a respondent, and the area that somebody answers for.
async fn belonging(cx: &mut Cx<'_>, new: &New, role: Role) -> Result<(Option<UnitId>, AreaCode), Error> {
    let (unit, area) = match (&new.usci, &new.area) {
        (Some(usci), _) => {
            let usci = Usci::parse(usci).map_err(|e| Problem::BadInput { reason: e.to_string() })?;
            let found = register::by_usci(cx.tx(), usci).await?;
            let unit = found.ok_or(Problem::NotInRegister { usci: usci.to_string() })?;
            (Some(unit.id), unit.area)
        }
        (None, Some(area)) => (None, AreaCode::parse(area).map_err(|e| Problem::BadInput { reason: e.to_string() })?),
        (None, None) => {
            let reason = "统计机构人员请写 --area,单位人员请写 --usci。".to_owned();
            return Err(Problem::BadInput { reason }.into());
        }
    };
    if role.is_respondent() != unit.is_some() {
        let reason = "填报人和单位负责人必须属于一个单位,其他角色不能属于单位。".to_owned();
        return Err(Problem::BadInput { reason }.into());
    }
    Ok((unit, area))
}
