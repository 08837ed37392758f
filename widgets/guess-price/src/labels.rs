//! What outcomes and refusals say where the widget is older than they are. They travel with the
//! answer, so they stand here and not in `texts/`, whose bytes every page loads.

use crate::{Config, Mark, Told};
use funfair_host_api::Words;

/// `499` or `499.50`.
pub(crate) fn price(cents: u64) -> String {
    match cents % 100 {
        0 => format!("{}", cents / 100),
        rest => format!("{}.{rest:02}", cents / 100),
    }
}

pub(crate) fn told(mark: &Mark, won: bool) -> Words {
    let price = price(mark.cents);
    let percent = mark.percent;
    match mark.told {
        Told::Right if won => words([
            &format!("{price} يوان صحيح. الجائزة لك."),
            &format!("{price} is right. The prize is yours."),
            &format!("{price}元、正解です。賞品はあなたのものです。"),
            &format!("{price}위안, 정답이에요. 경품을 받아 가세요."),
            &format!("{price}元，猜中了，奖品归你。"),
            &format!("{price}元，猜中了，獎品歸你。"),
        ]),
        Told::Right => words([
            &format!("{price} يوان صحيح، لكن الجوائز نفدت."),
            &format!("{price} is right. Every prize had gone already."),
            &format!("{price}元、正解ですが、賞品はすでになくなりました。"),
            &format!("{price}위안, 정답이지만 경품이 모두 소진됐어요."),
            &format!("{price}元，猜中了，可惜奖品已发完。"),
            &format!("{price}元，猜中了，可惜獎品已發完。"),
        ]),
        Told::Wrong => words([
            &format!("ليس {price} يوان."),
            &format!("Not {price}."),
            &format!("{price}元ではありません。"),
            &format!("{price}위안은 아니에요."),
            &format!("不是{price}元。"),
            &format!("不是{price}元。"),
        ]),
        Told::Higher => words([
            &format!("السعر أعلى من {price} يوان."),
            &format!("The price is above {price}."),
            &format!("{price}元より高いです。"),
            &format!("{price}위안보다 비싸요."),
            &format!("价格比{price}元高。"),
            &format!("價格比{price}元高。"),
        ]),
        Told::Lower => words([
            &format!("السعر أقل من {price} يوان."),
            &format!("The price is below {price}."),
            &format!("{price}元より安いです。"),
            &format!("{price}위안보다 싸요."),
            &format!("价格比{price}元低。"),
            &format!("價格比{price}元低。"),
        ]),
        Told::Within => words([
            &format!("{price} يوان ضمن {percent}% من السعر."),
            &format!("{price} is within {percent} % of the price."),
            &format!("{price}元は誤差{percent}%以内です。"),
            &format!("{price}위안, 오차 {percent}% 이내예요."),
            &format!("{price}元与价格相差不到{percent}%。"),
            &format!("{price}元與價格相差不到{percent}%。"),
        ]),
        Told::Far => words([
            &format!("{price} يوان بعيد عن السعر."),
            &format!("{price} is far off."),
            &format!("{price}元はまだ遠いです。"),
            &format!("{price}위안은 아직 멀어요."),
            &format!("{price}元差得还远。"),
            &format!("{price}元還差得遠。"),
        ]),
        Told::Sealed => words([
            &format!("سُجّل {price} يوان. يفوز الأقرب عند الإغلاق."),
            &format!("{price} is in. The closest win at the close."),
            &format!("{price}元で受け付けました。終了時に最も近い方が当選です。"),
            &format!("{price}위안, 접수됐어요. 종료 시 가장 가까운 분이 당첨돼요."),
            &format!("已收下{price}元，活动结束时最接近者获奖。"),
            &format!("已收下{price}元，活動結束時最接近者獲獎。"),
        ]),
    }
}

pub(crate) fn helped(mark: &Mark) -> Words {
    match mark.told {
        Told::Right => words([
            "أصبت السعر، والجائزة لصديقك.",
            "You found the price. The prize goes to your friend.",
            "正解です。賞品は友だちに届きます。",
            "맞혔어요. 경품은 친구에게 가요.",
            "你帮朋友猜中了，奖品归TA。",
            "你幫朋友猜中了，獎品歸朋友。",
        ]),
        _ => told(mark, false),
    }
}

