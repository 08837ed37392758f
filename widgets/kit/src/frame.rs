//! The frame around every face: head, stage, status, what is published, and the sheet.

use crate::{
    Cx, Page, Shown, State, Tree, Ui, View, day_words, decimal, grouped, icon, life::Phase,
    parts::count_down,
};
use alloc::string::String;

impl Ui {
    /// The whole widget as it stands.
    pub fn view(&self) -> View {
        let cx = self.cx();
        let mut page = Page::new(&self.texts);
        page.drawings = self.face.drawings();
        page.open("div.funfair part=root");
        page.attr("data-state", cx.state.name());
        page.attr("data-look", cx.activity.text("look"));
        page.attr("lang", &self.lang);
        // Words that fell back to another language run the way of that language.
        page.attr("dir", if runs_from_the_right(&self.lang) { "rtl" } else { "ltr" });
        if cx.state == State::Hidden {
            page.attr("hidden", "");
            page.close();
            return page.done();
        }
        if self.barrier().exists() {
            page.attr("data-barrier", self.barrier_name());
        }
        // The sheet lies over the drawing, wherever the folds below it end.
        page.open("div.scene");
        if self.activity.exists() {
            self.head(&cx, &mut page);
        }
        // What lies under the sheet is out of reach; the status line is not, it is being said.
        let covered = matches!(self.phase, Phase::Asking | Phase::Result);
        if self.activity.exists() {
            page.open(if covered { "div.stage inert=" } else { "div.stage" });
            self.face.stage(&cx, &mut page);
        } else {
            // The same frame before anything is known, so that nothing jumps.
            page.open("div.stage.empty");
            medal(&mut page, "none");
        }
        page.close();
        self.status(&cx, &mut page);
        self.sheet(&cx, &mut page);
        page.close();
        if self.activity.exists() {
            page.open(if covered { "div inert=" } else { "div" });
            odds(&cx, &mut page);
            self.terms(&cx, &mut page);
            page.close();
        }
        page.close();
        page.done()
    }

    fn head(&self, cx: &Cx<'_>, page: &mut Page<'_>) {
        page.open("div.head");
        page.leaf("h2.title part=title", cx.activity.at("title").words(cx.lang));
        // The place is kept before they are known, so that nothing moves when they are.
        let known = self.me.exists();
        page.open(if known { "p.points part=points" } else { "p.points.later" });
        icon(page, "points");
        page.leaf("span", &cx.texts.count("kit.points", cx.balance));
        page.close();
        page.close();
    }

    /// One line of words for whatever is the case, and what can be done about it.
    fn status(&self, cx: &Cx<'_>, page: &mut Page<'_>) {
        let state = cx.state;
        let told =
            matches!(self.phase, Phase::Changed | Phase::Refused | Phase::Failed | Phase::Offline);
        let raised = told || state == State::Barred;
        page.open(if raised { "div.note.told" } else { "div.note" });
        let mut key = String::from("kit.");
        key.push_str(state.name());
        let said = match state {
            _ if !self.said.is_empty() => &self.said,
            State::Barred => self.barrier_words(),
            State::SignedOut if self.barrier().exists() => self.barrier_words(),
            State::Loading | State::SignedOut | State::Early | State::Paused | State::Closed => {
                self.texts.get(&key)
            }
            _ => "",
        };
        page.leaf("p.status role=status part=status", said);
        if state == State::Error {
            page.leaf("code", &self.code);
        }
        if matches!(state, State::Early | State::Barred | State::SignedOut)
            && self.opens_in_ms() > 0
        {
            count_down(page, self.opens_in_ms());
        }
        self.unlock_form(page);
        if matches!(state, State::Error | State::Offline) {
            page.say("button.quiet type=button data-do=retry", "kit.retry");
        } else if told {
            page.say("button.quiet type=button data-do=close", "kit.ok");
        }
        page.close();
    }

