//! The wallet as a reader meets it; drawings are one line each.

use funfair_host_api::{History, Wallet as Wire, json};
use funfair_kit::{Effects, MAIN, Moment, Panel, Texts, Told, Tree};
use funfair_wallet::Wallet;

const NOW_MS: u64 = 1_763_800_000_000;

/// Everything that a member can hold, as `GET …/wallet` tells it.
const WALLET: &str = r#"{"balance":12480,"owed":0,"worth_cents":10,"day":"2026-11-22","now_ms":1763800000000,
"expiring":[{"amount":120,"expires_on":"2026-11-25"},{"amount":800,"expires_on":"2027-02-28"}],
"entries":[
{"id":"t5","at_ms":1763799000000,"amount":50,"reason":"earn","activity":"double11","title":{"en":"Wheel","zh-CN":"幸运大转盘"},"of":null,"play":"p5"},
{"id":"t4","at_ms":1763798000000,"amount":-20,"reason":"redeem","activity":"double11","title":{"en":"Wheel","zh-CN":"幸运大转盘"},"of":null,"play":"p4"},
{"id":"t3","at_ms":1763797000000,"amount":-300,"reason":"refund","activity":null,"title":null,"of":"SO-1","play":null},
{"id":"t2","at_ms":1763796000000,"amount":-40,"reason":"expire","activity":null,"title":null,"of":null,"play":null},
{"id":"t1","at_ms":1763795000000,"amount":300,"reason":"earn","activity":null,"title":null,"of":"SO-1","play":null}],
"next":"c1",
"rewards":[
{"id":"h1","reward":{"type":"goods","label":{"en":"Tea","zh-CN":"明前龙井"},"sku":"tea","postage_cents":0},"status":"granted","activity":"double11","play":"p1","at_ms":1763790000000,"title":{"en":"Wheel","zh-CN":"幸运大转盘"},"tracking":null},
{"id":"h2","reward":{"type":"goods","label":{"en":"Mug"},"sku":"mug","postage_cents":0},"status":"shipped","activity":"double11","play":"p2","at_ms":1763700000000,"title":{"en":"Wheel"},"tracking":"SF139"},
{"id":"h3","reward":{"type":"red_packet","label":{"en":"Red packet"},"amount_cents":888},"status":"granted","activity":"double11","play":"p3","at_ms":1763600000000,"title":{"en":"Wheel"},"tracking":null},
{"id":"h4","reward":{"type":"chance","label":{"en":"A spin"},"activity":"double11","count":1,"expires_on":null},"status":"granted","activity":"double11","play":"p3","at_ms":1763600000000,"title":{"en":"Wheel"},"tracking":null},
{"id":"c1","reward":{"type":"coupon","label":{"en":"Tea coupon","zh-CN":"茶叶券"},"value_cents":2000,"threshold_cents":9900,"valid_until":"2026-11-27","code":"TEA20","items":["tea-1","tea-2"]},"status":"granted","activity":"double11","play":"p4","at_ms":1763500000000,"title":{"en":"Wheel"},"tracking":null},
{"id":"c2","reward":{"type":"coupon","label":{"en":"Old coupon"},"value_cents":550,"threshold_cents":0,"valid_until":"2026-11-20","code":"OLD","items":[]},"status":"granted","activity":"double11","play":"p4","at_ms":1763500000000,"title":{"en":"Wheel"},"tracking":null}],
"chances":[{"activity":"double11","title":{"en":"Wheel","zh-CN":"幸运大转盘"},"count":3,"expires_at_ms":1763979600000}]}"#;

const PLAYS: &str = r#"{"plays":[
{"id":"play_2","activity":"double11","status":"settled","outcome":{"type":"won","label":{"en":"Tea"},"prize":"tea","tier":2},
"rewards":[{"type":"goods","label":{"en":"Tea"},"sku":"tea","postage_cents":0}],
"proof":{"version":"funfair/1","activity":"double11","revision":"r1","n":0,"client_seed":"x","server_seed":"abab","commitment":"cdcd",
"draws":[{"counter":0,"table":[{"prize":"gold","weight":5},{"prize":"tea","weight":95},{"prize":"gone","weight":0},{"prize":"none","weight":1}],"picked":"tea"}]},"at_ms":1763790000000},
{"id":"play_1","activity":"signin","status":"settled","outcome":{"type":"signed","label":{"en":"Signed in"}},"rewards":[],
"proof":{"version":"funfair/1","activity":"signin","revision":"r1","n":0,"client_seed":"x","server_seed":"","commitment":"cdcd","draws":[]},"at_ms":1763780000000}],
"next":null}"#;

