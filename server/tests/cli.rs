//! The commands, as an operator types them.

mod place;

use place::Place;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

const WHEEL: &str = include_str!("http/wheel.toml");

struct Shell(Place);

impl Shell {
    fn new() -> Self {
        Self(Place::new())
    }

    /// With the store `acme`, for development.
    fn with_store() -> Self {
        let shell = Self::new();
        shell.says(&["store", "add", "acme", "--zone", "Asia/Shanghai", "--development"], "added");
        shell
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_funfair"));
        command.current_dir(self.path()).args(words);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FUNFAIR_")) {
            command.env_remove(name);
        }
        if !self.0.is_sqlite() {
            command.env("FUNFAIR_DATABASE", self.0.text());
        }
        command.output().unwrap()
    }

    #[track_caller]
    fn says(&self, words: &[&str], text: &str) -> String {
        let output = self.run(words);
        let said = String::from_utf8(output.stdout).unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{words:?}: {error}");
        assert!(said.contains(text), "{words:?}: {said}");
        said
    }

    #[track_caller]
    fn refuses(&self, words: &[&str], text: &str) -> String {
        let output = self.run(words);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{words:?} was done");
        assert!(error.contains(text), "{words:?}: {error}");
        error
    }

    fn file(&self, name: &str, text: &str) {
        let path = self.path().join("activities").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[test]
fn a_store_is_added_once() {
    let shell = Shell::with_store();
    shell.refuses(&["store", "add", "acme", "--zone", "Asia/Shanghai"], "already");
    shell.says(&["store", "list"], "acme programme=acme zone=Asia/Shanghai");
    shell.refuses(&["store", "add", "b", "--zone", "Asia/Nowhere"], "Asia/Shanghai");
    shell.refuses(&["store", "add", "b", "--zone", "UTC", "--cutover-hour", "24"], "0 to 23");
    shell.says(&["store", "add", "--help"], "Members are not linked across stores yet");
    shell.refuses(&["store", "add", "Big Shop", "--zone", "UTC"], "write 1 to 40 of");
}

#[test]
fn two_keys_are_active_at_a_time() {
    let shell = Shell::with_store();
    let made = shell.says(&["store", "key", "acme", "add", "--generate"], "BEGIN PRIVATE KEY");
    let kid = made.lines().next().unwrap().strip_prefix("kid ").unwrap();
    shell.says(&["store", "key", "acme", "list"], &format!("{kid} alg=EdDSA issuer=acme"));
    let third = ["store", "key", "acme", "add", "--generate", "--alg", "ES256"];
    shell.refuses(&third, "retire one of");
    shell.says(&["store", "key", "acme", "retire", "development"], "retired");
    shell.refuses(&["store", "key", "acme", "retire", "development"], "store key STORE list");
    shell.says(&third, "BEGIN PUBLIC KEY");
    shell.says(&["store", "key", "acme", "list"], "development alg=EdDSA issuer=acme retired");
}

#[test]
fn a_key_from_a_file_is_read_or_refused_with_its_form() {
    let shell = Shell::with_store();
    let made = shell.says(&["store", "key", "acme", "add", "--generate"], "kid");
    let public = made.split_once("-----BEGIN PUBLIC").unwrap().1;
    fs::write(shell.path().join("key.pem"), format!("-----BEGIN PUBLIC{public}")).unwrap();
    shell.says(&["store", "key", "acme", "retire", "development"], "retired");
    let add = ["store", "key", "acme", "add", "--public-key", "key.pem", "--kid", "mine"];
    shell.says(&add, "kid mine");
    shell.refuses(&add, "give another --kid");
    fs::write(shell.path().join("key.pem"), "short").unwrap();
    for (alg, says) in [("EdDSA", "as PEM"), ("ES256", "P-256"), ("HS256", "32 random bytes")] {
        let add = ["store", "key", "acme", "add", "--public-key", "key.pem", "--alg", alg];
        shell.refuses(&add, says);
    }
    shell.refuses(&["store", "key", "acme", "add", "--public-key", "none"], "none cannot be read");
}

#[test]
fn an_origin_is_written_as_browsers_send_it() {
    let shell = Shell::with_store();
    shell.says(&["store", "origin", "acme", "add", "https://shop.example"], "");
    shell.says(&["store", "origin", "acme", "list"], "https://shop.example\n");
    for origin in ["*", "shop.example", "https://shop.example/", "https://"] {
        shell.refuses(&["store", "origin", "acme", "add", origin], "is no origin");
    }
    shell.says(&["store", "origin", "acme", "remove", "https://shop.example"], "");
    assert_eq!(shell.says(&["store", "origin", "acme", "list"], ""), "");
}

#[test]
fn a_folder_is_applied_as_a_whole_or_not_at_all() {
    let shell = Shell::with_store();
    shell.file("wheel.toml", WHEEL);
    shell.file("broken.toml", &WHEEL.replace("weight = 1\n", "wieght = 1\n"));
    shell.file("empty.toml", "kind = \n");
    let error = shell.refuses(&["apply", "activities"], "activities/broken.toml: rules.prizes[2]");
    assert!(error.contains("unknown field `wieght`"), "{error}");
    assert!(error.contains("correct its spelling"), "{error}");
    assert!(error.contains("activities/empty.toml: line 1"), "{error}");
    shell.refuses(&["activity", "acme", "wheel"], "there is no activity");

    fs::remove_file(shell.path().join("activities/broken.toml")).unwrap();
    fs::remove_file(shell.path().join("activities/empty.toml")).unwrap();
    shell.says(&["apply", "activities", "--dry-run"], "nothing was written");
    shell.refuses(&["activity", "acme", "wheel"], "there is no activity");
    let applied = shell.says(&["apply", "activities"], "acme/wheel added revision=");
    shell.says(&["apply", "activities"], "unchanged");
    shell.file("wheel.toml", &WHEEL.replace("For the tests.", "For everyone."));
    let revised = shell.says(&["apply", "activities", "--store", "acme"], "revised");
    assert_ne!(applied, revised);
    shell.file("Not An Id.toml", WHEEL);
    shell.refuses(&["apply", "activities"], "rename the file");
    for no_folder in ["nowhere", "activities/wheel.toml"] {
        let error = shell.refuses(&["apply", no_folder], &format!("{no_folder} cannot be read"));
        assert!(error.contains("give the folder that holds the activities' files"), "{error}");
    }
    shell.refuses(&["apply", "activities", "--store", "other"], "funfair store add");
}

#[test]
fn an_activity_goes_its_way_and_gives_its_key_at_the_end() {
    let shell = Shell::with_store();
    shell.file("wheel.toml", WHEEL);
    shell.says(&["apply", "activities"], "state=draft");
    shell.refuses(&["activity", "acme", "wheel", "paused"], "set it live");
    shell.says(&["activity", "acme", "wheel", "live"], "state=live");
    shell.says(&["activity", "acme", "wheel", "paused"], "state=paused");
    shell.says(&["activity", "acme", "wheel", "live"], "state=live");
    shell.refuses(&["activity", "acme", "wheel", "draft"], "pause it or close it");
    let closed = shell.says(&["activity", "acme", "wheel", "closed"], "key ");
    assert_eq!(closed.lines().last().unwrap().len(), "key ".len() + 64);
    shell.refuses(&["activity", "acme", "wheel", "live"], "over for good");
    shell.refuses(&["activity", "acme", "none", "live"], "funfair apply");
}

#[test]
fn a_token_is_signed_for_development_stores_only() {
    let shell = Shell::with_store();
    let token = shell.says(&["token", "acme", "ann"], ".");
    assert_eq!(token.split('.').count(), 3);
    shell.says(&["store", "add", "real", "--zone", "UTC"], "added");
    shell.says(&["store", "key", "real", "add", "--generate"], "PRIVATE KEY");
    shell.refuses(&["token", "real", "ann"], "--development");
}

#[test]
fn the_database_is_migrated_once_and_a_newer_one_is_refused() {
    let shell = Shell::new();
    // On PostgreSQL it is a copy of one that was migrated before.
    let applied = if shell.0.is_sqlite() { "2 migrations applied" } else { "0 migrations applied" };
    shell.says(&["migrate"], applied);
    shell.says(&["migrate"], "0 migrations applied");
    shell.0.write("INSERT INTO migration (number, checksum, oldest) VALUES (3, 'x', 3)");
    for words in [["migrate"].as_slice(), &["store", "list"], &["serve"]] {
        shell.refuses(words, "run the newer release");
    }
}

#[test]
fn a_receipt_that_cannot_be_read_is_refused() {
    let shell = Shell::new();
    shell.refuses(&["verify", "none.json"], "none.json cannot be read");
    for text in ["{}", "[]", "[{}]", "7"] {
        fs::write(shell.path().join("a.json"), text).unwrap();
        let error = shell.refuses(&["verify", "a.json"], "this is no receipt");
        assert!(error.contains("give a receipt, a list of receipts"), "{error}");
    }
}

#[test]
fn the_python_verifier_says_in_a_sentence_that_a_file_holds_no_receipts() {
    let shell = Shell::new();
    fs::write(shell.path().join("text.json"), "no receipt").unwrap();
    fs::write(shell.path().join("list.json"), "[]").unwrap();
    fs::write(shell.path().join("number.json"), "7").unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/verify.py");
    for name in ["none.json", "text.json", "list.json", "number.json", "."] {
        let mut python = Command::new("python3");
        let output = python.arg(script).arg(name).current_dir(shell.path()).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {error}");
        assert!(error.starts_with(&format!("{name} holds no receipts: ")), "{error}");
        assert!(error.contains("give it a receipt") && error.lines().count() == 1, "{error}");
    }
}

#[test]
fn a_server_that_cannot_listen_says_where_and_what_to_do() {
    let shell = Shell::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let words = ["serve", "--listen", &address];
    let error = shell.refuses(&words, &format!("{address} cannot be listened on"));
    assert!(error.contains("give another address with --listen"), "{error}");
}

#[test]
fn a_database_that_cannot_be_opened_is_explained_once() {
    let shell = Shell::new();
    let error = shell.refuses(&["--database", "no/such/folder.db", "store", "list"], "opened: ");
    assert_eq!(error.matches("unable to open").count(), 1, "{error}");
    assert!(error.trim_end().ends_with("is the path right, and is it writable?"), "{error}");
}

#[test]
fn settings_come_from_a_file_the_environment_and_flags() {
    let shell = Shell(Place::of_files());
    fs::write(shell.path().join("funfair.toml"), "database = \"other.db\"\n").unwrap();
    shell.says(&["--config", "funfair.toml", "migrate"], "2 migrations applied");
    assert!(shell.path().join("other.db").exists());
    shell.says(&["--config", "funfair.toml", "--database", "third.db", "migrate"], "2");
    fs::write(shell.path().join("funfair.toml"), "databse = \"other.db\"\n").unwrap();
    shell.refuses(&["--config", "funfair.toml", "migrate"], "there is no setting `databse`");
    shell.refuses(&["--config", "none.toml", "migrate"], "correct --config");
}

#[test]
fn a_secret_key_is_printed_once_and_retired() {
    let shell = Shell::with_store();
    let made = shell.says(&["store", "secret", "acme", "add"], "ffs_");
    let id = made.lines().next().unwrap().strip_prefix("id ").unwrap();
    let listed = shell.says(&["store", "secret", "acme", "list"], id);
    assert!(!listed.contains("ffs_"), "{listed}");
    shell.says(&["store", "secret", "acme", "retire", id], "retired");
    shell.says(&["store", "secret", "acme", "list"], "retired");
    shell.refuses(&["store", "secret", "acme", "retire", id], "list` lists them");
    shell.refuses(&["store", "secret", "nobody", "add"], "funfair store add");
}

#[test]
fn the_ledgers_commands_say_what_they_did() {
    let shell = Shell::with_store();
    shell.file("wheel.toml", WHEEL);
    shell.says(&["apply", "activities"], "wheel added");
    shell.says(&["expire", "--dry-run", "acme"], "acme: 0 points of 0 members would lapse");
    shell.says(&["expire", "acme"], "acme: 0 points of 0 members lapsed");
    shell.says(&["settle", "acme", "wheel"], "acme/wheel: 0 events");
    shell.refuses(&["settle", "acme", "none"], "funfair apply");
    let said = shell.says(&["audit"], "ok every programme sums to zero");
    let summary = said.lines().last().unwrap();
    assert!(summary.starts_with("{\"ok\":true,\"programmes\":[\"acme\"]"), "{summary}");
    shell.says(&["audit", "acme"], "\"ok\":true");
    shell.refuses(&["audit", "nobody"], "funfair store add");
}

#[test]
fn what_points_are_stands_in_a_file_beside_the_activities() {
    let shell = Shell::with_store();
    shell.file("wheel.toml", WHEEL);
    shell.file("store.toml", "[points]\nper_100_cents = 99999\n");
    shell.refuses(&["apply", "activities"], "store.toml: points.per_100_cents: more than 10,000");
    shell.file("store.toml", "[points]\nper_100_cents = 1\nworth_cents = 100\n");
    let said = shell.says(&["apply", "activities"], "wheel added");
    assert!(!said.contains("acme/store"), "it is no activity: {said}");
}

#[test]
fn a_vote_reports_to_the_store_and_a_wheel_has_nothing_to_say() {
    let shell = Shell::with_store();
    shell.file("wheel.toml", WHEEL);
    shell.file("stock.toml", include_str!("../../widgets/poll/example.toml"));
    shell.says(&["apply", "activities"], "stock added");
    shell.refuses(&["report", "acme", "stock"], "set it live first");
    for activity in ["stock", "wheel"] {
        shell.says(&["activity", "acme", activity, "live"], "live");
    }
    shell.says(&["report", "acme", "stock"], "[]");
    shell.refuses(&["report", "acme", "wheel"], "a spin-wheel has nothing to report");
}

#[test]
fn points_do_not_last_shorter_while_an_activity_runs() {
    let shell = Shell::with_store();
    shell.file("wheel.toml", WHEEL);
    let lasting = |days: u32| {
        shell.file(
            "store.toml",
            &format!("[points]\nexpiry = {{ type = \"days\", days = {days} }}\n"),
        );
    };
    lasting(300);
    shell.says(&["apply", "activities"], "wheel added");
    lasting(200);
    shell.says(&["apply", "activities"], "wheel");
    shell.says(&["activity", "acme", "wheel", "live"], "live");
    lasting(100);
    shell.refuses(&["apply", "activities"], "points.expiry: points would last shorter while wheel");
    lasting(400);
    shell.says(&["apply", "activities"], "wheel");
}

#[test]
fn nothing_is_written_in_read_only_mode() {
    let shell = Shell::with_store();
    shell.says(&["read-only"], "read-only off");
    shell.says(&["read-only", "on"], "read-only on");
    shell.refuses(&["block", "acme", "eve"], "`funfair read-only off` ends it");
    shell.says(&["store", "list"], "acme");
    shell.says(&["read-only", "off"], "read-only off");
    shell.says(&["block", "acme", "eve"], "");
}

#[test]
fn a_shopper_is_erased_by_yes_alone() {
    let shell = Shell::with_store();
    shell.refuses(&["export-member", "acme", "eve"], "there is no shopper \"eve\"");
    shell.refuses(&["erase-member", "acme", "eve", "--yes"], "there is no shopper \"eve\"");
    shell.says(&["block", "acme", "eve"], "");
    shell.says(&["export-member", "acme", "eve"], "\"blocked_at_ms\": 1");
    shell.refuses(&["erase-member", "acme", "eve"], "--yes erases it");
    shell.says(&["erase-member", "acme", "eve", "--yes"], "`funfair block` blocks again");
    shell.refuses(&["export-member", "acme", "eve"], "there is no shopper \"eve\"");
    shell.says(&["retain", "--dry-run"], "0 addresses, 0 facts' and 0 members' personal parts");
}

#[test]
fn postgresql_is_copied_by_its_own_tools() {
    let shell = Shell::new();
    let url = "postgres://127.0.0.1:1/none";
    shell.refuses(&["--database", url, "backup", "copy"], "pg_dump --format=custom --file=copy");
    shell.refuses(&["--database", url, "restore", "copy"], "pg_restore --single-transaction");
}

/// Whoever wants traces of a program that has none learns it at the start, not from an empty page.
#[cfg(not(feature = "otel"))]
#[test]
fn a_program_without_traces_says_so_where_they_are_asked_for() {
    let shell = Shell::with_store();
    fs::write(shell.path().join("funfair.toml"), "otlp_endpoint = \"http://127.0.0.1:4318\"")
        .unwrap();
    shell.refuses(
        &["--config", "funfair.toml", "serve"],
        "built without them: build it with `--features otel`",
    );
}
