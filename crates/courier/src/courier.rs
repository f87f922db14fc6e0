//! The courier: takes a letter, a channel and the time, and comes back with an outcome.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tokio_rustls::TlsConnector;

use crate::channels::{BadChannels, Channel, Channels, Way};
use crate::http;
use crate::letter::{Letter, Words};
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::robot::Platform;
use crate::secret::{Secret, Veil};
use crate::smtp::Talk;
use crate::{gateway, mail, trust};

/// Courier 投递员 — delivers through the configured channels. It keeps nothing between two letters.
pub struct Courier {
    channels: Channels,
    limits: Limits,
    /// By the id of the channel, for those that encrypt.
    trusts: BTreeMap<String, TlsConnector>,
}

impl Courier {
    /// A courier for these channels. It reads the system's certificates once.
    pub fn new(channels: Channels) -> Result<Courier, BadChannels> {
        Courier::with_limits(channels, Limits::default())
    }

    /// A courier with other bounds.
    pub fn with_limits(channels: Channels, limits: Limits) -> Result<Courier, BadChannels> {
        let mut trusts = BTreeMap::new();
        let mut wrong = Vec::new();
        let system = LazyCell::new(|| trust::connector(&trust::system()));
        for channel in channels.iter().filter(|channel| channel.is_encrypted()) {
            let is_own = !channel.authorities.is_empty();
            let trust = if is_own { trust::connector(&channel.authorities) } else { system.clone() };
            match trust {
                Some(trust) => drop(trusts.insert(channel.id.clone(), trust)),
                None => wrong.push(format!("渠道“{}”的加密不能用。请检查 ca 里的证书。", channel.id)),
            }
        }
        if wrong.is_empty() { Ok(Courier { channels, limits, trusts }) } else { Err(BadChannels { wrong }) }
    }

    /// The channels that it serves.
    pub fn channels(&self) -> &Channels {
        &self.channels
    }

    /// One attempt to deliver the letter. `now` is the time of the attempt, which some platforms want signed.
    pub async fn deliver(&self, channel: &str, letter: &Letter<'_>, now: DateTime<Utc>) -> Outcome {
        let Some(channel) = self.channels.get(channel) else {
            return Outcome::refused(format!("没有名为“{channel}”的渠道。请检查渠道配置。"));
        };
        let words = match Words::of(letter) {
            Ok(words) => words,
            Err(why) => return Outcome::refused(why),
        };
        self.through(channel, letter, &words, now).await
    }

    async fn through(&self, channel: &Channel, letter: &Letter<'_>, words: &Words, now: DateTime<Utc>) -> Outcome {
        let veil = veil(channel);
        let target = channel.target();
        match &channel.way {
            Way::Smtp(smtp) => match mail::write(smtp, letter, words) {
                Ok(mail) => {
                    let trust = self.trusts.get(&channel.id);
                    Talk { smtp, target: &target, trust, veil: &veil, limits: &self.limits }.send(&mail).await
                }
                Err(why) => Outcome::refused(why),
            },
            Way::WeCom(_) | Way::DingTalk(_) if !letter.to.is_empty() => {
                Outcome::refused("群机器人的消息全群可见,不能写给一个人。请换用别的渠道,或把收件人留空。")
            }
            Way::WeCom(robot) => {
                let read = |answer: &_| Platform::WeCom.read(answer, &target, &veil);
                self.call(channel, Platform::WeCom.call(robot, words, now), read).await
            }
            Way::DingTalk(robot) => {
                let read = |answer: &_| Platform::DingTalk.read(answer, &target, &veil);
                self.call(channel, Platform::DingTalk.call(robot, words, now), read).await
            }
            Way::Sms(sms) => match gateway::call(sms, letter, words) {
                Ok(call) => self.call(channel, call, |answer| gateway::read(sms, answer, &target, &veil)).await,
                Err(why) => Outcome::refused(why),
            },
        }
    }

    async fn call(
        &self,
        channel: &Channel,
        call: http::Call<'_>,
        read: impl FnOnce(&http::Answer) -> Outcome,
    ) -> Outcome {
        match http::call(call, self.trusts.get(&channel.id), &self.limits).await {
            Ok(answer) => read(&answer),
            Err(trouble) => trouble.outcome(&channel.target(), &self.limits),
        }
    }
}

/// Hides the secrets of a channel from what the other side says.
fn veil(channel: &Channel) -> Veil {
    match &channel.way {
        Way::Smtp(smtp) => smtp.login.as_ref().map_or_else(Veil::default, |login| {
            let password = login.password.reveal();
            let plain = format!("\0{}\0{password}", login.user); // as AUTH PLAIN sends it
            Veil::over(&[password, &plain], &[])
        }),
        Way::WeCom(robot) | Way::DingTalk(robot) => {
            let password: Vec<&str> = robot.secret.iter().map(Secret::reveal).collect();
            Veil::over(&password, &robot.url.secrets())
        }
        Way::Sms(sms) => {
            let fields = sms.fields.iter().flat_map(|(_, node)| node.constants());
            let perhaps: Vec<&str> = sms.url.secrets().into_iter().chain(fields).collect();
            let headers: Vec<&str> = sms.headers.iter().map(|(_, value)| value.reveal()).collect();
            Veil::over(&headers, &perhaps)
        }
    }
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier")
            .field("channels", &self.channels)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
