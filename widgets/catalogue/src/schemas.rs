use funfair_host_api::Kind;
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// The JSON Schemas of a kind's wire types, for openapi.json.
#[derive(Clone, Copy)]
pub struct Schemas {
    /// What a shopper asks.
    pub action: fn(&mut SchemaGenerator) -> Schema,
    /// What a shopper may see.
    pub view: fn(&mut SchemaGenerator) -> Schema,
    /// What a play came to.
    pub outcome: fn(&mut SchemaGenerator) -> Schema,
    /// An expected no.
    pub refusal: fn(&mut SchemaGenerator) -> Schema,
}

impl Schemas {
    pub(crate) const fn of<K>() -> Self
    where
        K: Kind,
        K::Action: JsonSchema,
        K::View: JsonSchema,
        K::Outcome: JsonSchema,
        K::Refusal: JsonSchema,
    {
        Self {
            action: SchemaGenerator::subschema_for::<K::Action>,
            view: SchemaGenerator::subschema_for::<K::View>,
            outcome: SchemaGenerator::subschema_for::<K::Outcome>,
            refusal: SchemaGenerator::subschema_for::<K::Refusal>,
        }
    }
}
