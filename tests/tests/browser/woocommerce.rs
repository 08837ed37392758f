//! `examples/woocommerce` in a real `WordPress`, with a database of its own. `WooCommerce` is in no
//! package archive; a customer of its shops is a user of `WordPress`, which is all the plugin asks.

use crate::examples::{funfair, signing};
use funfair_tests::{
    Proxy, Running, Store,
    browser::{Browser, CHROMIUM, Looks},
    copy, example, run, until,
};
use serde_json::{Value, json};
use std::{
    env, fs,
    net::{TcpListener, TcpStream},
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

const STILL: Looks = Looks { reduced_motion: true, dark: false };
const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/storefronts/wordpress");

/// A site with the plugin, its settings, a customer and some pages.
struct Site {
    url: String,
    /// The ids of what was made at its installation.
    ids: Value,
    folder: TempDir,
    environment: Vec<(&'static str, String)>,
    // Processes end before what they write on.
    server: Running,
    _behind: (Running, TempDir, TempDir),
}

impl Site {
    async fn open(store: &Store, funfair: &str) -> Self {
        let (folder, key) = (tempfile::tempdir().expect("a folder"), signing(store));
        copy(&wordpress(), folder.path());
        copy(Path::new(HERE), folder.path());
        let content = folder.path().join("wp-content");
        copy(&folder.path().join("theme"), &content.join("themes/plain"));
        copy(&example("woocommerce/funfair"), &content.join("plugins/funfair"));

        let (database, data) = database().await;
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);
        let url = format!("http://{address}");
        let environment = vec![
            ("SITE_URL", url.clone()),
            ("SITE_SOCKET", data.path().join("socket").display().to_string()),
            ("FUNFAIR_SERVER", funfair.to_owned()),
            ("FUNFAIR_KID", store.key().kid.clone()),
            ("FUNFAIR_KEY", key.path().join("key.pem").display().to_string()),
        ];
        let ids = script(folder.path(), &environment, "install");
        let mut php = Command::new("php");
        php.args(["-d", "opcache.enable=1", "-S", &address, "-t"]).arg(folder.path());
        let server = Running::start(php.envs(environment.iter().cloned()));
        let listens = || async { TcpStream::connect(&address).ok() };
        until("PHP's own server", listens).await;
        Self { url, ids, folder, environment, server, _behind: (database, data, key) }
    }

    fn page(&self, name: &str) -> String {
        format!("{}/?page_id={}", self.url, self.ids[name])
    }
}

/// What one of the tasks of install.php says.
fn script(site: &Path, environment: &[(&str, String)], task: &str) -> Value {
    let mut php = Command::new("php");
    php.arg(site.join("install.php")).arg(site).arg(task);
    let said = run(php.envs(environment.iter().cloned())).expect("a task that ends well");
    // Its own code of some years ago complains of today's PHP on lines before.
    let last = said.lines().rev().find_map(|line| serde_json::from_str(line).ok());
    last.unwrap_or_else(|| panic!("{task}: {said}"))
}

/// `MariaDB` on a folder of its own, without a network.
async fn database() -> (Running, TempDir) {
    let data = tempfile::tempdir().expect("a folder");
    // Nobody's, for it does not run as root; only root may give a folder away, and needs to.
    let _ = chown(data.path(), Some(65534), Some(65534));
    let option = |name: &str, of: &str| format!("--{name}={}", data.path().join(of).display());
    let mut server = Command::new("mariadbd");
    // No tables of rights: whoever reaches the socket is root's.
    server.args(["--no-defaults", "--user=nobody", "--skip-networking", "--skip-grant-tables"]);
    server.args([option("datadir", ""), option("socket", "socket"), option("pid-file", "pid")]);
    let mut running = Running::start(&mut server);
    running
        .says("its readiness", |line| line.contains("ready for connections").then_some(()))
        .await;
    let create = "(new mysqli('localhost', 'root', '', '', 0, $argv[1]))->query('CREATE DATABASE wordpress');";
    run(Command::new("php").args(["-r", create]).arg(data.path().join("socket")))
        .expect("a database");
    (running, data)
}

/// `WordPress`, as `cargo xtask test` has unpacked it.
fn wordpress() -> PathBuf {
    let test = env::current_exe().expect("the test's own path");
    let mut found =
        test.ancestors().map(|folder| folder.join("tools/wordpress/usr/share/wordpress"));
    found.find(|folder| folder.is_dir()).expect("WordPress: `cargo xtask test set-up` comes first")
}

#[tokio::test]
async fn a_customer_signs_in_at_wordpress_and_spins_by_shortcode_and_by_block() {
    let store = funfair().await;
    let proxy = Proxy::start(store.port()).await;
    let site = Site::open(&store, &proxy.url("")).await;
    let origin = ["store", "origin", "acme", "add", &site.url];
    run(&mut store.program().command(&origin)).expect("an origin");
    let browser = Browser::start(STILL).await;
    let wheel = browser.widget("spin-wheel");

    browser.open(&site.page("shortcode")).await;
    wheel.is("signed-out").await;
    wheel.click().await;
    sign_in(&browser, "ann", "anns-password").await;
    wheel.is("ready").await;
    assert_eq!(browser.run("return location.href", vec![]).await, site.page("shortcode").as_str());
    wheel.click().await;
    wheel.is("result").await;
    let receipt = wheel.receipt().await;
    let ann = format!("wp-{}", site.ids["ann"]);
    let plays = store.shopper("wheel", &ann).get("/plays").await.json();
    assert_eq!(plays["plays"][0]["id"], receipt.as_str());
    proxy.keeps_the_contract();

    // The cookie alone is not enough: another site's page could send it.
    let statuses = "const done = arguments[0];
        const { token, nonce } = window.funfairPage;
        const asked = [{}, { 'X-WP-Nonce': 'x' }, { 'X-WP-Nonce': nonce }];
        const ask = (headers) => fetch(token, { headers }).then((answer) => answer.status);
        Promise.all(asked.map(ask)).then(done);";
    let statuses = browser.session().execute_async(statuses, vec![]).await.expect("a script");
    assert_eq!(*statuses.json(), json!([401, 403, 200]));

    browser.open(&site.page("block")).await;
    wheel.is_one_of(&["ready", "done"]).await;
    assert_eq!(browser.run("return document.querySelectorAll('[store]').length", vec![]).await, 1);

    // Only where an element stands is anything loaded; and what an author writes stays text.
    browser.open(&site.page("without")).await;
    let nothing = "return document.querySelectorAll('[id^=funfair]').length";
    assert_eq!(browser.run(nothing, vec![]).await, 0);
    browser.open(&site.page("hostile")).await;
    let left = "return [!!window.hacked, document.querySelectorAll('img[src=x], p[onclick], funfair-script').length,
        document.querySelector('[store] p').textContent]";
    assert_eq!(browser.run(left, vec![]).await, json!([false, 0, "kept"]));

    let log = site.server.log();
    let ours: Vec<_> = log
        .lines()
        .filter(|line| line.contains("plugins/funfair/") && line.contains("PHP "))
        .collect();
    assert!(ours.is_empty(), "{ours:?}");
    let left = script(site.folder.path(), &site.environment, "uninstall");
    assert_eq!(left, json!([]), "what is left in the database");
}

