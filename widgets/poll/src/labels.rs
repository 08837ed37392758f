//! What outcomes and refusals say where the widget is older than they are. They travel with the
//! answer, so they stand here and not in `texts/`, whose bytes every page loads.

use crate::{Flaw, NominationRule};
use funfair_host_api::{Day, Words};

pub(crate) fn reward() -> Words {
    words(["For your vote", "投票奖励", "投票獎勵", "مكافأة التصويت", "投票特典", "투표 혜택"])
}

pub(crate) fn nomination_reward() -> Words {
    words([
        "For your suggestion",
        "提名入选奖励",
        "提名入選獎勵",
        "مكافأة على اقتراحك",
        "提案採用特典",
        "제안 채택 혜택",
    ])
}

pub(crate) fn voted() -> Words {
    words([
        "Your vote is counted. Thank you.",
        "投票成功，感谢参与。",
        "投票成功，感謝參與。",
        "تم احتساب صوتك، شكرًا لك.",
        "投票を受け付けました。ありがとうございます。",
        "투표가 반영됐어요. 감사합니다.",
    ])
}

pub(crate) fn changed() -> Words {
    words([
        "Your vote is changed.",
        "已改投。",
        "已改投。",
        "تم تغيير صوتك.",
        "投票を変更しました。",
        "투표를 바꿨어요.",
    ])
}

pub(crate) fn nominated() -> Words {
    words([
        "Thank you. We will look at your suggestion.",
        "提名已收到，审核后加入投票。",
        "已收到提名，審核後加入投票。",
        "شكرًا لك، سنراجع اقتراحك.",
        "ご提案ありがとうございます。確認後、投票に加わります。",
        "제안 감사합니다. 검토 후 투표에 추가돼요.",
    ])
}

pub(crate) fn already_voted(next: Option<Day>) -> Words {
    let Some(next) = next else {
        return words([
            "You have voted, and this vote is final.",
            "你已投过票，本次投票不可更改。",
            "你已投過票，本次投票不可更改。",
            "لقد صوّتّ، ولا يمكن تغيير الصوت.",
            "投票済みです。変更はできません。",
            "이미 투표했고, 변경할 수 없어요.",
        ]);
    };
    let day = next.text();
    let (_, month, date) = next.date();
    words([
        &format!("You have voted in this round. The next one begins on {day}."),
        &format!("本轮已投票，{month}月{date}日开始下一轮。"),
        &format!("本輪已投票，{month}月{date}日開始下一輪。"),
        &format!("لقد صوّتّ في هذه الجولة. تبدأ الجولة التالية في {day}."),
        &format!("今回は投票済みです。次回は{month}月{date}日からです。"),
        &format!("이번 회차에는 투표했어요. 다음 회차는 {month}월 {date}일에 시작해요."),
    ])
}

pub(crate) fn option_full(label: &Words) -> Words {
    let of = |lang| label.pick(lang);
    words([
        &format!("{} is full. Choose another one.", of("en")),
        &format!("“{}”名额已满，换一个选项吧。", of("zh-CN")),
        &format!("「{}」名額已滿，請選其他選項。", of("zh-TW")),
        &format!("اكتمل العدد في «{}». اختر خيارًا آخر.", of("ar")),
        &format!("「{}」は受付を終了しました。ほかの選択肢をお選びください。", of("ja")),
        &format!("‘{}’ 항목은 마감됐어요. 다른 항목을 골라 주세요.", of("ko")),
    ])
}

pub(crate) fn no_such_option() -> Words {
    words([
        "The options have changed. Have a look and choose again.",
        "选项有变化，请重新选择。",
        "選項有變化，請重新選擇。",
        "تغيّرت الخيارات. ألقِ نظرة واختر من جديد.",
        "選択肢が変わりました。もう一度お選びください。",
        "선택지가 바뀌었어요. 다시 골라 주세요.",
    ])
}

