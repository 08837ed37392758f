//! What the terms page says of this kind's own rules.

use crate::{
    Config, Hints, Win,
    labels::{price, words},
};
use funfair_engine::Clause;

pub(crate) fn of(config: &Config) -> Vec<Clause> {
    let mut clauses = vec![how_to_win(config), tries(config), sealed()];
    if let Some(help) = &config.help {
        let (asks, per_day, total) = (help.asks, help.per_day, help.total);
        clauses.push(clause(["الأصدقاء", "Friends", "友だちに頼む", "친구 찬스", "好友帮猜", "好友幫猜"], [&format!(
                "عدد الروابط لكل عضو: {asks}؛ يخمّن صديق واحد بكل رابط مرة واحدة لك، وما يربحه لك. الحد اليومي للمساعدة: {per_day}، والحد الإجمالي: {total}. وما أصابه صديق ولم تستلمه يُمنح بعد الإغلاق ما دامت الجوائز متوفرة."
            ), &format!(
                "You may make {asks} links; by each, one friend guesses once for you, and what the \
                 guess wins is yours. A member helps no more than {per_day} a day and {total} in \
                 all. What a friend found and you did not collect is given after the close, \
                 while prizes last."
            ), &format!(
                "リンクはお一人様{asks}件まで作れます。1件につき友だち1人が1回予想でき、当たった賞品はあなたのものです。お手伝いは1日{per_day}回、合計{total}回まで。友だちが当てて受け取られていない賞品は、終了後に在庫があれば自動で進呈します。"
            ), &format!(
                "링크는 1인당 {asks}개까지 만들 수 있습니다. 링크마다 친구 한 명이 한 번 맞혀 볼 수 있고, 당첨 경품은 본인에게 지급합니다. 도움은 하루 {per_day}회, 모두 {total}회까지입니다. 친구가 맞혔지만 받지 않은 경품은 종료 후 재고가 있으면 자동으로 지급합니다."
            ), &format!(
                "每人最多可生成{asks}个链接，每个链接可由一位好友帮猜一次，猜中的奖品归你。每人每天最多帮猜\
                 {per_day}次，累计最多{total}次。好友猜中而你未领取的，活动结束后在奖品未发完时自动发放。"
            ), &format!(
                "每人最多可產生{asks}個連結，每個連結可由一位好友幫猜一次，猜中的獎品歸你。每人每天最多幫猜{per_day}次，累計最多{total}次。好友猜中而你未領取的，活動結束後在獎品未發完時自動發放。"
            )]));
    }
    clauses
}

fn how_to_win(config: &Config) -> Clause {
    let (low, high, step) =
        (price(config.low_cents), price(config.high_cents), price(config.step_cents));
    let wins = match config.win {
        Win::Exact {} => [
            "يفوز السعر المطابق تمامًا.".into(),
            "The exact price wins.".into(),
            "価格とぴったり一致すると当たりです。".into(),
            "가격과 정확히 일치하면 당첨입니다.".into(),
            "与价格完全一致即为猜中。".into(),
            "與價格完全一致即為猜中。".into(),
        ],
        Win::Band { within_cents: Some(cents), .. } => {
            let cents = price(cents);
            [
                format!("يفوز من لا يزيد فرقه عن السعر على {cents} يوان."),
                format!("A guess no more than {cents} from the price wins."),
                format!("価格との差が{cents}元以内なら当たりです。"),
                format!("가격과의 차이가 {cents}위안 이내면 당첨입니다."),
                format!("与价格相差不超过{cents}元即为猜中。"),
                format!("與價格相差不超過{cents}元即為猜中。"),
            ]
        }
        Win::Band { within_percent, .. } => {
            let percent = within_percent.unwrap_or(0);
            [
                format!("يفوز من لا يزيد فرقه عن السعر على {percent}% منه."),
                format!("A guess no more than {percent} % of the price from it wins."),
                format!("価格との差が{percent}%以内なら当たりです。"),
                format!("가격과의 차이가 {percent}% 이내면 당첨입니다."),
                format!("与价格相差不超过价格的{percent}%即为猜中。"),
                format!("與價格相差不超過價格的{percent}%即為猜中。"),
            ]
        }
        Win::Closest { winners } => closest(winners),
    };
    let more = match config.prize.stock {
        Some(stock) => [
            format!(" عدد الفائزين الأوائل: {stock}، وكل عضو مرة واحدة."),
            format!(" The first {stock} win, each member once."),
            format!("先着{stock}名、お一人様1回限りです。"),
            format!(" 선착순 {stock}명이며 1인 1회입니다."),
            format!("先到先得，共{stock}份，每人限获一次。"),
            format!("先到先得，共{stock}份，每人限獲一次。"),
        ],
        None => [
            " يفوز كل عضو مرة واحدة على الأكثر.",
            " Each member wins once at most.",
            "お一人様1回限りです。",
            " 1인 1회입니다.",
            "每人限获一次。",
            "每人限獲一次。",
        ]
        .map(String::from),
    };
    let ranges = [
        format!("يمكن تخمين أسعار من {low} إلى {high} يوان بدرجات من {step}. "),
        format!("Prices from {low} to {high} in steps of {step} can be guessed. "),
        format!("{low}〜{high}元の間で、{step}元きざみで予想できます。"),
        format!("{low}~{high}위안 사이에서 {step}위안 단위로 맞힐 수 있습니다. "),
        format!("可猜价格为{low}至{high}元，每档{step}元。"),
        format!("可猜價格為{low}至{high}元，每檔{step}元。"),
    ];
    let title = ["كيف تفوز", "How to win", "当選条件", "당첨 조건", "如何获奖", "如何獲獎"];
    joined(title, [ranges, wins, more])
}

