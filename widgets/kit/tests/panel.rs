//! The machine of elements that show and do not play.

use funfair_kit::{Effects, MAIN, Moment, Page, Pages, Pane, Panel, Seen, Texts, Told, Tree};

/// A shelf of numbered things, read a page at a time.
#[derive(Default)]
struct Shelf {
    things: Pages,
}

impl Pane for Shelf {
    fn slug(&self) -> &'static str {
        "shelf"
    }
    fn read(&self, todo: &mut Effects) {
        todo.ask(MAIN, "/shelf", "");
    }
    fn answered(
        &mut self,
        seen: &mut Seen,
        name: &str,
        status: u32,
        body: &mut Tree,
        _: &mut Effects,
    ) {
        match name {
            MAIN => self.things.newest(&mut seen.main, "things"),
            _ if status == 200 => self.things.older(body, "things"),
            _ => self.things.lost(),
        }
    }
    fn pressed(&mut self, _: &Seen, name: &str, _: &str, todo: &mut Effects) {
        if name == "more" {
            self.things.more("older", "/shelf?before=", todo);
        }
    }
    fn picture(&self, page: &mut Page<'_>) {
        page.leaf("b", "shelf");
    }
    fn stage(&self, _: &Seen, page: &mut Page<'_>) {
        for thing in &self.things.rows {
            page.leaf("i", thing.text("id"));
        }
    }
    fn is_empty(&self, _: &Seen) -> bool {
        self.things.rows.is_empty()
    }
    fn wakes_at_ms(&self, seen: &Seen) -> u64 {
        seen.main.num("wakes_at_ms")
    }
}

struct Element(Panel);

