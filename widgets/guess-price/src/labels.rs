//! What outcomes and refusals say where the widget is older than they are, and what the terms page
//! says. They travel with the answer, so they stand here and not in `texts/`, whose bytes every
//! page loads.

use crate::{Config, Hints, Mark, Told, Win};
use funfair_engine::Clause;
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
        Told::Right if won => words(
            &format!("{price} is right. The prize is yours."),
            &format!("{price}元，猜中了，奖品归你。"),
        ),
        Told::Right => words(
            &format!("{price} is right. Every prize had gone already."),
            &format!("{price}元，猜中了，可惜奖品已发完。"),
        ),
        Told::Wrong => words(&format!("Not {price}."), &format!("不是{price}元。")),
        Told::Higher => {
            words(&format!("The price is above {price}."), &format!("价格比{price}元高。"))
        }
        Told::Lower => {
            words(&format!("The price is below {price}."), &format!("价格比{price}元低。"))
        }
        Told::Within => words(
            &format!("{price} is within {percent} % of the price."),
            &format!("{price}元与价格相差不到{percent}%。"),
        ),
        Told::Far => words(&format!("{price} is far off."), &format!("{price}元差得还远。")),
        Told::Sealed => words(
            &format!("{price} is in. The closest win at the close."),
            &format!("已收下{price}元，活动结束时最接近者获奖。"),
        ),
    }
}

pub(crate) fn helped(mark: &Mark) -> Words {
    match mark.told {
        Told::Right => words(
            "You found the price. The prize goes to your friend.",
            "你帮朋友猜中了，奖品归TA。",
        ),
        _ => told(mark, false),
    }
}

pub(crate) fn invited() -> Words {
    words("Your link is ready. Send it to a friend.", "链接已生成，发给朋友吧。")
}

pub(crate) fn no_tries(tries: u32) -> Words {
    words(
        &format!("All {tries} tries are used. A friend can still guess for you."),
        &format!("{tries}次机会已用完，还可以请朋友帮你猜。"),
    )
}

pub(crate) fn off_grid(config: &Config) -> Words {
    let (low, high) = (price(config.low_cents), price(config.high_cents));
    let step = price(config.step_cents);
    words(
        &format!("Guess from {low} to {high}, in steps of {step}."),
        &format!("请在{low}至{high}元之间猜，每档{step}元。"),
    )
}

pub(crate) fn guessed_before() -> Words {
    words("You have that guess already. Try another price.", "这个价格已经猜过，换一个试试。")
}

pub(crate) fn finished() -> Words {
    words("You have found the price already.", "你已经猜中了。")
}

pub(crate) fn sold_out() -> Words {
    words("Every prize has been won. Thank you for guessing.", "奖品已全部送出，感谢参与。")
}

pub(crate) fn no_asks(asks: usize) -> Words {
    words(
        &format!("You have made all {asks} links. Send those that are still open."),
        &format!("{asks}个链接都已生成，把还没用的发给朋友吧。"),
    )
}

pub(crate) fn no_sharing() -> Words {
    words("Friends are not asked from here.", "这里不能请好友助力。")
}

pub(crate) fn link_gone() -> Words {
    words(
        "This link is used up. Your friend can make another.",
        "这个链接已经用过，可以请朋友再发一个。",
    )
}

pub(crate) fn own_link() -> Words {
    words("This link is for a friend. Send it to one.", "这个链接是给朋友用的，发给TA吧。")
}

pub(crate) fn help_limit(next_at_ms: Option<u64>) -> Words {
    match next_at_ms {
        Some(_) => words(
            "You have helped as often as you may today. Again tomorrow.",
            "今天帮忙的次数已用完，明天可以继续。",
        ),
        None => words("You have helped as often as you may.", "帮忙的次数已全部用完。"),
    }
}

pub(crate) fn not_yet() -> Words {
    words("No friend has guessed by this link yet.", "还没有朋友用这个链接猜价。")
}

pub(crate) fn no_chance(next_free_at_ms: Option<u64>) -> Words {
    match next_free_at_ms {
        Some(_) => words(
            "No try left today. The next free one comes tomorrow.",
            "今天的机会已用完，明天再来。",
        ),
        None => words("There is no such try to use.", "这种机会暂时没有了。"),
    }
}

pub(crate) fn not_enough_points(needs: u64, balance: u64) -> Words {
    words(
        &format!("A try takes {needs} points; you have {balance}."),
        &format!("猜一次需要{needs}积分，您现有{balance}积分。"),
    )
}

pub(crate) fn paid_limit(limit: u32) -> Words {
    words(
        &format!("Points buy {limit} tries a day. More tomorrow."),
        &format!("每天最多用积分换{limit}次机会，明天可以继续。"),
    )
}

