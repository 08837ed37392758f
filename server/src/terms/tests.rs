use super::{
    Lang, page,
    sections::{grouped, percent},
};
use funfair_engine::{Clock, Lane, Running, SecretKey, Setup};
use funfair_host_api::{ActivityState, FACT_TYPES};
use std::collections::BTreeSet;

const FILE: &str = r#"
kind = "spin-wheel"
title = { en = "<script>alert('x')</script> & \"wheel\"", zh-CN = "转盘</title><img src=x>" }
terms = { en = "One\nTwo <b>", zh-CN = "会员专享" }
sponsor = { en = "Acme <Ltd>", zh-CN = "阿克米" }
claim = { en = "By post.", zh-CN = "邮寄" }
opens_at = "2026-11-01T20:00:00"
closes_at = "2026-11-12T00:00:00"
[audience]
tiers = ["gold"]
reason = { en = "For <i>gold</i> members.", zh-CN = "金卡专享" }
[consent]
id = "privacy"
label = { en = "You agree to the <b>privacy</b> notice.", zh-CN = "同意隐私政策" }
[sharing]
douyin = false
[gate]
passphrase = "open-sesame"
attempts_per_day = 3
hint = { en = "In the stream.", zh-CN = "见直播" }
[schedule]
weekdays = ["mon", "sun"]
[[schedule.slots]]
from = "20:00"
to = "20:10"
quantity = 1500
[chances]
free_per_day = 1
free_total = 2
points_each = 20
bought_per_day = 3
[[chances.earned]]
fact = "order.paid"
at_least_cents = 9950
per_day = 2
days = 7
[budget]
points = 100000
cents = 2500000
[rules.luck]
first_play_wins = true
win_within = 10
[[rules.prizes]]
id = "mug"
label = { en = "Mug <svg onload=x>", zh-CN = "马克杯" }
tier = 1
weight = 1
stock = 50
per_member = 1
icon = "goods"
reward = { type = "goods", sku = "MUG-1" }
[[rules.prizes]]
id = "a"
label = { en = "2 points", zh-CN = "2积分" }
tier = 2
weight = 3333
icon = "points"
reward = { type = "points", amount = 2 }
[[rules.prizes]]
id = "b"
label = { en = "1 point", zh-CN = "1积分" }
tier = 3
weight = 3333
icon = "points"
reward = { type = "benefit", code = "lounge" }
[[rules.prizes]]
id = "none"
label = { en = "Next time", zh-CN = "谢谢" }
tier = 0
weight = 3333
icon = "none"
fallback = true
"#;

fn running(state: ActivityState) -> Running {
    let setup = Setup::parse(FILE, &Clock::new("Asia/Shanghai", 4).unwrap()).unwrap();
    let lane = Lane { programme: "p".into(), store: "acme".into(), activity: "wheel".into() };
    let kinds = funfair_catalogue::kinds();
    Running::new(lane, setup, state, SecretKey::new([7; 32]), &kinds).unwrap()
}

/// 2026-11-02 00:00 UTC.
const NOW_MS: u64 = 1_793_577_600_000;

fn terms(tag: &str, state: ActivityState) -> String {
    page(&running(state), NOW_MS, Lang::find(tag).unwrap(), NOW_MS)
}

#[test]
fn a_merchants_words_are_never_markup() {
    for lang in Lang::all() {
        let page = terms(lang.tag, ActivityState::Live);
        for markup in ["<script", "<img", "<svg", "<i>", "<b>", "<Ltd", "</title><", "'x'"] {
            assert!(!page.contains(markup), "{}: {markup}", lang.tag);
        }
    }
    let page = terms("en", ActivityState::Live);
    assert!(
        page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;wheel&quot;")
    );
}

