//! The JSON Schema of every type of event, made from the payloads' types: `schemas/events/*.json`, for consumers to validate with.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::model::payload::Payload;

/// Every type of event, in the order of the variants of [`Payload`].
const TYPES: [(&str, &str); 24] = [
    ("circle-created", "circle-service"),
    ("circle-member-joined", "circle-service"),
    ("circle-contribution-received", "circle-service"),
    ("circle-contribution-missed", "circle-service"),
    ("circle-payout-executed", "circle-service"),
    ("circle-member-dropped", "circle-service"),
    ("circle-failed", "circle-service"),
    ("circle-completed", "circle-service"),
    ("transaction-initiated", "transaction-service"),
    ("transaction-completed", "transaction-service"),
    ("transaction-failed", "transaction-service"),
    ("transaction-flagged", "transaction-service"),
    ("transaction-state", "transaction-service"),
    ("login-attempt", "user-service"),
    ("login-success", "user-service"),
    ("login-failed", "user-service"),
    ("session-started", "user-service"),
    ("user-action-performed", "user-service"),
    ("session-ended", "user-service"),
    ("exchange-rate-updated", "remittance-service"),
    ("remittance-initiated", "remittance-service"),
    ("remittance-processing", "remittance-service"),
    ("remittance-completed", "remittance-service"),
    ("remittance-failed", "remittance-service"),
];

/// The schema of each type of event.
fn schemas() -> Vec<(&'static str, Value)> {
    let settings =
        schemars::generate::SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let all = settings.into_generator().into_root_schema_for::<Payload<'static>>().to_value();
    let payloads = all["anyOf"].as_array().expect("an untagged enum is any of its variants");
    assert_eq!(payloads.len(), TYPES.len());
    TYPES.into_iter().zip(payloads).map(|((name, service), payload)| (name, schema(name, service, payload))).collect()
}

fn schema(name: &str, service: &str, payload: &Value) -> Value {
    let id = json!({ "type": "string", "format": "uuid" });
    // States that the settings add share a schema.
    let event_type = match name {
        "transaction-state" => json!({ "type": "string", "pattern": "^transaction-[A-Za-z0-9_-]+$" }),
        _ => json!({ "const": name }),
    };
    let required =
        ["event_id", "event_type", "event_version", "timestamp", "source_service", "correlation_id", "payload"];
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
        "type": "object",
        "required": required,
        "additionalProperties": false,
        "properties": {
            "event_id": id,
            "event_type": event_type,
            "event_version": { "const": super::envelope::VERSION },
            "timestamp": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\+00:00$" },
            "source_service": { "const": service },
            "correlation_id": id,
            "payload": payload,
            "labels": { "type": "array", "items": { "enum": super::Pattern::NAMES } },
        },
    })
}

#[test]
fn the_schemas_in_the_repository_are_those_of_the_types() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/events"));
    for (name, schema) in schemas() {
        let (file, text) = (folder.join(format!("{name}.json")), serde_json::to_string_pretty(&schema).unwrap() + "\n");
        if std::env::var_os("CREDIT_SEED_BLESS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &text).unwrap();
        }
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(known == text, "{name}: run CREDIT_SEED_BLESS=1 cargo test --lib schemas and look at what changed");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), TYPES.len(), "a schema of no type");
}
