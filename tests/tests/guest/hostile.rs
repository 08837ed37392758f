//! Pages that change what a script stands on, or load it in an odd way.

use crate::guest::{Guest, WHEEL, file, script};
use funfair_tests::until;
use serde_json::{Value, json};

/// What libraries of two decades have done to pages: prototypes that grow enumerable members,
/// built-ins replaced by poorer ones, wrappers around the network.
const HOSTILE: &str = include_str!("pages/hostile.js");

/// A style sheet that means every element it can name.
const LOUD: &str = include_str!("pages/loud.css");

fn hostile() -> String {
    format!("<script>{HOSTILE}</script>{}", script("funfair"))
}

#[tokio::test]
async fn overridden_builtins_change_nothing() {
    let guest = Guest::arrive().await;
    guest.page(&hostile(), WHEEL).await;
    plays(&guest).await;
    // A list in a list, and a form: what is walked by `for in` or by `Array.from`.
    let price = "<funfair-guess-price store=\"acme\" activity=\"guess\" token-url=\"/shop/token\">\
        </funfair-guess-price>";
    guest.page(&hostile(), price).await;
    let widget = guest.browser.widget("guess-price");
    widget.is("ready").await;
    widget.click().await;
    widget.is("result").await;
    guest.is_at_peace().await;
    guest.proxy.keeps_the_contract();
}

/// Properties that come into a shadow root by inheritance, and what a box is made of.
const LOOK: &str = "const root = document.querySelector('funfair-spin-wheel').shadowRoot;
    const names = ['display', 'visibility', 'color', 'fontSize', 'fontStyle', 'fontWeight',
        'lineHeight', 'letterSpacing', 'wordSpacing', 'textTransform', 'textIndent', 'textAlign',
        'textShadow', 'whiteSpace', 'cursor', 'pointerEvents', 'backgroundColor', 'borderTopWidth',
        'boxSizing', 'animationName', 'transform', 'float', 'opacity', 'direction'];
    return [...root.querySelectorAll('.look *')].map(node => {
        const style = getComputedStyle(node);
        return [node.tagName + '.' + (node.getAttribute('class') || node.getAttribute('part')),
            ...names.map(name => name + ': ' + style[name])].join('; ');
    })";

#[tokio::test]
async fn a_loud_style_sheet_stays_outside() {
    let guest = Guest::arrive().await;
    let mut looks: Vec<Vec<String>> = Vec::new();
    for style in ["", LOUD] {
        guest.page(&format!("<style>{style}</style>{}", script("funfair")), WHEEL).await;
        guest.wheel().is("ready").await;
        let look = guest.browser.run(LOOK, vec![]).await;
        looks.push(serde_json::from_value(look).expect("styles"));
    }
    let (calm, loud) = (&looks[0], &looks[1]);
    assert!(calm.len() > 20 && calm.len() == loud.len(), "{} and {}", calm.len(), loud.len());
    let differ = calm.iter().zip(loud).filter(|(one, two)| one != two);
    let differ: Vec<_> = differ.map(|(one, two)| difference(one, two)).collect();
    assert_eq!(differ, [""; 0]);
    plays(&guest).await;
}

fn difference(one: &str, two: &str) -> String {
    let pairs = one.split("; ").zip(two.split("; "));
    let mut words = vec![one.split(';').next().unwrap_or_default().to_owned()];
    words.extend(pairs.filter(|(one, two)| one != two).map(|(one, two)| format!("{one} -> {two}")));
    words.join(", ")
}

#[tokio::test]
async fn the_file_may_come_twice_again_under_another_address_and_in_another_bundle() {
    let guest = Guest::arrive().await;
    let twice = format!(
        "{0}{0}{1}<script type=\"module\" src=\"{2}?again\"></script>",
        script("funfair"),
        script("spin-wheel"),
        file("funfair")
    );
    guest.page(&twice, &format!("{WHEEL}{}", script("spin-wheel"))).await;
    plays(&guest).await;
    // A store is configured once for all of them, by whichever file.
    let asked = guest.browser.session().execute_async(
        "const done = arguments[arguments.length - 1];
        import(arguments[0]).then(it => it.configure('acme', { getToken: async () => null }))
            .then(() => done(true))",
        vec![json!(file("spin-wheel"))],
    );
    assert_eq!(*asked.await.expect("a script runs").json(), true);
    guest.wheel().is("signed-out").await;
    guest.is_at_peace().await;
}

#[tokio::test]
async fn a_script_that_runs_long_after_the_page_has_loaded_takes_what_is_there() {
    let guest = Guest::arrive().await;
    // As Rocket Loader does it: the tag is inert, and made a script once all has loaded.
    let late = format!(
        "<script type=\"text/delayed\" data-src=\"{}\"></script>
        <script>addEventListener('load', () => setTimeout(() => {{
            const tag = document.createElement('script');
            tag.type = 'module';
            tag.src = document.querySelector('[data-src]').dataset.src;
            document.body.append(tag);
        }}))</script>",
        file("funfair")
    );
    guest.page(&late, WHEEL).await;
    plays(&guest).await;
}

#[tokio::test]
async fn an_element_may_come_before_the_script_after_it_moved_or_cloned() {
    let guest = Guest::arrive().await;
    guest.page(&script("funfair"), "<main></main><aside></aside>").await;
    guest
        .waits("the element is defined", "return !!customElements.get('funfair-spin-wheel')")
        .await;
    let insert = format!("document.querySelector('main').innerHTML = {};", json!(WHEEL));
    guest.browser.run(&insert, vec![]).await;
    guest.wheel().is("ready").await;
    let asked = || {
        let all = guest.proxy.exchanges();
        all.iter().filter(|it| it.path.ends_with("/wheel/me")).count()
    };
    let before = asked();
    // Moved a hundred times in one task, it begins once.
    let moves = "const [main, aside] = document.querySelectorAll('main, aside');
        const wheel = document.querySelector('funfair-spin-wheel');
        for (let at = 0; at < 100; at++) (at % 2 ? main : aside).append(wheel);";
    guest.browser.run(moves, vec![]).await;
    until("`me`", || async { (asked() > before).then_some(()) }).await;
    plays(&guest).await;
    assert_eq!(asked() - before, 1);
    let clone = "const wheel = document.querySelector('funfair-spin-wheel');
        const other = wheel.cloneNode(true);
        wheel.remove();
        document.querySelector('main').append(other);";
    guest.browser.run(clone, vec![]).await;
    plays(&guest).await;
}

/// Plays once, and all is well.
async fn plays(guest: &Guest) {
    let wheel = guest.wheel();
    wheel.is("ready").await;
    let receipts = guest.demo.ledger().receipts("wheel").len();
    wheel.click().await;
    wheel.is("result").await;
    let shown: Value = wheel.receipt().await.into();
    let stored = guest.demo.ledger().receipts("wheel");
    assert_eq!(stored.len(), receipts + 1);
    assert!(stored.iter().any(|receipt| receipt["id"] == shown), "{shown} in {stored:#?}");
    guest.is_at_peace().await;
}