fn closest(winners: u32) -> [String; 6] {
    [
        format!(
            "عند الإغلاق تفوز أقرب التخمينات (العدد: {winners})، واحد لكل عضو، وعند التساوي الأسبق."
        ),
        format!(
            "At the close the {winners} closest guesses win, one a member; of equal ones the earlier."
        ),
        format!(
            "終了時に価格に最も近い{winners}名様が当選です。お一人様につき最も近い1回が対象で、同じ場合は早い方を優先します。"
        ),
        format!(
            "종료 시 가격에 가장 가까운 {winners}명이 당첨됩니다. 1인당 가장 가까운 한 번만 인정하며, 같으면 먼저 맞힌 분이 우선입니다."
        ),
        format!(
            "活动结束时最接近价格的{winners}位会员获奖，每人以最接近的一次为准，相同者先猜先得。"
        ),
        format!(
            "活動結束時最接近價格的{winners}位會員獲獎，每人以最接近的一次為準，相同者先猜先得。"
        ),
    ]
}

fn tries(config: &Config) -> Clause {
    let tries = config.tries;
    let number = [
        format!("عدد المحاولات لكل عضو: {tries}. "),
        format!("{tries} tries a member in all. "),
        format!("お一人様合計{tries}回まで。"),
        format!("1인당 모두 {tries}번입니다. "),
        format!("每人累计最多{tries}次。"),
        format!("每人累計最多{tries}次。"),
    ];
    let sure = match config.reach_percent(config.eyes()) {
        0 => Default::default(),
        percent => [
            format!(
                " إذا تساوى احتمال كل سعر فإن أفضل لعب ممكن بمحاولات عضو واحد ومساعديه لا يفوز في أكثر من {percent}% من الحالات."
            ),
            format!(
                " If every price is as likely as any other, even perfect play within the tries and \
                 helps that one member has wins in no more than {percent} of 100 cases."
            ),
            format!(
                "どの価格も同じ確率だとすると、回数と友だちの助けをすべて使い最善を尽くしても、当たる確率は{percent}%を超えません。"
            ),
            format!(
                " 모든 가격의 가능성이 같다면, 기회와 친구의 도움을 모두 최선으로 써도 맞힐 확률은 {percent}%를 넘지 않습니다."
            ),
            format!(
                "若每个价格可能性相同，即使用尽机会与好友帮助并以最佳策略猜价，猜中的概率也不超过{percent}%。"
            ),
            format!(
                "若每個價格可能性相同，即使用盡機會與好友幫助並以最佳策略猜價，猜中的機率也不超過{percent}%。"
            ),
        ],
    };
    let title = [
        "المحاولات والتلميحات",
        "Tries and hints",
        "回数とヒント",
        "횟수와 힌트",
        "次数与提示",
        "次數與提示",
    ];
    joined(title, [number, hints(config), sure])
}

