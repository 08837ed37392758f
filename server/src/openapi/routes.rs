use crate::problems::ENTRIES;
use funfair_host_api::Code;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What every route of a store can answer.
const OF_STORE: &[Code] = &[Code::InvalidParameter, Code::StoreUnknown, Code::Internal];

/// What every route that needs a token can answer.
const OF_MEMBER: &[Code] = &[
    Code::InvalidParameter,
    Code::StoreUnknown,
    Code::TokenMissing,
    Code::TokenMalformed,
    Code::TokenKeyUnknown,
    Code::TokenSignatureInvalid,
    Code::TokenForeign,
    Code::TokenExpired,
    Code::TokenBlocked,
    Code::Internal,
];

/// What a play can be answered with beside that.
const OF_PLAY: &[Code] = &[
    Code::ActivityUnknown,
    Code::IdempotencyKeyInvalid,
    Code::UnsupportedMediaType,
    Code::BodyTooLarge,
    Code::MalformedBody,
    Code::UnknownField,
    Code::InvalidBody,
    Code::IdempotencyKeyReused,
    Code::ActivityNotOpen,
    Code::RevisionChanged,
    Code::CommitmentUsed,
    Code::Refused,
    Code::Busy,
];

/// Every route.
pub fn paths() -> Value {
    let activity = "/v1/stores/{store}/activities/{activity}";
    let mut paths = Map::new();
    paths.insert("/healthz".into(), json!({ "get": health() }));
    paths.insert("/v1/openapi.json".into(), json!({ "get": document() }));
    paths.insert("/problems/{code}".into(), json!({ "get": meaning() }));
    let mut of_store = |path: String, mut operations: Value| {
        let mut parameters = vec![parameter("store")];
        for name in ["activity", "play"] {
            if path.contains(&format!("{{{name}}}")) {
                parameters.push(parameter(name));
            }
        }
        operations["parameters"] = parameters.into();
        operations["options"] = preflight();
        paths.insert(path, operations);
    };
    of_store("/v1/stores/{store}/activities".into(), json!({ "get": list_activities() }));
    of_store(activity.into(), json!({ "get": read_activity() }));
    of_store(format!("{activity}/me"), json!({ "get": read_me() }));
    of_store(format!("{activity}/plays"), json!({ "get": list_plays(), "post": create_play() }));
    of_store(format!("{activity}/plays/{{play}}"), json!({ "get": read_play() }));
    of_store("/v1/stores/{store}/wallet".into(), json!({ "get": read_wallet() }));
    paths.into()
}

/// Parameters that several routes share.
pub fn parameters() -> Value {
    let path = |name: &str, about: &str, pattern: &str| {
        json!({
            "name": name, "in": "path", "required": true, "description": about,
            "schema": { "type": "string", "pattern": pattern },
        })
    };
    json!({
        "store": path("store", "The store's id.", "^[a-z0-9-]{1,40}$"),
        "activity": path("activity", "The activity's id within its store.", "^[a-z0-9-]{1,40}$"),
        "play": path("play", "The play's id, as in its receipt.", "^.{1,128}$"),
        "before": {
            "name": "before", "in": "query", "required": false,
            "description": "The cursor `next` of the page before; without it the newest page.",
            "schema": { "type": "string" },
        },
        "idempotency_key": {
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "Names the play. The same key with the same body is answered with the \
                            same receipt, however often it is sent; another body is refused. A \
                            refused play leaves its key free.",
            "schema": { "type": "string", "pattern": "^[0-9a-zA-Z_-]{16,64}$" },
        },
        "if_none_match": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "The ETag of the version at hand.",
            "schema": { "type": "string" },
        },
    })
}

/// Headers of answers.
pub fn headers() -> Value {
    let header = |about: &str| json!({ "description": about, "schema": { "type": "string" } });
    json!({
        "request_id": header("Names the request in the server's log."),
        "etag": header("The version of what was answered."),
        "cache_control": header("Who may keep it, and for how long."),
        "retry_after": header("Whole seconds after which the same request may succeed."),
        "authenticate": header("`Bearer`."),
        "allow": header("The methods that the route knows."),
        "replayed": header("`true` where the key was used before and the receipt is the stored one."),
        "allow_origin": header("The asking page's origin, where the store lists it."),
        "max_age": header("7200: for how many seconds the permission holds."),
    })
}

fn list_activities() -> Value {
    operation(
        "listActivities",
        "What a store's shoppers can see; drafts are not among it.",
        &cached(&json!({ "type": "array", "items": schema("Listed") })),
        &[OF_STORE],
        json!({ "parameters": [parameter("if_none_match")] }),
    )
}

fn read_activity() -> Value {
    operation(
        "readActivity",
        "One activity: the same for every shopper, cacheable, read without a token. A draft is \
         answered to test tokens only.",
        &cached(&schema("Activity")),
        &[OF_STORE, &[Code::ActivityUnknown]],
        json!({ "parameters": [parameter("if_none_match")] }),
    )
}

fn read_me() -> Value {
    operation(
        "readMe",
        "What this shopper may do and holds in the activity; writes nothing.",
        &private(&schema("Me")),
        &[OF_MEMBER, &[Code::ActivityUnknown, Code::Busy]],
        token(),
    )
}