pub(crate) fn invited() -> Words {
    words([
        "رابطك جاهز. أرسله إلى صديق.",
        "Your link is ready. Send it to a friend.",
        "リンクができました。友だちに送ってください。",
        "링크가 준비됐어요. 친구에게 보내 주세요.",
        "链接已生成，发给朋友吧。",
        "連結已產生，傳給朋友吧。",
    ])
}

pub(crate) fn no_tries(tries: u32) -> Words {
    words([
        &format!("انتهت محاولاتك (العدد: {tries}). يمكن لصديق أن يخمّن لك."),
        &format!("All {tries} tries are used. A friend can still guess for you."),
        &format!("{tries}回すべて使いました。友だちにお願いできます。"),
        &format!("{tries}번을 모두 썼어요. 친구에게 부탁할 수 있어요."),
        &format!("{tries}次机会已用完，还可以请朋友帮你猜。"),
        &format!("{tries}次機會已用完，還可以請朋友幫你猜。"),
    ])
}

pub(crate) fn off_grid(config: &Config) -> Words {
    let (low, high) = (price(config.low_cents), price(config.high_cents));
    let step = price(config.step_cents);
    words([
        &format!("خمّن بين {low} و{high} يوان، بدرجات من {step}."),
        &format!("Guess from {low} to {high}, in steps of {step}."),
        &format!("{low}〜{high}元の間で、{step}元きざみで予想してください。"),
        &format!("{low}~{high}위안 사이에서 {step}위안 단위로 골라 주세요."),
        &format!("请在{low}至{high}元之间猜，每档{step}元。"),
        &format!("請在{low}至{high}元之間猜，每檔{step}元。"),
    ])
}

pub(crate) fn guessed_before() -> Words {
    words([
        "خمّنت هذا السعر من قبل. جرّب سعرًا آخر.",
        "You have that guess already. Try another price.",
        "その価格は予想済みです。別の価格をお試しください。",
        "이미 시도한 가격이에요. 다른 가격을 골라 주세요.",
        "这个价格已经猜过，换一个试试。",
        "這個價格已經猜過，換一個試試。",
    ])
}

pub(crate) fn finished() -> Words {
    words([
        "أصبت السعر من قبل.",
        "You have found the price already.",
        "すでに正解しています。",
        "이미 정답을 맞혔어요.",
        "你已经猜中了。",
        "你已經猜中了。",
    ])
}

pub(crate) fn sold_out() -> Words {
    words([
        "نفدت كل الجوائز. شكرًا لمشاركتك.",
        "Every prize has been won. Thank you for guessing.",
        "賞品はすべてなくなりました。ご参加ありがとうございました。",
        "경품이 모두 소진됐어요. 참여해 주셔서 감사합니다.",
        "奖品已全部送出，感谢参与。",
        "獎品已全部送出，感謝參與。",
    ])
}

pub(crate) fn no_asks(asks: usize) -> Words {
    words([
        &format!("أنشأت كل روابطك (العدد: {asks}). أرسل ما لم يُستخدم منها."),
        &format!("You have made all {asks} links. Send those that are still open."),
        &format!("{asks}件のリンクをすべて作りました。未使用のものを送ってください。"),
        &format!("링크 {asks}개를 모두 만들었어요. 아직 안 쓴 링크를 보내 주세요."),
        &format!("{asks}个链接都已生成，把还没用的发给朋友吧。"),
        &format!("{asks}個連結都已產生，把還沒用的傳給朋友吧。"),
    ])
}

pub(crate) fn no_sharing() -> Words {
    words([
        "لا يُطلب من الأصدقاء هنا.",
        "Friends are not asked from here.",
        "ここでは友だちにお願いできません。",
        "여기서는 친구에게 부탁할 수 없어요.",
        "这里不能请好友助力。",
        "這裡不能請好友幫忙。",
    ])
}

pub(crate) fn link_gone() -> Words {
    words([
        "استُخدم هذا الرابط. يمكن لصديقك إنشاء رابط آخر.",
        "This link is used up. Your friend can make another.",
        "このリンクは使用済みです。友だちに新しいリンクをもらってください。",
        "이미 사용한 링크예요. 친구에게 새 링크를 받아 보세요.",
        "这个链接已经用过，可以请朋友再发一个。",
        "這個連結已經用過，可以請朋友再傳一個。",
    ])
}

