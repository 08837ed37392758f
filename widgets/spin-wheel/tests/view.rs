//! The wheel as a reader meets it, in its main states; drawings are one line each.

use funfair_host_api::{Activity, ChancesLeft, Day, Me, json};
use funfair_kit::{Effects, Moment, Msg, Texts, Tree, Ui};
use funfair_spin_wheel::{View, WheelFace};

/// A wheel of five, as `GET …/activities/{activity}` tells it.
const ACTIVITY: &str = r#"{"store":"acme","activity":"double11","kind":"spin-wheel",
"title":{"en":"Lucky wheel","zh-CN":"幸运大转盘"},"terms":{"en":"One free spin a day.","zh-CN":"每天免费抽一次。"},
"state":"live","opens_at_ms":0,"closes_at_ms":9000000000000,"zone":"Asia/Shanghai","cutover_hour":0,
"odds":[
{"prize":"gold","label":{"en":"500 points","zh-CN":"500 积分"},"tier":1,"weight":5,"quantity":20,"daily":2,"per_member":1,"icon":"points","fallback":false},
{"prize":"coupon","label":{"en":"¥20 off coupon","zh-CN":"20 元优惠券"},"tier":2,"weight":95,"quantity":200,"daily":null,"per_member":null,"icon":"coupon","fallback":false},
{"prize":"tea","label":{"en":"Tea","zh-CN":"明前龙井一罐"},"tier":3,"weight":100,"quantity":null,"daily":null,"per_member":null,"icon":"goods","fallback":false},
{"prize":"thanks","label":{"en":"Thank you","zh-CN":"谢谢参与"},"tier":0,"weight":700,"quantity":null,"daily":null,"per_member":null,"icon":"none","fallback":false},
{"prize":"five","label":{"en":"5 points","zh-CN":"5 积分"},"tier":4,"weight":100,"quantity":null,"daily":null,"per_member":null,"icon":"points","fallback":true}],
"look":"double-11","revision":"r1","key_hash":"ab12cd34","key":null,"capabilities":[],"slots":[],
"preview":{"chances":{"free":1,"earned":0,"points_each":50,"paid_left":3,"affordable":false,"next_free_at_ms":null},"sure":true,"last":null}}"#;

const NOW_MS: u64 = 1_762_800_000_000;

fn view() -> View {
    View {
        chances: ChancesLeft {
            free: 1,
            earned: 0,
            points_each: Some(50),
            paid_left: Some(3),
            affordable: true,
            next_free_at_ms: None,
        },
        sure: false,
        last: None,
    }
}

/// Neither a free spin nor points for one.
fn used_up(next_free_at_ms: Option<u64>) -> View {
    let chances = ChancesLeft { free: 0, affordable: false, next_free_at_ms, ..view().chances };
    View { chances, ..view() }
}

fn me(view: View) -> String {
    json::write(&Me {
        member: "m-1".into(),
        view,
        commitment: "c1".into(),
        balance: 1280,
        day: Day::parse("2026-11-11").unwrap(),
        now_ms: NOW_MS,
        barrier: None,
    })
}

fn texts(lang: &str) -> Texts {
    let folder = env!("CARGO_MANIFEST_DIR");
    let read = |path: &str| std::fs::read_to_string(format!("{folder}/{path}")).unwrap();
    let kit = read(&format!("../kit/texts/{lang}.json"));
    let own = read(&format!("texts/{lang}.json"));
    Texts::read(&format!("{},{}", kit.trim_end_matches("}\n"), own.trim_start_matches('{')))
}

fn tell(ui: &mut Ui, msg: Msg<'_>) -> Effects {
    ui.update(msg, Moment { now_ms: NOW_MS, dice: &"0123456789abcdef".repeat(4) })
}

/// An element that has read both answers; without a view, one of a visitor.
fn wheel(lang: &str, view: Option<View>) -> Ui {
    // Read and written again, so that a field the wire types do not know fails here.
    let activity = json::write(&json::read::<Activity>(ACTIVITY).unwrap());
    let mut ui = Ui::new(&WheelFace, texts(lang));
    tell(&mut ui, Msg::Activity(200, Tree::parse(&activity)));
    match view {
        Some(view) => tell(&mut ui, Msg::Me(200, Tree::parse(&me(view)))),
        None => tell(&mut ui, Msg::Me(401, Tree::default())),
    };
    ui
}

fn outline(ui: &Ui) -> String {
    ui.view().node().outline()
}

fn win_coupon(ui: &mut Ui) -> Effects {
    tell(ui, Msg::Press("main"));
    let chances = ChancesLeft { free: 0, ..view().chances };
    let me = me(View { last: Some("coupon".into()), chances, ..view() });
    let reply = format!(
        r#"{{"receipt":{{"id":"play_1","outcome":{{"type":"won","label":{{"en":"¥20 off coupon"}},"prize":"coupon","tier":2}},
        "rewards":[{{"type":"coupon","label":{{"en":"¥20 off coupon"}},"value_cents":2000,"threshold_cents":9900,"valid_until":"2026-11-30","code":"TEA20"}}]}},"me":{me}}}"#
    );
    tell(ui, Msg::Reply(200, &"0123456789abcdef".repeat(2), Tree::parse(&reply)))
}

