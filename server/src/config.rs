use crate::{
    address::Networks,
    database::{Location, Retention},
    sqlite::Durability,
};
use axum::http::HeaderName;
use std::{
    fmt::Write as _,
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// Every setting: its name in `funfair.toml`, its default as TOML, and what it does. The
/// environment's names are `FUNFAIR_` and the name in capitals. `funfair.example.toml` is written
/// from this table by `funfair settings`.
macro_rules! settings {
    ($($(#[doc = $line:literal])+ $name:ident: $type:ty = $default:literal,)+) => {
        /// How a server runs.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Config {
            $($(#[doc = $line])+ pub $name: $type,)+
        }

        const SETTINGS: &[Setting] =
            &[$(Setting { name: stringify!($name), default: $default, about: &[$($line),+] }),+];

        impl Config {
            /// Takes each setting from `find`, else its default.
            fn from(find: &dyn Fn(&str) -> Option<Found>) -> Result<Self, ConfigError> {
                $(let $name = {
                    let found = find(stringify!($name)).unwrap_or_else(|| Found {
                        text: $default.trim_matches('"').into(),
                        place: "the defaults".into(),
                    });
                    <$type as Value>::parse(&found.text).map_err(|reason| ConfigError::Value {
                        name: stringify!($name), place: found.place, text: found.text, reason,
                    })?
                };)+
                Ok(Self { $($name),+ })
            }
        }
    };
}

settings! {
    /// Where the server listens: address and port. Port 0 takes a free one and logs it.
    listen: SocketAddr = "\"127.0.0.1:8080\"",
    /// Where Prometheus asks for `/metrics`: an address and a port that the public does not reach;
    /// empty serves none.
    metrics_listen: Option<SocketAddr> = "\"\"",
    /// Where traces go: the address of an OpenTelemetry collector that speaks OTLP over HTTP, as
    /// `http://127.0.0.1:4318`. Empty leaves it to the variable `OTEL_EXPORTER_OTLP_ENDPOINT`,
    /// without which there are none. It takes a program that was built with the feature `otel`.
    otlp_endpoint: String = "\"\"",
    /// An SQLite file, which is created when missing, or a PostgreSQL server, as
    /// `postgres://user:password@host/database`.
    database: Location = "\"funfair.db\"",
    /// When a play is answered: "full", when the disk has it; "normal", when the operating system
    /// has it, which may lose acknowledged plays on power loss.
    durability: Durability = "\"full\"",
    /// The folder of the widgets' files (`cargo xtask build` writes dist/), served at /funfair/.
    /// Empty serves those inside the binary, where it was built with them, else none.
    dist: PathBuf = "\"\"",
    /// Whether the playground is served at /playground/: a page that plays every kind by itself and
    /// asks this server nothing.
    playground: bool = "false",
    /// How many plays one commit takes at most.
    batch_limit: usize = "1024",
    /// How many plays, claims, facts and the like wait for a commit at most; beyond it they are
    /// answered with `busy`.
    queue_limit: usize = "8192",
    /// For how many milliseconds a play may have to wait for its answer, by the speed at which the
    /// last ones were answered; whoever would wait longer is answered with `busy` at once, and whoever
    /// finds nobody waiting never is. 0 is no limit.
    queue_wait_ms: u64 = "1000",
    /// How many threads commit side by side on PostgreSQL, each over a connection of its own; an
    /// activity's plays always go to the same one. An SQLite file has one writer.
    writers: usize = "4",
    /// How many connections read the database beside the one that writes. Whoever waits for one
    /// longer than 75 milliseconds is answered with `busy`.
    readers: usize = "4",
    /// How many connections are open at once at most; whoever comes beyond is told to come back and
    /// is not kept. Fewer where the process may not open as many files.
    connections: usize = "10000",
    /// For how many seconds the head of a request may be on its way.
    header_timeout_s: u32 = "10",
    /// For how many seconds a connection may be idle between two requests. Longer than a load
    /// balancer in front keeps it, or requests get lost in between.
    idle_timeout_s: u32 = "75",
    /// For how many seconds a client may leave an answer unread.
    answer_timeout_s: u32 = "30",
    /// How many requests a member may send each second in the long run, and how many at once;
    /// beyond it they are answered with `too_many_requests`. A rate of 0 is no limit.
    member_rate: u64 = "50",
    /// See `member_rate`.
    member_burst: u64 = "500",
    /// The same for one address (of IPv6 the first 64 bits), members or not. Thousands of shoppers
    /// may share one behind a mobile carrier. This machine's own address has no limit.
    address_rate: u64 = "1000",
    /// See `address_rate`.
    address_burst: u64 = "10000",
    /// The proxies whose word on an address is taken: addresses and networks such as
    /// "127.0.0.1, 10.0.0.0/8". Of everyone else the connection's own address counts.
    trusted_proxies: Networks = "\"\"",
    /// The header in which they say it; of several addresses in it the last that is no trusted
    /// proxy's counts.
    address_header: HeaderName = "\"x-forwarded-for\"",
    /// Every how many seconds the server does what time brings about: gifts that go back, prizes
    /// that are due at the close, points that lapse. 0 leaves it to `funfair settle` and
    /// `funfair expire`.
    settle_every_s: u32 = "5",
    /// For how many days an address is kept after its prize was reported as shipped or delivered, or
    /// is void. 0 is for good, here and in the next two.
    keep_address_days: Days = "90",
    /// For how many days an address is kept whose prize nobody reported as sent.
    keep_unsent_days: Days = "365",
    /// For how many days a fact names its shopper, and a tier and tags are kept that no fact confirms.
    keep_fact_days: Days = "730",
    /// For how many seconds a cache may keep the public activity without asking again.
    activity_max_age_s: u32 = "5",
    /// For how many seconds a stopping server waits for requests that it has accepted.
    shutdown_grace_s: u32 = "10",
    /// How the log is written to standard output: "text" or "json".
    log_format: LogFormat = "\"text\"",
    /// What is logged: a level (error, warn, info, debug), or directives such as
    /// `info,funfair_server=debug`.
    log: String = "\"info\"",
}

/// Whole days; 0 is for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(pub u32);

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For eyes.
    Text,
    /// One JSON object a line.
    Json,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {reason}; correct --config, or make the file readable")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: io::Error,
    },
    /// The file is not TOML.
    #[error("{path} is not TOML: {reason}")]
    Toml {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// There is no such setting.
    #[error("{place}: there is no setting `{name}`; funfair.example.toml lists all")]
    Unknown {
        /// What was set.
        name: String,
        /// Where.
        place: String,
    },
    /// A setting has an impossible value.
    #[error("{place}: {name} = \"{text}\": {reason}")]
    Value {
        /// Which.
        name: &'static str,
        /// Where.
        place: String,
        /// What was set.
        text: String,
        /// What it has to be.
        reason: &'static str,
    },
}

struct Setting {
    name: &'static str,
    default: &'static str,
    about: &'static [&'static str],
}

struct Found {
    text: String,
    place: String,
}

impl Config {
    /// The settings of a file (none: only defaults) under those of the environment.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let table = file.map(read).transpose()?.unwrap_or_default();
        let place = file.map_or_else(String::new, |path| path.display().to_string());
        let known = |name: &str| SETTINGS.iter().any(|setting| setting.name == name);
        if let Some(name) = table.keys().find(|name| !known(name)) {
            return Err(ConfigError::Unknown { name: name.clone(), place });
        }
        let variables: Vec<_> = environment
            .into_iter()
            .filter_map(|(name, text)| {
                let setting = name.strip_prefix("FUNFAIR_")?.to_lowercase();
                Some((name, setting, text))
            })
            .collect();
        #[cfg(feature = "failpoints")]
        let variables = without_failpoints(variables)?;
        if let Some((name, ..)) = variables.iter().find(|(_, setting, _)| !known(setting)) {
            let place = "the environment".into();
            return Err(ConfigError::Unknown { name: name.clone(), place });
        }
        Self::from(&|name| {
            let variable = variables.iter().find(|(_, setting, _)| setting == name);
            if let Some((variable, _, text)) = variable {
                let place = format!("the environment's {variable}");
                return Some(Found { text: text.clone(), place });
            }
            let text = match table.get(name)? {
                toml::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            Some(Found { text, place: place.clone() })
        })
    }

    /// How long what is kept about shoppers is kept.
    pub fn retention(&self) -> Retention {
        Retention {
            address_days: self.keep_address_days.0,
            unsent_days: self.keep_unsent_days.0,
            fact_days: self.keep_fact_days.0,
        }
    }

    /// The documented file with every default.
    pub fn example() -> String {
        let mut text = String::from(
            "# Every setting of `funfair serve`, with its default. Each can also be set by the\n\
             # environment: FUNFAIR_LISTEN, FUNFAIR_DATABASE, ... which go before this file.\n\
             # Written by `funfair settings`.\n",
        );
        for setting in SETTINGS {
            text.push('\n');
            for line in setting.about {
                // Writing to a `String` cannot fail.
                let _ = writeln!(text, "#{line}");
            }
            let _ = writeln!(text, "{} = {}", setting.name, setting.default);
        }
        text
    }
}

impl Default for Config {
    fn default() -> Self {
        // The test `the_defaults_are_possible` holds this to never panic.
        Self::from(&|_| None).expect("the defaults are possible")
    }
}

/// The variables that are settings: the others ask for a fault.
#[cfg(feature = "failpoints")]
fn without_failpoints(
    mut variables: Vec<(String, String, String)>,
) -> Result<Vec<(String, String, String)>, ConfigError> {
    for (name, setting, text) in std::mem::take(&mut variables) {
        match crate::failpoint::unset(&name, &text) {
            None => variables.push((name, setting, text)),
            Some(Ok(())) => tracing::warn!(name, text, "this program is told to fail"),
            Some(Err(reason)) => {
                let place = format!("the environment's {name}");
                return Err(ConfigError::Value { name: "a fault", place, text, reason });
            }
        }
    }
    Ok(variables)
}

fn read(path: &Path) -> Result<toml::Table, ConfigError> {
    let shown = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|reason| ConfigError::File { path: shown.clone(), reason })?;
    text.parse().map_err(|error: toml::de::Error| ConfigError::Toml {
        path: shown,
        reason: error.to_string(),
    })
}

/// What a setting can hold.
trait Value: Sized {
    fn parse(text: &str) -> Result<Self, &'static str>;
}

impl Value for SocketAddr {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| "write an address and a port, such as \"0.0.0.0:8080\"")
    }
}

