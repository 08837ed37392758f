//! What the terms page says of a vote's rules.

use crate::{Ballot, Config, NominationRule, Results, labels::words};
use funfair_engine::{Clause, RewardRule};
use funfair_host_api::Words;

pub(crate) fn of(config: &Config) -> Vec<Clause> {
    let mut clauses = vec![Clause {
        title: words(["The vote", "投票内容", "投票內容", "التصويت", "投票内容", "투표 내용"]),
        text: config.question.clone(),
    }];
    clauses.push(ballots(config));
    clauses.extend(config.reward.as_ref().map(reward));
    clauses.push(Clause {
        title: words(["Results", "结果公布", "結果公布", "النتائج", "結果の公開", "결과 공개"]),
        text: results(config.results),
    });
    if config.options.iter().any(|option| option.quota.is_some()) {
        clauses.push(quotas(config));
    }
    clauses.extend(config.nominations.as_ref().map(nominations));
    clauses
}

fn ballots(config: &Config) -> Clause {
    let (least, most) = (config.choose.least, config.choose.most);
    let number = if least == most { format!("{least}") } else { format!("{least}–{most}") };
    let final_words = match config.ballot {
        Ballot::Once => [
            "A ballot that is cast stays as it is.",
            "投出后不可更改。",
            "投出後不可更改。",
            "لا يمكن تغيير الصوت بعد الإدلاء به.",
            "投票後の変更はできません。",
            "투표 후에는 변경할 수 없습니다.",
        ],
        Ballot::Changeable => [
            "It can be changed until the end, and is counted once.",
            "截止前可以改投，始终只计一票。",
            "截止前可以改投，始終只計一票。",
            "يمكن تغييره حتى النهاية، ويُحتسب مرة واحدة.",
            "終了まで変更でき、常に1票として数えます。",
            "종료 전까지 바꿀 수 있으며, 항상 한 표로 집계합니다.",
        ],
    };
    let round = config.rounds.map_or_else(
        || {
            ["in all", "整个活动", "整個活動", "طوال النشاط", "期間中", "이벤트 기간 중"]
                .map(String::from)
        },
        |rule| {
            let (days, from) = (rule.every, rule.from.text());
            [
                format!("in each round of {days} business days, the first from {from} on"),
                format!("每轮（每{days}个营业日一轮，自{from}起）"),
                format!("每輪（每{days}個營業日一輪，自{from}起）"),
                format!("في كل جولة مدتها {days} من أيام العمل ابتداءً من {from}"),
                format!("各回（{days}営業日ごと、{from}開始）"),
                format!("회차마다({days}영업일 단위, {from} 시작)"),
            ]
        },
    );
    let [en, zh_cn, zh_tw, ar, ja, ko] = round;
    let [en_end, zh_cn_end, zh_tw_end, ar_end, ja_end, ko_end] = final_words;
    Clause {
        title: words(["Ballots", "投票次数", "投票次數", "الأصوات", "投票回数", "투표 횟수"]),
        text: words([
            &format!("Each member has one ballot {en}, for {number} of the options. {en_end}"),
            &format!("每位会员{zh_cn}一票，可选{number}项。{zh_cn_end}"),
            &format!("每位會員{zh_tw}一票，可選{number}項。{zh_tw_end}"),
            &format!("لكل عضو صوت واحد {ar}، لعدد {number} من الخيارات. {ar_end}"),
            &format!("お一人様{ja}1票、{number}件選べます。{ja_end}"),
            &format!("회원 1인당 {ko} 한 표, 항목 {number}개를 고를 수 있습니다. {ko_end}"),
        ]),
    }
}

fn reward(rule: &RewardRule) -> Clause {
    let text = if let RewardRule::Points { amount, .. } = rule {
        words([
            &format!("The first ballot of each round brings {amount} points."),
            &format!("每轮首次投票得{amount}积分，改投不再奖励。"),
            &format!("每輪首次投票得{amount}點，改投不再獎勵。"),
            &format!("يمنح أول صوت في كل جولة {amount} نقطة."),
            &format!(
                "各回の最初の投票で{amount}ポイント進呈します。変更による追加の進呈はありません。"
            ),
            &format!("회차별 첫 투표에 {amount}포인트를 드립니다. 변경 시 추가 지급은 없습니다."),
        ])
    } else {
        words([
            "The first ballot of each round brings the reward named in the terms above.",
            "每轮首次投票可得上文所述奖励，改投不再奖励。",
            "每輪首次投票可得上文所述獎勵，改投不再獎勵。",
            "يمنح أول صوت في كل جولة المكافأة المذكورة في الشروط أعلاه.",
            "各回の最初の投票で、上記の特典を進呈します。",
            "회차별 첫 투표에 위에 안내한 혜택을 드립니다.",
        ])
    };
    Clause {
        title: words(["Reward", "投票奖励", "投票獎勵", "المكافأة", "投票特典", "투표 혜택"]),
        text,
    }
}

