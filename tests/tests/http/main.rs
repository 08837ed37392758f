//! The server, asked directly: everything a shopper's browser, a thief or a careless merchant can
//! send, and what stays behind in the database.

mod activities;
mod bodies;
mod channels;
mod claims;
mod files;
mod fragment;
mod frame;
mod freeze;
mod gate;
mod hub;
mod lifecycle;
mod links;
mod minting;
mod operators;
mod origins;
mod plays;
mod races;
mod secrets;
mod terms;
mod tickets;
mod tokens;
mod wallet;

/// A wheel that all but always gives `reward`, with more lines of its file between its head and its
/// rules.
fn wheel(more: &str, stock: &str, reward: &str) -> String {
    format!(
        r#"
kind = "spin-wheel"
title = {{ en = "The wheel", zh-CN = "转盘" }}
terms = {{ en = "For members.", zh-CN = "会员专享。" }}
opens_at = "2026-01-01T00:00:00"
closes_at = "2036-01-01T00:00:00"
{more}
[chances]
free_per_day = 20

[[rules.prizes]]
id = "main"
label = {{ en = "The main one", zh-CN = "大奖" }}
tier = 1
weight = 1000000000000
{stock}
icon = "goods"
reward = {reward}

[[rules.prizes]]
id = "a"
label = {{ en = "1 point", zh-CN = "1积分" }}
tier = 2
weight = 1
icon = "points"
reward = {{ type = "points", amount = 1 }}

[[rules.prizes]]
id = "b"
label = {{ en = "2 points", zh-CN = "2积分" }}
tier = 2
weight = 1
icon = "points"
reward = {{ type = "points", amount = 2 }}

[[rules.prizes]]
id = "thanks"
label = {{ en = "Next time", zh-CN = "谢谢参与" }}
tier = 0
weight = 1
icon = "none"
fallback = true
"#
    )
}

/// A mug, to be sent.
const MUG: &str = r#"{ type = "goods", sku = "MUG-1" }"#;

/// A kind's example at dates around now.
fn dated(example: &str) -> String {
    let dated = |line: &str| match line.split(' ').next() {
        Some("opens_at") => "opens_at = \"2026-01-01T00:00:00\"".to_owned(),
        Some("closes_at") => "closes_at = \"2036-01-01T00:00:00\"".to_owned(),
        _ => line.to_owned(),
    };
    example.lines().map(dated).collect::<Vec<_>>().join("\n")
}
