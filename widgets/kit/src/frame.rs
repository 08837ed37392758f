//! The frame around every face: head, stage, status, what is published, and the sheet.

use crate::{
    Cx, Node, Shown, Ui, el, icon,
    life::Phase,
    parts::{count_down, day_words, grouped, link},
    text,
};
use alloc::{string::String, vec::Vec};
use funfair_host_api::{Odds, Reward, json::Raw};

use crate::fields::Fields;

impl Ui {
    /// The whole widget as it stands.
    pub fn view(&self) -> Node {
        let state = self.state();
        let mut root = el("div", "funfair")
            .attr("part", "root")
            .attr("data-state", state)
            .attr("lang", &self.lang);
        let Some(cx) = self.cx() else {
            return root.with(el("div", "stage empty")).with(self.status(state, None));
        };
        root = root.attr("data-look", &cx.activity.look).with(self.head(&cx));
        let outcome =
            self.receipt().and_then(|receipt| Fields::of(receipt.text()).get::<Raw>("outcome"));
        let cx = Cx { outcome: outcome.as_ref(), ..cx };
        root.with(el("div", "stage").with_some(self.face.stage(&cx)))
            .with(self.status(state, Some(&cx)))
            .with_some(odds(&cx))
            .with(terms(&cx))
            .with_some(self.sheet(&cx))
    }

    fn receipt(&self) -> Option<&Raw> {
        match &self.phase {
            Phase::Moving { receipt, .. } | Phase::Result { receipt } => Some(receipt),
            _ => None,
        }
    }

    fn head(&self, cx: &Cx<'_>) -> Node {
        let title = el("h2", "title").attr("part", "title").say(cx.activity.title.pick(cx.lang));
        let points = self.me.as_ref().map(|me| {
            el("p", "points")
                .attr("part", "points")
                .with(icon("points"))
                .with(el("span", "").say(&cx.texts.count("kit.points", me.balance)))
        });
        el("div", "head").with(title).with_some(points)
    }

    /// One line of words for whatever is the case, and what can be done about it.
    fn status(&self, state: &str, cx: Option<&Cx<'_>>) -> Node {
        let changed = matches!(self.phase, Phase::Changed);
        let words = match state {
            _ if !self.said.is_empty() => self.said.clone(),
            "loading" | "early" | "paused" | "closed" | "signed-out" => {
                let mut key = String::from("kit.");
                key.push_str(state);
                self.texts.get(&key).into()
            }
            _ => String::new(),
        };
        let todo = match state {
            "offline" | "error" => Some(("retry", "kit.retry")),
            "signed-out" => Some(("sign-in", "kit.sign-in")),
            "refused" => Some(("close", "kit.ok")),
            _ if changed => Some(("close", "kit.ok")),
            _ => None,
        };
        let mut note = el("div", "note")
            .attr_if(changed, "data-changed", "")
            .with(el("p", "status").attr("role", "status").attr("part", "status").say(&words));
        if let (Phase::Failed(code), "error") = (&self.phase, state) {
            note = note.with(el("code", "").say(code));
        }
        if let (Some(cx), "early") = (cx, state) {
            let left = cx.activity.opens_at_ms.saturating_sub(self.now_ms);
            note = note.with(count_down(&self.texts, left));
        }
        note.with_some(todo.map(|(press, key)| link("quiet", press, self.texts.get(key))))
    }

    fn sheet(&self, cx: &Cx<'_>) -> Option<Node> {
        let (shown, press) = match &self.phase {
            Phase::Result { .. } => {
                let shown = self.shown()?;
                let press = shown.next.as_ref().map_or("close", |(_, press)| press);
                (shown, press)
            }
            Phase::Asking(ask) => {
                let next = Some((ask.verb.clone(), "confirm"));
                let (title, lines) = (ask.title.clone(), [ask.line.clone()].into());
                (Shown { title, lines, next, icon: "none".into(), ..Shown::default() }, "confirm")
            }
            _ => return None,
        };
        let verb = shown.next.as_ref().map_or(cx.texts.get("kit.done"), |(verb, _)| verb);
        let mut body = el("div", if shown.won { "sheet won" } else { "sheet" })
            .key("sheet")
            .attr("role", "dialog")
            .attr("aria-labelledby", "sheet-title")
            .attr("tabindex", "-1");
        let receipt = self.receipt().map(|receipt| Fields::of(receipt.text()));
        if let Some(receipt) = &receipt {
            body = body.attr("part", "result").attr("data-receipt", &receipt.word("id"));
        }
        body = body
            .with(
                link("close", "close", "")
                    .attr("aria-label", cx.texts.get("kit.close"))
                    .with(icon("close")),
            )
            .with(el("div", "medal").with(icon(&shown.icon)))
            .with(el("h3", "").attr("id", "sheet-title").say(&shown.title));
        for line in &shown.lines {
            body = body.with(el("p", "").say(line));
        }
        for reward in
            receipt.and_then(|receipt| receipt.get::<Vec<Reward>>("rewards")).unwrap_or_default()
        {
            body = body.with_some(good_for(cx, &reward).map(|words| el("p", "fine").say(&words)));
        }
        body = body.with(link("main", press, verb));
        Some(el("div", "cover").key("cover").with(el("div", "scrim").on("close")).with(body))
    }
}

