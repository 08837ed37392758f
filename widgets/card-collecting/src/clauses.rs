//! What the terms page says of this kind's own rules.

use crate::{Config, Gifts, PotRule, PrizeRule};
use funfair_engine::Clause;
use funfair_host_api::Words;

pub(crate) fn of(config: &Config) -> Vec<Clause> {
    let mut clauses = vec![set(config)];
    clauses.extend(config.new_within.map(promise));
    clauses.extend(config.draws_per_day.map(draws));
    clauses.extend(config.prize.as_ref().map(prize));
    clauses.extend(config.pot.as_ref().map(pot));
    clauses.extend(config.gifts.as_ref().map(gifts));
    clauses
}

fn set(config: &Config) -> Clause {
    let need = config.need();
    let wild = config.cards.iter().any(|card| card.wild);
    let mut said = [
        format!(
            "{need} different cards make the set. Handing it in uses these cards up; each \
                 member does so once."
        ),
        format!("集齐{need}种不同的卡片即为一套。兑换后所用卡片即被消耗，每人限兑换一次。"),
        format!("集滿{need}種不同的卡片即為一套。兌換後所用卡片即被消耗，每人限兌換一次。"),
        format!("تتكوّن المجموعة من {need} بطاقات مختلفة. تسليمها يستهلكها، ولكل عضو مرة واحدة."),
        format!(
            "{need}種類のカードがそろうと1セットです。引き換えるとそのカードはなくなり、お一人様1回限りです。"
        ),
        format!(
            "서로 다른 카드 {need}종을 모으면 한 세트입니다. 교환하면 해당 카드는 사라지며 1인 1회입니다."
        ),
    ];
    if wild {
        let more = [
            " A wildcard stands for any one that is missing.",
            "万能卡可替代任意一张缺少的卡片。",
            "萬能卡可替代任意一張缺少的卡片。",
            " بطاقة الجوكر تحل محل أي بطاقة ناقصة.",
            "万能カードは、足りないカード1枚の代わりになります。",
            " 만능 카드는 없는 카드 한 장을 대신합니다.",
        ];
        said.iter_mut().zip(more).for_each(|(said, more)| said.push_str(more));
    }
    clause(["The set", "集卡规则", "集卡規則", "المجموعة", "カードのセット", "카드 세트"], said)
}

fn promise(within: u32) -> Clause {
    let said = [
        format!(
            "As long as a card of the set was never yours, at the latest every {within}th draw in \
             a row brings such a card. One that has run out for the day or for good is not \
             among them; the promise then waits until one is there."
        ),
        format!(
            "只要还有从未获得过的卡片，连续{within}次抽卡之内必得一张新卡。当日或全部抽完的卡片除外，\
             补足后继续有效。"
        ),
        format!(
            "只要還有從未獲得過的卡片，連續{within}次抽卡之內必得一張新卡。當日或全部抽完的卡片除外，\
             補足後繼續有效。"
        ),
        format!(
            "ما دامت هناك بطاقة لم تحصل عليها قط، تأتيك بطاقة جديدة خلال {within} سحبات متتالية \
             على الأكثر. لا يشمل ذلك بطاقة نفدت، وينتظر الوعد توفرها."
        ),
        format!(
            "まだ一度も手に入れていないカードがあるかぎり、続けて{within}回引くうちに必ず1枚出ます。当日分または全部がなくなったカードは対象外で、補充されるまで持ち越します。"
        ),
        format!(
            "아직 한 번도 얻지 못한 카드가 있는 한, 연속 {within}번 뽑는 동안 반드시 그중 한 장이 나옵니다. 당일분 또는 전량이 소진된 카드는 제외되며, 다시 생길 때까지 이월됩니다."
        ),
    ];
    clause(
        ["A new card", "新卡保底", "新卡保底", "بطاقة جديدة", "新しいカードの保証", "새 카드 보장"],
        said,
    )
}

