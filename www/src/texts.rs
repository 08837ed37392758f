/// The playground's own words; the widgets bring theirs.
pub struct Texts {
    pub lang: &'static str,
    pub lead: &'static str,
    pub kinds: &'static str,
    pub day: &'static str,
    pub next_day: &'static str,
    pub points: &'static str,
    pub log: &'static str,
    pub log_empty: &'static str,
    pub proof: &'static str,
    pub switch: &'static str,
    pub broken: &'static str,
}

/// In the order of the switch, each with the name of the next.
pub static ALL: [Texts; 4] = [EN, ZH, JA, KO];

const EN: Texts = Texts {
    lang: "en",
    lead: "The real widgets and the real engine, both in this page. No backend, nothing kept.",
    kinds: "Kinds",
    day: "Today in the store",
    next_day: "Next day",
    points: "Points",
    log: "What the page is told",
    log_empty: "Play something: every event comes here, receipts with all that proves the draw.",
    proof: "Details",
    switch: "中文",
    broken: "An example of the catalogue does not open:",
};

const ZH: Texts = Texts {
    lang: "zh-CN",
    lead: "真正的组件，真正的引擎，都在这个页面里跑。没有后端，刷新即清空。",
    kinds: "玩法",
    day: "店铺今天",
    next_day: "下一天",
    points: "积分",
    log: "页面收到的事件",
    log_empty: "玩一次试试：事件会出现在这里，凭证里有核验抽奖所需的一切。",
    proof: "详情",
    switch: "日本語",
    broken: "目录里有示例打不开：",
};

const JA: Texts = Texts {
    lang: "ja",
    lead: "本物のウィジェットと本物のエンジンが、このページの中で動きます。サーバーはなく、何も保存されません。",
    kinds: "種類",
    day: "ショップの今日",
    next_day: "次の日へ",
    points: "ポイント",
    log: "ページが受け取るイベント",
    log_empty: "遊んでみてください。イベントがここに表示され、控えには抽選の根拠がすべて入っています。",
    proof: "詳細",
    switch: "한국어",
    broken: "開けない例があります：",
};

const KO: Texts = Texts {
    lang: "ko",
    lead: "실제 위젯과 실제 엔진이 이 페이지 안에서 돌아가요. 서버도 없고 저장되는 것도 없어요.",
    kinds: "종류",
    day: "스토어의 오늘",
    next_day: "다음 날",
    points: "포인트",
    log: "페이지가 받는 이벤트",
    log_empty: "한번 참여해 보세요. 이벤트가 여기에 나타나고, 영수증에 추첨의 근거가 모두 담겨 있어요.",
    proof: "자세히",
    switch: "English",
    broken: "열리지 않는 예시가 있어요:",
};