/// What a reward is good for and until when.
fn good_for(cx: &Cx<'_>, reward: &Reward) -> Option<String> {
    let until = |day: &Option<funfair_host_api::Day>| match day {
        Some(day) => cx.fill("kit.until", &[("day", &day_words(cx.texts, *day))]),
        None => String::new(),
    };
    Some(match reward {
        Reward::Points { expires_on, .. } => {
            let mut words = cx.texts.count("kit.balance", cx.balance);
            words.push_str(&until(expires_on));
            words
        }
        Reward::Coupon { threshold_cents, valid_until, code, .. } => {
            let least = grouped(threshold_cents / 100);
            let key = if *threshold_cents == 0 { "kit.any-order" } else { "kit.order-from" };
            let mut words = cx.fill(key, &[("n", &least)]);
            words.push_str(&until(valid_until));
            if let Some(code) = code {
                words.push_str(&cx.fill("kit.code", &[("code", code)]));
            }
            words
        }
        Reward::Goods { .. } => cx.texts.get("kit.goods").into(),
        _ => return None,
    })
}

/// What can be won, with its chance and quantity, as published.
fn odds(cx: &Cx<'_>) -> Option<Node> {
    let odds = &cx.activity.odds;
    let total: u64 = odds.iter().map(|odds| odds.weight).sum();
    if total == 0 {
        return None;
    }
    let head = ["kit.prize", "kit.chance", "kit.quantity"]
        .map(|key| el("th", "").attr("scope", "col").say(cx.texts.get(key)));
    let mut rows = el("tbody", "");
    for odds in odds {
        rows = rows.with(
            el("tr", "")
                .with(
                    el("th", "")
                        .attr("scope", "row")
                        .with(icon(&odds.icon))
                        .say(odds.label.pick(cx.lang)),
                )
                .with(el("td", "").say(&percent(odds.weight, total)))
                .with(el("td", "").say(&quantity(cx, odds))),
        );
    }
    let head = head.into_iter().fold(el("tr", ""), Node::with);
    let table =
        el("table", "odds").attr("part", "odds").with(el("thead", "").with(head)).with(rows);
    Some(fold(cx, "kit.odds", table))
}

fn quantity(cx: &Cx<'_>, odds: &Odds) -> String {
    match (odds.quantity, odds.daily) {
        (_, Some(daily)) => cx.texts.count("kit.daily", daily),
        (Some(quantity), _) => grouped(quantity),
        (None, None) => cx.texts.get("kit.unlimited").into(),
    }
}

/// `12.5%`: hundredths at most, never rounded to nothing.
fn percent(weight: u64, total: u64) -> String {
    let hundredths = weight.saturating_mul(10_000) / total;
    if hundredths == 0 && weight > 0 {
        return "<0.01%".into();
    }
    let mut out = grouped(hundredths / 100);
    let rest = hundredths % 100;
    if rest > 0 {
        out.push('.');
        out.push_str(&grouped(rest / 10));
        if rest % 10 > 0 {
            out.push_str(&grouped(rest % 10));
        }
    }
    out.push('%');
    out
}

fn terms(cx: &Cx<'_>) -> Node {
    let body = el("div", "terms")
        .with(el("p", "").say(cx.activity.terms.pick(cx.lang)))
        .with(el("p", "fine").say(&cx.fill("kit.fair", &[("hash", &cx.activity.key_hash)])));
    fold(cx, "kit.terms", body)
}

fn fold(cx: &Cx<'_>, key: &str, body: Node) -> Node {
    el("details", "fold").with(el("summary", "").with(text(cx.texts.get(key)))).with(body)
}
