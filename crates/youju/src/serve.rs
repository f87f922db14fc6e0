//! `youju serve`: the pages.

use std::net::SocketAddr;

use clap::Args;
use tokio::net::TcpListener;
use youju_app::world::World;
use youju_web::Settings;

use crate::demo;
use crate::open::{Failure, Place, block_on, open, say};

/// 网页服务。
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// 监听地址。
    #[arg(long, default_value = "127.0.0.1:8600", env = "YOUJU_LISTEN")]
    listen: SocketAddr,
    /// 通过 https 访问(由前面的网关加密),登录凭证不再允许明文传送。
    #[arg(long)]
    https: bool,
    /// 页面顶部显示的地区名称。
    #[arg(long, default_value = "", env = "YOUJU_PLACE")]
    name: String,
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    block_on(async move {
        let app = open(&options.place, World::System).await?;
        let notes = demo::sign_in_notes(&options.place.data);
        let place = if notes.is_empty() { options.name } else { demo::PLACE.to_owned() };
        let settings = Settings { is_https: options.https, place, sign_in_notes: notes };
        let listener = TcpListener::bind(options.listen)
            .await
            .map_err(|error| format!("不能在 {} 上提供服务:{error}。请换一个 --listen。", options.listen))?;
        say(&format!("有据已启动:http://{}", listener.local_addr()?));
        axum::serve(listener, youju_web::router(app, settings)).with_graceful_shutdown(stopped()).await?;
        Ok(())
    })
}

/// Ends when the terminal or the service manager asks to stop; running requests are finished first.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
