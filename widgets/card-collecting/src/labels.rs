//! What outcomes, refusals and links say, in every language: it travels with the answer, so that a
//! page loads none of it.

use crate::{Limit, Refusal, Why};
use funfair_engine::Unpaid;
use funfair_host_api::Words;

/// One sentence in each language.
type Said = [&'static str; 6];

const LANGS: [&str; 6] = ["en", "zh-CN", "zh-TW", "ar", "ja", "ko"];

pub(crate) fn words(said: Said) -> Words {
    said_of(said, |_| String::new())
}

/// A sentence with the card's name in the place of `{}`.
pub(crate) fn of_card(said: Said, card: &Words) -> Words {
    said_of(said, |lang| card.pick(lang).to_owned())
}

/// A sentence with a number in the place of `{}`.
pub(crate) fn of_number(said: Said, n: u64) -> Words {
    said_of(said, |_| n.to_string())
}

fn said_of(said: Said, value: impl Fn(&str) -> String) -> Words {
    let fill = |(lang, text): (&str, &str)| (lang.to_owned(), text.replace("{}", &value(lang)));
    LANGS.into_iter().zip(said).map(fill).collect()
}

pub(crate) const COMPLETED: Said = [
    "The set is complete",
    "恭喜集齐全套",
    "恭喜集滿全套",
    "اكتملت المجموعة",
    "コンプリートしました",
    "세트를 모두 모았어요",
];
pub(crate) const GAVE: Said = [
    "{} is wrapped up. Send a friend the link.",
    "「{}」已包好，把链接发给好友吧",
    "「{}」已包好，把連結傳給好友吧",
    "غُلِّفت بطاقة {}. أرسل الرابط إلى صديق.",
    "「{}」を包みました。友だちにリンクを送りましょう。",
    "‘{}’ 카드를 포장했어요. 친구에게 링크를 보내 주세요.",
];
pub(crate) const TOOK: Said = [
    "{} is yours, from a friend",
    "收到好友送的「{}」",
    "收到好友送的「{}」",
    "بطاقة {} لك، هدية من صديق",
    "友だちから「{}」を受け取りました",
    "친구가 준 ‘{}’ 카드를 받았어요",
];
pub(crate) const CAME_BACK: Said = [
    "{} is back on your shelf",
    "「{}」已收回",
    "「{}」已收回",
    "عادت بطاقة {} إليك",
    "「{}」が戻りました",
    "‘{}’ 카드가 돌아왔어요",
];
pub(crate) const DELIVERED: Said = [
    "A friend has already taken {}",
    "「{}」已被好友领走",
    "「{}」已被好友領走",
    "أخذ صديق بطاقة {} من قبل",
    "「{}」は友だちが受け取り済みです",
    "‘{}’ 카드는 친구가 이미 받았어요",
];
pub(crate) const ASKED: Said = [
    "Ask for {}: send friends the link.",
    "把链接发给好友，求一张「{}」",
    "把連結傳給好友，求一張「{}」",
    "اطلب بطاقة {}: أرسل الرابط إلى أصدقائك.",
    "「{}」をお願いするリンクを友だちに送りましょう。",
    "‘{}’ 카드를 부탁하는 링크를 친구에게 보내 주세요.",
];
pub(crate) const ANSWERED: Said = [
    "{} is on its way to your friend",
    "「{}」已送给好友",
    "「{}」已送給好友",
    "بطاقة {} في طريقها إلى صديقك",
    "「{}」を友だちに贈りました",
    "‘{}’ 카드를 친구에게 보냈어요",
];
pub(crate) const COLLECTED: Said = [
    "A friend gave you {}",
    "好友送了您一张「{}」",
    "好友送了您一張「{}」",
    "أهداك صديق بطاقة {}",
    "友だちが「{}」をくれました",
    "친구가 ‘{}’ 카드를 줬어요",
];
pub(crate) const WITHDRAWN: Said = [
    "You no longer ask for {}",
    "不再求「{}」",
    "不再求「{}」",
    "لم تعد تطلب بطاقة {}",
    "「{}」のお願いを取り消しました",
    "‘{}’ 카드 부탁을 취소했어요",
];

/// What a link says to whoever can follow it.
pub(crate) const GIFT_OPEN: Said = [
    "A friend gives you {}",
    "好友送您一张「{}」",
    "好友送您一張「{}」",
    "صديق يهديك بطاقة {}",
    "友だちからの贈り物「{}」",
    "친구가 ‘{}’ 카드를 선물했어요",
];
pub(crate) const ASK_OPEN: Said = [
    "A friend asks you for {}",
    "好友想要一张「{}」",
    "好友想要一張「{}」",
    "صديق يطلب منك بطاقة {}",
    "友だちが「{}」をほしがっています",
    "친구가 ‘{}’ 카드를 부탁했어요",
];
pub(crate) const GIFT_OWN: Said = [
    "{} waits for a friend",
    "「{}」等待好友领取",
    "「{}」等待好友領取",
    "بطاقة {} تنتظر صديقًا",
    "「{}」は受け取り待ちです",
    "‘{}’ 카드가 친구를 기다려요",
];
pub(crate) const ASK_OWN: Said = [
    "You ask friends for {}",
    "正在向好友求「{}」",
    "正在向好友求「{}」",
    "تطلب بطاقة {} من أصدقائك",
    "「{}」を友だちにお願い中です",
    "친구에게 ‘{}’ 카드를 부탁 중이에요",
];
pub(crate) const ASK_THERE: Said = [
    "A friend has {} for you",
    "好友给您留了「{}」",
    "好友給您留了「{}」",
    "لدى صديق بطاقة {} لك",
    "友だちが「{}」を用意しています",
    "친구가 ‘{}’ 카드를 준비했어요",
];

const NO_SHARING: Said = [
    "Friends are not asked from here. Draw the card yourself.",
    "这里不能向好友求卡，请自己抽取。",
    "這裡不能向好友求卡，請自己抽取。",
    "لا تُطلب البطاقات من الأصدقاء هنا. اسحبها بنفسك.",
    "ここでは友だちにお願いできません。ご自分で引いてください。",
    "여기서는 친구에게 부탁할 수 없어요. 직접 뽑아 주세요.",
];

const SOLD_OUT: Said = [
    "Every card of today has been drawn. Come back tomorrow.",
    "今天的卡片已抽完，明天再来。",
    "今天的卡片已抽完，明天再來。",
    "سُحبت كل بطاقات اليوم. عُد غدًا.",
    "本日分のカードはなくなりました。また明日どうぞ。",
    "오늘 카드가 모두 소진됐어요. 내일 또 만나요.",
];
const INCOMPLETE: Said = [
    "A card is still missing. Draw it, or ask a friend for it.",
    "还差卡片，继续抽卡或向好友求一张。",
    "還差卡片，繼續抽卡或向好友求一張。",
    "ما زالت بطاقة ناقصة. اسحبها أو اطلبها من صديق.",
    "まだ足りないカードがあります。引くか、友だちにお願いしましょう。",
    "아직 없는 카드가 있어요. 뽑거나 친구에게 부탁해 보세요.",
];
const COMPLETED_BEFORE: Said = [
    "You have completed the set; once is all there is.",
    "您已集齐全套，每人限一次。",
    "您已集滿全套，每人限一次。",
    "لقد أكملت المجموعة، ومرة واحدة تكفي.",
    "コンプリート済みです。お一人様1回限りです。",
    "이미 세트를 완성했어요. 1인 1회예요.",
];
const PRIZE_GONE: Said = [
    "Every prize has found its owner. Your cards stay yours.",
    "奖品已全部送出，您的卡片仍然保留。",
    "獎品已全部送出，您的卡片仍然保留。",
    "وُزِّعت كل الجوائز. بطاقاتك تبقى لك.",
    "賞品はすべてなくなりました。カードはそのまま残ります。",
    "경품이 모두 소진됐어요. 카드는 그대로 남아요.",
];
const NOT_HELD: Said = [
    "You have no such card. Once you draw it, you can give it.",
    "您还没有这张卡，抽到后就能送出。",
    "您還沒有這張卡，抽到後就能送出。",
    "ليست لديك هذه البطاقة. بعد أن تسحبها يمكنك إهداؤها.",
    "このカードはまだありません。引くと贈れるようになります。",
    "이 카드가 아직 없어요. 뽑으면 선물할 수 있어요.",
];
const NO_SUCH_CARD: Said = [
    "Friends can only be asked for a card that you miss.",
    "只能向好友求还没有的卡片。",
    "只能向好友求還沒有的卡片。",
    "لا يُطلب من الأصدقاء إلا بطاقة ناقصة.",
    "お願いできるのは、持っていないカードだけです。",
    "없는 카드만 친구에게 부탁할 수 있어요.",
];
const NO_GIFTS: Said = [
    "Cards stay with who drew them in this activity.",
    "本活动的卡片不能转送。",
    "本活動的卡片不能轉送。",
    "في هذا النشاط تبقى البطاقات لمن سحبها.",
    "このキャンペーンではカードを贈れません。",
    "이 이벤트에서는 카드를 선물할 수 없어요.",
];
const LINK_GONE: Said = [
    "This link has ended. Ask your friend for a new one.",
    "链接已失效，请好友再发一个。",
    "連結已失效，請好友再傳一個。",
    "انتهى هذا الرابط. اطلب من صديقك رابطًا جديدًا.",
    "このリンクは終了しました。友だちに新しいリンクをもらってください。",
    "링크가 만료됐어요. 친구에게 새 링크를 받아 보세요.",
];
const LINK_TAKEN: Said = [
    "Someone was faster. Ask your friend for another link.",
    "被别人抢先一步，请好友再发一个链接。",
    "被別人搶先一步，請好友再傳一個連結。",
    "سبقك شخص آخر. اطلب من صديقك رابطًا آخر.",
    "先に受け取った方がいます。友だちに別のリンクをもらってください。",
    "다른 사람이 먼저 받았어요. 친구에게 다른 링크를 받아 보세요.",
];
const OWN_LINK: Said = [
    "This link is yours: send it to a friend.",
    "这是您自己的链接，发给好友吧。",
    "這是您自己的連結，傳給好友吧。",
    "هذا رابطك أنت: أرسله إلى صديق.",
    "ご自分のリンクです。友だちに送ってください。",
    "내 링크예요. 친구에게 보내 주세요.",
];
const NOT_OWN_LINK: Said = [
    "Only the friend who made this link can do that.",
    "只有发起的好友可以操作。",
    "只有發起的好友可以操作。",
    "لا يقدر على ذلك إلا من أنشأ الرابط.",
    "リンクを作った友だちだけが操作できます。",
    "링크를 만든 친구만 할 수 있어요.",
];

/// Why nothing came of it, for what is missing, over or done.
pub(crate) fn not_possible(why: Why) -> Refusal {
    let said = match why {
        Why::SoldOut => SOLD_OUT,
        Why::Incomplete => INCOMPLETE,
        Why::Completed => COMPLETED_BEFORE,
        Why::PrizeGone => PRIZE_GONE,
        Why::NotHeld => NOT_HELD,
        Why::NoSuchCard => NO_SUCH_CARD,
        Why::NoGifts => NO_GIFTS,
        Why::LinkGone => LINK_GONE,
        Why::LinkTaken => LINK_TAKEN,
        Why::OwnLink => OWN_LINK,
        Why::NotOwnLink => NOT_OWN_LINK,
        Why::NoSharing => NO_SHARING,
    };
    Refusal::NotPossible { label: words(said), why }
}

/// Why nothing came of it, for what there may be only so many of.
pub(crate) fn limit_reached(of: Limit, limit: u32, again_at_ms: Option<u64>) -> Refusal {
    let said = match of {
        Limit::Draws => [
            "{} cards a day, and today's are drawn. More tomorrow.",
            "每天最多抽{}张，明天可以继续。",
            "每天最多抽{}張，明天可以繼續。",
            "{} بطاقات في اليوم، وقد سُحبت. المزيد غدًا.",
            "引けるのは1日{}枚までです。また明日どうぞ。",
            "하루 {}장까지 뽑을 수 있어요. 내일 다시 뽑아 주세요.",
        ],
        Limit::Gives => [
            "You give up to {} cards a day. More tomorrow.",
            "每天最多送出{}张，明天可以继续。",
            "每天最多送出{}張，明天可以繼續。",
            "تهدي حتى {} بطاقات في اليوم. المزيد غدًا.",
            "贈れるのは1日{}枚までです。また明日どうぞ。",
            "하루 {}장까지 선물할 수 있어요. 내일 다시 이용해 주세요.",
        ],
        Limit::Takes => [
            "You take or ask for up to {} cards a day. More tomorrow.",
            "每天最多领取或求取{}张，明天可以继续。",
            "每天最多領取或求取{}張，明天可以繼續。",
            "تأخذ أو تطلب حتى {} بطاقات في اليوم. المزيد غدًا.",
            "受け取りとお願いは1日{}枚までです。また明日どうぞ。",
            "하루 {}장까지 받거나 부탁할 수 있어요. 내일 다시 이용해 주세요.",
        ],
        Limit::TakesTotal => [
            "{} cards from friends are the most. The rest is to be drawn.",
            "好友赠卡最多{}张，其余请自己抽取。",
            "好友贈卡最多{}張，其餘請自己抽取。",
            "أقصى ما تتلقاه {} بطاقات من الأصدقاء. الباقي بالسحب.",
            "友だちから受け取れるのは{}枚までです。残りは引いて集めましょう。",
            "친구에게 받을 수 있는 카드는 {}장까지예요. 나머지는 뽑아서 모아 주세요.",
        ],
        Limit::Friend => [
            "{} cards from one friend are the most. Another friend can help.",
            "同一位好友最多送您{}张，换一位好友试试。",
            "同一位好友最多送您{}張，換一位好友試試。",
            "أقصى ما تتلقاه من صديق واحد {}. يمكن لصديق آخر أن يساعد.",
            "同じ友だちから受け取れるのは{}枚までです。ほかの友だちにお願いできます。",
            "같은 친구에게는 {}장까지 받을 수 있어요. 다른 친구에게 부탁해 보세요.",
        ],
        Limit::Links => [
            "{} links are under way. End one, and the next can go out.",
            "已有{}个链接在途，收回一个后可以继续。",
            "已有{}個連結在途，收回一個後可以繼續。",
            "{} روابط في الطريق. أنهِ واحدًا ليخرج التالي.",
            "送信中のリンクが{}件あります。1件終わらせると次を送れます。",
            "진행 중인 링크가 {}개 있어요. 하나를 끝내면 다음 링크를 보낼 수 있어요.",
        ],
    };
    Refusal::LimitReached { label: of_number(said, limit.into()), of, limit, again_at_ms }
}

pub(crate) fn unpaid(unpaid: Unpaid) -> Refusal {
    match unpaid {
        Unpaid::NoChance { next_free_at_ms } => {
            let said = if next_free_at_ms.is_some() {
                [
                    "No draw left today. The next free one comes tomorrow.",
                    "今天的抽卡机会已用完，明天再来免费抽。",
                    "今天的抽卡機會已用完，明天再來免費抽。",
                    "لا سحب متبقيًا اليوم. السحب المجاني التالي غدًا.",
                    "本日の回数は終了しました。無料の1回は明日また使えます。",
                    "오늘 기회를 모두 썼어요. 내일 무료 기회가 다시 생겨요.",
                ]
            } else {
                [
                    "There is no such draw to use.",
                    "这种抽卡机会暂时没有了。",
                    "這種抽卡機會暫時沒有了。",
                    "لا يوجد سحب من هذا النوع.",
                    "この方法で使える回数はありません。",
                    "지금은 사용할 수 있는 기회가 없어요.",
                ]
            };
            Refusal::NoChance { label: words(said), next_free_at_ms }
        }
        Unpaid::NotEnoughPoints { needs, balance } => {
            let said = [
                "{} points more and the draw is yours.",
                "再有{}积分就能抽卡。",
                "再有{}點就能抽卡。",
                "ينقصك {} نقطة للسحب.",
                "あと{}ポイントで引けます。",
                "{}포인트만 더 있으면 뽑을 수 있어요.",
            ];
            let label = of_number(said, needs.saturating_sub(balance));
            Refusal::NotEnoughPoints { label, needs, balance }
        }
        Unpaid::PaidLimit { limit, next_at_ms } => {
            let said = [
                "Points buy {} draws a day. More tomorrow.",
                "每天最多用积分抽{}次，明天可以继续。",
                "每天最多用點數抽{}次，明天可以繼續。",
                "تشتري النقاط {} سحبات في اليوم. المزيد غدًا.",
                "ポイントで引けるのは1日{}回までです。また明日どうぞ。",
                "포인트로는 하루 {}번까지 뽑을 수 있어요. 내일 다시 이용해 주세요.",
            ];
            Refusal::PaidLimit { label: of_number(said, limit.into()), limit, next_at_ms }
        }
    }
}
