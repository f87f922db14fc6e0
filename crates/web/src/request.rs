//! From a request to an actor, and from a refusal to a page.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, Path, RawQuery, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::de::DeserializeOwned;
use serde_json::json;
use youju_app::Error;
use youju_app::access::Holder;
use youju_domain::Problem;
use youju_domain::access::Actor;
use youju_domain::account::Due;
use youju_domain::id::SessionId;
use youju_domain::look::Purpose;
use youju_domain::survey::print_instant;
use youju_domain::trace::Origin;

use crate::ui::frame::{Frame, Refused};
use crate::{Web, ui, url};

/// Name of the session's cookie.
pub(crate) const COOKIE: &str = "youju_session";

/// Somebody who has signed in, and has nothing to do before they go on.
pub(crate) struct Signed {
    /// Who.
    pub actor: Actor,
    /// What the frame around every page shows.
    pub frame: Frame,
    /// In which session.
    pub session: SessionId,
}

impl FromRequestParts<Web> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Signed, Response> {
        let Arrived { actor, session, due, frame, .. } = Arrived::from_request_parts(parts, web).await?;
        match due {
            None => Ok(Signed { actor, frame, session }),
            Some(due) => Err(Redirect::to(url::of_due(due)).into_response()),
        }
    }
}

/// Somebody who has signed in and may have to do something first: only the pages on which that is done ask for this.
pub(crate) struct Arrived {
    /// Who.
    pub actor: Actor,
    /// The token of the session.
    pub token: String,
    /// In which session.
    pub session: SessionId,
    /// What they have to do first.
    pub due: Option<Due>,
    /// What the frame around every page shows.
    pub frame: Frame,
}

impl FromRequestParts<Web> for Arrived {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Arrived, Response> {
        let back = if parts.method == axum::http::Method::GET { parts.uri.to_string() } else { String::new() };
        let to_sign_in = || Redirect::to(&url::with_query(url::SIGN_IN, &[("back", &back)])).into_response();
        let token = cookie(&parts.headers).ok_or_else(to_sign_in)?;
        let origin = Some(origin(parts, web.settings.is_behind_gateway));
        let (actor, session, due) = match youju_app::access::holder_of(&web.app, &token).await {
            Ok(Holder::Full { actor, session, due }) => (Actor { origin, ..actor }, session, due),
            Ok(Holder::Halfway) => {
                return Err(Redirect::to(&url::with_query(url::SIGN_IN_CODE, &[("back", &back)])).into_response());
            }
            Err(Error::Problem(_)) => return Err(to_sign_in()),
            Err(fault) => return Err(Refusal::from(fault).into_response()),
        };
        web.pace.know(&token);
        // What scripts ask for comes without a frame: nothing is counted for it.
        let waiting = if is_json(&parts.headers) {
            Ok(0)
        } else {
            // Counting shows nothing of a unit, and is no look.
            let counted = Actor { origin: None, ..actor.clone() };
            web.app.read(Some(counted), async |cx| youju_app::inbox::count(cx).await).await
        };
        let waiting = waiting.map_err(|error| Refusal::from(error).into_response())?;
        let frame = Frame {
            place: web.settings.place.clone(),
            rehearsal: web.app.world().rehearsed().map(print_instant),
            path: parts.uri.path().to_owned(),
            person: actor.name.clone(),
            role: actor.role,
            area: youju_codes::area::name(&actor.area).unwrap_or_default().to_owned(),
            cell_word: youju_app::grid::word(&web.app, &actor.area).map(str::to_owned),
            waiting,
            notice: notice(&parts.headers),
            refused: None,
        };
        Ok(Arrived { actor, token, session, due, frame })
    }
}

/// Whoever asks without having signed in.
pub(crate) struct Visitor {
    /// Network address; empty where it is not known.
    pub address: String,
    /// What the browser says about itself.
    pub agent: String,
    /// The key of the browser, if it has one.
    pub device: Option<String>,
    /// The token of a session that waits for its second step, if there is one.
    pub token: Option<String>,
}

impl FromRequestParts<Web> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Visitor, Infallible> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Visitor {
            address: origin(parts, web.settings.is_behind_gateway).address,
            agent: agent.unwrap_or_default().to_owned(),
            device: device(&parts.headers),
            token: cookie(&parts.headers),
        })
    }
}

/// Name of the cookie that tells browsers apart.
pub(crate) const DEVICE: &str = "youju_device";

