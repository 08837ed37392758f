use crate::Entry;
use funfair_kit::{Moment, Msg, Node, TEXTS, Texts, Tree, Ui};

impl Entry {
    /// A widget as it stands before anybody knows who looks at it: what a server can draw into its
    /// page, and what the element's own core begins with.
    ///
    /// `activity` is the public answer, JSON; `terms_url` is where its terms page is, empty for
    /// nowhere. A locale that is not spoken is shown in the first one.
    pub fn first_view(&self, locale: &str, activity: &str, terms_url: &str, now_ms: u64) -> Node {
        let mut ui = Ui::new(self.face, self.words(locale));
        ui.set_terms(terms_url);
        let activity = Msg::Activity(200, Tree::parse(activity));
        // Nothing is played here, so nothing is drawn by lot.
        ui.update(activity, Moment { now_ms, dice: "" });
        ui.view().node()
    }

    /// The kit's words and the kind's.
    fn words(&self, locale: &str) -> Texts {
        let [kit, own] = [TEXTS, self.texts].map(|all| {
            let found = all.iter().find(|(spoken, _)| *spoken == locale).or(all.first());
            found.map_or("{}", |(_, words)| words.trim())
        });
        let (kit, own) = (kit.trim_end_matches('}'), own.trim_start_matches('{'));
        Texts::read(&format!("{kit},{own}"))
    }
}
