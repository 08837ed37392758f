use crate::{
    problems::Answered,
    routes::{Health, Readiness},
};
use funfair_catalogue::ENTRIES;
use funfair_host_api::{
    Activity, Adjusted, Adjustment, Claim, Exchange, Exchanged, FactBatch, FactReply, History,
    Listed, NewTicket, PlayReply, PlayRequest, Ticket, Unlock, Wallet, json::Raw,
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// Where a kind's own JSON stands in the types that all kinds share: type, field, part.
const OPEN: &[(&str, &str, &str)] = &[
    ("PlayRequest", "action", "Action"),
    ("Activity", "preview", "View"),
    ("Me", "view", "View"),
    ("Receipt", "outcome", "Outcome"),
    ("Problem", "refusal", "Refusal"),
];

/// All schemas by name: the shared types, each kind's, and one that lists the kinds a part.
pub fn components() -> Map<String, Value> {
    let mut answers = generator(true);
    answers.subschema_for::<Activity>();
    answers.subschema_for::<Vec<Listed>>();
    answers.subschema_for::<PlayReply<Raw, Raw>>();
    answers.subschema_for::<History<Raw>>();
    answers.subschema_for::<Wallet>();
    answers.subschema_for::<FactReply>();
    answers.subschema_for::<Adjusted>();
    answers.subschema_for::<Ticket>();
    answers.subschema_for::<Exchanged>();
    answers.subschema_for::<Answered>();
    answers.subschema_for::<Health>();
    answers.subschema_for::<Readiness>();
    let mut requests = generator(false);
    requests.subschema_for::<PlayRequest<Raw>>();
    requests.subschema_for::<Unlock>();
    requests.subschema_for::<Claim>();
    requests.subschema_for::<FactBatch>();
    requests.subschema_for::<Adjustment>();
    requests.subschema_for::<NewTicket>();
    requests.subschema_for::<Exchange>();
    let mut all = requests.take_definitions(false);
    all.extend(answers.take_definitions(false));
    all.remove("Raw");
    let mut all = renamed(all, &|name| {
        let plain = name.split("_for_").next().unwrap_or(name);
        if plain == "ProblemAnswer" { "Problem".into() } else { plain.into() }
    });
    let mut parts: Map<String, Value> = Map::new();
    for entry in ENTRIES {
        let of_kind = kind(entry);
        for part in ["Action", "View", "Outcome", "Refusal"] {
            let name = format!("{}{part}", camel(entry.slug));
            let list = parts.entry(part).or_insert_with(|| json!({ "anyOf": [] }));
            if let Some(list) = list["anyOf"].as_array_mut() {
                list.push(json!({ "$ref": format!("#/components/schemas/{name}") }));
            }
        }
        // What all kinds use of the shared types is the same in each.
        all.extend(of_kind);
    }
    all.extend(parts);
    for (name, field, part) in OPEN {
        let reference = json!({ "$ref": format!("#/components/schemas/{part}") });
        let Some(place) =
            all.get_mut(*name).and_then(|schema| schema["properties"].get_mut(*field))
        else {
            continue;
        };
        let description = place["description"].take();
        *place = match *field {
            "refusal" => json!({ "anyOf": [reference, { "type": "null" }] }),
            _ => reference,
        };
        place["description"] = description;
    }
    for (field, pattern) in [
        ("client_seed", "^[0-9a-zA-Z_-]{8,64}$"),
        ("commitment", "^[0-9a-zA-Z_-]{64}$"),
        ("revision", "^[0-9a-zA-Z_-]{64}$"),
    ] {
        if let Some(request) = all.get_mut("PlayRequest") {
            request["properties"][field]["pattern"] = pattern.into();
        }
    }
    all.values_mut().for_each(plain_words);
    all
}

/// Descriptions come from Rust's doc comments: their examples and their links between items mean
/// nothing to readers of other languages.
fn plain_words(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                match field {
                    Value::String(text) if key == "description" => {
                        let words = text.split("```").step_by(2).collect::<String>();
                        *text = words.replace("[`", "`").replace("`]", "`").trim().into();
                    }
                    _ => plain_words(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(plain_words),
        _ => {}
    }
}

/// A kind's schemas, its own types under its own name.
fn kind(entry: &funfair_catalogue::Entry) -> Map<String, Value> {
    let mut answers = generator(true);
    (entry.schemas.view)(&mut answers);
    (entry.schemas.outcome)(&mut answers);
    (entry.schemas.refusal)(&mut answers);
    let mut requests = generator(false);
    (entry.schemas.action)(&mut requests);
    let mut all = requests.take_definitions(false);
    all.extend(answers.take_definitions(false));
    let shared = ["Words", "Day", "Reward", "Pay", "ChancesLeft"];
    renamed(all, &|name| {
        if shared.contains(&name) { name.into() } else { camel(entry.slug) + name }
    })
}

fn generator(answers: bool) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    if answers { settings.for_serialize() } else { settings }.into_generator()
}

/// The schemas under other names, references and all.
fn renamed(all: Map<String, Value>, name: &dyn Fn(&str) -> String) -> Map<String, Value> {
    let mut out = Map::new();
    for (old, mut schema) in all {
        refer(&mut schema, name);
        out.insert(name(&old), schema);
    }
    out
}

fn refer(value: &mut Value, name: &dyn Fn(&str) -> String) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                match field {
                    Value::String(path) if key == "$ref" => {
                        let old = path.rsplit('/').next().unwrap_or_default();
                        *path = format!("#/components/schemas/{}", name(old));
                    }
                    _ => refer(field, name),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, name)),
        _ => {}
    }
}

/// `spin-wheel` as `SpinWheel`.
fn camel(slug: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
    };
    slug.split('-').map(word).collect::<Vec<String>>().concat()
}
