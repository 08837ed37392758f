//! The smallest kind there is, and an element of it that tests talk to.

use funfair_kit::{Ask, Cx, Effects, Face, Moment, Move, Msg, Page, Shown, Texts, Tree, Ui};

pub const MEMBER: &str = "m-1";

pub const ACTIVITY: &str = r#"{"store":"acme","activity":"coin","kind":"coin-toss",
"title":{"en":"A coin"},"terms":{"en":"One toss a day."},"state":"live","opens_at_ms":0,
"closes_at_ms":9000000000000,"zone":"Asia/Shanghai","odds":[],"look":"plain","revision":"r1",
"key_hash":"ab12","key":null,"capabilities":[],"preview":{"left":1}}"#;

const TEXTS: &str = r#"{"kit.lang":"en","kit.changed":"It has changed; nothing was charged",
"kit.wrong":"{n} tries left","kit.lost":"Once more","kit.no-tries":"Again in {time}",
"kit.copied":"Link copied","coin.fell":"It fell on {side}"}"#;

pub fn me(member: &str, commitment: &str) -> String {
    format!(
        r#"{{"member":"{member}","view":{{"left":1}},"commitment":"{commitment}","balance":50,"day":"2026-11-11","now_ms":1}}"#
    )
}

pub fn reply(side: &str) -> String {
    let me = me(MEMBER, "c2");
    format!(
        r#"{{"receipt":{{"id":"play_1","outcome":{{"type":"{side}","label":{{"en":"{side}"}}}},"rewards":[]}},"me":{me}}}"#
    )
}

pub fn problem(code: &str, more: &str) -> String {
    format!(r#"{{"type":"/problems/{code}","code":"{code}","status":400{more}}}"#)
}

struct Coin;

impl Face for Coin {
    fn slug(&self) -> &'static str {
        "coin-toss"
    }
    fn stage(&self, _: &Cx<'_>, page: &mut Page<'_>) {
        page.leaf("button part=button data-do=main", "Toss");
    }
    fn press(&self, _: &Cx<'_>, name: &str, ask: &mut Ask) {
        ask.action = r#"{"type":"toss"}"#.into();
        if name == "dear" {
            ask.title = "Toss for 50 points?".into();
        }
    }
    fn outcome(&self, cx: &Cx<'_>, shown: &mut Shown) {
        shown.motion = Some(Move::Draw);
        if cx.outcome.text("type") == "heads" {
            shown.title = cx.texts.fill("coin.fell", "heads");
        }
    }
    fn refusal(&self, _: &Cx<'_>, _: &Tree) -> String {
        String::new()
    }
    fn wakes_at_ms(&self, _: &Cx<'_>) -> u64 {
        0
    }
}

/// An element, its shell's clock and the dice thrown so far.
pub struct Widget {
    pub ui: Ui,
    pub now_ms: u64,
    throws: u64,
}

impl Widget {
    pub fn new() -> Self {
        Self { ui: Ui::new(&Coin, Texts::read(TEXTS)), now_ms: 1, throws: 0 }
    }

    pub fn ready() -> Self {
        let mut widget = Self::new();
        widget.load();
        widget
    }

    /// Both answers that every element waits for.
    pub fn load(&mut self) -> Vec<Vec<String>> {
        let mut todo = self.tell(Msg::Activity(200, Tree::parse(ACTIVITY)));
        todo.extend(self.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c1")))));
        todo
    }

    pub fn press(&mut self, name: &str) -> Vec<Vec<String>> {
        self.tell(Msg::Press(name))
    }

    /// Presses the button; the key that it was sent under.
    pub fn play(&mut self) -> String {
        self.press("main")[0][1].clone()
    }

    pub fn tell(&mut self, msg: Msg<'_>) -> Vec<Vec<String>> {
        self.throws += 1;
        let dice = format!("{:032x}{:032x}", self.throws, self.throws + 1000);
        let moment = Moment { now_ms: self.now_ms, dice: &dice };
        let Effects(json) = self.ui.update(msg, moment);
        let words =
            |effect: &Tree| effect.list().iter().map(|word| word.as_text().into()).collect();
        Tree::parse(&json).list().iter().map(words).collect()
    }

    pub fn outline(&self) -> String {
        self.ui.view().node().outline()
    }

    /// What the status line says.
    pub fn status(&self) -> String {
        let outline = self.outline();
        let line = outline.lines().skip_while(|line| !line.contains("role=status")).nth(1);
        line.unwrap_or_default().trim().trim_matches('"').into()
    }
}