/// What the terms page says.
pub(crate) fn clauses(config: &Config) -> Vec<Clause> {
    let mut clauses = vec![how_to_win(config), tries(config), sealed()];
    if let Some(help) = &config.help {
        let (asks, per_day, total) = (help.asks, help.per_day, help.total);
        clauses.push(clause(
            ("Friends", "好友帮猜"),
            &format!(
                "You may make {asks} links; by each, one friend guesses once for you, and what the \
                 guess wins is yours. A member helps no more than {per_day} a day and {total} in \
                 all. What a friend found and you did not collect is given after the close, \
                 while prizes last."
            ),
            &format!(
                "每人最多可生成{asks}个链接，每个链接可由一位好友帮猜一次，猜中的奖品归你。每人每天最多帮猜\
                 {per_day}次，累计最多{total}次。好友猜中而你未领取的，活动结束后在奖品未发完时自动发放。"
            ),
        ));
    }
    clauses
}

fn how_to_win(config: &Config) -> Clause {
    let (low, high, step) =
        (price(config.low_cents), price(config.high_cents), price(config.step_cents));
    let (en, zh) = match config.win {
        Win::Exact {} => ("The exact price wins.".into(), "与价格完全一致即为猜中。".into()),
        Win::Band { within_cents: Some(cents), .. } => (
            format!("A guess no more than {} from the price wins.", price(cents)),
            format!("与价格相差不超过{}元即为猜中。", price(cents)),
        ),
        Win::Band { within_percent, .. } => {
            let percent = within_percent.unwrap_or(0);
            (
                format!("A guess no more than {percent} % of the price from it wins."),
                format!("与价格相差不超过价格的{percent}%即为猜中。"),
            )
        }
        Win::Closest { winners } => (
            format!(
                "At the close the {winners} closest guesses win, one a member; of equal ones the \
                 earlier."
            ),
            format!(
                "活动结束时最接近价格的{winners}位会员获奖，每人以最接近的一次为准，相同者先猜先得。"
            ),
        ),
    };
    let (more_en, more_zh) = match config.prize.stock {
        Some(stock) => (
            format!(" The first {stock} win, each member once."),
            format!("先到先得，共{stock}份，每人限获一次。"),
        ),
        None => (" Each member wins once at most.".into(), "每人限获一次。".into()),
    };
    clause(
        ("How to win", "如何获奖"),
        &format!("Prices from {low} to {high} in steps of {step} can be guessed. {en}{more_en}"),
        &format!("可猜价格为{low}至{high}元，每档{step}元。{zh}{more_zh}"),
    )
}

fn tries(config: &Config) -> Clause {
    let tries = config.tries;
    let (en, zh) = match &config.hints {
        _ if config.winners().is_some() => {
            ("Nothing is told before the close.".into(), "活动结束前不提示结果。".into())
        }
        Hints::None => ("It is told whether a guess is right.".into(), "只提示是否猜中。".into()),
        Hints::HigherLower {} => (
            "It is told whether the price is higher or lower.".into(),
            "未猜中时提示价格偏高或偏低。".into(),
        ),
        Hints::Distance { within_percent } => {
            let rings: Vec<_> = within_percent.iter().map(|ring| format!("{ring} %")).collect();
            (
                format!("It is told whether a guess is within {} of the price.", rings.join(", ")),
                format!("未猜中时提示与价格相差是否在{}以内。", rings.join("、")),
            )
        }
    };
    let (sure_en, sure_zh) = match config.reach_percent(config.eyes()) {
        0 => (String::new(), String::new()),
        percent => (
            format!(
                " If every price is as likely as any other, even perfect play within the tries and \
                 helps that one member has wins in no more than {percent} of 100 cases."
            ),
            format!(
                "若每个价格可能性相同，即使用尽机会与好友帮助并以最佳策略猜价，猜中的概率也不超过{percent}%。"
            ),
        ),
    };
    clause(
        ("Tries and hints", "次数与提示"),
        &format!("{tries} tries a member in all. {en}{sure_en}"),
        &format!("每人累计最多{tries}次。{zh}{sure_zh}"),
    )
}

fn sealed() -> Clause {
    clause(
        ("The sealed price", "价格封存"),
        "The price was sealed before the start: its commitment is shown throughout. After the close \
         the price and its seal are shown, and anyone can compute the commitment again: SHA-256 of \
         the three lines \"funfair/1 price\", the price in cents, the seal.",
        "价格在活动开始前已封存，其指纹全程公示。活动结束后公布价格与封签，任何人都可以用SHA-256对\
         “funfair/1 price”、以分为单位的价格、封签三行重新计算并核对指纹。",
    )
}

fn clause((en, zh): (&str, &str), text_en: &str, text_zh: &str) -> Clause {
    Clause { title: words(en, zh), text: words(text_en, text_zh) }
}

fn words(en: &str, zh: &str) -> Words {
    Words::of(&[("en", en), ("zh-CN", zh)])
}
