//! The frame around every pane: the same in every state, so that nothing jumps.

use super::{Panel, Phase};
use crate::{Page, View, frame::runs_from_the_right};
use alloc::string::String;
use funfair_host_api::json::write_u64;

impl Panel {
    /// The whole element as it stands.
    pub fn view(&self) -> View {
        let (seen, state) = (&self.seen, self.state());
        let mut page = Page::new(&seen.texts);
        page.open("div.funfair.panel part=root tabindex=-1");
        page.attr("data-state", state);
        page.attr("lang", &seen.lang);
        page.attr("dir", if runs_from_the_right(&seen.lang) { "rtl" } else { "ltr" });
        if self.phase == Phase::Read {
            self.pane.stage(seen, &mut page);
        } else {
            self.blank(state, &mut page);
        }
        page.close();
        page.done()
    }

    /// What stands there while there is nothing to show.
    fn blank(&self, state: &str, page: &mut Page<'_>) {
        let (texts, slug) = (&self.seen.texts, self.pane.slug());
        page.say("h2.title part=title", &key(slug, "title"));
        page.open("div.blank");
        self.pane.picture(page);
        let own = key(slug, state);
        let said = texts.get(&own);
        // While it is loading there is nothing of its own to be said.
        let said = if said == own { texts.get("kit.loading") } else { said };
        page.leaf("p.status role=status part=status", said);
        match self.phase {
            Phase::Failed | Phase::Offline => {
                if self.phase == Phase::Failed {
                    page.leaf("code", &self.code);
                }
                page.say("button.quiet type=button data-do=retry", "kit.retry");
            }
            Phase::SignedOut => {
                page.say("button type=button part=button data-do=main", "kit.sign-in");
            }
            _ => {}
        }
        page.close();
    }
}

/// A moment: the shell writes it in the shopper's own zone.
pub fn time(page: &mut Page<'_>, at_ms: u64) {
    let mut digits = String::new();
    write_u64(at_ms, &mut digits);
    page.open("time");
    page.attr("data-at", &digits);
    page.close();
}

fn key(slug: &str, word: &str) -> String {
    let mut key = String::from(slug);
    key.push('.');
    key.push_str(word);
    key
}