pub(crate) fn wrong_number(least: u32, most: u32) -> Words {
    if least == most {
        return words([
            &format!("Choose exactly {least}."),
            &format!("请选择{least}项。"),
            &format!("請選擇{least}項。"),
            &format!("اختر {least} بالضبط."),
            &format!("{least}件お選びください。"),
            &format!("{least}개를 골라 주세요."),
        ]);
    }
    words([
        &format!("Choose {least} to {most}."),
        &format!("请选择{least}至{most}项。"),
        &format!("請選擇{least}至{most}項。"),
        &format!("اختر من {least} إلى {most}."),
        &format!("{least}〜{most}件お選びください。"),
        &format!("{least}~{most}개를 골라 주세요."),
    ])
}

pub(crate) fn nominations_closed() -> Words {
    words([
        "No more suggestions are taken up. Vote for one that is there.",
        "提名名额已满，欢迎为现有选项投票。",
        "提名名額已滿，歡迎為現有選項投票。",
        "لا نقبل اقتراحات أخرى. صوّت لأحد الخيارات الموجودة.",
        "提案の受付は終了しました。今ある選択肢に投票してください。",
        "제안 접수가 끝났어요. 지금 있는 항목에 투표해 주세요.",
    ])
}

pub(crate) fn nomination_limit(limit: u32) -> Words {
    words([
        &format!("Each member makes {limit} suggestions at most. You have made yours."),
        &format!("每人最多提名{limit}个，你的名额已用完。"),
        &format!("每人最多提名{limit}個，你的名額已用完。"),
        &format!("لكل عضو {limit} من الاقتراحات كحد أقصى، وقد قدّمت اقتراحاتك."),
        &format!("ご提案はお一人様{limit}件までです。"),
        &format!("제안은 1인당 {limit}개까지예요."),
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
            "ご提案の内容を入力してください。",
            "제안할 내용을 입력해 주세요.",
        ]),
        Flaw::TooLong => words([
            &format!("That is too long. Use {most} characters at most."),
            &format!("内容过长，最多{most}个字。"),
            &format!("內容過長，最多{most}個字。"),
            &format!("النص طويل. استخدم {most} حرفًا كحد أقصى."),
            &format!("長すぎます。{most}文字以内で入力してください。"),
            &format!("너무 길어요. {most}자 이내로 입력해 주세요."),
        ]),
        Flaw::Control => words([
            "That has invisible characters. Type it again without them.",
            "内容含有不可见字符，请手动重新输入。",
            "內容含有不可見字元，請手動重新輸入。",
            "يحتوي النص على رموز غير مرئية. اكتبه من جديد بدونها.",
            "見えない文字が含まれています。入力し直してください。",
            "보이지 않는 문자가 있어요. 다시 입력해 주세요.",
        ]),
        Flaw::Link => words([
            "Links cannot be suggested. Write the name only.",
            "提名不能包含链接，只写名称就好。",
            "提名不能包含連結，只寫名稱就好。",
            "لا يمكن اقتراح روابط. اكتب الاسم فقط.",
            "リンクは提案できません。名前だけを入力してください。",
            "링크는 제안할 수 없어요. 이름만 입력해 주세요.",
        ]),
    }
}

pub(crate) fn already_there() -> Words {
    words([
        "That is already there. Suggest something else.",
        "已经有这一项了，换一个吧。",
        "已經有這一項了，換一個吧。",
        "هذا موجود بالفعل. اقترح شيئًا آخر.",
        "すでにあります。別のものをご提案ください。",
        "이미 있는 항목이에요. 다른 것을 제안해 주세요.",
    ])
}

/// The words of the locales that every kind speaks.
pub(crate) fn words([en, zh_cn, zh_tw, ar, ja, ko]: [&str; 6]) -> Words {
    [("en", en), ("zh-CN", zh_cn), ("zh-TW", zh_tw), ("ar", ar), ("ja", ja), ("ko", ko)]
        .into_iter()
        .map(|(lang, text)| (lang.to_owned(), text.to_owned()))
        .collect()
}
