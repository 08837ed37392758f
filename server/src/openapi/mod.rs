//! host-api/openapi.json, generated from the types that are on the wire.

mod examples;
mod parts;
mod routes;
mod schemas;

use serde_json::{Value, json};
use std::sync::OnceLock;

/// The document as it is checked in and served.
pub fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut document = document();
        // Whether a `Value` sorts its keys is up to whoever shares the build's serde_json.
        document.sort_all_objects();
        // A `Value` of strings and numbers always has a text.
        let text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text + "\n"
    })
}

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Funfair host API",
            "version": "1",
            "description": "What a widget and any backend say to each other. Every answer other \
                            than yes is a problem (RFC 9457) with a code from a closed list; a \
                            path or method that stands nowhere here is answered with \
                            `route_unknown` or `method_not_allowed`. Readers ignore response \
                            fields that they do not know, and show an unknown variant by its \
                            `label`.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": routes::paths(),
        "components": {
            "schemas": schemas::components(),
            "parameters": parts::parameters(),
            "headers": parts::headers(),
            "examples": examples::problems(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "Signed by the store's own backend with EdDSA, ES256 or HS256. \
                                    Header: typ `funfair+jwt`, alg, kid. Claims: iss, aud \
                                    `funfair:<store>`, sub (1 to 128 characters), iat, exp (at \
                                    most 300 seconds later), jti; optional nbf, test, and what the \
                                    store knows of the shopper: tier, tags (a list), guest, \
                                    channel (where they are), consents (a list of what they agreed \
                                    to). Other claims are not read.",
                },
                "secret_key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The store's secret key, `ffs_` and 43 characters, made by \
                                    `funfair store secret STORE add`. From server to server only.",
                },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::ENTRIES;
    use std::{fs, path::Path};

    #[test]
    fn the_checked_in_document_is_the_generated_one() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host-api/openapi.json");
        let written = fs::read_to_string(path).unwrap_or_default();
        let rewrite = "run: cargo run -p funfair-server -- openapi > host-api/openapi.json";
        assert!(written == text(), "{rewrite}");
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut waiting = vec![&document];
        while let Some(value) = waiting.pop() {
            if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
                let pointer = reference.strip_prefix('#').expect(reference);
                assert!(document.pointer(pointer).is_some(), "{reference}");
            }
            match value {
                Value::Object(fields) => waiting.extend(fields.values()),
                Value::Array(items) => waiting.extend(items),
                _ => {}
            }
        }
    }

    #[test]
    fn every_code_is_listed() {
        let text = text();
        for entry in ENTRIES {
            assert!(text.contains(&format!("\"{}\"", entry.code.name())), "{}", entry.code.name());
        }
    }
}