fn draws(limit: u32) -> Clause {
    let said = [
        format!("A member draws at most {limit} cards a day."),
        format!("每位会员每天最多抽{limit}张。"),
        format!("每位會員每天最多抽{limit}張。"),
        format!("يسحب العضو {limit} بطاقات في اليوم على الأكثر."),
        format!("引けるのは1日{limit}枚までです。"),
        format!("하루 최대 {limit}장까지 뽑을 수 있습니다."),
    ];
    clause(
        [
            "Draws a day",
            "每日抽卡次数",
            "每日抽卡次數",
            "السحب اليومي",
            "1日の回数",
            "하루 뽑기 횟수",
        ],
        said,
    )
}

fn prize(prize: &PrizeRule) -> Clause {
    let Names([en, cn, tw, ar, ja, ko]) = names(&prize.label);
    let said = match prize.stock {
        None => [
            format!("Whoever completes the set gets: {en}."),
            format!("集齐全套即得：{cn}。"),
            format!("集滿全套即得：{tw}。"),
            format!("من يكمل المجموعة يحصل على: {ar}."),
            format!("コンプリートした方全員に進呈：{ja}。"),
            format!("세트를 완성한 회원에게 지급: {ko}."),
        ],
        Some(n) => [
            format!("The first {n} members to complete the set get: {en}."),
            format!("前{n}位集齐全套的会员可得：{cn}。"),
            format!("前{n}位集滿全套的會員可得：{tw}。"),
            format!("أول {n} أعضاء يكملون المجموعة يحصلون على: {ar}."),
            format!("先着{n}名のコンプリート達成者に進呈：{ja}。"),
            format!("먼저 완성한 {n}명에게 지급: {ko}."),
        ],
    };
    let mut clause = clause(["The prize", "奖品", "獎品", "الجائزة", "賞品", "경품"], said);
    if let Some(instead) = &prize.instead {
        let Names([en, cn, tw, ar, ja, ko]) = names(&instead.label);
        let more = [
            format!(" Everybody else who completes it gets: {en}."),
            format!("其余集齐者可得：{cn}。"),
            format!("其餘集滿者可得：{tw}。"),
            format!(" ويحصل من يكملها بعدهم على: {ar}."),
            format!("それ以外の達成者に進呈：{ja}。"),
            format!(" 그 밖의 완성 회원에게 지급: {ko}."),
        ];
        clause.text = clause
            .text
            .iter()
            .map(|(lang, text)| {
                let at = LANGS.iter().position(|have| *have == lang).unwrap_or(0);
                (lang.to_owned(), format!("{text}{}", more[at]))
            })
            .collect();
    }
    clause
}

fn pot(pot: &PotRule) -> Clause {
    let (amount, money) = pot.amount();
    let Names([en, cn, tw, ar, ja, ko]) = names(&pot.label);
    let what = if money {
        [
            format!("¥{}", cents(amount)),
            format!("{}元", cents(amount)),
            format!("{}元", cents(amount)),
            format!("{} يوان", cents(amount)),
            format!("{}元", cents(amount)),
            format!("{}위안", cents(amount)),
        ]
    } else {
        [
            format!("{amount} points"),
            format!("{amount}积分"),
            format!("{amount}點"),
            format!("{amount} نقطة"),
            format!("{amount}ポイント"),
            format!("{amount}포인트"),
        ]
    };
    let [one, two, three, four, five, six] = what;
    let said = [
        format!(
            "{en}: all members who complete the set by the close share {one} equally at the close. \
             What cannot be divided goes, one each, to those who completed it first."
        ),
        format!(
            "{cn}：活动结束时，所有集齐全套的会员平分{two}。除不尽的部分，按集齐先后每人多得最小一份。"
        ),
        format!(
            "{tw}：活動結束時，所有集滿全套的會員平分{three}。除不盡的部分，按集滿先後每人多得最小一份。"
        ),
        format!(
            "{ar}: عند نهاية النشاط يتقاسم كل من أكمل المجموعة {four} بالتساوي. وما لا يقبل القسمة \
             يذهب واحدًا واحدًا إلى من أكملها أولًا."
        ),
        format!(
            "{ja}：終了時までにコンプリートした会員全員で{five}を山分けします。割り切れない分は、達成が早い順に最小単位ずつ進呈します。"
        ),
        format!(
            "{ko}: 종료 시까지 세트를 완성한 모든 회원이 똑같이 나눠 받습니다(총 {six}). 나누어떨어지지 않는 몫은 먼저 완성한 순서대로 최소 단위씩 드립니다."
        ),
    ];
    clause(["The pot", "瓜分奖池", "瓜分獎池", "الجائزة المشتركة", "山分け", "나눠 받기"], said)
}

