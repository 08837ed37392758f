//! What outcomes and refusals say where the widget is older than they are, and what the terms page
//! says of the rule. They travel with the answer, so they stand here and not in `texts/`, whose
//! bytes every page loads.

use crate::{Config, MakeUpRule};
use funfair_engine::Clause;
use funfair_host_api::{Day, Words};

pub(crate) fn signed(streak: u32) -> Words {
    if streak < 2 {
        return words([
            "تم تسجيل الحضور.",
            "Signed in.",
            "チェックインしました。",
            "출석했어요.",
            "签到成功。",
            "簽到成功。",
        ]);
    }
    words([
        &format!("تم تسجيل الحضور، {streak} أيام متتالية."),
        &format!("Signed in, {streak} days in a row."),
        &format!("チェックインしました。{streak}日連続です。"),
        &format!("출석했어요. {streak}일 연속이에요."),
        &format!("签到成功，已连续签到{streak}天。"),
        &format!("簽到成功，已連續簽到{streak}天。"),
    ])
}

pub(crate) fn made_up(day: Day) -> Words {
    let (_, month, date) = day.date();
    words([
        &format!("تم تعويض يوم {}.", day.text()),
        &format!("{} is made up.", day.text()),
        &format!("{month}月{date}日の分を補いました。"),
        &format!("{month}월 {date}일 출석을 채웠어요."),
        &format!("已补签{month}月{date}日。"),
        &format!("已補簽{month}月{date}日。"),
    ])
}

pub(crate) fn growth() -> Words {
    words([
        "نقاط تسجيل الحضور",
        "Sign-in points",
        "チェックインポイント",
        "출석 포인트",
        "签到积分",
        "簽到點數",
    ])
}

pub(crate) fn bonus(every: u32) -> Words {
    words([
        &format!("مكافأة {every} أيام متتالية"),
        &format!("Bonus for {every} days in a row"),
        &format!("{every}日連続ボーナス"),
        &format!("{every}일 연속 출석 보너스"),
        &format!("连续签到{every}天奖励"),
        &format!("連續簽到{every}天獎勵"),
    ])
}

pub(crate) fn already_signed() -> Words {
    words([
        "سجلت حضورك اليوم. عُد غداً.",
        "You have signed in today. Come back tomorrow.",
        "本日はチェックイン済みです。また明日どうぞ。",
        "오늘은 이미 출석했어요. 내일 또 만나요.",
        "今天已签到，明天再来。",
        "今天已簽到，明天再來。",
    ])
}

pub(crate) fn day_not_open() -> Words {
    words([
        "لا يمكن تعويض هذا اليوم.",
        "This day cannot be made up.",
        "この日は補えません。",
        "이 날은 채울 수 없어요.",
        "这一天不能补签。",
        "這一天不能補簽。",
    ])
}

pub(crate) fn make_up_limit(limit: u32) -> Words {
    words([
        &format!("يمكن تعويض {limit} أيام في الشهر. والمزيد في الشهر المقبل."),
        &format!("{limit} days a month can be made up. More next month."),
        &format!("補えるのは月{limit}日までです。来月またご利用ください。"),
        &format!("한 달에 {limit}일까지 채울 수 있어요. 다음 달에 다시 이용해 주세요."),
        &format!("每月最多补签{limit}天，下个月可以继续。"),
        &format!("每月最多補簽{limit}天，下個月可以繼續。"),
    ])
}

pub(crate) fn not_enough_points(needs: u64, balance: u64) -> Words {
    words([
        &format!("يكلف تعويض يوم {needs} نقطة، ولديك {balance}."),
        &format!("Making up a day takes {needs} points; you have {balance}."),
        &format!("1日分を補うには{needs}ポイント必要です。現在{balance}ポイントです。"),
        &format!("하루를 채우려면 {needs}포인트가 필요해요. 지금 {balance}포인트가 있어요."),
        &format!("补签一天需要{needs}积分，您现有{balance}积分。"),
        &format!("補簽一天需要{needs}點，您現有{balance}點。"),
    ])
}

pub(crate) fn no_card() -> Words {
    words([
        "ليست لديك بطاقة تعويض.",
        "You have no make-up card.",
        "補填カードをお持ちではありません。",
        "보충 카드가 없어요.",
        "您还没有补签卡。",
        "您還沒有補簽卡。",
    ])
}

