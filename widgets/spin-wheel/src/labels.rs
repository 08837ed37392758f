//! What a refusal says where the widget is older than the refusal. They travel with the answer, so
//! they stand here and not in `texts/`, whose bytes every page loads.

use funfair_host_api::Words;

pub(crate) fn no_chance(next_free_at_ms: Option<u64>) -> Words {
    match next_free_at_ms {
        Some(_) => words(
            "No spin left today. The next free one comes tomorrow.",
            "今天的抽奖机会已用完，明天再来免费抽。",
        ),
        None => words("There is no such spin to use.", "这种抽奖机会暂时没有了。"),
    }
}

pub(crate) fn not_enough_points(needs: u64, balance: u64) -> Words {
    words(
        &format!("A spin takes {needs} points; you have {balance}."),
        &format!("抽一次需要{needs}积分，您现有{balance}积分。"),
    )
}

pub(crate) fn paid_limit(limit: u32) -> Words {
    words(
        &format!("Points buy {limit} spins a day. More tomorrow."),
        &format!("每天最多用积分抽{limit}次，明天可以继续。"),
    )
}

pub(crate) fn sold_out() -> Words {
    words("Every prize has been won. Thank you for playing.", "奖品已全部抽完，感谢参与。")
}

fn words(en: &str, zh: &str) -> Words {
    Words::of(&[("en", en), ("zh-CN", zh)])
}