#[test]
fn ready() {
    insta::assert_snapshot!(outline(&wheel("en", Some(view()))));
}

#[test]
fn ready_in_chinese_with_a_first_spin_that_wins() {
    insta::assert_snapshot!(outline(&wheel("zh-CN", Some(View { sure: true, ..view() }))));
}

#[test]
fn ready_in_arabic_from_the_right() {
    let ui = wheel("ar", Some(View { sure: true, ..view() }));
    assert!(ui.view().node().html().contains(r#" lang="ar" dir="rtl""#));
    insta::assert_snapshot!(outline(&ui));
}

#[test]
fn a_visitor() {
    insta::assert_snapshot!(outline(&wheel("en", None)));
}

#[test]
fn used_up_until_tomorrow() {
    let next = Some(NOW_MS + 5 * 3_600_000 + 720_000);
    insta::assert_snapshot!(outline(&wheel("en", Some(used_up(next)))));
}

#[test]
fn a_coupon_won() {
    let mut ui = wheel("en", Some(view()));
    win_coupon(&mut ui);
    tell(&mut ui, Msg::Landed);
    insta::assert_snapshot!(outline(&ui));
}

#[test]
fn a_spin_ends_with_the_won_sector_under_the_pointer() {
    let mut ui = wheel("en", Some(View { last: Some("thanks".into()), ..view() }));
    let todo = win_coupon(&mut ui);
    // From the fourth of five to the second: two fifths of a turn forward, after five whole ones.
    let turn = Tree::parse(&todo.0);
    let turn: Vec<_> = turn.list()[1].list().iter().map(Tree::as_text).collect();
    assert_eq!(turn, ["turn", &(5 * 36_000 + 2 * 7_200).to_string()]);
    // The disc stands there already: the motion comes from behind.
    assert!(ui.view().0.contains(r#"["g",{"transform":"rotate(288.00)"}"#), "{}", ui.view().0);
    assert_eq!(outline(&ui).matches("data-state=playing").count(), 1);
}

#[test]
fn a_refusal_says_when_it_is_possible_again() {
    let mut ui = wheel("en", Some(view()));
    tell(&mut ui, Msg::Press("main"));
    let refused = format!(
        r#"{{"type":"/problems/refused","code":"refused","refusal":{{"type":"no_chance","label":{{"en":"No spin"}},"next_free_at_ms":{}}}}}"#,
        NOW_MS + 7_200_000
    );
    tell(&mut ui, Msg::Reply(409, &"0123456789abcdef".repeat(2), Tree::parse(&refused)));
    insta::assert_snapshot!(outline(&ui));
}

#[test]
fn a_consolation_that_brings_points_is_not_called_nothing() {
    let reply = |rewards: &str| {
        let me = me(View { last: Some("thanks".into()), ..view() });
        let label = r#"{"en":"Points for luck"}"#;
        format!(
            r#"{{"receipt":{{"id":"play_1","outcome":{{"type":"consoled","label":{label},"prize":"thanks","tier":0}},
            "rewards":[{rewards}]}},"me":{me}}}"#
        )
    };
    let said = |rewards: &str| {
        let mut ui = wheel("en", Some(view()));
        tell(&mut ui, Msg::Press("main"));
        let key = "0123456789abcdef".repeat(2);
        tell(&mut ui, Msg::Reply(200, &key, Tree::parse(&reply(rewards))));
        tell(&mut ui, Msg::Landed);
        outline(&ui)
    };
    assert!(said("").contains("No prize this time"));
    let points = said(r#"{"type":"points","points":2,"expires_on":null}"#);
    assert!(!points.contains("No prize this time"), "{points}");
    assert!(points.contains("You now have 1,280 points"), "{points}");
}

#[test]
fn a_long_name_is_cut_on_the_wheel_and_whole_in_the_table() {
    let name = "Hand-painted travel mug with a bamboo lid";
    let activity = ACTIVITY.replace("\"Tea\"", &format!("\"{name}\""));
    let activity = activity.replace("明前龙井一罐", "景德镇手绘青花瓷旅行杯配竹盖礼盒装");
    for (lang, whole, cut) in [
        (
            "en",
            name,
            [r#"["text y=-56","Hand-painted trav…"]"#, r#"["text y=-47.5","mug with a bam…"]"#],
        ),
        (
            "zh-CN",
            "景德镇手绘青花瓷旅行杯配竹盖礼盒装",
            ["景德镇手绘青花瓷\"]", "旅行杯配竹盖礼…\"]"],
        ),
    ] {
        let mut ui = wheel(lang, Some(view()));
        tell(&mut ui, Msg::Activity(200, Tree::parse(&activity)));
        let page = ui.view().0;
        assert!(cut.iter().all(|line| page.contains(line)), "{page}");
        assert!(page.contains(&format!("\"{whole}\"]")), "{page}");
    }
}

#[test]
fn markup_in_a_prize_stays_text() {
    let activity = ACTIVITY.replace("\"Tea\"", r#""<img src=x onerror=alert(1)>""#);
    let mut ui = wheel("en", Some(view()));
    tell(&mut ui, Msg::Activity(200, Tree::parse(&activity)));
    let html = ui.view().node().html();
    assert!(!html.contains("<img") && html.contains("&lt;img"), "{html}");
}