fn results(results: Results) -> Words {
    words(match results {
        Results::Hidden => [
            "Counts are shown after the close.",
            "活动结束后公布票数。",
            "活動結束後公布票數。",
            "تُعرض النتائج بعد انتهاء النشاط.",
            "票数は終了後に公開します。",
            "득표수는 종료 후 공개합니다.",
        ],
        Results::AfterVote => [
            "Counts are shown to members who have voted, and to all after the close.",
            "投票后可见票数，活动结束后全部公布。",
            "投票後可見票數，活動結束後全部公布。",
            "تُعرض النتائج لمن صوّت، وللجميع بعد انتهاء النشاط.",
            "票数は投票した会員に、終了後は全員に公開します。",
            "득표수는 투표한 회원에게, 종료 후에는 모두에게 공개합니다.",
        ],
        Results::Live => [
            "Counts are shown to every member at any time.",
            "票数实时可见。",
            "票數即時可見。",
            "تُعرض النتائج لكل عضو في أي وقت.",
            "票数はいつでもすべての会員に公開します。",
            "득표수는 언제나 모든 회원에게 공개합니다.",
        ],
    })
}

/// Each option with a number of places, and how many.
fn quotas(config: &Config) -> Clause {
    let list = |lang: &str, between: &str| {
        let limited = config.options.iter().filter_map(|option| Some((option, option.quota?)));
        let line = |(option, quota): (&crate::OptionRule, u64)| {
            format!("{} {quota}", option.label.pick(lang))
        };
        limited.map(line).collect::<Vec<_>>().join(between)
    };
    Clause {
        title: words([
            "Places",
            "选项名额",
            "選項名額",
            "الأماكن المتاحة",
            "選択肢ごとの定員",
            "항목별 정원",
        ]),
        text: words([
            &format!("So many ballots of a round may name an option: {}.", list("en", "; ")),
            &format!("每轮各选项名额：{}。", list("zh-CN", "；")),
            &format!("每輪各選項名額：{}。", list("zh-TW", "；")),
            &format!("عدد الأصوات لكل خيار في الجولة: {}.", list("ar", "؛ ")),
            &format!("1回あたりの定員：{}。", list("ja", "、")),
            &format!("회차별 정원: {}.", list("ko", ", ")),
        ]),
    }
}

fn nominations(rule: &NominationRule) -> Clause {
    let (each, most, length) = (rule.per_member, rule.at_most, rule.max_length);
    Clause {
        title: words([
            "Suggestions",
            "提名规则",
            "提名規則",
            "الاقتراحات",
            "ご提案について",
            "제안 안내",
        ]),
        text: words([
            &format!(
                "Each member may suggest {each} more options, of {length} characters at most. The \
                 store looks at each one and takes up {most} at most; until then only its author \
                 sees it."
            ),
            &format!(
                "每位会员可提名{each}个选项，名称最多{length}个字。店铺审核后最多采纳{most}个，\
                 审核前仅提名人可见。"
            ),
            &format!(
                "每位會員可提名{each}個選項，名稱最多{length}個字。店鋪審核後最多採納{most}個，\
                 審核前僅提名人可見。"
            ),
            &format!(
                "يمكن لكل عضو اقتراح {each} من الخيارات، كل منها {length} حرفًا كحد أقصى. يراجع \
                 المتجر كل اقتراح ويقبل {most} كحد أقصى، ولا يراه قبل ذلك إلا صاحبه."
            ),
            &format!(
                "お一人様{each}件まで、{length}文字以内で提案できます。ショップが確認し、最大{most}件を採用します。それまではご本人だけに表示されます。"
            ),
            &format!(
                "회원 1인당 {each}개까지, {length}자 이내로 제안할 수 있습니다. 스토어가 검토하여 최대 {most}개를 채택하며, 그때까지는 본인에게만 보입니다."
            ),
        ]),
    }
}
