//! What the operations of the document are made of.

use super::examples;
use crate::problems::ENTRIES;
use funfair_host_api::Code;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Parameters that several routes share.
pub fn parameters() -> Value {
    let path = |name: &str, about: &str, pattern: &str, example: &str| {
        json!({
            "name": name, "in": "path", "required": true, "description": about,
            "schema": { "type": "string", "pattern": pattern }, "example": example,
        })
    };
    json!({
        "store": path("store", "The store's id.", "^[a-z0-9-]{1,40}$", "acme"),
        "activity": path(
            "activity",
            "The activity's id within its store.",
            "^[a-z0-9-]{1,40}$",
            "double11",
        ),
        "play": path(
            "play",
            "The play's id, as in its receipt.",
            "^.{1,128}$",
            "5b8c06a1d5ff0e2c9a7b3d41",
        ),
        "prize": path(
            "prize",
            "The prize's id, as in the wallet.",
            "^.{1,128}$",
            "5b8c06a1d5ff0e2c9a7b3d41-0",
        ),
        "item": {
            "name": "item", "in": "query", "required": false,
            "description": "The key that a link brought: of a gift, of a friend who asks for help. \
                            The view then shows what it leads to; a key that leads nowhere shows \
                            nothing.",
            "schema": { "type": "string", "pattern": "^[0-9a-zA-Z_-]{1,64}$" },
            "example": "4f1c0a7d52e99b36c1aa",
        },
        "lang": {
            "name": "lang", "in": "query", "required": false,
            "description": "The page's language; without it the first of `Accept-Language` that \
                            there is, else English.",
            "schema": { "type": "string", "enum": ["en", "zh-CN", "zh-TW", "ar", "ja", "ko"] },
            "example": "zh-CN",
        },
        "before": {
            "name": "before", "in": "query", "required": false,
            "description": "The cursor `next` of the page before; without it the newest page.",
            "schema": { "type": "string" },
            "example": "cDoxOA",
        },
        "idempotency_key": {
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "Names the play. The same key with the same body is answered with the \
                            same receipt, however often it is sent; another body is refused. A \
                            refused play leaves its key free.",
            "schema": { "type": "string", "pattern": "^[0-9a-zA-Z_-]{16,64}$" },
            "example": "0d5f1c1a-7a0e-4b52-9a51",
        },
        "channel": {
            "name": "Funfair-Channel", "in": "header", "required": false,
            "description": "Where the page says that it is. The token's claim `channel`, which the \
                            store has signed, goes before it. Within `weixin` sharing brings \
                            nothing, unless the activity says otherwise.",
            "schema": { "type": "string", "pattern": "^[0-9a-zA-Z_-]{1,64}$" },
            "example": "weixin",
        },
        "if_none_match": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "The ETag of the version at hand.",
            "schema": { "type": "string" },
            "example": "\"9b74c9897bac770ffc029102a200c5de\"",
        },
    })
}

/// Headers of answers.
pub fn headers() -> Value {
    let text = json!({ "type": "string" });
    let header = |about: &str, example: &str| json!({ "description": about, "schema": text, "example": example });
    let etag = "\"9b74c9897bac770ffc029102a200c5de\"";
    let replayed = "`true` where the key was used before and the receipt is the stored one.";
    json!({
        "request_id": header("Names the request in the server's log.", "1d2c-000017"),
        "etag": header("The version of what was answered.", etag),
        "cache_control": header("Who may keep it, and for how long.", "private, no-store"),
        "retry_after": header("Whole seconds after which the same request may succeed.", "1"),
        "authenticate": header("`Bearer`.", "Bearer"),
        "allow": header("The methods that the route knows.", "GET,HEAD"),
        "replayed": header(replayed, "true"),
        "vary": header("On which request headers the answer depends.", "Authorization"),
        "security_policy": header(
            "What the page may load, and who may show it.",
            "default-src 'none'; style-src 'sha256-…'; frame-ancestors 'none'",
        ),
        "allow_origin": header(
            "The asking page's origin, where the store lists it.",
            "https://shop.example",
        ),
        "max_age": header("For how many seconds the permission holds.", "7200"),
    })
}

/// One operation with its answers and problems.
pub fn operation(
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
pub fn problem(status: &str, codes: &[Code]) -> Value {
    let means = |code: &Code| {
        let entry = ENTRIES.iter().find(|entry| entry.code == *code);
        let title = entry.map_or("", |entry| entry.title);
        format!("`{}`: {title}", code.name())
    };
    let description = codes.iter().map(means).collect::<Vec<_>>().join("\n");
    let names: Vec<_> = codes.iter().map(|code| code.name()).collect();
    let example = |code: &Code| {
        let name = code.name();
        (name.into(), json!({ "$ref": format!("#/components/examples/{name}") }))
    };
    let shown: Map<String, Value> = codes.iter().map(example).collect();
    let mut answer = json!({
        "description": description,
        "headers": { "X-Request-Id": header("request_id") },
        "content": { "application/problem+json": { "schema": {
            "allOf": [schema("Problem"), { "properties": { "code": { "enum": names } } }],
        }, "examples": shown } },
    });
    let more = match status {
        "401" => Some(("WWW-Authenticate", "authenticate")),
        "405" => Some(("Allow", "allow")),
        "429" | "503" => Some(("Retry-After", "retry_after")),
        _ => None,
    };
    if let Some((name, key)) = more {
        answer["headers"][name] = header(key);
    }
    answer
}

/// An answer that is the same for everyone, with its version.
pub fn cached(content: &Value) -> Value {
    let headers = json!({
        "ETag": header("etag"),
        "Cache-Control": header("cache_control"),
        "X-Request-Id": header("request_id"),
    });
    json!({
        "200": { "description": "As it is.", "headers": headers, "content": content },
        "304": { "description": "The version at hand is the newest.", "headers": headers },
    })
}

/// An answer for one shopper.
pub fn private(body: &str) -> Value {
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

/// A JSON body of a named schema, with its example.
pub fn content(name: &str) -> Value {
    let mut media = json!({ "schema": schema(name) });
    if let Some(example) = examples::of(name) {
        media["example"] = example.clone();
    }
    json!({ "application/json": media })
}

/// The body of a request.
pub fn request(name: &str, about: &str) -> Value {
    json!({ "required": true, "description": about, "content": content(name) })
}

/// A request with a shopper's token.
pub fn token() -> Value {
    json!({ "security": [{ "token": [] }] })
}

/// A request with the store's secret key.
pub fn secret() -> Value {
    json!({ "security": [{ "secret_key": [] }] })
}

/// A schema by its name.
pub fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A shared parameter.
pub fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

/// A shared header.
pub fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}