/// The key of the browser, if it has one.
pub(crate) fn device(headers: &HeaderMap) -> Option<String> {
    cookie_named(headers, DEVICE).filter(|key| key.len() == DEVICE_CHARS && key.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Characters of the key of a browser.
const DEVICE_CHARS: usize = 64;
/// Longest text that a network address has (IPv6 with a zone).
const ADDRESS_CHARS_MAX: usize = 64;

/// The network address that a request comes from; empty where it is not known.
pub(crate) fn address_of(web: &Web, request: &Request) -> String {
    let direct = request.extensions().get::<ConnectInfo<SocketAddr>>();
    address(request.headers(), direct, web.settings.is_behind_gateway)
}

/// From where and with which browser a request comes.
fn origin(parts: &Parts, is_behind_gateway: bool) -> Origin {
    let address = address(&parts.headers, parts.extensions.get(), is_behind_gateway);
    Origin {
        address,
        device: device(&parts.headers).unwrap_or_default(),
        purpose: purpose(parts.uri.path()),
        ..Origin::default()
    }
}

/// Behind a gateway the address is the last one that the gateway has noted.
fn address(headers: &HeaderMap, direct: Option<&ConnectInfo<SocketAddr>>, is_behind_gateway: bool) -> String {
    let direct = || direct.map(|info| info.0.ip().to_string());
    let noted = || {
        let last = headers.get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next()?.trim();
        last.parse::<std::net::IpAddr>().ok().map(|address| address.to_string())
    };
    let address = if is_behind_gateway { noted().or_else(direct) } else { direct() };
    address.filter(|address| address.len() <= ADDRESS_CHARS_MAX).unwrap_or_default()
}

/// Which work a page is part of; none where nothing of a unit is shown.
fn purpose(path: &str) -> Option<Purpose> {
    let mut parts = path.split('/').skip(1);
    let (first, third) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    match (first, third) {
        ("" | "inbox" | "messages" | "account" | "accounts" | "assets" | "contact", _) => None,
        ("units", "staff")
        | (
            "staff" | "staffing" | "enumerators" | "sponsorships" | "handovers" | "tenures" | "seats" | "cells"
            | "organisations",
            _,
        ) => Some(Purpose::Staff),
        ("units", "ledger" | "books" | "attachments" | "compliance")
        | ("imports" | "records" | "uploads" | "attachments" | "books" | "compliance", _) => Some(Purpose::Ledger),
        ("units", "archive") | ("archive", _) => Some(Purpose::Archive),
        ("units" | "rosters" | "prospects", _) => Some(Purpose::Register),
        ("reports" | "windows" | "forms", _) => Some(Purpose::Review),
        ("queries" | "corrections", _) => Some(Purpose::Query),
        ("assessments" | "joint-reviews", _) => Some(Purpose::Assessment),
        ("totals", _) => Some(Purpose::Total),
        ("outside", _) => Some(Purpose::Outside),
        _ => Some(Purpose::Other),
    }
}

fn cookie_named(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value.to_owned())
}

pub(crate) fn cookie(headers: &HeaderMap) -> Option<String> {
    cookie_named(headers, COOKIE).filter(|token| !token.is_empty())
}

/// Keys of the one-line notices that a command leaves for the next page. A cookie carries the key, never the text.
pub(crate) const NOTICES: &[(&str, &str)] = &[
    ("password_changed", "密码已修改,您在其他地方的登录都已退出。"),
    ("factor_removed", "动态码已停用。登录还需要什么,请看下面。"),
    ("identity_tied", "已绑定,以后可以用统一身份认证平台登录。"),
    ("identity_untied", "已解除绑定,以后用账号和密码登录。"),
    ("account_tied", "已绑定,本人会收到消息。"),
    ("account_untied", "已解除绑定,本人会收到消息。"),
    ("key_added", "安全密钥已登记,以后登录可以用它。"),
    ("key_renamed", "名称已修改。"),
    ("key_removed", "安全密钥已移除,它不能再用来登录。"),
    ("session_ended", "已退出那一处的登录。"),
    ("accounts_opened", "账号已开设,还没有密码。请打印激活信交给本人。"),
    ("accounts_noticed", "已通知选中的账号,到期没有登录的会停用。"),
    ("domains_assigned", "分管专业已保存,本人会收到消息。"),
    ("account_restored", "账号已恢复使用,本人会收到消息。"),
    ("factor_reset", "已重置,本人会收到消息,下次登录只需要密码。"),
    ("entered", "单位已登记到名录库,不要求报表。要纳入调查,请办理“调查单位纳入”事项。"),
    ("changed", "变更已登记。"),
    ("merged", "合并已登记,从生效之日起被并入的单位不再报表。"),
    ("split", "分立已登记,分立出的单位在名录库中。"),
    ("staff_entered", "已登记。"),
    ("enumerator_engaged", "已聘用。请补齐培训、保密承诺和督导人员。"),
    ("staff_changed", "已保存。"),
    ("staff_released", "离任已登记。"),
    ("handover_begun", "交接已开始,请移交人核对清单并签字。"),
    ("handover_signed", "已签字,已通知下一位。"),
    ("handover_done", "交接已完成,移交人的任职和账号已终止。"),
    ("handover_withdrawn", "交接已撤销,任职继续。"),
    ("security_kept", "已登记,操作日志中有记录。"),
    ("issue_struck_off", "已销号,处理结果和时间已记录。"),
    ("self_check_recorded", "自查已记录,当时的各项数目和清单的指纹已固定;不符合的已列入问题清单。"),
    ("seat_named", "已任命。"),
    ("seat_relieved", "已免去,自今天起生效。"),
    ("grids_adopted", "划分方案已采用,自今天起生效。"),
    ("grids_recut", "调整已保存,自今天起生效。"),
    ("generated", "已从台账生成报表,请逐项核对。"),
    ("read", "已标为已读。"),
    ("received", "已签收,签收人和时间已记入日志。"),
    ("noted", "批注已写上。"),
    ("asked", "查询已提出,单位会在待办中看到。"),
    ("answered", "已回复,等待核实。"),
    ("judged", "已记录。"),
    ("correction_asked", "更正申请已提出,等待审批。"),
    ("correction_approved", "已同意,报表退回单位改数重报。"),
    ("correction_refused", "已答复单位。"),
    ("correction_withdrawn", "申请已撤回。"),
    ("assessment_opened", "评估已开始。请逐项评判超出范围的项目,再反馈。"),
    ("assessment_fed_back", "已反馈,下级会收到消息;要答复的,还会列入下级的待办。"),
    ("assessment_answered", "已答复,等待上级办结。"),
    ("joint_review_called", "联审已召集,成员会在待办和消息中看到。"),
    ("joint_review_remarked", "意见已写上,等待召集单位处理。"),
    ("joint_review_settled", "意见已处理。"),
    ("joint_review_ended", "已记录,成员会在消息中看到。"),
    ("checked", "审核通过:没有需要修改或说明的问题。"),
    ("taken_up", "已开始审核,单位不能再撤回。"),
    ("put_down", "已放回,单位可以撤回修改。"),
    ("window_opened", "已开网,名录库中应报单位都已生成报表。"),
    ("window_changed", "时间已调整,原因已记入日志。"),
    ("window_locked", "本期已锁定。"),
    ("prepared", "已列入报送日历,到时由县级开网。"),
    ("onboarding_done", "已登记完成。"),
    ("onboarding_struck", "登记已撤销,原来的记录和原因保留备查。"),
    ("frame_asked", "已交给服务器冻结,可以离开这一页。"),
    ("frame_frozen", "抽样框已冻结,指纹已记入日志。"),
    ("signed", "统计人员已签字,等待单位负责人签字。"),
    ("authorised", "单位负责人已签字,可以上报。"),
    ("submitted", "报表已上报。"),
    ("recalled", "报表已撤回,可以修改。"),
    ("accepted", "报表已验收。"),
    ("returned", "报表已退回,单位会在待办中看到退回原因。"),
    ("imported", "科目余额表已导入。"),
    ("form_book_taken", "填好的 Excel 已导入,请看审核结果。"),
    ("records", "原始记录已导入,对应关系已为本单位保存。"),
    ("attached", "附件已添加。"),
    ("detached", "附件已移除,记录和原因保留备查。"),
    ("organisations_set_up", "机构已按地方配置设置。再次设置时,没有变化的不会改动。"),
    ("organisation_changed", "机构变动已记录,变动前的情况按日期仍可查看。"),
    ("enterprises_added", "名录库中的单位已补入。"),
    ("standard_claimed", "已申报,等待验收。"),
    ("standard_accepted", "已验收。"),
    ("standard_returned", "已退回,原因写在办理经过中。"),
    ("case_opened", "已提出。轮到办理的人会在待办和消息中看到。"),
    ("case_stepped", "已办理,经过和材料都已留存。"),
    ("outside", "部门数据已导入。各报表和窗口的对照随即按它计算。"),
    ("roster_taken", "名单已导入。没有收的行列在下面,可以导出改正后补送。"),
    ("roster_asked", "比对已开始,可以离开这一页。"),
    ("roster_decided", "已记录。"),
    ("roster_reviewed", "没有要复核的对了。"),
    ("prospects_gathered", "达标的单位已列为准四上线索;已在其中的没有重复列。"),
    ("prospect_entered", "已列为准四上线索。"),
    ("prospect_moved", "已办理,经过已留存。"),
    ("shared", "对应关系已作为模板共享给本辖区的单位。"),
    ("key_revoked", "接口密钥已停用,使用它的软件不能再报送。"),
    ("check_noted", "记录已保存。清单上报以前都可以改。"),
    ("check_added", "已加入清单。"),
    ("check_carried", "没有变化的各项已沿用上次的记录,逐项注明来自哪一天。"),
    ("check_nothing_carried", "没有可以沿用的记录:各项都有变化,或者已经记录。"),
    ("check_handed_in", "核实清单已上报,内容不再改动。"),
    ("check_supplemented", "补充清单已开始,原来上报的清单保持不变。"),
    ("opened", "已布置,名录库中应报单位都已生成报表。"),
    ("explained", "说明已保存。"),
    ("marked", "已更新单位的说明资格。"),
    ("saved", "已保存。"),
    ("book_saved", "台账已保存,计算栏目已重新算出。"),
    ("set_generated", "本期报表已生成,请逐表核对,补上缺少的数据。"),
];

/// Name of the notice's cookie.
const NOTICE: &str = "youju_notice";
/// Takes the notice away from the browser.
pub(crate) const NOTICE_OVER: &str = "youju_notice=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly";

/// The line about the last command that waits to be shown.
pub(crate) fn notice(headers: &HeaderMap) -> Option<&'static str> {
    let key = cookie_named(headers, NOTICE)?;
    NOTICES.iter().find(|(known, _)| *known == key).map(|(_, text)| *text)
}