#[test]
fn the_page_says_all_that_the_revision_promises() {
    let page = terms("en", ActivityState::Live);
    for part in [
        "1 November 2026, 20:00",
        "12 November 2026, 00:00",
        "Asia/Shanghai",
        "begins at 4:00",
        "For &lt;i&gt;gold&lt;/i&gt; members.",
        "Before the first play: You agree to the &lt;b&gt;privacy&lt;/b&gt; notice.",
        "Within douyin, WeChat, sharing brings nothing.",
        "tried 3 times a day at most: In the stream.",
        "Monday, Sunday",
        "20:00 – 20:10, 1,500 plays in all",
        "1 free a day",
        "2 free for the whole activity",
        "One more for 20 points, 3 times a day at most.",
        "An order is paid: 1 more, from 99.50 on, counted 2 times a day at most, good for 7 days",
        "<td class=\"number\">0.01%</td>",
        "<td class=\"number\">33.33%</td>",
        "<td class=\"number\">50</td>",
        "given when everything else is gone",
        "100,000 points",
        "25,000 in coupons",
        "Acme &lt;Ltd&gt;",
        "By post.",
        &SecretKey::new([7; 32]).hash(),
        &running(ActivityState::Live).revision,
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(page.to_lowercase().contains("first"), "the promise of the first play: {page}");
    assert!(!page.contains("open-sesame"), "the passphrase");
    assert!(!page.contains(&"07".repeat(32)), "the key before the close");
    assert!(terms("en", ActivityState::Closed).contains(&"07".repeat(32)));
}

#[test]
fn every_language_has_every_text_and_its_direction() {
    let forms = [".zero", ".one", ".two", ".few", ".many"];
    let plain = |key: &String| !forms.iter().any(|form| key.ends_with(form));
    let keys = |lang: &Lang| lang.texts.keys().filter(|key| plain(key)).cloned().collect();
    let keys = |lang: &Lang| -> BTreeSet<String> { keys(lang) };
    for lang in Lang::all() {
        assert_eq!(keys(lang), keys(&Lang::all()[0]), "{}", lang.tag);
        assert!(lang.texts.values().all(|text| !text.is_empty()), "{}", lang.tag);
        for fact in FACT_TYPES {
            assert!(lang.texts.contains_key(&format!("fact.{fact}")), "{}: {fact}", lang.tag);
        }
        let page = terms(lang.tag, ActivityState::Live);
        assert!(page.contains(&format!("<html lang=\"{}\" dir=\"{}\">", lang.tag, lang.dir)));
        assert!(
            !page.contains('{') || page.matches('{').count() == super::STYLE.matches('{').count()
        );
    }
    assert!(terms("zh-CN", ActivityState::Live).contains("一等奖"));
    assert_eq!(Lang::find("ar").unwrap().dir, "rtl");
}

/// In Arabic what 1, 2, 3, 11 and 100 of a thing are called, by the text that counts it.
#[test]
fn a_number_asks_for_its_form() {
    let say = |tag, key, n| Lang::find(tag).unwrap().fill(key, &[("n", n)]);
    for (n, expected) in [
        ("1", "صالحة ليوم واحد"),
        ("2", "صالحة ليومين"),
        ("3", "صالحة لمدة 3 أيام"),
        ("11", "صالحة لمدة 11 يومًا"),
        ("100", "صالحة لمدة 100 يوم"),
        ("1,003", "صالحة لمدة 1,003 أيام"),
    ] {
        assert_eq!(say("ar", "good-for", n), expected);
    }
    assert_eq!(say("en", "good-for", "1"), "good for 1 day");
    assert_eq!(say("en", "good-for", "2"), "good for 2 days");
    assert_eq!(say("ja", "good-for", "2"), "有効期間2日");
    // What is counted here: after 3 to 10 the plural, after 11 to 99 and 100 the singular.
    let nouns = [
        ["أيام", "يومًا", "يوم"],
        ["ثوانٍ", "ثانية", "ثانية"],
        ["دقائق", "دقيقة", "دقيقة"],
        ["مرات", "مرة", "مرة"],
        ["مشاركات", "مشاركة", "مشاركة"],
        ["نقاط", "نقطة", "نقطة"],
    ];
    let arabic = Lang::find("ar").unwrap();
    for (key, text) in arabic.texts.iter().filter(|(key, _)| !key.contains('.')) {
        for (column, n) in [(0, "3"), (1, "11"), (2, "100")] {
            let said = arabic.fill(key, &[("n", n)]);
            let Some((_, behind)) = said.split_once(&format!("{n} ")) else { continue };
            let word = behind.split([' ', '.', '،']).next().unwrap();
            assert!(nouns.iter().any(|noun| noun[column] == word), "{key}: {said} of {text}");
        }
    }
}

#[test]
fn a_language_is_found_in_what_a_browser_accepts() {
    for (accepted, tag) in [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh-Hant-HK", "zh-TW"),
        ("zh", "zh-CN"),
        ("ar-EG,ar;q=0.9", "ar"),
        ("ja-JP,ja;q=0.9,en;q=0.5", "ja"),
        ("ko-KR", "ko"),
        ("fr-FR,fr;q=0.9,en;q=0.5", "en"),
        ("xx", "en"),
        ("", "en"),
    ] {
        assert_eq!(Lang::accepted(accepted).tag, tag, "{accepted}");
    }
}

#[test]
fn numbers_are_written_to_be_read() {
    assert_eq!(grouped(0), "0");
    assert_eq!(grouped(999), "999");
    assert_eq!(grouped(1_000), "1,000");
    assert_eq!(grouped(12_345_678), "12,345,678");
    for (weight, total, shown) in [
        (1, 1, "100%"),
        (1, 3, "33.3333%"),
        (2, 3, "66.6667%"),
        (1, 8, "12.5%"),
        (1, 10_000, "0.01%"),
        (1, 1 << 62, "< 0.0001%"),
        (0, 5, "0%"),
        (u64::MAX >> 2, (1 << 62) - 1, "100%"),
    ] {
        assert_eq!(percent(weight, total), shown);
    }
}
