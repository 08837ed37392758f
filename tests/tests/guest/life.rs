//! An element comes and goes, and so does its page; nothing stays behind.

use crate::guest::{Guest, WHEEL, script};
use serde_json::json;

/// How often an element is put in and taken out.
const TIMES: u64 = 200;

/// Takes the element out and puts it back so many times, each time until it shows something.
const AGAIN: &str = "const [times, done] = arguments;
    const main = document.querySelector('main');
    const shows = wheel => new Promise(ready => wheel.addEventListener('funfair-ready', ready, { once: true }));
    (async () => {
        for (let at = 0; at < times; at++) {
            const wheel = main.firstElementChild;
            wheel.remove();
            // Every other one is another element altogether.
            const next = at % 2 ? wheel : wheel.cloneNode(true);
            const shown = shows(next);
            main.append(next);
            await shown;
        }
    })().then(() => done('all'), fault => done(String(fault)));";

#[tokio::test]
async fn two_hundred_insertions_leave_nothing_behind() {
    let guest = Guest::arrive().await;
    guest.page(&script("spin-wheel"), &format!("<main>{WHEEL}</main>")).await;
    guest.wheel().is("ready").await;
    let again = async |times: u64| {
        let run = guest.browser.session().execute_async(AGAIN, vec![json!(times)]).await;
        assert_eq!(*run.expect("a script runs").json(), "all");
        guest.wheel().is("ready").await;
    };
    again(20).await;
    let before = guest.held().await;
    again(TIMES).await;
    guest.held().await.has_not_grown(before, TIMES);
    guest.is_at_peace().await;
}

#[tokio::test]
async fn a_page_that_comes_back_from_the_cache_works_again() {
    let guest = Guest::arrive().await;
    let spy = "<script>const listen = EventTarget.prototype.addEventListener;
        seen.unload = [];
        EventTarget.prototype.addEventListener = function (name, ...how) {
            if (/unload/.test(name)) seen.unload.push(name);
            return listen.call(this, name, ...how);
        };</script>";
    guest.page(&[spy, &script("funfair")].concat(), WHEEL).await;
    guest.wheel().is("ready").await;
    assert_eq!(guest.seen("unload").await, json!([]));
    let sent = guest.proxy.exchanges().len();
    let away = guest.write("", "elsewhere");
    // As a shopper goes: by a script of the page, and back by the browser's button.
    guest.browser.run("location.href = arguments[0]", vec![json!(away)]).await;
    guest.waits("another page", "return document.body.textContent === 'elsewhere'").await;
    guest.browser.session().back().await.expect("a way back");
    guest.waits("the page from the cache", "return seen.restored === 1").await;
    guest.wheel().is("ready").await;
    // It asks again who is there: meanwhile they may have signed out.
    guest
        .waits(
            "a click is answered",
            "document.querySelector('funfair-spin-wheel').act(); return true",
        )
        .await;
    guest.wheel().is("result").await;
    assert!(guest.proxy.exchanges().len() > sent + 1);
    guest.is_at_peace().await;
}