/// On `WordPress`' own page.
async fn sign_in(browser: &Browser, name: &str, password: &str) {
    let form = || async {
        let there =
            "return document.readyState === 'complete' && !!document.getElementById('user_pass')";
        (browser.run(there, vec![]).await == true).then_some(())
    };
    until("WordPress' own sign-in", form).await;
    // It takes the focus away and empties its fields a moment after it was loaded: nobody types.
    let fill = "const [name, password] = arguments;
        document.getElementById('user_login').value = name;
        document.getElementById('user_pass').value = password;
        document.getElementById('wp-submit').click()";
    browser.run(fill, vec![name.into(), password.into()]).await;
}

/// Puts the block into a new page.
const INSERT: &str = "const { blocks, data } = window.wp;
    data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false);
    data.dispatch('core/block-editor').insertBlocks(blocks.createBlock('funfair/activity'));";

/// Publishes it; its address.
const PUBLISH: &str = "const done = arguments[0];
    const { dispatch, select } = window.wp.data;
    dispatch('core/editor').editPost({ title: 'Edited', status: 'publish' });
    dispatch('core/editor').savePost().then(() => done([
        select('core/editor').getEditedPostContent(), select('core/editor').getCurrentPostId(),
    ]));";

#[tokio::test]
async fn an_author_sets_the_block_up_in_the_editor_and_its_page_shows_the_widget() {
    let store = funfair().await;
    let proxy = Proxy::start(store.port()).await;
    let site = Site::open(&store, &proxy.url("")).await;
    let origin = ["store", "origin", "acme", "add", &site.url];
    run(&mut store.program().command(&origin)).expect("an origin");
    let browser = Browser::of(&CHROMIUM, STILL).await;
    browser.open(&format!("{}/wp-login.php", site.url)).await;
    sign_in(&browser, "admin", "admins-password").await;
    let signed_in = || async {
        let there = "return location.pathname.startsWith('/wp-admin')";
        (browser.run(there, vec![]).await == true).then_some(())
    };
    until("the author's own pages", signed_in).await;

    browser.open(&format!("{}/wp-admin/post-new.php?post_type=page", site.url)).await;
    let known = || async {
        let there = "return !!window.wp?.blocks?.getBlockType('funfair/activity')
            && !!wp.data.select('core/editor').getCurrentPostId()";
        (browser.run(there, vec![]).await == true).then_some(())
    };
    until("the block in the editor", known).await;
    browser.run(INSERT, vec![]).await;
    let field = "[data-type='funfair/activity'] input[type=text]";
    let shown = || async {
        let there = "return !!document.querySelector(arguments[0])";
        (browser.run(there, vec![field.into()]).await == true).then_some(())
    };
    until("the block's settings", shown).await;
    browser.element(field).await.send_keys("wheel").await.expect("a field");
    let published = browser.session().execute_async(PUBLISH, vec![]).await.expect("a script");
    let [content, id] = [&published.json()[0], &published.json()[1]];
    assert_eq!(content, "<!-- wp:funfair/activity {\"activity\":\"wheel\"} /-->");
    browser.open(&format!("{}/?page_id={id}", site.url)).await;
    browser.widget("spin-wheel").is("ready").await;
}

#[test]
fn the_plugin_knows_every_kind() {
    for file in ["funfair/funfair.php", "funfair/block/edit.js"] {
        let text = fs::read_to_string(example("woocommerce").join(file)).expect(file);
        let slugs: Vec<_> = funfair_catalogue::ENTRIES.iter().map(|entry| entry.slug).collect();
        assert!(text.contains(&format!("['{}']", slugs.join("', '"))), "{file}");
    }
}