impl Element {
    fn new() -> Self {
        let texts = Texts::read(r#"{"kit.lang":"en","kit.retry":"Again","shelf.title":"Shelf"}"#);
        Self(Panel::new(Box::<Shelf>::default(), texts))
    }

    fn tell_at(&mut self, now_ms: u64, told: Told<'_>) -> Vec<Vec<String>> {
        let todo = Tree::parse(&self.0.update(told, Moment { now_ms, dice: "" }).0);
        let words =
            |effect: &Tree| effect.list().iter().map(|it| it.as_text().to_owned()).collect();
        todo.list().iter().map(words).collect()
    }

    fn tell(&mut self, told: Told<'_>) -> Vec<Vec<String>> {
        self.tell_at(1_000, told)
    }

    fn answer(&mut self, name: &str, status: u32, body: &str) -> Vec<Vec<String>> {
        self.tell(Told::Answer(name, status, Tree::parse(body)))
    }

    /// The things on show.
    fn things(&self) -> Vec<String> {
        let kids = self.0.view().node().kids;
        let things = kids.iter().filter(|kid| kid.tag == "i");
        things.map(|kid| kid.kids[0].text.clone()).collect()
    }
}

const PROBLEM: &str = r#"{"type":"/problems/store_unknown","code":"store_unknown"}"#;

#[test]
fn it_begins_with_one_request_and_is_ready_when_that_is_answered() {
    let mut shelf = Element::new();
    assert_eq!(shelf.tell(Told::Start), [["ask", "main", "/shelf", "", ""]]);
    assert_eq!(shelf.0.state(), "loading");
    let todo = shelf.answer(MAIN, 200, r#"{"things":[{"id":"1"}]}"#);
    let notes = [["note", "ready", "ready"], ["note", "state", "ready"]];
    assert_eq!(todo[..2], notes);
    assert_eq!(todo[2], ["wait", "60000"]);
    assert_eq!(shelf.things(), ["1"]);
}

#[test]
fn nothing_is_a_state_of_its_own() {
    let mut shelf = Element::new();
    shelf.answer(MAIN, 200, r#"{"things":[]}"#);
    assert_eq!(shelf.0.state(), "empty");
}

#[test]
fn nobody_signed_in_is_asked_to_sign_in() {
    let mut shelf = Element::new();
    shelf.tell(Told::Answer(MAIN, 401, Tree::default()));
    assert_eq!(shelf.0.state(), "signed-out");
    assert_eq!(shelf.tell(Told::Press("main")), [["sign-in"]]);
}

#[test]
fn a_lost_answer_is_asked_for_again_with_growing_pauses() {
    let mut shelf = Element::new();
    let todo = shelf.tell(Told::Answer(MAIN, 0, Tree::default()));
    assert_eq!(shelf.0.state(), "offline");
    assert!(todo.contains(&vec!["wait".into(), "2000".into()]), "{todo:?}");
    assert_eq!(shelf.tell(Told::Tick)[0][1], "main");
    let todo = shelf.tell(Told::Answer(MAIN, 503, Tree::default()));
    assert!(todo.contains(&vec!["wait".into(), "4000".into()]), "{todo:?}");
    shelf.answer(MAIN, 200, r#"{"things":[{"id":"1"}]}"#);
    assert_eq!(shelf.0.state(), "ready");
}

#[test]
fn a_problem_is_shown_with_its_code_and_can_be_tried_again() {
    let mut shelf = Element::new();
    let todo = shelf.answer(MAIN, 404, PROBLEM);
    assert_eq!(todo[0], ["note", "error", "store_unknown"]);
    assert_eq!(shelf.0.state(), "error");
    assert!(shelf.0.view().node().outline().contains("\"store_unknown\""));
    assert_eq!(shelf.tell(Told::Press("retry"))[0][1], "main");
    assert_eq!(shelf.0.state(), "loading");
}

#[test]
fn a_fault_is_told_once_and_another_one_anew() {
    let mut shelf = Element::new();
    let told = |todo: Vec<Vec<String>>| todo.into_iter().find(|one| one[0] == "note");
    let lost = || Told::Answer(MAIN, 0, Tree::default());
    assert_eq!(told(shelf.tell(lost())).unwrap(), ["note", "error", "offline"]);
    assert_eq!(told(shelf.tell(lost())), None);
    let other = told(shelf.answer(MAIN, 404, PROBLEM)).unwrap();
    assert_eq!(other, ["note", "error", "store_unknown"]);
    assert_eq!(told(shelf.answer(MAIN, 404, PROBLEM)), None);
}

#[test]
fn what_is_on_show_stays_when_it_cannot_be_read_again() {
    let mut shelf = Element::new();
    shelf.answer(MAIN, 200, r#"{"things":[{"id":"1"}]}"#);
    shelf.answer(MAIN, 404, PROBLEM);
    shelf.tell(Told::Answer(MAIN, 0, Tree::default()));
    assert_eq!((shelf.0.state(), shelf.things()), ("ready", vec!["1".to_owned()]));
}

#[test]
fn a_page_is_read_once_however_often_it_is_asked_for() {
    let mut shelf = Element::new();
    shelf.answer(MAIN, 200, r#"{"things":[{"id":"3"}],"next":"c3"}"#);
    assert_eq!(shelf.tell(Told::Press("more")), [["ask", "older", "/shelf?before=c3", "", ""]]);
    assert!(shelf.tell(Told::Press("more")).is_empty());
    shelf.answer("older", 200, r#"{"things":[{"id":"2"}],"next":"c2"}"#);
    assert_eq!(shelf.things(), ["3", "2"]);
    assert_eq!(shelf.tell(Told::Press("more"))[0][2], "/shelf?before=c2");
    shelf.tell(Told::Answer("older", 0, Tree::default()));
    assert_eq!(shelf.tell(Told::Press("more"))[0][2], "/shelf?before=c2", "a lost page is no end");
    shelf.answer("older", 200, r#"{"things":[{"id":"1"}]}"#);
    assert!(shelf.tell(Told::Press("more")).is_empty(), "and there is an end");
}

#[test]
fn what_is_new_goes_in_front_of_pages_read_before() {
    let mut shelf = Element::new();
    shelf.answer(MAIN, 200, r#"{"things":[{"id":"3"},{"id":"2"}],"next":"c2"}"#);
    shelf.tell(Told::Press("more"));
    shelf.answer("older", 200, r#"{"things":[{"id":"1"},{"id":"0"}],"next":"c0"}"#);
    shelf.answer(MAIN, 200, r#"{"things":[{"id":"4"},{"id":"3"}],"next":"c3"}"#);
    assert_eq!(shelf.things(), ["4", "3", "2", "1", "0"]);
    assert_eq!(shelf.tell(Told::Press("more"))[0][2], "/shelf?before=c0");
}

#[test]
fn another_list_takes_the_place_of_what_was_read() {
    let mut shelf = Element::new();
    shelf.answer(MAIN, 200, r#"{"things":[{"id":"3"}],"next":"c3"}"#);
    shelf.answer(MAIN, 200, r#"{"things":[{"id":"9"}]}"#);
    assert_eq!(shelf.things(), ["9"]);
    shelf.answer(MAIN, 200, r#"{"things":[]}"#);
    assert_eq!(shelf.0.state(), "empty");
}

#[test]
fn it_is_read_again_when_something_else_is_to_be_shown() {
    let mut shelf = Element::new();
    // By the server's clock, which is half a minute ahead of the page's.
    let body = r#"{"things":[{"id":"1"}],"now_ms":31000,"wakes_at_ms":90000}"#;
    shelf.tell_at(1_000, Told::Answer(MAIN, 200, Tree::parse(body)));
    assert_eq!(shelf.tell_at(59_000, Told::Tick), [["wait", "60000"]]);
    assert_eq!(shelf.tell_at(60_000, Told::Tick)[0][1], "main");
}