fn gifts(gifts: &Gifts) -> Clause {
    let Gifts { hours, gives_per_day, takes_per_day, takes_total, per_friend } = gifts;
    let said = [
        format!(
            "A card can be given to a friend, or asked for, by a link that is good for {hours} \
             hours and for one friend; what nobody takes goes back. A member gives up to \
             {gives_per_day} cards a day, takes or asks for up to {takes_per_day} a day, and \
             receives up to {takes_total} in all and {per_friend} from one friend."
        ),
        format!(
            "可通过链接把卡片送给好友或向好友求卡，链接{hours}小时内有效，仅限一位好友使用，无人领取则退回。\
             每人每天最多送出{gives_per_day}张，领取或求取{takes_per_day}张；活动期间最多收到{takes_total}张，\
             其中来自同一好友最多{per_friend}张。"
        ),
        format!(
            "可透過連結把卡片送給好友或向好友求卡，連結{hours}小時內有效，僅限一位好友使用，無人領取則退回。\
             每人每天最多送出{gives_per_day}張，領取或求取{takes_per_day}張；活動期間最多收到{takes_total}張，\
             其中來自同一好友最多{per_friend}張。"
        ),
        format!(
            "يمكن إهداء بطاقة إلى صديق أو طلبها منه برابط صالح {hours} ساعة ولصديق واحد، وما لا يؤخذ \
             يعود. يهدي العضو حتى {gives_per_day} في اليوم، ويأخذ أو يطلب حتى {takes_per_day}، \
             ويتلقى {takes_total} على الأكثر، منها {per_friend} من صديق واحد."
        ),
        format!(
            "カードはリンクで友だちに贈ったり、お願いしたりできます。リンクは{hours}時間、友だち1人に有効で、受け取られなければ戻ります。贈れるのは1日{gives_per_day}枚、受け取りとお願いは1日{takes_per_day}枚まで。期間中に受け取れるのは合計{takes_total}枚、同じ友だちからは{per_friend}枚までです。"
        ),
        format!(
            "카드는 링크로 친구에게 선물하거나 부탁할 수 있습니다. 링크는 {hours}시간 동안 친구 한 명에게 유효하며, 받지 않으면 되돌아옵니다. 하루에 {gives_per_day}장까지 선물하고 {takes_per_day}장까지 받거나 부탁할 수 있으며, 기간 중 모두 {takes_total}장, 같은 친구에게서는 {per_friend}장까지 받을 수 있습니다."
        ),
    ];
    clause(
        ["Friends", "赠卡与求卡", "贈卡與求卡", "الأصدقاء", "友だちとのやり取り", "친구와 주고받기"],
        said,
    )
}

/// Sorted as `Words` are given.
const LANGS: [&str; 6] = ["en", "zh-CN", "zh-TW", "ar", "ja", "ko"];

struct Names([String; 6]);

fn names(label: &Words) -> Names {
    Names(LANGS.map(|lang| label.pick(lang).to_owned()))
}

fn cents(amount: u64) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}

fn clause(title: [&str; 6], text: [String; 6]) -> Clause {
    let title = LANGS.into_iter().zip(title).map(|(lang, text)| (lang.into(), text.into()));
    let text = LANGS.into_iter().zip(text).map(|(lang, text)| (lang.into(), text));
    Clause { title: title.collect(), text: text.collect() }
}
