use crate::{Node, Texts};
use alloc::{string::String, vec::Vec};
use funfair_host_api::{Activity, json::Raw};

/// What a kind adds to the machine: its drawing, its actions, its words for what came.
///
/// Everything is answered from [`Cx`] alone; a face holds nothing.
pub trait Face: Sync {
    /// The kind's slug.
    fn slug(&self) -> &'static str;
    /// The drawing, with the button that plays; `None` where the view is not of this shape.
    fn stage(&self, cx: &Cx<'_>) -> Option<Node>;
    /// What pressing `name` asks; `main` is the one action that the element's `act()` sends.
    fn press(&self, cx: &Cx<'_>, name: &str) -> Option<Press>;
    /// What a play came to, in words and motion; `None` for a variant that is newer than this.
    fn outcome(&self, cx: &Cx<'_>, outcome: &Raw) -> Option<Shown>;
    /// Why the rules said no and when it becomes possible; `None` for a newer variant.
    fn refusal(&self, cx: &Cx<'_>, refusal: &Raw) -> Option<String>;
    /// The moment at which the view changes by itself, so that it is read again.
    fn wakes_at_ms(&self, cx: &Cx<'_>) -> Option<u64>;
}

/// What a face may look at.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The words of the page's locale.
    pub texts: &'a Texts,
    /// The page's locale, for the words that come with the activity.
    pub lang: &'a str,
    /// The activity's public side.
    pub activity: &'a Activity,
    /// The kind's view: the member's, or the preview where nobody is signed in.
    pub view: &'a Raw,
    /// The member's points; 0 where nobody is signed in.
    pub balance: u64,
    /// The state's name: `ready`, `playing`, `result`, …
    pub state: &'a str,
    /// What the play in motion or on show came to.
    pub outcome: Option<&'a Raw>,
    /// The server's clock, milliseconds since 1970 UTC.
    pub now_ms: u64,
}

impl Cx<'_> {
    /// Whether the activity's buttons do something now.
    pub fn is_open(&self) -> bool {
        matches!(self.state, "ready" | "refused" | "result")
    }

    /// The words under `key` with each `{name}` replaced.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.texts.fill(key, values)
    }
}

/// What a press asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Press {
    /// A play with this action, as JSON.
    Play(String),
    /// A question first.
    Ask(Confirm),
}

/// A question before a play that costs something.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// What is asked.
    pub title: String,
    /// What it costs and brings.
    pub line: String,
    /// The verb on the button.
    pub verb: String,
    /// The action then played, as JSON.
    pub action: String,
}

/// What a play came to, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The benefit, first.
    pub title: String,
    /// What else there is to say, a line each.
    pub lines: Vec<String>,
    /// The drawing's name.
    pub icon: String,
    /// Whether something was won, for the colours.
    pub won: bool,
    /// The next step: the verb and what it presses; closing the sheet where there is none.
    pub next: Option<(String, &'static str)>,
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
