//! `examples/tokens`: what each of them prints is a token that the server takes.

use funfair_tests::{Key, Shopper, Store, Token, run, spin};
use std::{fs, process::Command};

/// A word that JSON has to escape, and one of another script.
const SUB: &str = "ann \"7\" \\ 安";

async fn mints(program: &str, arguments: &[&str], file: &str, key: &Key) {
    let store = Store::open().await;
    store.program().add_key("acme", key).expect("a second key");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    fs::write(&path, key.private()).expect("a file");
    let example = format!("{}/../examples/tokens/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(program);
    command.args(arguments).arg(example).arg(SUB).env("FUNFAIR_KEY", &path);
    command.env("FUNFAIR_STORE", "acme").env("FUNFAIR_KID", &key.kid);
    // Java reads its arguments as the machine's locale says.
    command.env("LC_ALL", "C.UTF-8");
    let token = run(&mut command).expect("a token").trim().to_owned();

    // The same shopper by the suite's own token: the name has come through whole.
    let own = Token::new("acme", SUB).sign(store.key());
    let minted = Shopper { token, ..store.shopper("wheel", SUB) };
    let known = || async { (minted.get("/me").await.code() != "token_key_unknown").then_some(()) };
    funfair_tests::until("the second key", known).await;
    minted.plays(spin()).await;
    let own = Shopper { token: own, ..minted.clone() };
    assert_eq!(own.me().await["member"], minted.me().await["member"]);
    assert_eq!(own.get("/plays").await.json()["plays"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_token_minted_in_node_is_taken() {
    mints("node", &[], "token.mjs", &Key::eddsa("node", 11)).await;
}

#[tokio::test]
async fn a_token_minted_in_python_is_taken() {
    let secret = b"another secret, of thirty-two bytes or more";
    mints("python3", &[], "token.py", &Key::hs256("python", secret)).await;
}

#[tokio::test]
async fn a_token_minted_in_php_is_taken() {
    mints("php", &[], "token.php", &Key::eddsa("php", 12)).await;
}

#[tokio::test]
async fn a_token_minted_in_go_is_taken() {
    mints("go", &["run"], "token.go", &Key::eddsa("go", 13)).await;
}

#[tokio::test]
async fn a_token_minted_in_java_is_taken() {
    mints("java", &[], "Token.java", &Key::es256("java", 14)).await;
}