fn create_play() -> Value {
    let mut rest = token();
    rest["parameters"] = json!([parameter("idempotency_key")]);
    rest["requestBody"] = json!({
        "required": true,
        "description": "One action, at most 16384 bytes.",
        "content": { "application/json": { "schema": schema("PlayRequest") } },
    });
    let mut answer = private(&schema("PlayReply"));
    answer["200"]["headers"]["Idempotency-Replayed"] = header("replayed");
    operation(
        "createPlay",
        "One action of a member. It is answered after it was committed; the same key and body \
         are answered with the same receipt.",
        &answer,
        &[OF_MEMBER, OF_PLAY],
        rest,
    )
}

fn list_plays() -> Value {
    let mut rest = token();
    rest["parameters"] = json!([parameter("before")]);
    operation(
        "listPlays",
        "The member's own plays in the activity, newest first.",
        &private(&schema("History")),
        &[OF_MEMBER, &[Code::ActivityUnknown]],
        rest,
    )
}

fn read_play() -> Value {
    operation(
        "readPlay",
        "One receipt, as it was first answered.",
        &private(&schema("Receipt")),
        &[OF_MEMBER, &[Code::ActivityUnknown, Code::PlayUnknown]],
        token(),
    )
}

fn read_wallet() -> Value {
    let mut rest = token();
    rest["parameters"] = json!([parameter("before")]);
    operation(
        "readWallet",
        "What the member holds in the store's programme, with a page of the ledger.",
        &private(&schema("Wallet")),
        &[OF_MEMBER],
        rest,
    )
}

fn health() -> Value {
    let answer =
        |about: &str| json!({ "description": about, "content": content(&schema("Health")) });
    json!({
        "operationId": "readHealth",
        "summary": "Whether the server can do its work, and which one it is.",
        "responses": {
            "200": answer("It can."),
            "503": answer("The database does not answer."),
        },
    })
}

fn document() -> Value {
    json!({
        "operationId": "readOpenapi",
        "summary": "This document.",
        "responses": {
            "200": { "description": "OpenAPI 3.1.", "content": content(&json!({ "type": "object" })) },
        },
    })
}

fn meaning() -> Value {
    let text = json!({ "text/plain": { "schema": { "type": "string" } } });
    json!({
        "operationId": "readProblem",
        "summary": "What a problem's `type` leads to: its title, and what to do about it.",
        "parameters": [{
            "name": "code", "in": "path", "required": true, "description": "The problem's code.",
            "schema": schema("Code"),
        }],
        "responses": {
            "200": { "description": "For a person.", "content": text },
            "404": problem("404", &[Code::RouteUnknown]),
        },
    })
}

/// What a browser asks before a request from another origin.
fn preflight() -> Value {
    json!({
        "summary": "Whether a page of another origin may ask.",
        "responses": {
            "204": {
                "description": "The headers are there where the store lists the origin.",
                "headers": {
                    "Access-Control-Allow-Origin": header("allow_origin"),
                    "Access-Control-Max-Age": header("max_age"),
                },
            },
            "405": problem("405", &[Code::MethodNotAllowed]),
        },
    })
}

fn operation(
    id: &str,
    summary: &str,
    answers: &Value,
    codes: &[&[Code]],
    mut rest: Value,
) -> Value {
    rest["operationId"] = id.into();
    rest["summary"] = summary.into();
    rest["responses"] = answers.clone();
    let mut by_status: BTreeMap<String, Vec<Code>> = BTreeMap::new();
    for code in codes.iter().flat_map(|codes| codes.iter()) {
        by_status.entry(code.status().to_string()).or_default().push(*code);
    }
    for (status, codes) in by_status {
        rest["responses"][&status] = problem(&status, &codes);
    }
    rest
}

/// The problems of one status, each with what it means.
fn problem(status: &str, codes: &[Code]) -> Value {
    let means = |code: &Code| {
        let entry = ENTRIES.iter().find(|entry| entry.code == *code);
        let title = entry.map_or("", |entry| entry.title);
        format!("`{}`: {title}", code.name())
    };
    let description = codes.iter().map(means).collect::<Vec<_>>().join("\n");
    let names: Vec<_> = codes.iter().map(|code| code.name()).collect();
    let mut answer = json!({
        "description": description,
        "headers": { "X-Request-Id": header("request_id") },
        "content": { "application/problem+json": { "schema": {
            "allOf": [schema("Problem"), { "properties": { "code": { "enum": names } } }],
        } } },
    });
    let more = match status {
        "401" => Some(("WWW-Authenticate", "authenticate")),
        "405" => Some(("Allow", "allow")),
        "503" => Some(("Retry-After", "retry_after")),
        _ => None,
    };
    if let Some((name, key)) = more {
        answer["headers"][name] = header(key);
    }
    answer
}

fn cached(body: &Value) -> Value {
    let headers = json!({
        "ETag": header("etag"),
        "Cache-Control": header("cache_control"),
        "X-Request-Id": header("request_id"),
    });
    json!({
        "200": { "description": "As it is.", "headers": headers, "content": content(body) },
        "304": { "description": "The version at hand is the newest.", "headers": headers },
    })
}

fn private(body: &Value) -> Value {
    json!({
        "200": {
            "description": "For this shopper alone.",
            "headers": {
                "Cache-Control": header("cache_control"),
                "X-Request-Id": header("request_id"),
            },
            "content": content(body),
        },
    })
}

fn content(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn token() -> Value {
    json!({ "security": [{ "token": [] }] })
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}