    fn sheet(&self, cx: &Cx<'_>, page: &mut Page<'_>) {
        let asking = self.phase == Phase::Asking;
        if !asking && self.phase != Phase::Result {
            return;
        }
        let ask = &self.ask;
        let shown = if asking { Shown::default() } else { self.shown() };
        let (icon_name, title, line, verb) = if asking {
            ("check", &ask.title, &ask.line, &ask.verb)
        } else {
            (shown.icon.as_str(), &shown.title, &shown.line, &shown.again)
        };
        page.open("div.cover key=cover");
        page.fixed(r#"["div.scrim data-do=close"]"#);
        page.open(match (asking, shown.won) {
            (true, _) => "div.sheet key=ask role=dialog aria-modal=true aria-labelledby=sheet-title tabindex=-1",
            (_, true) => "div.sheet.won key=result role=dialog aria-modal=true aria-labelledby=sheet-title tabindex=-1 part=result",
            _ => "div.sheet key=result role=dialog aria-modal=true aria-labelledby=sheet-title tabindex=-1 part=result",
        });
        let receipt = &self.receipt;
        if !asking {
            page.attr("data-receipt", receipt.text("id"));
        }
        page.open("button.close type=button data-do=close");
        page.attr("aria-label", self.texts.get("kit.close"));
        icon(page, "close");
        page.close();
        medal(page, icon_name);
        page.leaf("h3 id=sheet-title", title);
        page.leaf("p", line);
        if !asking {
            for reward in receipt.at("rewards").list() {
                // What the headline does not name yet: a bonus for another activity, say.
                let label = reward.at("label").words(cx.lang);
                let named = shown.won && reward.text("type") == "points";
                if !named && !says(title, label) {
                    page.leaf("p", label);
                }
                good_for(cx, page, reward);
            }
        }
        if !shown.share.is_empty() {
            let copied = self.said == self.texts.get("kit.copied");
            page.open("button.quiet type=button data-do=share");
            page.attr("data-value", &shown.share);
            page.text(self.texts.get(if copied { "kit.copied" } else { "kit.share" }));
            page.close();
        }
        page.open("button.main type=button");
        let (press, verb) = match (asking, verb.as_str()) {
            (true, verb) => ("confirm", verb),
            (_, "") => ("close", self.texts.get("kit.done")),
            (_, verb) => ("main", verb),
        };
        page.attr("data-do", press);
        page.text(verb);
        page.close();
        page.close();
        page.close();
    }

    fn terms(&self, cx: &Cx<'_>, page: &mut Page<'_>) {
        page.open("details.fold");
        page.say("summary", "kit.terms");
        page.leaf("p", cx.activity.at("terms").words(cx.lang));
        if !self.terms_url.is_empty() {
            let mut url = self.terms_url.clone();
            url.push_str("?lang=");
            url.push_str(cx.lang);
            page.open("a target=_blank rel=noopener part=terms");
            page.attr("href", &url);
            page.text(cx.texts.get("kit.full-terms"));
            page.close();
        }
        page.leaf("p.fine", &cx.texts.fill("kit.fair", cx.activity.text("key_hash")));
        page.close();
    }
}

/// Why not `str::contains`: its search weighs as much as a face.
fn says(text: &str, part: &str) -> bool {
    part.is_empty() || text.as_bytes().windows(part.len()).any(|found| found == part.as_bytes())
}

pub(crate) fn runs_from_the_right(lang: &str) -> bool {
    matches!(lang.as_bytes().get(..2), Some(b"ar" | b"fa" | b"he"))
}

fn medal(page: &mut Page<'_>, name: &str) {
    page.open("div.medal");
    icon(page, name);
    page.close();
}

/// Until when a reward is good, and what for.
fn good_for(cx: &Cx<'_>, page: &mut Page<'_>, reward: &Tree) {
    let texts = cx.texts;
    for name in ["expires_on", "valid_until"] {
        let day = reward.text(name);
        if !day.is_empty() {
            let year = day.get(..4).unwrap_or_default();
            let words = texts.fill_two("kit.until", "y", year, &day_words(texts, day));
            page.leaf("p.fine", &words);
        }
    }
    let mut key = String::from("kit.for.");
    key.push_str(reward.text("type"));
    let coupon = reward.has("threshold_cents");
    let n = if coupon { reward.num("threshold_cents") / 100 } else { cx.balance };
    if coupon && n == 0 {
        key.push_str(".any");
    }
    // A kind of reward that is newer than the words has none.
    if texts.get(&key) != key {
        page.leaf("p.fine", &texts.count(&key, n));
    }
    // Of a benefit it is only the store's name for it.
    if coupon && reward.has("code") {
        page.leaf("p.fine", &texts.fill("kit.code", reward.text("code")));
    }
}

/// What can be won, with its chance and quantity, as published.
fn odds(cx: &Cx<'_>, page: &mut Page<'_>) {
    let odds = cx.activity.at("odds").list();
    let total: u64 = odds.iter().map(|odds| odds.num("weight")).sum();
    if total == 0 {
        return;
    }
    page.open("details.fold");
    page.say("summary", "kit.odds");
    page.open("table.odds part=odds");
    page.open("thead");
    page.open("tr");
    for key in &["kit.prize", "kit.chance", "kit.quantity"] {
        page.say("th scope=col", key);
    }
    page.close();
    page.close();
    page.open("tbody");
    for odds in odds {
        page.open("tr");
        page.open("th scope=row");
        icon(page, odds.text("icon"));
        page.text(odds.at("label").words(cx.lang));
        if odds.is("fallback") {
            page.say("small", "kit.fallback");
        }
        page.close();
        let mut chance = String::new();
        decimal(&mut chance, odds.num("weight") * 10_000 / total);
        chance.push('%');
        page.leaf("td", &chance);
        page.open("td");
        if odds.has("quantity") {
            page.text(&grouped(odds.num("quantity")));
        } else if !odds.has("daily") {
            page.text(cx.texts.get("kit.unlimited"));
        }
        for (limit, key) in &[("daily", "kit.daily"), ("per_member", "kit.per-member")] {
            if odds.has(limit) {
                page.leaf("small", &cx.texts.count(key, odds.num(limit)));
            }
        }
        page.close();
        page.close();
    }
    page.close();
    page.close();
    page.close();
}
