//! The JSON Schema of a scenario file, for editors: completion, and a squiggle under what is out of range.

use serde_json::{Map, Value, json};

use super::streams::{STREAM_KEYS, StreamKey};
use super::{Form, KEYS, Key, Settings};

/// A schema of draft 2020-12, made from [`KEYS`].
///
/// It is a little stricter than the program, which also takes names in any case of letters and `1_000` for 1000.
pub fn json_schema() -> Value {
    let defaults = Settings::default();
    let mut properties = Map::new();
    for key in KEYS {
        properties.insert(key.name.to_owned(), property(key, &defaults));
        for alias in key.aliases {
            let mut same = property(key, &defaults);
            same["description"] = json!(format!("The same as {}. {}", key.name, described(key)));
            properties.insert((*alias).to_owned(), same);
        }
    }
    let of_streams = defaults.scenario.streams.to_map();
    for key in STREAM_KEYS {
        properties.insert(key.name.to_owned(), of_stream(key, &of_streams[key.name]));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of credit-seed",
        "description": "Every key may be left out; what is left out has its default.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// The kind of a stream's key is that of its default.
fn of_stream(key: &StreamKey, default: &Value) -> Value {
    let mut schema = json!({ "description": format!("{}.", key.about), "default": default });
    match default {
        Value::Null => {
            schema.as_object_mut().map(|schema| schema.remove("default"));
        }
        Value::Bool(_) => schema["type"] = json!("boolean"),
        Value::Number(_) => schema["type"] = json!("number"),
        Value::String(_) => schema["type"] = json!("string"),
        Value::Array(_) => schema["type"] = json!("array"),
        Value::Object(_) => schema["type"] = json!("object"),
    }
    schema
}

fn described(key: &Key) -> String {
    format!("{}. Give {}.", key.about, key.range)
}

fn property(key: &Key, defaults: &Settings) -> Value {
    let mut schema = match key.form {
        Form::Whole(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Form::Number(low, high) => json!({ "type": "number", "minimum": low, "maximum": high }),
        Form::Truth => json!({ "type": "boolean" }),
        Form::Date => json!({ "type": "string", "pattern": "^(today|[0-9]{4}-[0-9]{2}-[0-9]{2})$" }),
        Form::Words(words) => json!({ "enum": words }),
        Form::WordsOrWhole(words, low, high) => {
            json!({ "anyOf": [{ "enum": words }, { "type": "integer", "minimum": low, "maximum": high }] })
        }
        Form::Text(pattern) => json!({ "type": "string", "pattern": pattern }),
    };
    schema["description"] = json!(described(key));
    // How many threads are the default depends on the machine.
    if key.name != "jobs" {
        let text = (key.get)(defaults);
        let is_text = matches!(key.form, Form::Date | Form::Words(_) | Form::Text(_));
        let read = if is_text { None } else { serde_json::from_str(&text).ok() };
        schema["default"] = read.unwrap_or_else(|| json!(text));
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_in_it_with_its_range_and_default() {
        let schema = json_schema();
        for key in KEYS {
            let property = &schema["properties"][key.name];
            assert!(property["description"].as_str().is_some_and(|about| about.contains(key.range)), "{}", key.name);
        }
        assert_eq!(schema["properties"]["credit_history_entries"]["maximum"], 60);
        assert_eq!(schema["properties"]["rate_shift"]["minimum"], -10.0);
        assert_eq!(schema["properties"]["as_of"]["default"], "2025-12-31");
        assert_eq!(schema["properties"]["recession"]["default"], "random");
        assert_eq!(schema["properties"]["exact_loan_applications"]["default"], false);
        assert_eq!(schema["properties"]["customer_count"]["maximum"], 48_995_100);
    }
}
