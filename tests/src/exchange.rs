use serde_json::{Value, value::RawValue};
use std::collections::BTreeMap;

/// One HTTP request and its answer, as they were on the wire.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// `GET`, `POST`…
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The request's headers, names in lower case.
    pub headers: Headers,
    /// The request's body.
    pub body: Vec<u8>,
    /// The answer's status.
    pub status: u16,
    /// The answer's headers, names in lower case.
    pub answer_headers: Headers,
    /// The answer's body.
    pub answer: Vec<u8>,
}

/// Header lines in their order, names in lower case.
pub type Headers = Vec<(String, String)>;

/// The value of the first header called `name`.
pub fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
}

/// The bytes of a field of a JSON object, as they were on the wire.
#[track_caller]
pub fn raw_field(object: &[u8], name: &str) -> String {
    let fields: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(object).expect("a JSON object");
    fields.get(name).unwrap_or_else(|| panic!("no field {name}")).get().into()
}

impl Exchange {
    /// The path without its query.
    pub fn route(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// The answer as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.answer)
            .unwrap_or_else(|error| panic!("{self} is not JSON ({error}): {}", self.text()))
    }

    /// The answer as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.answer).into_owned()
    }

    /// The problem's code; empty where the answer is none.
    pub fn code(&self) -> String {
        let problem: Option<Value> = serde_json::from_slice(&self.answer).ok();
        problem.and_then(|it| it["code"].as_str().map(String::from)).unwrap_or_default()
    }

    /// The answer, which is to have this status.
    #[track_caller]
    #[allow(clippy::return_self_not_must_use)] // An assertion is complete in itself.
    pub fn expect(self, status: u16) -> Self {
        let text = self.text();
        assert_eq!(self.status, status, "{self} answered {text}");
        self
    }

    /// The answer, which is to be the problem `code` with its status and its media type.
    #[track_caller]
    #[allow(clippy::return_self_not_must_use)] // An assertion is complete in itself.
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        let text = self.text();
        assert_eq!((self.status, self.code().as_str()), (status, code), "{self} answered {text}");
        let media = header(&self.answer_headers, "content-type");
        assert_eq!(media, Some("application/problem+json"), "{self}");
        let problem = self.json();
        assert_eq!(problem["status"], status, "{self} says another status in its body");
        assert_eq!(problem["type"], format!("/problems/{code}"), "{self}");
        self
    }
}

impl std::fmt::Display for Exchange {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {} ({})", self.method, self.path, self.status)
    }
}