impl Value for Option<SocketAddr> {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() { Ok(None) } else { SocketAddr::parse(text).map(Some) }
    }
}

impl Value for PathBuf {
    fn parse(text: &str) -> Result<Self, &'static str> {
        Ok(text.into())
    }
}

impl Value for Location {
    fn parse(text: &str) -> Result<Self, &'static str> {
        Ok(text.into())
    }
}

impl Value for String {
    fn parse(text: &str) -> Result<Self, &'static str> {
        Ok(text.into())
    }
}

impl Value for usize {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let fits = |value: &Self| (1..=1_000_000).contains(value);
        text.parse().ok().filter(fits).ok_or("write a whole number from 1 to 1000000")
    }
}

impl Value for u64 {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let number = text.parse().ok().filter(|value| *value <= 1_000_000);
        number.ok_or("write a whole number from 0 to 1000000")
    }
}

impl Value for Networks {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|()| "write addresses and networks, such as \"::1, 10.0.0.0/8\"")
    }
}

impl Value for HeaderName {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.to_lowercase().parse().map_err(|_| "write a header's name, such as \"x-real-ip\"")
    }
}

impl Value for u32 {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse().ok().filter(|value| *value <= 86_400).ok_or("write whole seconds up to 86400")
    }
}

impl Value for Days {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let days = text.parse().ok().filter(|days| *days <= 36_500);
        days.map(Self).ok_or("write whole days up to 36500; 0 is for good")
    }
}