/// Goes to another page after a command, with a notice there.
pub(crate) fn see(address: &str, notice: &'static str) -> Response {
    let cookie = format!("{NOTICE}={notice}; Path=/; Max-Age=5; SameSite=Lax; HttpOnly");
    ([(header::SET_COOKIE, cookie)], Redirect::to(address)).into_response()
}

/// A refusal or an accident on its way to a page.
pub(crate) struct Refusal(Error);

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        Refusal(error)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        Refusal(Error::Problem(problem))
    }
}

impl Refusal {
    /// The refusal as a status and in words. An accident is logged here, once, under a number that the page shows.
    pub(crate) fn told(&self) -> (StatusCode, Refused) {
        match &self.0 {
            Error::Problem(problem) => {
                let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::CONFLICT);
                (status, Refused { says: problem.says(), hint: problem.hint().to_owned() })
            }
            Error::Fault(fault) => {
                let number = FAULTS.fetch_add(1, Ordering::Relaxed) + 1;
                let cause = chain(fault.cause.as_ref());
                tracing::error!(fault.number = number, doing = fault.doing, cause = %cause, "a request failed");
                let says = format!("系统出现故障(编号 {number}),这一步没有完成,已保存的数据不受影响。");
                let hint = "请稍后重试;如再次出现,请把编号告诉系统管理员。".to_owned();
                (StatusCode::INTERNAL_SERVER_ERROR, Refused { says, hint })
            }
        }
    }
}

