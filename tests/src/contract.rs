use crate::{Exchange, exchange::header};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    fs,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
};

/// The checked-in `host-api/openapi.json`, to which every exchange of the suite is held.
pub struct Contract {
    document: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    /// The document, read once.
    pub fn get() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host-api/openapi.json");
            let text = fs::read_to_string(&path).expect("host-api/openapi.json");
            let document = serde_json::from_str(&text).expect("openapi.json is JSON");
            Self { document, validators: Mutex::default() }
        })
    }

    /// The document itself.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Fails where the exchange is not as the document says.
    #[track_caller]
    pub fn hold(&self, exchange: &Exchange) {
        if let Err(why) = self.check(exchange) {
            let answer = exchange.text();
            panic!("{exchange} is not as openapi.json says: {why}\n{answer}");
        }
    }

    /// Whether the document takes this body at `POST …/plays`.
    pub fn takes_play(&self, body: &[u8]) -> bool {
        let path = "/v1/stores/{store}/activities/{activity}/plays";
        let schema =
            format!("{}/requestBody/content/application~1json/schema", pointer(path, "post"));
        let Ok(body) = serde_json::from_slice(body) else { return false };
        self.validator(&schema).expect("a schema of the play request").is_valid(&body)
    }

    /// The examples of bodies that are not as their own schemas say, each with its place.
    pub fn faulty_examples(&self) -> Vec<String> {
        let mut faulty = Vec::new();
        let mut waiting = vec![("/paths".to_owned(), &self.document["paths"])];
        while let Some((at, value)) = waiting.pop() {
            let media = value.as_object().filter(|media| media.contains_key("schema"));
            if let Some(example) = media.and_then(|media| media.get("example"))
                && at.contains("/content/")
            {
                let schema = format!("{at}/schema");
                let fits = self.validator(&schema).map(|schema| schema.is_valid(example));
                if fits != Ok(true) {
                    faulty.push(format!("{at}: {fits:?}"));
                }
            }
            for (name, field) in value.as_object().into_iter().flatten() {
                waiting.push((format!("{at}/{}", escaped(name)), field));
            }
        }
        faulty
    }

    fn check(&self, exchange: &Exchange) -> Result<(), String> {
        let method = exchange.method.to_lowercase();
        if method == "options" {
            // What a browser asks before it asks is the browser's protocol, not the host API's.
            return Ok(());
        }
        let Some(path) = self.template(exchange.route()) else {
            return unrouted(exchange, "route_unknown");
        };
        if self.document["paths"][&path][&method].is_null() {
            return unrouted(exchange, "method_not_allowed");
        }
        let operation = pointer(&path, &method);
        if exchange.status < 300 {
            self.check_request(exchange, &operation)?;
        }
        let exact = format!("{operation}/responses/{}", exchange.status);
        let general = format!("{operation}/responses/{}XX", exchange.status / 100);
        let default = format!("{operation}/responses/default");
        let response = [exact, general, default]
            .into_iter()
            .find(|at| self.document.pointer(at).is_some())
            .ok_or("a status that the document does not list")?;
        self.check_body(&self.followed(&response), &exchange.answer_headers, &exchange.answer)
    }

    fn check_request(&self, exchange: &Exchange, operation: &str) -> Result<(), String> {
        let parameters = self.document.pointer(&format!("{operation}/parameters"));
        for parameter in parameters.and_then(Value::as_array).into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default().to_lowercase();
            let needed = parameter["in"] == "header" && parameter["required"] == true;
            if needed && header(&exchange.headers, &name).is_none() {
                return Err(format!("accepted without the header {name}"));
            }
        }
        let request = format!("{operation}/requestBody");
        if self.document.pointer(&request).is_none() && exchange.body.is_empty() {
            return Ok(());
        }
        self.check_body(&self.followed(&request), &exchange.headers, &exchange.body)
    }

    fn check_body(&self, at: &str, headers: &crate::Headers, body: &[u8]) -> Result<(), String> {
        let content = self.document.pointer(&format!("{at}/content"));
        let Some(content) = content.and_then(Value::as_object) else {
            return if body.is_empty() { Ok(()) } else { Err("a body where none is".into()) };
        };
        let media = header(headers, "content-type").unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        if !content.contains_key(media) {
            return Err(format!("the media type {media:?}"));
        }
        if !media.ends_with("json") {
            return Ok(());
        }
        let value: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let schema = format!("{at}/content/{}/schema", escaped(media));
        let validator = self.validator(&schema)?;
        let faults: Vec<_> = validator
            .iter_errors(&value)
            .map(|fault| format!("{} at {}", fault, fault.instance_path()))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }

    /// The schema at a JSON pointer of the document, compiled once.
    fn validator(&self, at: &str) -> Result<Arc<Validator>, String> {
        let mut validators = self.validators.lock().expect("the validators");
        if let Some(validator) = validators.get(at) {
            return Ok(Arc::clone(validator));
        }
        // The whole document is the schema's root, so that `#/components/…` leads where it says.
        let mut root = self.document.clone();
        root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        root["$ref"] = json!(format!("#{}", at.replace('{', "%7B").replace('}', "%7D")));
        let validator = jsonschema::draft202012::new(&root).map_err(|error| error.to_string())?;
        let validator = Arc::new(validator);
        validators.insert(at.into(), Arc::clone(&validator));
        Ok(validator)
    }

    /// The pointer itself, or the one that its `$ref` names.
    fn followed(&self, at: &str) -> String {
        let reference = self.document.pointer(&format!("{at}/$ref")).and_then(Value::as_str);
        reference.and_then(|to| to.strip_prefix('#')).map_or_else(|| at.into(), String::from)
    }

    /// The document's path for a request's; a literal segment goes before a parameter.
    fn template(&self, route: &str) -> Option<String> {
        let fits = |template: &str| {
            template.split('/').count() == route.split('/').count()
                && template
                    .split('/')
                    .zip(route.split('/'))
                    .all(|(have, seen)| have == seen || (have.starts_with('{') && !seen.is_empty()))
        };
        let paths = self.document["paths"].as_object()?;
        let fitting = paths.keys().filter(|template| fits(template));
        fitting.min_by_key(|template| template.matches('{').count()).cloned()
    }
}

/// A request that no operation describes is answered by a problem that says so.
fn unrouted(exchange: &Exchange, code: &str) -> Result<(), String> {
    if exchange.code() == code { Ok(()) } else { Err("no such operation".into()) }
}

fn pointer(path: &str, method: &str) -> String {
    format!("/paths/{}/{method}", escaped(path))
}

fn escaped(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}
