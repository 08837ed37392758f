use crate::{
    backend::{Backend, STORE},
    bridge::{self, PageClock},
    texts::{ALL, Texts},
};
use funfair_engine::Fault;
use std::rc::Rc;
use yew::prelude::*;

const DAY_MS: f64 = 86_400_000.0;

/// How many events the log shows.
const LOG: usize = 40;

/// A detail of so many bytes at most stands open.
const SHORT: usize = 40;

/// The whole playground.
pub struct Page {
    backend: Result<Rc<Backend>, Vec<Fault>>,
    clock: PageClock,
    texts: &'static Texts,
    slug: String,
    log: Vec<Entry>,
    noted: usize,
}

/// One event as it was told.
struct Entry {
    number: usize,
    date: String,
    name: String,
    detail: String,
}

pub enum Msg {
    Choose(String),
    NextDay,
    Noted(String, String),
    Switch,
}

impl Component for Page {
    type Message = Msg;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let backend = Backend::open(bridge::random()).map(Rc::new);
        let mut clock = PageClock::default();
        let mut slug = String::new();
        if let Ok(backend) = &backend {
            clock = PageClock::at(backend.morning_ms());
            slug = backend.slugs().last().unwrap_or_default().into();
            let note = context.link().callback(|(name, detail)| Msg::Noted(name, detail));
            bridge::connect(Rc::clone(backend), clock.clone(), note);
        }
        let wished = bridge::language();
        let near = |texts: &&Texts| wished.starts_with(texts.lang.get(..2).unwrap_or_default());
        let texts = ALL.iter().find(near).unwrap_or(&ALL[0]);
        Self { backend, clock, texts, slug, log: Vec::new(), noted: 0 }
    }

    fn update(&mut self, _: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Choose(slug) => self.slug = slug,
            Msg::NextDay => {
                self.clock.add_ms(DAY_MS);
                bridge::refresh(&self.slug);
            }
            Msg::Noted(name, detail) => {
                self.noted += 1;
                let entry = Entry { number: self.noted, date: self.date(), name, detail };
                self.log.insert(0, entry);
                self.log.truncate(LOG);
            }
            Msg::Switch => {
                let mut from = ALL.iter().skip_while(|texts| texts.lang != self.texts.lang);
                self.texts = from.nth(1).unwrap_or(&ALL[0]);
            }
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let texts = self.texts;
        let backend = match &self.backend {
            Ok(backend) => backend,
            Err(faults) => {
                let fault = |fault: &Fault| html! { <li>{ fault.to_string() }</li> };
                return html! {
                    <main><p>{ texts.broken }</p><ul>{ for faults.iter().map(fault) }</ul></main>
                };
            }
        };
        let link = context.link();
        html! {
            <div class="page" lang={texts.lang}>
                <header>
                    <h1>{ "Funfair" }</h1>
                    <p>{ texts.lead }</p>
                    <button class="plain" onclick={link.callback(|_| Msg::Switch)}>
                        { texts.switch }
                    </button>
                </header>
                <nav aria-label={texts.kinds}>
                    { for backend.slugs().map(|slug| self.tab(slug, context)) }
                </nav>
                <main>
                    { self.widget() }
                </main>
                <aside>
                    <div class="facts">
                        <dl><dt>{ texts.day }</dt><dd>{ self.date() }</dd></dl>
                        <dl>
                            <dt>{ texts.points }</dt>
                            <dd>{ backend.balance(self.clock.now_ms()) }</dd>
                        </dl>
                        <button class="next" onclick={link.callback(|_| Msg::NextDay)}>
                            { texts.next_day }
                        </button>
                    </div>
                    <h2>{ texts.log }</h2>
                    if self.log.is_empty() {
                        <p class="empty">{ texts.log_empty }</p>
                    }
                    <ol class="log">{ for self.log.iter().map(|entry| self.entry(entry)) }</ol>
                </aside>
            </div>
        }
    }
}

impl Page {
    fn date(&self) -> String {
        let now_ms = self.clock.now_ms();
        self.backend.as_ref().map_or_else(|_| String::new(), |backend| backend.date(now_ms))
    }

    fn tab(&self, slug: &str, context: &Context<Self>) -> Html {
        let chosen = slug == self.slug;
        let slug = slug.to_owned();
        let name = slug.clone();
        let onclick = context.link().callback(move |_| Msg::Choose(slug.clone()));
        html! { <button {onclick} aria-pressed={chosen.to_string()}>{ name }</button> }
    }

    /// The element that a store would paste. A new key makes a new element.
    #[expect(clippy::ignored_unit_patterns, reason = "html! writes it for a tag named at run time")]
    fn widget(&self) -> Html {
        let slug = self.slug.clone();
        html! {
            <@{bridge::element(&slug)} key={slug.clone()} store={STORE} activity={slug}
                lang={self.texts.lang} />
        }
    }

    fn entry(&self, entry: &Entry) -> Html {
        html! {
            <li key={entry.number}>
                <p><code>{ format!("funfair-{}", entry.name) }</code><time>{ &entry.date }</time></p>
                if entry.detail.len() <= SHORT {
                    <code class="detail">{ &entry.detail }</code>
                } else {
                    <details>
                        <summary>{ self.texts.proof }</summary>
                        <pre>{ &entry.detail }</pre>
                    </details>
                }
            </li>
        }
    }
}