fn texts(lang: &str) -> Texts {
    let folder = env!("CARGO_MANIFEST_DIR");
    let read = |path: &str| std::fs::read_to_string(format!("{folder}/{path}")).unwrap();
    let kit = read(&format!("../kit/texts/{lang}.json"));
    let own = read(&format!("texts/{lang}.json"));
    Texts::read(&format!("{},{}", kit.trim_end_matches("}\n"), own.trim_start_matches('{')))
}

fn tell(wallet: &mut Panel, told: Told<'_>) -> Effects {
    wallet.update(told, Moment { now_ms: NOW_MS, dice: "" })
}

fn answer(wallet: &mut Panel, name: &str, status: u32, body: &str) -> Effects {
    tell(wallet, Told::Answer(name, status, Tree::parse(body)))
}

fn opened(lang: &str, body: &str) -> Panel {
    // Read and written again, so that a field the wire types do not know fails here.
    let body = json::write(&json::read::<Wire>(body).unwrap());
    let mut wallet = Panel::new(Box::<Wallet>::default(), texts(lang));
    tell(&mut wallet, Told::Start);
    answer(&mut wallet, MAIN, 200, &body);
    wallet
}

fn with_plays() -> Panel {
    let plays = json::write(&json::read::<History<json::Raw>>(PLAYS).unwrap());
    let mut wallet = opened("en", WALLET);
    tell(&mut wallet, Told::Press("tab\u{1}plays"));
    answer(&mut wallet, "plays", 200, &plays);
    wallet
}

fn outline(wallet: &Panel) -> String {
    wallet.view().node().outline()
}

/// The outline from the line that holds `from`.
fn from(wallet: &Panel, from: &str) -> String {
    let outline = outline(wallet);
    let at = outline.find(from).unwrap_or_else(|| panic!("no {from} in\n{outline}"));
    let start = outline[..at].rfind('\n').map_or(0, |end| end + 1);
    outline[start..].into()
}

#[test]
fn everything_that_a_member_can_hold() {
    insta::assert_snapshot!(outline(&opened("en", WALLET)));
}

#[test]
fn the_same_in_chinese() {
    insta::assert_snapshot!(outline(&opened("zh-CN", WALLET)));
}

#[test]
fn nothing_yet() {
    let empty = r#"{"balance":0,"owed":0,"worth_cents":null,"day":"2026-11-22","now_ms":1763800000000,
        "expiring":[],"entries":[],"next":null,"rewards":[],"chances":[]}"#;
    let wallet = opened("en", empty);
    assert_eq!(wallet.state(), "empty");
    insta::assert_snapshot!(outline(&wallet));
}

#[test]
fn what_is_owed_is_said_in_words() {
    let wallet = opened("en", &WALLET.replace("\"owed\":0", "\"owed\":1"));
    let said = "Still owed from a returned order: 1 point.";
    assert!(outline(&wallet).contains(said), "{}", outline(&wallet));
}

