//! What outcomes and refusals say where the widget is older than they are. They travel with the
//! answer, so they stand here and not in `texts/`, whose bytes every page loads.

use funfair_host_api::{Day, Words};

pub(crate) fn signed(streak: u32) -> Words {
    if streak < 2 {
        return words("Signed in.", "签到成功。");
    }
    words(
        &format!("Signed in, {streak} days in a row."),
        &format!("签到成功，已连续签到{streak}天。"),
    )
}

pub(crate) fn made_up(day: Day) -> Words {
    let (_, month, date) = day.date();
    words(&format!("{} is made up.", day.text()), &format!("已补签{month}月{date}日。"))
}

pub(crate) fn growth() -> Words {
    words("Sign-in points", "签到积分")
}

pub(crate) fn bonus(every: u32) -> Words {
    words(&format!("Bonus for {every} days in a row"), &format!("连续签到{every}天奖励"))
}

pub(crate) fn already_signed() -> Words {
    words("You have signed in today. Come back tomorrow.", "今天已签到，明天再来。")
}

pub(crate) fn day_not_open() -> Words {
    words("This day cannot be made up.", "这一天不能补签。")
}

pub(crate) fn make_up_limit(limit: u32) -> Words {
    words(
        &format!("{limit} days a month can be made up. More next month."),
        &format!("每月最多补签{limit}天，下个月可以继续。"),
    )
}

pub(crate) fn not_enough_points(needs: u64, balance: u64) -> Words {
    words(
        &format!("Making up a day takes {needs} points; you have {balance}."),
        &format!("补签一天需要{needs}积分，您现有{balance}积分。"),
    )
}

fn words(en: &str, zh: &str) -> Words {
    Words::of(&[("en", en), ("zh-CN", zh)])
}
