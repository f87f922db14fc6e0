//! `youju serve`: the pages.

mod listen;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use youju_courier::Courier;
use youju_domain::second_factor::Duty;
use youju_web::{Channel, Settings};

use crate::demo;
use crate::identity;
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
    /// 页面顶部显示的地区名称。
    #[arg(long, default_value = "", env = "YOUJU_PLACE")]
    name: String,
}

fn duty(word: &str) -> Result<Duty, String> {
    let known = Duty::ALL.map(Duty::key).join("、");
    Duty::from_key(word).ok_or_else(|| format!("没有“{word}”这个选项,可以写 {known}。"))
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
        let app = open(&options.place, world).await?.with_address(&options.address).with_second_factor(duty);
        let app = match platform {
            Some(platform) => app.with_identity(platform),
            None => app,
        };
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
