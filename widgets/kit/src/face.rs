use crate::{Page, Texts, Tree, texts::nth_word};
use alloc::string::String;

/// What a kind adds to the machine: its drawing, its actions, its words for what came.
///
/// Everything is answered from [`Cx`] alone; a face holds nothing. Answers are filled in rather
/// than returned, and what is left empty means "nothing of this kind's own".
pub trait Face: Sync {
    /// The kind's slug.
    fn slug(&self) -> &'static str;
    /// Drawings that [`icon`](crate::icon) shall know beside its own, a line each on a 24 by 24 grid:
    /// `name|what is tinted|what is only drawn`, both as the data of a path.
    fn drawings(&self) -> &'static str {
        ""
    }
    /// The drawing, with the button that plays.
    fn stage(&self, cx: &Cx<'_>, page: &mut Page<'_>);
    /// What a press asks; `main` is the one action that the element's `act()` sends.
    ///
    /// `name` is the button's `data-do`. With the button's `data-value`, or with the values of a
    /// form's named fields in document order (an unchecked radio or checkbox is left out), it is
    /// `name\u{1}value\u{1}value…`: [`cut`](crate::cut)`(name, 1)` takes the first off. `retry`,
    /// `confirm`, `close`, `unlock`, `share` and `copied` are the kit's own and never come here.
    ///
    /// What is chosen and typed before the press lives in the page's native inputs, not in the
    /// view: see [`Page::field`](crate::Page::field) and [`Page::choice`](crate::Page::choice).
    fn press(&self, cx: &Cx<'_>, name: &str, ask: &mut Ask);
    /// What [`Cx::outcome`] came to, in words and motion; a variant that is newer than this is left
    /// empty and shown by its label.
    fn outcome(&self, cx: &Cx<'_>, shown: &mut Shown);
    /// Why the rules said no and when it becomes possible; empty for a newer variant.
    fn refusal(&self, cx: &Cx<'_>, refusal: &Tree) -> String;
    /// The moment at which the view changes by itself, so that it is read again; 0 for never.
    fn wakes_at_ms(&self, cx: &Cx<'_>) -> u64;
}

/// Where an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not everything is known yet.
    Loading,
    /// Nobody is signed in.
    SignedOut,
    /// It can be played.
    Ready,
    /// Sent, or answered and in motion.
    Playing,
    /// A receipt is on show.
    Result,
    /// The rules said no.
    Refused,
    /// A problem that trying the same again does not cure.
    Error,
    /// No answer; what was sent is kept and sent again.
    Offline,
    /// Not open yet.
    Early,
    /// Stopped, to go on later.
    Paused,
    /// Over.
    Closed,
    /// Something stands between this shopper and a play, and the frame says what: `data-barrier`
    /// names it (`passphrase`, `resting`, `slot_gone`, `not_eligible`).
    Barred,
    /// Not for this shopper's eyes: nothing is drawn at all.
    Hidden,
}

impl State {
    /// The name in `data-state` and in `funfair-state`.
    pub fn name(self) -> &'static str {
        const NAMES: &str = "loading signed-out ready playing result refused error offline early \
                             paused closed barred hidden";
        nth_word(NAMES, self as u64 + 1)
    }
}

/// What a face may look at.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The words of the page's locale.
    pub texts: &'a Texts,
    /// The page's locale, for the words that come with the activity.
    pub lang: &'a str,
    /// The activity's public side (`Activity` in host-api).
    pub activity: &'a Tree,
    /// The kind's view: the member's, or the preview where nobody is signed in.
    pub view: &'a Tree,
    /// The member's points; 0 where nobody is signed in.
    pub balance: u64,
    /// Where the element stands.
    pub state: State,
    /// What the play in motion or on show came to; absent otherwise.
    pub outcome: &'a Tree,
    /// The server's clock, milliseconds since 1970 UTC.
    pub now_ms: u64,
}

impl Cx<'_> {
    /// Whether the activity's buttons do something now.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Ready | State::Refused | State::Result)
    }
}

/// What a press asks for: a play, after a question where there is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ask {
    /// The action, JSON; nothing happens where it is empty.
    pub action: String,
    /// What is asked first; played at once where it is empty.
    pub title: String,
    /// What it costs and brings.
    pub line: String,
    /// The verb on the button.
    pub verb: String,
}

/// What a play came to, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The benefit, first.
    pub title: String,
    /// What else there is to say; left out where nothing was won but rewards came.
    pub line: String,
    /// The drawing's name.
    pub icon: String,
    /// Whether something was won, for the colours.
    pub won: bool,
    /// The verb for playing once more; the sheet only closes where it is empty.
    pub again: String,
    /// The key of an item to pass on: the sheet offers to share its link. Empty for none.
    pub share: String,
    /// How the drawing gets there.
    pub motion: Option<Move>,
}

/// A motion that the shell plays on the element marked `data-move`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Move {
    /// Turns by so many hundredths of a degree, ending where the view stands.
    Turn(u32),
    /// Draws the stroke.
    Draw,
}