/// What is told of a guess that does not win.
fn hints(config: &Config) -> [String; 6] {
    let said = match &config.hints {
        _ if config.winners().is_some() => [
            "لا يُقال شيء قبل الإغلاق.",
            "Nothing is told before the close.",
            "終了まで結果はお知らせしません。",
            "종료 전에는 결과를 알려 드리지 않습니다.",
            "活动结束前不提示结果。",
            "活動結束前不提示結果。",
        ],
        Hints::None => [
            "يُقال هل التخمين صحيح.",
            "It is told whether a guess is right.",
            "正解かどうかだけをお知らせします。",
            "정답인지만 알려 드립니다.",
            "只提示是否猜中。",
            "只提示是否猜中。",
        ],
        Hints::HigherLower {} => [
            "يُقال هل السعر أعلى أم أقل.",
            "It is told whether the price is higher or lower.",
            "はずれた場合、価格がそれより高いか安いかをお知らせします。",
            "틀리면 가격이 더 높은지 낮은지 알려 드립니다.",
            "未猜中时提示价格偏高或偏低。",
            "未猜中時提示價格偏高或偏低。",
        ],
        Hints::Distance { within_percent } => {
            let rings: Vec<_> = within_percent.iter().map(|ring| format!("{ring}%")).collect();
            let (apart, close) = (rings.join(", "), rings.join("、"));
            return [
                format!("يُقال هل التخمين ضمن {} من السعر.", rings.join("، ")),
                format!("It is told whether a guess is within {apart} of the price."),
                format!("はずれた場合、価格との差が{close}以内かどうかをお知らせします。"),
                format!("틀리면 가격과의 차이가 {apart} 이내인지 알려 드립니다."),
                format!("未猜中时提示与价格相差是否在{close}以内。"),
                format!("未猜中時提示與價格相差是否在{close}以內。"),
            ];
        }
    };
    said.map(String::from)
}

/// A clause of several sentences.
fn joined(title: [&str; 6], sentences: [[String; 6]; 3]) -> Clause {
    let [first, second, third] = sentences;
    let mut text = first;
    for more in [second, third] {
        text.iter_mut().zip(more).for_each(|(text, more)| text.push_str(&more));
    }
    clause(title, text.each_ref().map(String::as_str))
}

fn sealed() -> Clause {
    clause(
        ["السعر المختوم", "The sealed price", "価格の封印", "가격 봉인", "价格封存", "價格封存"],
        [
            "خُتم السعر قبل البدء وتُعرض بصمته طوال النشاط. بعد الإغلاق يُعرض السعر وختمه، ويمكن لأي شخص حساب البصمة من جديد: SHA-256 للأسطر الثلاثة \"funfair/1 price\" ثم السعر بالسنت ثم الختم.",
            "The price was sealed before the start: its commitment is shown throughout. After the close \
         the price and its seal are shown, and anyone can compute the commitment again: SHA-256 of \
         the three lines \"funfair/1 price\", the price in cents, the seal.",
            "価格は開始前に封印し、そのフィンガープリントを常に公開しています。終了後に価格と封印の値を公開し、どなたでも「funfair/1 price」、セント単位の価格、封印の値の3行からSHA-256を計算して確認できます。",
            "가격은 시작 전에 봉인했으며 그 지문을 계속 공개합니다. 종료 후 가격과 봉인값을 공개하며, 누구나 \"funfair/1 price\", 센트 단위 가격, 봉인값 세 줄의 SHA-256을 계산해 확인할 수 있습니다.",
            "价格在活动开始前已封存，其指纹全程公示。活动结束后公布价格与封签，任何人都可以用SHA-256对\
         “funfair/1 price”、以分为单位的价格、封签三行重新计算并核对指纹。",
            "價格在活動開始前已封存，其指紋全程公示。活動結束後公布價格與封籤，任何人都可以用SHA-256對「funfair/1 price」、以分為單位的價格、封籤三行重新計算並核對指紋。",
        ],
    )
}

fn clause(title: [&str; 6], text: [&str; 6]) -> Clause {
    Clause { title: words(title), text: words(text) }
}
