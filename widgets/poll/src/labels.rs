//! What outcomes and refusals say where the widget is older than they are. They travel with the
//! answer, so they stand here and not in `texts/`, whose bytes every page loads.

use crate::{Flaw, NominationRule};
use funfair_host_api::{Day, Words};

pub(crate) fn reward() -> Words {
    words(["For your vote", "投票奖励", "投票獎勵", "مكافأة التصويت"])
}

pub(crate) fn nomination_reward() -> Words {
    words(["For your suggestion", "提名入选奖励", "提名入選獎勵", "مكافأة على اقتراحك"])
}

pub(crate) fn voted() -> Words {
    words([
        "Your vote is counted. Thank you.",
        "投票成功，感谢参与。",
        "投票成功，感謝參與。",
        "تم احتساب صوتك، شكرًا لك.",
    ])
}

pub(crate) fn changed() -> Words {
    words(["Your vote is changed.", "已改投。", "已改投。", "تم تغيير صوتك."])
}

pub(crate) fn nominated() -> Words {
    words([
        "Thank you. We will look at your suggestion.",
        "提名已收到，审核后加入投票。",
        "已收到提名，審核後加入投票。",
        "شكرًا لك، سنراجع اقتراحك.",
    ])
}

pub(crate) fn already_voted(next: Option<Day>) -> Words {
    let Some(next) = next else {
        return words([
            "You have voted, and this vote is final.",
            "你已投过票，本次投票不可更改。",
            "你已投過票，本次投票不可更改。",
            "لقد صوّتّ، ولا يمكن تغيير الصوت.",
        ]);
    };
    let day = next.text();
    let (_, month, date) = next.date();
    words([
        &format!("You have voted in this round. The next one begins on {day}."),
        &format!("本轮已投票，{month}月{date}日开始下一轮。"),
        &format!("本輪已投票，{month}月{date}日開始下一輪。"),
        &format!("لقد صوّتّ في هذه الجولة. تبدأ الجولة التالية في {day}."),
    ])
}

pub(crate) fn option_full(label: &Words) -> Words {
    let of = |lang| label.pick(lang);
    words([
        &format!("{} is full. Choose another one.", of("en")),
        &format!("“{}”名额已满，换一个选项吧。", of("zh-CN")),
        &format!("「{}」名額已滿，請選其他選項。", of("zh-TW")),
        &format!("اكتمل العدد في «{}». اختر خيارًا آخر.", of("ar")),
    ])
}

pub(crate) fn no_such_option() -> Words {
    words([
        "The options have changed. Have a look and choose again.",
        "选项有变化，请重新选择。",
        "選項有變化，請重新選擇。",
        "تغيّرت الخيارات. ألقِ نظرة واختر من جديد.",
    ])
}

pub(crate) fn wrong_number(least: u32, most: u32) -> Words {
    if least == most {
        return words([
            &format!("Choose exactly {least}."),
            &format!("请选择{least}项。"),
            &format!("請選擇{least}項。"),
            &format!("اختر {least} بالضبط."),
        ]);
    }
    words([
        &format!("Choose {least} to {most}."),
        &format!("请选择{least}至{most}项。"),
        &format!("請選擇{least}至{most}項。"),
        &format!("اختر من {least} إلى {most}."),
    ])
}

pub(crate) fn nominations_closed() -> Words {
    words([
        "No more suggestions are taken up. Vote for one that is there.",
        "提名名额已满，欢迎为现有选项投票。",
        "提名名額已滿，歡迎為現有選項投票。",
        "لا نقبل اقتراحات أخرى. صوّت لأحد الخيارات الموجودة.",
    ])
}

pub(crate) fn nomination_limit(limit: u32) -> Words {
    words([
        &format!("Each member makes {limit} suggestions at most. You have made yours."),
        &format!("每人最多提名{limit}个，你的名额已用完。"),
        &format!("每人最多提名{limit}個，你的名額已用完。"),
        &format!("لكل عضو {limit} من الاقتراحات كحد أقصى، وقد قدّمت اقتراحاتك."),
    ])
}

pub(crate) fn text_refused(flaw: Flaw, rule: &NominationRule) -> Words {
    let most = rule.max_length;
    match flaw {
        Flaw::Empty => words([
            "Write a name for your suggestion.",
            "请填写提名内容。",
            "請填寫提名內容。",
            "اكتب اسمًا لاقتراحك.",
        ]),
        Flaw::TooLong => words([
            &format!("That is too long. Use {most} characters at most."),
            &format!("内容过长，最多{most}个字。"),
            &format!("內容過長，最多{most}個字。"),
            &format!("النص طويل. استخدم {most} حرفًا كحد أقصى."),
        ]),
        Flaw::Control => words([
            "That has invisible characters. Type it again without them.",
            "内容含有不可见字符，请手动重新输入。",
            "內容含有不可見字元，請手動重新輸入。",
            "يحتوي النص على رموز غير مرئية. اكتبه من جديد بدونها.",
        ]),
        Flaw::Link => words([
            "Links cannot be suggested. Write the name only.",
            "提名不能包含链接，只写名称就好。",
            "提名不能包含連結，只寫名稱就好。",
            "لا يمكن اقتراح روابط. اكتب الاسم فقط.",
        ]),
    }
}

pub(crate) fn already_there() -> Words {
    words([
        "That is already there. Suggest something else.",
        "已经有这一项了，换一个吧。",
        "已經有這一項了，換一個吧。",
        "هذا موجود بالفعل. اقترح شيئًا آخر.",
    ])
}

/// The words of the four locales that every kind speaks.
pub(crate) fn words([en, zh_cn, zh_tw, ar]: [&str; 4]) -> Words {
    [("en", en), ("zh-CN", zh_cn), ("zh-TW", zh_tw), ("ar", ar)]
        .into_iter()
        .map(|(lang, text)| (lang.to_owned(), text.to_owned()))
        .collect()
}