/// The rule in the words of the terms page.
pub(crate) fn clauses(config: &Config) -> Vec<Clause> {
    let mut clauses = Vec::new();
    if let Some(rule) = &config.points {
        let (first, step, cap) = (rule.first, rule.step, rule.cap);
        clauses.push(clause(
            ["كل يوم", "Each day", "毎日のチェックイン", "매일 출석", "每日签到", "每日簽到"],
            [
                &format!(
                    "يمنح اليوم الأول {first} نقطة، وكل يوم متتالٍ بعده {step} أكثر، حتى {cap}."
                ),
                &format!(
                    "The first day gives {first} points, each further day in a row {step} more, up \
                     to {cap}."
                ),
                &format!(
                    "初日は{first}ポイント、連続するごとに{step}ポイントずつ増え、1日最大{cap}ポイントです。"
                ),
                &format!(
                    "첫날 {first}포인트, 이후 연속 출석마다 {step}포인트씩 늘어 하루 최대 {cap}포인트입니다."
                ),
                &format!("首日得{first}积分，之后每连续一天多得{step}积分，每天最多{cap}积分。"),
                &format!("首日得{first}點，之後每連續一天多得{step}點，每天最多{cap}點。"),
            ],
        ));
    }
    if let Some(rule) = &config.daily {
        let name = |lang| rule.label.pick(lang);
        clauses.push(clause(
            [
                "مع كل تسجيل",
                "With each sign-in",
                "チェックイン特典",
                "출석 혜택",
                "签到即得",
                "簽到即得",
            ],
            [
                &format!("يمنح كل تسجيل حضور: {}.", name("ar")),
                &format!("Each sign-in also brings: {}.", name("en")),
                &format!("チェックインのたびに進呈：{}。", name("ja")),
                &format!("출석할 때마다 추가 지급: {}.", name("ko")),
                &format!("每次签到另得：{}。", name("zh-CN")),
                &format!("每次簽到另得：{}。", name("zh-TW")),
            ],
        ));
    }
    if let Some(rule) = &config.bonus {
        let (every, words) = (rule.every, rule.name());
        let name = |lang| words.pick(lang).to_owned();
        clauses.push(clause(
            [
                "أيام متتالية",
                "Days in a row",
                "連続チェックイン特典",
                "연속 출석 혜택",
                "连续签到奖励",
                "連續簽到獎勵",
            ],
            [
                &format!("كل {every} أيام متتالية تمنح: {}.", name("ar")),
                &format!("Every {every} days in a row bring: {}.", name("en")),
                &format!("{every}日連続ごとに進呈：{}。", name("ja")),
                &format!("{every}일 연속 출석마다 지급: {}.", name("ko")),
                &format!("每连续签到{every}天得：{}。", name("zh-CN")),
                &format!("每連續簽到{every}天得：{}。", name("zh-TW")),
            ],
        ));
    }
    clauses.extend(config.make_up.as_ref().map(make_up_clause));
    clauses
}

fn make_up_clause(rule: &MakeUpRule) -> Clause {
    let (reach, most) = (rule.reach, rule.per_month);
    let [ar, en, ja, ko, cn, tw] = match (rule.points_each, &rule.card) {
        (Some(each), Some(_)) => [
            format!("مقابل {each} نقطة أو بطاقة تعويض"),
            format!("for {each} points or a make-up card"),
            format!("{each}ポイントまたは補填カード1枚"),
            format!("{each}포인트 또는 보충 카드 1장"),
            format!("{each}积分或补签卡1张"),
            format!("{each}點或補簽卡1張"),
        ],
        (Some(each), None) => [
            format!("مقابل {each} نقطة"),
            format!("for {each} points"),
            format!("{each}ポイント"),
            format!("{each}포인트"),
            format!("{each}积分"),
            format!("{each}點"),
        ],
        (None, _) => [
            "مقابل بطاقة تعويض".to_owned(),
            "for a make-up card".to_owned(),
            "補填カード1枚".to_owned(),
            "보충 카드 1장".to_owned(),
            "补签卡1张".to_owned(),
            "補簽卡1張".to_owned(),
        ],
    };
    clause(
        ["تعويض يوم", "Making up a day", "チェックインの補填", "출석 채우기", "补签", "補簽"],
        [
            &format!(
                "يمكن تعويض يوم فائت من آخر {reach} أيام في الشهر نفسه {ar}، حتى {most} مرات في \
                 الشهر. يُحسب ضمن الأيام المتتالية ولا يمنح نقاطاً خاصة به."
            ),
            &format!(
                "A missed day of the last {reach} can be made up {en} within the same month, up to \
                 {most} times a month. It counts for the row and gives no points of its own."
            ),
            &format!(
                "当月の直近{reach}日以内の忘れた日は、1日につき{ja}で補えます（月{most}回まで）。連続日数に数えますが、その日のポイントはつきません。"
            ),
            &format!(
                "그달의 최근 {reach}일 안에 놓친 날은 하루에 {ko}으로 채울 수 있습니다(월 {most}회까지). 연속 일수에는 포함되지만 그날의 포인트는 지급되지 않습니다."
            ),
            &format!(
                "当月最近{reach}天内漏签可补签，每天{cn}，每月最多{most}次；补签计入连续天数，\
                 当天不另得积分。"
            ),
            &format!(
                "當月最近{reach}天內漏簽可補簽，每天{tw}，每月最多{most}次；補簽計入連續天數，\
                 當天不另得點數。"
            ),
        ],
    )
}

fn clause(title: [&str; 6], text: [&str; 6]) -> Clause {
    Clause { title: words(title), text: words(text) }
}

/// In the order of the locales' names.
fn words([ar, en, ja, ko, cn, tw]: [&str; 6]) -> Words {
    Words::of(&[("ar", ar), ("en", en), ("ja", ja), ("ko", ko), ("zh-CN", cn), ("zh-TW", tw)])
}