impl Value for Durability {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "full" => Ok(Self::Full),
            "normal" => Ok(Self::Normal),
            _ => Err("write \"full\" or \"normal\""),
        }
    }
}

impl Value for bool {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| "write true or false")
    }
}

impl Value for LogFormat {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("write \"text\" or \"json\""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("funfair.toml");
        fs::write(&path, file).unwrap();
        Config::load(Some(&path), environment.iter().map(|(k, v)| ((*k).into(), (*v).into())))
    }

    #[track_caller]
    fn refuses(file: &str, environment: &[(&str, &str)], says: &str) {
        let error = load(file, environment).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }

    #[test]
    fn the_defaults_are_possible() {
        assert_eq!(Config::default(), Config::load(None, []).unwrap());
    }

    #[test]
    fn the_example_documents_every_setting_with_its_default() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("funfair.example.toml");
        let written = fs::read_to_string(path).unwrap_or_default();
        let rewrite = "run: cargo run -p funfair-server -- settings > server/funfair.example.toml";
        assert!(written == Config::example(), "{rewrite}");
        assert_eq!(load(&written, &[]).unwrap(), Config::default());
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let config =
            load("batch_limit = 7\nlog = \"warn\"", &[("FUNFAIR_BATCH_LIMIT", "9")]).unwrap();
        assert_eq!((config.batch_limit, config.log.as_str()), (9, "warn"));
    }

    #[test]
    fn a_wrong_setting_is_named_with_its_place_and_cure() {
        refuses("lissten = 1", &[], "there is no setting `lissten`");
        refuses("", &[("FUNFAIR_PROT", "1")], "FUNFAIR_PROT");
        refuses("listen = 8080", &[], "write an address and a port");
        refuses("", &[("FUNFAIR_DURABILITY", "off")], "FUNFAIR_DURABILITY");
        refuses("batch_limit = 0", &[], "from 1 to 1000000");
        refuses("listen", &[], "is not TOML");
    }
}
