//! What a page feels of a widget while it loads.

use crate::guest::{Guest, WHEEL, script};
use funfair_tests::Fault;
use serde_json::json;

#[tokio::test]
async fn nothing_moves_where_the_page_has_left_room() {
    let guest = Guest::arrive().await;
    let room = format!("<h1>Above</h1><div style=\"min-height: 900px\">{WHEEL}</div><p>Below</p>");
    guest.page(&script("funfair"), &room).await;
    guest.wheel().is("ready").await;
    // A frame in which a shift would be counted, and one in which it would be told.
    let frames = "const done = arguments[arguments.length - 1];
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(seen.shift))))";
    let shift = guest.browser.session().execute_async(frames, vec![]).await;
    assert_eq!(*shift.expect("a script runs").json(), json!(0));
    guest.is_at_peace().await;
}

#[tokio::test]
async fn what_an_activity_is_like_is_shown_before_the_member_is_known() {
    let guest = Guest::arrive().await;
    let held = guest.proxy.fault("GET", "/me", Fault::HoldAnswer);
    guest.page(&script("spin-wheel"), WHEEL).await;
    let drawn = "const { shadowRoot: root } = document.querySelector('funfair-spin-wheel');
        return !!root?.querySelector('.disc') && root.querySelector('.disc').clientWidth > 100
            && root.querySelector('slot').hidden";
    guest.waits("a wheel in the fallback's place", drawn).await;
    assert_eq!(guest.wheel().state().await.as_deref(), Some("loading"));
    held.lift();
    guest.wheel().is("ready").await;
    guest.is_at_peace().await;
}

#[tokio::test]
async fn a_lazy_widget_far_below_fetches_nothing_until_it_is_near() {
    let guest = Guest::arrive().await;
    let lazy = "<div style=\"height: 9000px\"></div><funfair-poll loading=\"lazy\" store=\"acme\" \
        activity=\"stock\" token-url=\"/shop/token\">Later</funfair-poll>";
    let head = [script("spin-wheel"), script("poll")].concat();
    guest.page(&head, &format!("{WHEEL}{lazy}")).await;
    guest.wheel().is("ready").await;
    guest.wheel().click().await;
    guest.wheel().is("result").await;
    let fetched =
        "return performance.getEntriesByType('resource').map(it => new URL(it.name).pathname)
        .filter(it => /texts.poll|activities.stock/.test(it)).length";
    assert_eq!(guest.browser.run(fetched, vec![]).await, 0);
    assert!(guest.proxy.exchanges().iter().all(|it| !it.path.contains("stock")));
    guest.browser.run("document.querySelector('funfair-poll').scrollIntoView()", vec![]).await;
    guest.browser.widget("poll").is("ready").await;
    assert_ne!(guest.browser.run(fetched, vec![]).await, 0);
    guest.is_at_peace().await;
}
