//! What a refusal says where the widget is older than the refusal, and what the terms page says of
//! the rule. They travel with the answer, so they stand here and not in `texts/`, whose bytes every
//! page loads.

use funfair_engine::Clause;
use funfair_host_api::Words;

pub(crate) fn no_chance(next_free_at_ms: Option<u64>) -> Words {
    match next_free_at_ms {
        Some(_) => words([
            "لم تبق دورات اليوم. الدورة المجانية التالية غداً.",
            "No spin left today. The next free one comes tomorrow.",
            "今天的抽奖机会已用完，明天再来免费抽。",
            "今天的抽獎機會已用完，明天再來免費抽。",
        ]),
        None => words([
            "لا توجد دورة من هذا النوع الآن.",
            "There is no such spin to use.",
            "这种抽奖机会暂时没有了。",
            "這種抽獎機會暫時沒有了。",
        ]),
    }
}

pub(crate) fn not_enough_points(needs: u64, balance: u64) -> Words {
    words([
        &format!("تكلف الدورة {needs} نقطة، ولديك {balance}."),
        &format!("A spin takes {needs} points; you have {balance}."),
        &format!("抽一次需要{needs}积分，您现有{balance}积分。"),
        &format!("抽一次需要{needs}點，您現有{balance}點。"),
    ])
}

pub(crate) fn paid_limit(limit: u32) -> Words {
    words([
        &format!("تشتري النقاط حتى {limit} دورة في اليوم. والمزيد غداً."),
        &format!("Points buy {limit} spins a day. More tomorrow."),
        &format!("每天最多用积分抽{limit}次，明天可以继续。"),
        &format!("每天最多用點數抽{limit}次，明天可以繼續。"),
    ])
}

pub(crate) fn sold_out() -> Words {
    words([
        "رُبحت كل الجوائز. شكراً لمشاركتك.",
        "Every prize has been won. Thank you for playing.",
        "奖品已全部抽完，感谢参与。",
        "獎品已全部抽完，感謝參與。",
    ])
}

pub(crate) fn draw_clause() -> Clause {
    Clause {
        title: words(["كيف يُسحب", "How it is drawn", "抽奖方式", "抽獎方式"]),
        text: words([
            "تُسحب كل دورة بالأوزان المنشورة من بين ما لا يزال بإمكان العضو ربحه: ما لم ينفد مخزونه ولا \
             حده اليومي ولا حد العضو. ويُظهر الإيصال هذا الجدول، ويمكن لأي شخص إعادة حسابه.",
            "Each spin is drawn by the published weights among what the member can still win: what is \
             not out of stock, beyond its day's limit or beyond the limit for one member. The receipt \
             shows that table, and anyone can compute the draw again.",
            "每次抽奖按公示的权重，在该会员当时仍可获得的奖品中抽取：未抽完、未达当日上限、\
             未达每人上限。凭证列明当次奖品表，任何人均可复算。",
            "每次抽獎按公告的權重，在該會員當時仍可獲得的獎品中抽取：未抽完、未達當日上限、\
             未達每人上限。憑證列明當次獎品表，任何人皆可重新計算。",
        ]),
    }
}

pub(crate) fn fallback_clause(fallback: &Words) -> Clause {
    let name = |lang| fallback.pick(lang);
    Clause {
        title: words(["حين ينفد كل شيء", "When all is gone", "奖品抽完之后", "獎品抽完之後"]),
        text: words([
            &format!("حين لا يبقى ما يُربح تتوقف العجلة على «{}».", name("ar")),
            &format!("When nothing else is left to win, the wheel stops on “{}”.", name("en")),
            &format!("其他奖品全部抽完后，转盘停在“{}”。", name("zh-CN")),
            &format!("其他獎品全部抽完後，轉盤停在「{}」。", name("zh-TW")),
        ]),
    }
}

pub(crate) fn first_clause() -> Clause {
    Clause {
        title: words(["الدورة الأولى رابحة", "The first spin wins", "首次必中", "首次必中"]),
        text: words([
            "تُسحب دورة العضو الأولى من الجوائز الرابحة وحدها.",
            "A member's first spin is drawn from the winning prizes only.",
            "会员首次抽奖仅在中奖奖品中抽取，必定中奖。",
            "會員首次抽獎僅在中獎獎品中抽取，必定中獎。",
        ]),
    }
}

pub(crate) fn pity_clause(within: u32) -> Clause {
    let before = within - 1;
    Clause {
        title: words(["ربح مؤكد", "A sure win", "保底中奖", "保底中獎"]),
        text: words([
            &format!("بعد {before} دورات متتالية بلا ربح تكون التالية رابحة."),
            &format!("After {before} spins in a row without a win the next one wins."),
            &format!("连续{before}次未中奖后，下一次必中。"),
            &format!("連續{before}次未中獎後，下一次必中。"),
        ]),
    }
}

/// In the order of the locales' names: ar, en, zh-CN, zh-TW.
fn words([ar, en, cn, tw]: [&str; 4]) -> Words {
    Words::of(&[("ar", ar), ("en", en), ("zh-CN", cn), ("zh-TW", tw)])
}
