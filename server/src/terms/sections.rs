use super::{Lang, html::Html};
use funfair_engine::{EarnedBy, LuckRules, Running};
use funfair_host_api::{ActivityState, Odds};

/// The terms of an activity, section by section.
pub struct Terms<'a> {
    pub at: &'a Running,
    pub lang: &'static Lang,
    pub published_ms: u64,
    pub over: bool,
}

impl Terms<'_> {
    pub fn write(&self, page: &mut Html) {
        self.period(page);
        self.who(page);
        self.schedule(page);
        self.chances(page);
        self.odds(page);
        self.promises(page);
        self.budget(page);
        for clause in self.at.game.clauses() {
            page.element("h2 dir=\"auto\"", clause.title.pick(self.lang.tag));
            page.element("p class=\"text\" dir=\"auto\"", clause.text.pick(self.lang.tag));
        }
        self.claim(page);
        self.check(page);
        self.revision(page);
    }

    fn period(&self, page: &mut Html) {
        let setup = &self.at.setup;
        self.heading(page, "period");
        page.raw("<dl>\n");
        for (key, moment) in [("from", setup.opens_at_ms), ("until", setup.closes_at_ms)] {
            page.element("dt", self.lang.say(key));
            page.element("dd", &self.lang.moment(moment, &setup.zone));
        }
        page.raw("</dl>\n");
        let zone = if setup.zone == "Asia/Shanghai" { "zone-china" } else { "zone" };
        page.element("p", &self.lang.fill(zone, &[("zone", &setup.zone)]));
        if setup.cutover_hour > 0 {
            page.element("p", &self.number("cutover", u64::from(setup.cutover_hour)));
        }
        if self.over {
            page.element("p", self.lang.say("over"));
        } else if self.at.state == ActivityState::Paused {
            page.element("p", self.lang.say("paused"));
        }
    }

    fn who(&self, page: &mut Html) {
        let setup = &self.at.setup;
        self.heading(page, "who");
        match &setup.audience {
            Some(audience) => {
                page.element("p class=\"text\" dir=\"auto\"", audience.reason.pick(self.lang.tag))
            }
            None => page.element("p", self.lang.say("everyone")),
        };
        if let Some(consent) = &setup.consent {
            let label = [("label", consent.label.pick(self.lang.tag))];
            page.element("p dir=\"auto\"", &self.lang.fill("consent", &label));
        }
        if let Some(gate) = &setup.gate {
            let tries = gate.attempts_per_day.to_string();
            let values = [("n", tries.as_str()), ("hint", gate.hint.pick(self.lang.tag))];
            page.element("p dir=\"auto\"", &self.lang.fill("gate", &values));
        }
    }

    fn schedule(&self, page: &mut Html) {
        let Some(schedule) = &self.at.setup.schedule else { return };
        self.heading(page, "schedule");
        let day = |day| {
            let name = serde_json::to_value(day).unwrap_or_default();
            self.lang.say(name.as_str().unwrap_or_default()).to_owned()
        };
        if !schedule.weekdays.is_empty() {
            let days: Vec<_> = schedule.weekdays.iter().map(day).collect();
            let days = self.lang.list(&days);
            page.element("p", &self.lang.fill("weekdays", &[("days", &days)]));
        }
        let mut lines = Vec::new();
        for slot in &schedule.slots {
            let times = [("from", slot.from.as_str()), ("to", slot.to.as_str())];
            lines.push(self.with_quantity(self.lang.fill("slot", &times), slot.quantity));
        }
        if let Some(hourly) = &schedule.hourly {
            let [from, to, n, minute] =
                [hourly.from_hour, hourly.to_hour, hourly.minutes, hourly.minute]
                    .map(|number| number.to_string());
            let values = [("from", &from), ("to", &to), ("n", &n), ("minute", &minute)];
            let values = values.map(|(name, value)| (name, value.as_str()));
            lines.push(self.with_quantity(self.lang.fill("hourly", &values), hourly.quantity));
        }
        list(page, &lines);
    }

    fn with_quantity(&self, line: String, quantity: Option<u64>) -> String {
        match quantity {
            None => line,
            Some(n) => self.lang.list(&[line, self.number("slot-quantity", n)]),
        }
    }

    fn chances(&self, page: &mut Html) {
        let rules = &self.at.setup.chances;
        let mut lines = Vec::new();
        let free = [("free-per-day", rules.free_per_day), ("free-total", rules.free_total)];
        for (key, n) in free.into_iter().filter(|(_, n)| *n > 0) {
            lines.push(self.number(key, u64::from(n)));
        }
        if let Some(each) = rules.points_each {
            let each = grouped(each);
            lines.push(match rules.bought_per_day {
                None => self.lang.fill("bought", &[("n", &each)]),
                Some(limit) => {
                    let limit = limit.to_string();
                    self.lang.fill("bought-limit", &[("n", &each), ("limit", &limit)])
                }
            });
        }
        lines.extend(rules.earned.iter().map(|line| self.earned(line)));
        lines.extend(self.sharing());
        if !lines.is_empty() {
            self.heading(page, "chances");
            list(page, &lines);
        }
    }

    fn earned(&self, line: &EarnedBy) -> String {
        let key = format!("fact.{}", line.fact);
        let count = line.count.to_string();
        let values = [("fact", self.lang.say(&key)), ("n", count.as_str())];
        let mut parts = vec![self.lang.fill("earned", &values)];
        parts.extend(line.at_least_cents.map(|n| self.lang.fill("at-least", &[("n", &money(n))])));
        for (key, n) in [
            ("at-least-seconds", line.at_least_seconds),
            ("per-day", line.per_day.map(u64::from)),
            ("total", line.total.map(u64::from)),
            ("good-for", line.days.map(u64::from)),
        ] {
            parts.extend(n.map(|n| self.number(key, n)));
        }
        self.lang.list(&parts)
    }

    /// Where sharing brings nothing, if the activity has any to do with it.
    fn sharing(&self) -> Option<String> {
        let setup = &self.at.setup;
        let earned = setup.chances.earned.iter().any(|line| line.fact == "shop.shared");
        let name = |channel: &str| {
            let known = self.lang.texts.get(&format!("channel.{channel}"));
            known.map_or(channel, String::as_str).to_owned()
        };
        let silent: Vec<_> = setup.channels_without_reward().into_iter().map(name).collect();
        let told = !silent.is_empty() && (earned || !setup.sharing.is_empty());
        told.then(|| self.lang.fill("sharing", &[("channels", &self.lang.list(&silent))]))
    }

    fn odds(&self, page: &mut Html) {
        let odds = self.at.game.odds();
        let total: u128 = odds.iter().map(|line| u128::from(line.weight)).sum();
        if total == 0 {
            return;
        }
        // A column that no prize fills says nothing.
        let quantity = odds.iter().any(|line| line.quantity.is_some());
        let daily = odds.iter().any(|line| line.daily.is_some());
        let member = odds.iter().any(|line| line.per_member.is_some());
        self.heading(page, "odds");
        page.raw("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"");
        page.text(self.lang.say("odds")).raw("\">\n<table>\n<thead><tr><th scope=\"col\">");
        page.text(self.lang.say("prize")).raw("</th>");
        let columns =
            [("odds-of", true), ("quantity", quantity), ("daily", daily), ("per-member", member)];
        for (key, _) in columns.iter().filter(|(_, shown)| *shown) {
            page.raw("<th scope=\"col\" class=\"number\">").text(self.lang.say(key)).raw("</th>");
        }
        page.raw("</tr></thead>\n<tbody>\n");
        for line in &odds {
            page.raw("<tr><th scope=\"row\" dir=\"auto\">");
            page.text(line.label.pick(self.lang.tag));
            page.element("small", &self.kind_of_prize(line)).raw("</th>");
            page.raw("<td class=\"number\">").text(&percent(line.weight, total)).raw("</td>");
            let cells = [(line.quantity, quantity), (line.daily, daily), (line.per_member, member)];
            for (limit, _) in cells.into_iter().filter(|(_, shown)| *shown) {
                let limit = limit.map(grouped);
                let text = limit.as_deref().unwrap_or(self.lang.say("no-limit"));
                page.raw("<td class=\"number\">").text(text).raw("</td>");
            }
            page.raw("</tr>\n");
        }
        page.raw("</tbody>\n</table>\n</div>\n");
        page.element("p", self.lang.say("odds-note"));
    }

    fn kind_of_prize(&self, line: &Odds) -> String {
        let tier = match line.tier {
            0 => self.lang.say("no-win").to_owned(),
            tier => self.lang.fill("tier", &[("n", &self.lang.ordinal(tier))]),
        };
        if line.fallback {
            return self.lang.list(&[tier, self.lang.say("fallback").to_owned()]);
        }
        tier
    }

    fn promises(&self, page: &mut Html) {
        if !self.at.game.clauses().is_empty() {
            // The kind says it in its own words.
            return;
        }
        let luck = self.at.setup.rules.get("luck").cloned().unwrap_or_default();
        let luck: LuckRules = serde_json::from_value(luck).unwrap_or_default();
        let mut lines = Vec::new();
        if luck.first_play_wins {
            lines.push(self.lang.say("first-wins").to_owned());
        }
        lines.extend(luck.win_within.map(|n| self.number("win-within", u64::from(n))));
        if !lines.is_empty() {
            self.heading(page, "promises");
            list(page, &lines);
        }
    }

    fn budget(&self, page: &mut Html) {
        let budget = &self.at.setup.budget;
        let mut lines = Vec::new();
        lines.extend(budget.points.map(|n| self.number("budget-points", n)));
        lines.extend(budget.cents.map(|n| self.lang.fill("budget-cents", &[("n", &money(n))])));
        if !lines.is_empty() {
            self.heading(page, "budget");
            list(page, &lines);
        }
    }

    fn claim(&self, page: &mut Html) {
        let setup = &self.at.setup;
        self.heading(page, "claim");
        match setup.claim.pick(self.lang.tag) {
            "" => page.element("p", self.lang.say("claim-default")),
            text => page.element("p class=\"text\" dir=\"auto\"", text),
        };
        if !setup.sponsor.is_empty() {
            self.heading(page, "sponsor");
            page.element("p class=\"text\" dir=\"auto\"", setup.sponsor.pick(self.lang.tag));
        }
    }

    fn check(&self, page: &mut Html) {
        let draws = !self.at.game.odds().is_empty();
        self.heading(page, if draws { "check" } else { "check-sealed" });
        page.element("p", self.lang.say(if draws { "check-draw" } else { "check-seal" }));
        page.raw("<dl>\n").element("dt", self.lang.say("key-hash"));
        page.raw("<dd>").element("code dir=\"ltr\"", &self.at.key.hash()).raw("</dd>\n");
        if self.over && self.at.state != ActivityState::Draft {
            page.element("dt", self.lang.say("key")).raw("<dd>");
            page.element("code dir=\"ltr\"", &hex::encode(self.at.key.bytes())).raw("</dd>\n");
        }
        page.raw("</dl>\n");
    }

    fn revision(&self, page: &mut Html) {
        page.raw("<footer>\n").element("p", self.lang.say("frozen"));
        page.raw("<dl>\n").element("dt", self.lang.say("published"));
        page.element("dd", &self.lang.moment(self.published_ms, &self.at.setup.zone));
        page.element("dt", self.lang.say("revision")).raw("<dd>");
        page.element("code dir=\"ltr\"", &self.at.revision).raw("</dd>\n</dl>\n</footer>\n");
    }

    fn heading(&self, page: &mut Html, key: &str) {
        page.element("h2", self.lang.say(key));
    }

    fn number(&self, key: &str, n: u64) -> String {
        self.lang.fill(key, &[("n", &grouped(n))])
    }
}

fn list(page: &mut Html, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    page.raw("<ul>\n");
    for line in lines {
        page.element("li", line);
    }
    page.raw("</ul>\n");
}

/// Cents as whole units, with cents where there are some.
fn money(cents: u64) -> String {
    let (whole, rest) = (grouped(cents / 100), cents % 100);
    if rest == 0 { whole } else { format!("{whole}.{rest:02}") }
}

/// A number with its thousands apart.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A weight's share of the total, to four places behind the point and no further than needed.
pub fn percent(weight: u64, total: u128) -> String {
    const PLACES: u128 = 10_000;
    let parts = (u128::from(weight) * 100 * PLACES + total / 2) / total;
    if parts == 0 && weight > 0 {
        return "< 0.0001%".into();
    }
    let (whole, rest) = (parts / PLACES, parts % PLACES);
    if rest == 0 {
        return format!("{whole}%");
    }
    let places = format!("{rest:04}");
    format!("{whole}.{}%", places.trim_end_matches('0'))
}
