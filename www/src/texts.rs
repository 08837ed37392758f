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

pub const EN: Texts = Texts {
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

pub const ZH: Texts = Texts {
    lang: "zh-CN",
    lead: "真正的组件，真正的引擎，都在这个页面里跑。没有后端，刷新即清空。",
    kinds: "玩法",
    day: "店铺今天",
    next_day: "下一天",
    points: "积分",
    log: "页面收到的事件",
    log_empty: "玩一次试试：事件会出现在这里，凭证里有核验抽奖所需的一切。",
    proof: "详情",
    switch: "English",
    broken: "目录里有示例打不开：",
};