pub(crate) fn own_link() -> Words {
    words([
        "هذا الرابط لصديق. أرسله إليه.",
        "This link is for a friend. Send it to one.",
        "このリンクは友だち用です。友だちに送ってください。",
        "친구에게 보내는 링크예요. 친구에게 공유해 주세요.",
        "这个链接是给朋友用的，发给TA吧。",
        "這個連結是給朋友用的，傳給朋友吧。",
    ])
}

pub(crate) fn help_limit(next_at_ms: Option<u64>) -> Words {
    match next_at_ms {
        Some(_) => words([
            "ساعدت بقدر المسموح اليوم. عُد غدًا.",
            "You have helped as often as you may today. Again tomorrow.",
            "本日お手伝いできる回数を使い切りました。また明日どうぞ。",
            "오늘 도와줄 수 있는 횟수를 다 썼어요. 내일 다시 도와주세요.",
            "今天帮忙的次数已用完，明天可以继续。",
            "今天幫忙的次數已用完，明天可以繼續。",
        ]),
        None => words([
            "ساعدت بقدر المسموح.",
            "You have helped as often as you may.",
            "お手伝いできる回数を使い切りました。",
            "도와줄 수 있는 횟수를 다 썼어요.",
            "帮忙的次数已全部用完。",
            "幫忙的次數已全部用完。",
        ]),
    }
}

pub(crate) fn not_yet() -> Words {
    words([
        "لم يخمّن صديق بهذا الرابط بعد.",
        "No friend has guessed by this link yet.",
        "このリンクで予想した友だちはまだいません。",
        "이 링크로 맞혀 본 친구가 아직 없어요.",
        "还没有朋友用这个链接猜价。",
        "還沒有朋友用這個連結猜價。",
    ])
}

pub(crate) fn no_chance(next_free_at_ms: Option<u64>) -> Words {
    match next_free_at_ms {
        Some(_) => words([
            "لا محاولة متبقية اليوم. المحاولة المجانية التالية غدًا.",
            "No try left today. The next free one comes tomorrow.",
            "本日の回数は終了しました。無料の1回は明日また使えます。",
            "오늘 기회를 모두 썼어요. 내일 무료 기회가 다시 생겨요.",
            "今天的机会已用完，明天再来。",
            "今天的機會已用完，明天再來。",
        ]),
        None => words([
            "لا توجد محاولة من هذا النوع.",
            "There is no such try to use.",
            "この方法で使える回数はありません。",
            "지금은 사용할 수 있는 기회가 없어요.",
            "这种机会暂时没有了。",
            "這種機會暫時沒有了。",
        ]),
    }
}

pub(crate) fn not_enough_points(needs: u64, balance: u64) -> Words {
    words([
        &format!("ثمن المحاولة بالنقاط: {needs}، ورصيدك: {balance}."),
        &format!("A try takes {needs} points; you have {balance}."),
        &format!("1回{needs}ポイント必要です。現在{balance}ポイントです。"),
        &format!("한 번에 {needs}포인트가 필요해요. 지금 {balance}포인트가 있어요."),
        &format!("猜一次需要{needs}积分，您现有{balance}积分。"),
        &format!("猜一次需要{needs}點，您現有{balance}點。"),
    ])
}

pub(crate) fn paid_limit(limit: u32) -> Words {
    words([
        &format!("الحد اليومي للمحاولات بالنقاط: {limit}. والمزيد غدًا."),
        &format!("Points buy {limit} tries a day. More tomorrow."),
        &format!("ポイントで使えるのは1日{limit}回までです。また明日どうぞ。"),
        &format!("포인트로는 하루 {limit}번까지 참여할 수 있어요. 내일 다시 참여해 주세요."),
        &format!("每天最多用积分换{limit}次机会，明天可以继续。"),
        &format!("每天最多用點數換{limit}次機會，明天可以繼續。"),
    ])
}

/// In the order of the locales' names.
pub(crate) fn words([ar, en, ja, ko, cn, tw]: [&str; 6]) -> Words {
    Words::of(&[("ar", ar), ("en", en), ("ja", ja), ("ko", ko), ("zh-CN", cn), ("zh-TW", tw)])
}