/// Accidents since the program started: the page shows the number under which the log tells the cause.
static FAULTS: AtomicU64 = AtomicU64::new(0);

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, refused) = self.told();
        refuse(status, refused, false)
    }
}

/// True when a script of ours asks, which reads JSON and shows the sentence itself.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// A refusal as a page, or as the JSON that the entry grid knows. The page carries the words along, for
/// [`crate::guard::in_frame`].
pub(crate) fn refuse(status: StatusCode, refused: Refused, as_json: bool) -> Response {
    if as_json {
        return (status, Json(json!({ "says": format!("{}{}", refused.says, refused.hint) }))).into_response();
    }
    let mut response = (status, ui::frame::refusal(&refused)).into_response();
    response.extensions_mut().insert(refused);
    response
}

/// Answer of a handler.
pub(crate) type Answer<T = Response> = Result<T, Refusal>;

/// The id in an address; a damaged one is simply not found.
pub(crate) fn id<T: std::str::FromStr>(Path(text): Path<String>) -> Answer<T> {
    text.parse().map_err(|_| Problem::NotFound { what: "页面" }.into())
}

/// A form or query, read as a type; what is missing or damaged is told in Chinese.
pub(crate) fn read<T: DeserializeOwned>(encoded: &str) -> Answer<T> {
    // A character that no keyboard types, and that PostgreSQL does not hold.
    let read = if encoded.contains("%00") { None } else { serde_urlencoded::from_str(encoded).ok() };
    read.ok_or_else(|| damaged().into())
}

/// What is told when a page sends what no page sends.
pub(crate) fn damaged() -> Problem {
    Problem::BadInput { reason: "页面送来的内容不完整或格式不对。".into() }
}

/// The query of an address.
pub(crate) fn query<T: DeserializeOwned>(RawQuery(query): RawQuery) -> Answer<T> {
    read(query.as_deref().unwrap_or_default())
}

/// An address that the program does not have.
pub(crate) async fn no_such_page(State(_): State<Web>) -> Response {
    Refusal::from(Problem::NotFound { what: "页面" }).into_response()
}
