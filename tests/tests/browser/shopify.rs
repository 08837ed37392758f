//! `examples/shopify`: the block rendered and played in a stand-in for the storefront, which signs as
//! Shopify does; what the theme editor reads; and what only Shopify may say.

use crate::examples::{funfair, signing};
use funfair_tests::{
    Proxy, Running, Store,
    browser::{Browser, Looks},
    example, now, port_in, run, until,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

const STILL: Looks = Looks { reduced_motion: true, dark: false };
const SHOP: &str = "acme.myshopify.com";
const SECRET: &str = "hush";

fn extension() -> PathBuf {
    example("shopify").join("extensions/funfair")
}

fn read(path: &str) -> String {
    let path = extension().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The app's own server, of the example.
async fn app(store: &Store) -> (Running, u16, tempfile::TempDir) {
    let (mut command, key) = (Command::new("node"), signing(store));
    command.arg(example("shopify/app/proxy.mjs")).env("PORT", "0");
    command.env("SHOPIFY_SHOP", SHOP).env("SHOPIFY_SECRET", SECRET);
    command.env("FUNFAIR_STORE", "acme").env("FUNFAIR_KID", &store.key().kid);
    command.env("FUNFAIR_KEY", key.path().join("key.pem"));
    let mut server = Running::start(&mut command);
    let port = server.says("its port", port_in).await;
    (server, port, key)
}

/// The shop: what a browser opens.
async fn storefront(app: u16, settings: &Value) -> (Running, String) {
    let mut command = Command::new("node");
    let storefronts = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/storefronts");
    command.arg(format!("{storefronts}/shopify.mjs")).env("EXTENSION", extension());
    command.env("SETTINGS", settings.to_string()).env("SHOP", SHOP).env("SECRET", SECRET);
    command.env("APP", format!("http://127.0.0.1:{app}"));
    let mut server = Running::start(&mut command);
    let port = server.says("its port", port_in).await;
    (server, format!("http://127.0.0.1:{port}"))
}

#[tokio::test]
async fn the_block_signs_in_at_the_shop_and_spins_across_origins() {
    let store = funfair().await;
    let proxy = Proxy::start(store.port()).await;
    let (_app, port, _key) = app(&store).await;
    let server = proxy.url("");
    let settings =
        json!({ "server": server, "store": "acme", "activity": "wheel", "accent": "#0b6e4f" });
    let (_shop, shop) = storefront(port, &settings).await;
    let origin = ["store", "origin", "acme", "add", &shop];
    run(&mut store.program().command(&origin)).expect("an origin");

    let browser = Browser::start(STILL).await;
    let wheel = browser.widget("spin-wheel");
    browser.open(&format!("{shop}/products/lamp?variant=1")).await;
    wheel.is("signed-out").await;
    let accent = "getComputedStyle(host).getPropertyValue('--funfair-accent').trim()";
    assert_eq!(wheel.ask(accent).await, "#0b6e4f");
    wheel.click().await;
    let there = || async {
        let path = browser.run("return location.pathname", vec![]).await;
        (path == "/account/login").then_some(())
    };
    until("the shop's sign-in", there).await;
    browser.element("button").await.click().await.expect("a button");
    wheel.is("ready").await;
    let back = browser.run("return location.pathname + location.search", vec![]).await;
    assert_eq!(back, "/products/lamp?variant=1");
    wheel.click().await;
    wheel.is("result").await;
    let plays = store.shopper("wheel", "shopify-4711").get("/plays").await.json();
    assert_eq!(plays["plays"][0]["id"], wheel.receipt().await.as_str());
    proxy.keeps_the_contract();

    // Another language; and, in the editor, a block that nobody has set up says so.
    browser.open(&format!("{shop}/products/lamp?locale=zh-CN")).await;
    wheel.is_one_of(&["ready", "done", "spent", "result"]).await;
    assert_eq!(wheel.ask("host.lang").await, "zh-CN");
    browser.open(&format!("{shop}/products/lamp?unset&design&locale=zh-CN")).await;
    let words: Value = serde_json::from_str(&read("locales/zh-CN.json")).expect("JSON");
    let shown = browser.element("p").await.text().await.expect("a text");
    assert_eq!(words["spin_wheel"]["unset"], shown.as_str());
    browser.open(&format!("{shop}/products/lamp?unset")).await;
    let silent = "return !document.querySelector('p, [store], [src*=\"/funfair/\"]')";
    assert_eq!(browser.run(silent, vec![]).await, true);
}

/// What the app answers to a query, signed or not.
async fn asked(port: u16, query: &str) -> (u16, Value) {
    let url = format!("http://127.0.0.1:{port}/proxy/token?{query}");
    let answer = reqwest::Client::builder().no_proxy().build().expect("a client").get(url);
    let answer = answer.send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

/// A query under a signature, by code that the example does not share.
fn query(parameters: &[(&str, &str)]) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mut names: Vec<_> = parameters.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    let values = |name: &str| {
        let of = parameters.iter().filter(|(one, _)| *one == name).map(|(_, value)| *value);
        of.collect::<Vec<_>>().join(",")
    };
    let message: Vec<_> = names.iter().map(|name| format!("{name}={}", values(name))).collect();
    let mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    let signature = mac.chain_update(message.concat()).finalize().into_bytes();
    let signature: Vec<_> = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let own: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={value}&")).collect();
    format!("{}signature={}", own.concat(), signature.concat())
}

#[tokio::test]
async fn only_what_shopify_signs_names_a_customer() {
    let store = funfair().await;
    let (_app, port, _key) = app(&store).await;
    let (now, old) = (now().to_string(), (now() - 3600).to_string());
    let told = |shop, at, id| [("shop", shop), ("timestamp", at), ("logged_in_customer_id", id)];
    let good = query(&told(SHOP, &now, "7"));
    let (status, answer) = asked(port, &good).await;
    assert_eq!(status, 200);
    assert!(answer["token"].as_str().is_some_and(|token| token.starts_with("eyJ")), "{answer}");
    let nobody = asked(port, &query(&told(SHOP, &now, ""))).await;
    assert_eq!(nobody, (200, json!({ "token": null })));

    let twice = [&told(SHOP, &now, "7")[..], &[("logged_in_customer_id", "8")]].concat();
    for (what, query) in [
        ("another customer under the same signature", good.replace("_id=7", "_id=8")),
        ("no signature", "shop=acme.myshopify.com&logged_in_customer_id=7".to_owned()),
        ("half a signature", good[..good.len() - 2].to_owned()),
        ("an old request", query(&told(SHOP, &old, "7"))),
        ("another shop", query(&told("evil.myshopify.com", &now, "7"))),
        ("a second customer, by the page", query(&twice)),
        ("no customer's id", query(&told(SHOP, &now, "7x"))),
    ] {
        assert_eq!(asked(port, &query).await.0, 401, "{what}");
    }
}

/// The example in Shopify's documentation of app proxies.
#[test]
fn the_signature_is_the_one_that_shopify_publishes() {
    let query = "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=1\
        &path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555&signature=\
        4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb";
    let module = example("shopify/app/proxy.mjs");
    let script = "const { isSigned } = await import(process.argv[2]);
        const signed = (query) => isSigned(new URLSearchParams(query), 'hush');
        console.log(signed(process.argv[1]), signed(process.argv[1].replace('extra=2', 'extra=3')));";
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", script]).arg(query).arg(module);
    assert_eq!(run(&mut node).expect("an answer").trim(), "true false");
}

/// Every text below an object, by its path.
fn texts(of: &Value, path: &str) -> BTreeSet<String> {
    let Some(object) = of.as_object() else {
        assert!(of.as_str().is_some_and(|text| !text.is_empty()), "{path}");
        return [path.trim_start_matches('.').to_owned()].into();
    };
    object.iter().flat_map(|(name, of)| texts(of, &format!("{path}.{name}"))).collect()
}

#[test]
fn the_block_has_a_schema_that_the_theme_editor_can_read_and_all_its_texts() {
    let block = read("blocks/spin-wheel.liquid");
    let (liquid, rest) = block.split_once("{% schema %}").expect("a schema");
    let (schema, rest) = rest.split_once("{% endschema %}").expect("its end");
    assert_eq!(rest.trim(), "");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    assert_eq!(schema["target"], "section");
    for kind in ["javascript", "stylesheet"] {
        read(&format!("assets/{}", schema[kind].as_str().expect(kind)));
    }
    let mut asked = vec![schema["name"].clone()];
    let settings = schema["settings"].as_array().expect("settings");
    let mut ids = BTreeSet::new();
    for setting in settings {
        let id = setting["id"].as_str().expect("an id");
        assert!(ids.insert(id), "{id} twice");
        assert!(["text", "color"].contains(&setting["type"].as_str().expect("a type")), "{id}");
        assert!(liquid.contains(&format!("block.settings.{id}")), "{id} is read");
        asked.extend([&setting["label"], &setting["info"]].into_iter().cloned());
    }
    let asked = asked.iter().filter_map(|text| text.as_str()?.strip_prefix("t:"));
    let asked: BTreeSet<String> = asked.map(str::to_owned).collect();
    let said: BTreeSet<String> = liquid
        .split("' | t }}")
        .filter_map(|part| part.rsplit_once("{{ '").map(|(_, key)| key.to_owned()))
        .collect();
    for locale in ["en.default", "zh-CN"] {
        for (file, keys) in [(format!("{locale}.schema"), &asked), (locale.to_owned(), &said)] {
            let words = serde_json::from_str(&read(&format!("locales/{file}.json")));
            let words: Value = words.unwrap_or_else(|error| panic!("{file}: {error}"));
            assert_eq!(&texts(&words, ""), keys, "{file}");
        }
        // What the editor has room for.
        let words: Value =
            serde_json::from_str(&read(&format!("locales/{locale}.schema.json"))).unwrap();
        let name = words["spin_wheel"]["name"].as_str().expect("a name");
        assert!(name.chars().count() <= 25, "{name}");
    }
    // The address that the block names leads to the one that the app serves.
    let app = fs::read_to_string(example("shopify/shopify.app.toml")).expect("the app's settings");
    for line in ["/proxy\"\n", "subpath = \"funfair\"\n", "prefix = \"apps\"\n"] {
        assert!(app.contains(line), "{line}");
    }
    assert!(liquid.contains("token-url=\"/apps/funfair/token\""));
}
