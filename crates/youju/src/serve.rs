//! `youju serve`: the pages.

mod listen;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use youju_app::security::{Around, LogKeeping, Surroundings};
use youju_courier::Courier;
use youju_domain::second_factor::Duty;
use youju_domain::security::retention::{LOG_DAYS_USUAL, log_days};
use youju_web::{Channel, Settings};

use crate::demo;
use crate::identity;
use crate::log::Files;
use crate::open::{Failure, Place, block_on, open, say};
use crate::rehearsal;
use crate::worker;

/// 网页服务。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// 监听地址。
    #[arg(long, default_value = "127.0.0.1:8600", env = "YOUJU_LISTEN")]
    listen: SocketAddr,
    #[command(flatten)]
    wire: listen::Wire,
    /// 外部访问的网址,例如 https://tj.example.gov.cn:印在报表的二维码里,也写在通知里。
    #[arg(long, default_value = "", env = "YOUJU_ADDRESS")]
    address: String,
    /// 通知渠道的配置文件(邮件、企业微信、钉钉、短信);缺省不向外发送。
    #[arg(long, env = "YOUJU_CHANNELS")]
    channels: Option<PathBuf>,
    /// 统一身份认证平台(OpenID Connect)的配置文件;缺省只能用账号和密码登录。
    #[arg(long, env = "YOUJU_IDENTITY")]
    identity: Option<PathBuf>,
    /// 同时办理的请求数上限,超过的请稍后再来(503);缺省 256。
    #[arg(long, env = "YOUJU_REQUESTS_MAX")]
    requests_max: Option<usize>,
    /// 演练时钟:文件里写着现在的时间(如 2026-03-05 08:30),改文件就是改时间;只用于演示数据。
    #[arg(long)]
    clock: Option<PathBuf>,
    /// 谁登录必须用动态码或安全密钥:nobody 都不要求,officers 统计机构人员和三位管理员,everybody 所有人;缺省为 officers,演示数据为 nobody。
    #[arg(long, value_parser = duty, env = "YOUJU_SECOND_FACTOR")]
    second_factor: Option<Duty>,
    /// 服务器日志留存的目录:每天一个文件,只有运行账号可读;缺省只写到标准错误输出。
    #[arg(long, env = "YOUJU_LOG_DIR")]
    log_dir: Option<PathBuf>,
    /// 服务器日志留存的天数,不少于 183 天(网络安全法第二十一条)。
    #[arg(long, default_value_t = LOG_DAYS_USUAL, value_parser = days, env = "YOUJU_LOG_DAYS")]
    log_days: u32,
    /// 页面顶部显示的地区名称。
    #[arg(long, default_value = "", env = "YOUJU_PLACE")]
    name: String,
}

fn duty(word: &str) -> Result<Duty, String> {
    let known = Duty::ALL.map(Duty::key).join("、");
    Duty::from_key(word).ok_or_else(|| format!("没有“{word}”这个选项,可以写 {known}。"))
}

fn days(text: &str) -> Result<u32, String> {
    let days = text.parse().map_err(|_| format!("天数应为整数,现为“{text}”。"))?;
    log_days(days).map_err(|problem| problem.says())
}

impl Options {
    /// Where the log is kept, if it is.
    pub(crate) fn log_files(&self) -> Result<Option<Files>, Failure> {
        let Some(folder) = &self.log_dir else { return Ok(None) };
        let made = Files::new(folder, self.log_days);
        Ok(Some(made.map_err(|error| format!("不能使用日志目录 {}:{error}。", folder.display()))?))
    }
}

/// What only the one who started the program knows about what surrounds it.
fn around(gates: &listen::Gates, courier: Option<&Courier>, wire: &listen::Wire, files: Option<Files>) -> Around {
    let (certificate, is_behind_gateway) = (gates.certificate(), wire.is_behind_gateway());
    let channels: Vec<(String, String)> = courier.map(Courier::channels).map_or_else(Vec::new, |channels| {
        channels.ids().map(|id| (id.to_owned(), channels.target(id).unwrap_or_default())).collect()
    });
    Arc::new(move || Surroundings {
        certificates: certificate.iter().map(|one| (one.file(), one.last_day())).collect(),
        is_behind_gateway,
        channels: channels.clone(),
        log: files.as_ref().map(|files| {
            let kept = files.kept();
            LogKeeping {
                folder: files.folder().display().to_string(),
                days: files.days(),
                files: u64::try_from(kept.len()).unwrap_or(u64::MAX),
                oldest: kept.first().copied(),
            }
        }),
    })
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    block_on(async move {
        let gates = options.wire.open(options.listen, &options.address).await?;
        let world = rehearsal::world(options.clock.as_deref(), &options.place, options.channels.is_some())?;
        let courier = worker::courier(options.channels.as_deref())?;
        let platform = identity::platform(options.identity.as_deref(), &options.address)?;
        let notes = demo::sign_in_notes(&options.place.data);
        let usual = if notes.is_empty() { Duty::Officers } else { Duty::Nobody };
        let duty = options.second_factor.unwrap_or(usual);
        let around = around(&gates, courier.as_ref(), &options.wire, options.log_files()?);
        let app = open(&options.place, world).await?.with_address(&options.address).with_second_factor(duty);
        let app = match platform {
            Some(platform) => app.with_identity(platform),
            None => app,
        };
        let app = app.with_surroundings(around);
        let place = if notes.is_empty() { options.name } else { demo::PLACE.to_owned() };
        let settings = Settings {
            is_https: options.wire.is_https(),
            is_behind_gateway: options.wire.is_behind_gateway(),
            hosts: options.wire.hosts,
            place,
            sign_in_notes: notes,
            channels: channels(courier.as_ref()),
            requests_max: options.requests_max,
        };
        worker::start(&app, courier, &options.place.data);
        if let Some(clock) = options.clock {
            rehearsal::follow(&app, clock);
        }
        say(&format!("有据已启动:{}", gates.address()?));
        gates.serve(youju_web::router(app, settings)).await;
        Ok(())
    })
}

/// The channels as the pages name them.
fn channels(courier: Option<&Courier>) -> Vec<Channel> {
    let Some(channels) = courier.map(Courier::channels) else { return Vec::new() };
    let one = |id: &str| {
        let kind = channels.kind(id)?;
        let name = format!("{}({id})", kind.name());
        Some(Channel { id: id.to_owned(), name, is_group: kind.is_group() })
    };
    channels.ids().filter_map(one).collect()
}
