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
            "本日の回数は終了しました。無料の1回は明日また使えます。",
            "오늘 기회를 모두 썼어요. 내일 무료 기회가 다시 생겨요.",
            "今天的抽奖机会已用完，明天再来免费抽。",
            "今天的抽獎機會已用完，明天再來免費抽。",
        ]),
        None => words([
            "لا توجد دورة من هذا النوع الآن.",
            "There is no such spin to use.",
            "この方法で使える回数はありません。",
            "지금은 사용할 수 있는 기회가 없어요.",
            "这种抽奖机会暂时没有了。",
            "這種抽獎機會暫時沒有了。",
        ]),
    }
}

pub(crate) fn not_enough_points(needs: u64, balance: u64) -> Words {
    words([
        &format!("تكلف الدورة {needs} نقطة، ولديك {balance}."),
        &format!("A spin takes {needs} points; you have {balance}."),
        &format!("1回{needs}ポイント必要です。現在{balance}ポイントです。"),
        &format!("한 번에 {needs}포인트가 필요해요. 지금 {balance}포인트가 있어요."),
        &format!("抽一次需要{needs}积分，您现有{balance}积分。"),
        &format!("抽一次需要{needs}點，您現有{balance}點。"),
    ])
}

pub(crate) fn paid_limit(limit: u32) -> Words {
    words([
        &format!("تشتري النقاط حتى {limit} دورة في اليوم. والمزيد غداً."),
        &format!("Points buy {limit} spins a day. More tomorrow."),
        &format!("ポイントで回せるのは1日{limit}回までです。また明日どうぞ。"),
        &format!("포인트로는 하루 {limit}번까지 돌릴 수 있어요. 내일 다시 참여해 주세요."),
        &format!("每天最多用积分抽{limit}次，明天可以继续。"),
        &format!("每天最多用點數抽{limit}次，明天可以繼續。"),
    ])
}

pub(crate) fn sold_out() -> Words {
    words([
        "رُبحت كل الجوائز. شكراً لمشاركتك.",
        "Every prize has been won. Thank you for playing.",
        "賞品はすべてなくなりました。ご参加ありがとうございました。",
        "경품이 모두 소진됐어요. 참여해 주셔서 감사합니다.",
        "奖品已全部抽完，感谢参与。",
        "獎品已全部抽完，感謝參與。",
    ])
}

pub(crate) fn draw_clause() -> Clause {
    Clause {
        title: words([
            "كيف يُسحب",
            "How it is drawn",
            "抽選方法",
            "추첨 방식",
            "抽奖方式",
            "抽獎方式",
        ]),
        text: words([
            "تُسحب كل دورة بالأوزان المنشورة من بين ما لا يزال بإمكان العضو ربحه: ما لم ينفد مخزونه ولا \
             حده اليومي ولا حد العضو. ويُظهر الإيصال هذا الجدول، ويمكن لأي شخص إعادة حسابه.",
            "Each spin is drawn by the published weights among what the member can still win: what is \
             not out of stock, beyond its day's limit or beyond the limit for one member. The receipt \
             shows that table, and anyone can compute the draw again.",
            "毎回、公開された比率に従い、その会員がまだ獲得できる賞品（在庫があり、1日の上限にもお一人様の上限にも達していないもの）から抽選します。控えにはその表が記載され、どなたでも計算し直せます。",
            "매회 공개된 비율에 따라, 그 회원이 아직 받을 수 있는 경품(재고가 있고 하루 한도와 1인 한도에 이르지 않은 것) 중에서 추첨합니다. 영수증에 그 표가 적혀 있어 누구나 다시 계산할 수 있습니다.",
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
        title: words([
            "حين ينفد كل شيء",
            "When all is gone",
            "賞品がなくなった場合",
            "경품이 모두 소진되면",
            "奖品抽完之后",
            "獎品抽完之後",
        ]),
        text: words([
            &format!("حين لا يبقى ما يُربح تتوقف العجلة على «{}».", name("ar")),
            &format!("When nothing else is left to win, the wheel stops on “{}”.", name("en")),
            &format!("ほかの賞品がすべてなくなると、「{}」に止まります。", name("ja")),
            &format!("다른 경품이 모두 소진되면 ‘{}’에 멈춥니다.", name("ko")),
            &format!("其他奖品全部抽完后，转盘停在“{}”。", name("zh-CN")),
            &format!("其他獎品全部抽完後，轉盤停在「{}」。", name("zh-TW")),
        ]),
    }
}

pub(crate) fn first_clause() -> Clause {
    Clause {
        title: words([
            "الدورة الأولى رابحة",
            "The first spin wins",
            "初回は必ず当選",
            "첫 회 당첨 보장",
            "首次必中",
            "首次必中",
        ]),
        text: words([
            "تُسحب دورة العضو الأولى من الجوائز الرابحة وحدها.",
            "A member's first spin is drawn from the winning prizes only.",
            "会員の初回は、当たりの賞品だけから抽選します。",
            "회원의 첫 회는 당첨 경품 중에서만 추첨합니다.",
            "会员首次抽奖仅在中奖奖品中抽取，必定中奖。",
            "會員首次抽獎僅在中獎獎品中抽取，必定中獎。",
        ]),
    }
}

pub(crate) fn pity_clause(within: u32) -> Clause {
    let before = within - 1;
    Clause {
        title: words(["ربح مؤكد", "A sure win", "当選保証", "당첨 보장", "保底中奖", "保底中獎"]),
        text: words([
            &format!("بعد {before} دورات متتالية بلا ربح تكون التالية رابحة."),
            &format!("After {before} spins in a row without a win the next one wins."),
            &format!("{before}回続けてはずれると、次は必ず当たります。"),
            &format!("{before}번 연속으로 당첨되지 않으면 다음번은 반드시 당첨됩니다."),
            &format!("连续{before}次未中奖后，下一次必中。"),
            &format!("連續{before}次未中獎後，下一次必中。"),
        ]),
    }
}

/// In the order of the locales' names.
fn words([ar, en, ja, ko, cn, tw]: [&str; 6]) -> Words {
    Words::of(&[("ar", ar), ("en", en), ("ja", ja), ("ko", ko), ("zh-CN", cn), ("zh-TW", tw)])
}