#[test]
fn the_direction_of_writing_is_the_languages() {
    let html = opened("ar", WALLET).view().node().html();
    assert!(html.contains(r#"lang="ar" dir="rtl""#), "{html}");
    assert!(html.contains(r#"<span class="sum" dir="ltr">−20</span>"#), "{html}");
}

#[test]
fn markup_in_a_label_stays_text() {
    let wallet = opened("en", &WALLET.replace("\"Mug\"", r#""<img src=x onerror=alert(1)>""#));
    let html = wallet.view().node().html();
    assert!(!html.contains("<img") && html.contains("&lt;img"), "{html}");
}

#[test]
fn a_claim_says_at_each_field_what_is_missing_and_sends_nothing() {
    let mut wallet = opened("en", WALLET);
    let todo = tell(&mut wallet, Told::Press("claim\u{1}h1\u{1}Mei\u{1}\u{1} \u{1}Lane 1"));
    assert_eq!(todo.0, r#"[["focus","[aria-invalid]"]]"#);
    let shown = from(&wallet, "details.claim");
    let form: String = shown.lines().take(45).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(form);
}

#[test]
fn a_claim_carries_the_address_and_the_consent() {
    let mut wallet = opened("en", WALLET);
    let typed = "claim\u{1}h1\u{1}Mei \"M\"\u{1}138 0000\u{1}Hangzhou\u{1}Lane 1\u{1}on";
    let todo = tell(&mut wallet, Told::Press(typed));
    let body = r#"{"address":{"name":"Mei \"M\"","phone":"138 0000","region":"Hangzhou","street":"Lane 1"},"consent":true}"#;
    assert!(json::read::<funfair_host_api::Claim>(body).is_some());
    let expected = ["ask", "claim", "/wallet/prizes/h1/claim", body, ""];
    let todo = Tree::parse(&todo.0);
    let sent: Vec<_> = todo.list()[0].list().iter().map(Tree::as_text).collect();
    assert_eq!(sent, expected);
    assert!(tell(&mut wallet, Told::Press(typed)).0.is_empty(), "once");
    assert!(outline(&wallet).contains("Sending…"));
    // The answer is followed by the whole wallet, where it stands as claimed.
    let todo = answer(&mut wallet, "claim", 200, r#"{"id":"h1"}"#);
    assert_eq!(todo.0, r#"[["ask","main","/wallet","",""]]"#);
    let claimed = WALLET.replacen("\"granted\"", "\"claimed\"", 1);
    answer(&mut wallet, MAIN, 200, &claimed);
    assert!(outline(&wallet).contains("Send it elsewhere"));
}

#[test]
fn what_the_server_finds_wrong_stands_at_the_field() {
    let mut wallet = opened("en", WALLET);
    tell(&mut wallet, Told::Press("claim\u{1}h1\u{1}Mei\u{1}x\u{1}Hangzhou\u{1}Lane 1\u{1}on"));
    let problem = r#"{"type":"/problems/claim_invalid","code":"claim_invalid",
        "detail":"address.phone: it is no telephone number"}"#;
    answer(&mut wallet, "claim", 422, problem);
    let shown = outline(&wallet);
    assert_eq!(shown.matches("aria-invalid=true").count(), 1, "{shown}");
    assert!(shown.contains("\"A number that the courier can call, at least 5 digits\""), "{shown}");
}

#[test]
fn a_claim_that_was_lost_can_be_sent_again() {
    let mut wallet = opened("en", WALLET);
    let press = Told::Press("claim\u{1}h3");
    let todo = tell(&mut wallet, press.clone());
    let sent = Tree::parse(&todo.0);
    assert_eq!(sent.list()[0].list()[3].as_text(), r#"{"address":null,"consent":false}"#);
    tell(&mut wallet, Told::Answer("claim", 0, Tree::default()));
    assert!(outline(&wallet).contains("That did not get through"));
    assert!(!tell(&mut wallet, press).0.is_empty());
}

#[test]
fn plays_are_asked_for_when_their_tab_is_opened_and_once() {
    let mut wallet = opened("en", WALLET);
    let todo = tell(&mut wallet, Told::Press("tab\u{1}plays")).0;
    assert_eq!(todo, r#"[["ask","plays","/plays","",""],["ask","listed","/activities","","1"]]"#);
    assert!(tell(&mut wallet, Told::Press("tab\u{1}plays")).0.is_empty());
    tell(&mut wallet, Told::Answer("plays", 0, Tree::default()));
    assert!(outline(&wallet).contains("could not be read just now"));
    assert!(!tell(&mut wallet, Told::Press("tab\u{1}plays")).0.is_empty());
}

#[test]
fn plays_with_what_they_brought_and_their_number() {
    let mut wallet = with_plays();
    answer(&mut wallet, "listed", 200, r#"[{"activity":"signin","title":{"en":"Sign-in"}}]"#);
    insta::assert_snapshot!(from(&wallet, "section.plays"));
}

#[test]
fn a_draw_that_is_right() {
    let mut wallet = with_plays();
    let todo = tell(&mut wallet, Told::Press("check\u{1}play_2"));
    assert_eq!(todo.0, r#"[["check","play_2"]]"#);
    let said = r#"{"id":"play_2","able":true,"right":true,"bound":true,
        "draws":[{"value":"42","total":"101","found":"tea","right":true}]}"#;
    answer(&mut wallet, "check", 200, said);
    let shown = from(&wallet, "div.proof");
    insta::assert_snapshot!(shown.lines().take(45).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_draw_that_is_not_right_says_what_differs() {
    let mut wallet = with_plays();
    let said = r#"{"id":"play_2","able":true,"right":false,"bound":false,
        "draws":[{"value":"100","total":"101","found":"none","right":false}]}"#;
    answer(&mut wallet, "check", 200, said);
    let shown = outline(&wallet);
    for words in [
        "This draw does not add up",
        "What was revealed is not what was promised",
        "The numbers give none; the receipt says tea.",
    ] {
        assert!(shown.contains(words), "{words} is not in\n{shown}");
    }
}

#[test]
fn what_was_copied_says_so() {
    let mut wallet = opened("en", WALLET);
    assert_eq!(tell(&mut wallet, Told::Press("copy\u{1}TEA20")).0, r#"[["copy","TEA20"]]"#);
    tell(&mut wallet, Told::Press("copied\u{1}TEA20"));
    assert_eq!(outline(&wallet).matches("\"Copied\"").count(), 2, "the button and the status line");
}
