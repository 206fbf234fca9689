//! The scenario file: a flat list of `key: value`, read as text with the line each key stands on.

use std::fmt;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_saphyr::{Spanned, with_deserializer_from_str_with_options};

use super::keys::{KEYS, Key, find, nearest};
use super::redact_url;
use super::streams::{self, STREAM_KEYS, StreamKey};
use crate::error::{Error, Result};

/// A key of the file with its value, as written, and its line, from 1.
pub(super) struct Entry {
    pub key: &'static Key,
    pub value: String,
    pub line: u64,
}

/// A key of the event streams with its value and its line.
pub(super) struct StreamEntry {
    pub key: &'static StreamKey,
    pub value: serde_json::Value,
    pub line: u64,
}

/// Reads the text of the scenario file at `path`.
pub(super) fn read(path: &Path, text: &str) -> Result<(Vec<Entry>, Vec<StreamEntry>)> {
    let path = path.display();
    let mut raw = Raw::default();
    // Without excerpts, for a line may hold a password.
    let options = serde_saphyr::options! { with_snippet: false };
    if let Err(error) = with_deserializer_from_str_with_options(text, options, |yaml| raw.deserialize_from(yaml)) {
        return Err(Error::Scenario(format!("{path}{}", raw.explain(&error))));
    }

    let given_twice = |name: &str, line: u64, earlier: u64| {
        Error::Scenario(format!("{path}:{line}: {name} is already given in line {earlier}; remove one of the two"))
    };
    let mut of_streams: Vec<StreamEntry> = Vec::new();
    for entry in raw.of_streams {
        if let Some(earlier) = of_streams.iter().find(|earlier| earlier.key.name == entry.key.name) {
            return Err(given_twice(entry.key.name, entry.line, earlier.line));
        }
        of_streams.push(entry);
    }
    let mut entries: Vec<Entry> = Vec::new();
    for (name, line, value) in raw.entries {
        let Some(key) = find(&name) else {
            let ours = nearest(&name).map(|key| key.name);
            let way_out = match ours.or_else(|| streams::nearest(&name).map(|key| key.name)) {
                Some(known) => format!("did you mean {known:?}?"),
                None => {
                    let known = KEYS.iter().map(|key| key.name).chain(STREAM_KEYS.iter().map(|key| key.name));
                    format!("the keys are {}", known.collect::<Vec<_>>().join(", "))
                }
            };
            // A password can stand even here, where somebody wrote an address and forgot its key.
            return Err(Error::Scenario(format!("{path}:{line}: unknown key {:?}; {way_out}", redact_url(&name))));
        };
        if let Some(earlier) = entries.iter().find(|entry| entry.key.name == key.name) {
            return Err(given_twice(key.name, line, earlier.line));
        }
        entries.push(Entry { key, value, line });
    }
    Ok((entries, of_streams))
}

/// What was read so far: it outlives an error, to tell which key the error is about.
#[derive(Default)]
struct Raw {
    /// Key, line and value.
    entries: Vec<(String, u64, String)>,
    of_streams: Vec<StreamEntry>,
    /// The key whose value is being read, and its line.
    at: Option<(String, u64)>,
}

impl Raw {
    fn deserialize_from<'de, D: Deserializer<'de>>(&mut self, yaml: D) -> Result<(), D::Error> {
        DeserializeSeed::deserialize(self, yaml)
    }

    /// The sentence for an error, from the colon behind the path.
    fn explain(&self, error: &serde_saphyr::Error) -> String {
        use serde_saphyr::Error as Yaml;
        let location = error.location();
        let place = location.map_or(String::new(), |at| format!(":{}:{}", at.line(), at.column()));
        match (error.without_snippet(), &self.at) {
            (Yaml::NullIntoString { .. }, Some((key, line))) => {
                format!(":{line}: {key} has no value; give it one, or remove the line")
            }
            (Yaml::Unexpected { .. }, Some((key, line))) => {
                format!(":{line}: {key} has a list or further keys for a value; give a single number, date or word")
            }
            (Yaml::DuplicateMappingKey { key, .. }, _) => {
                let key = key.as_deref().unwrap_or("a key");
                format!("{place}: {key} is given twice; remove one of the two")
            }
            (Yaml::MultipleDocuments { .. }, _) => {
                format!("{place}: a second document begins here; a scenario file holds one, so remove the line ---")
            }
            // The crate's text would quote the value, and that may hold a password.
            (Yaml::SerdeInvalidType { .. } | Yaml::NullIntoString { .. } | Yaml::Unexpected { .. }, _) => {
                format!("{place}: a scenario file is made of lines `key: value`, such as `customers: 100`")
            }
            (_, _) => format!("{place}: this cannot be read as YAML: {}", plain(error)),
        }
    }
}

/// The crate's text without the place at its end, which we give at the beginning.
fn plain(error: &serde_saphyr::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

impl<'de> DeserializeSeed<'de> for &mut Raw {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, yaml: D) -> Result<(), D::Error> {
        yaml.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Raw {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lines of `key: value`")
    }

    /// An empty file, or one of comments alone.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        // As strings, so that 1_000 and 2.50 arrive as they were written and every layer reads them alike.
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let line = key.referenced.line();
            self.at = Some((key.value.clone(), line));
            if let Some(key) = streams::find(&key.value) {
                self.of_streams.push(StreamEntry { key, line, value: map.next_value()? });
                self.at = None;
                continue;
            }
            let value: String = map.next_value()?;
            self.at = None;
            self.entries.push((key.value, line, value));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(text: &str) -> Vec<(&'static str, String, u64)> {
        let (entries, _) = read(Path::new("x.yaml"), text).unwrap();
        entries.into_iter().map(|entry| (entry.key.name, entry.value, entry.line)).collect()
    }

    fn error(text: &str) -> String {
        read(Path::new("x.yaml"), text).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn keys_come_with_their_text_and_line() {
        let text = "# a comment\nseed: 1_000\n\nCUSTOMER_COUNT: '7' # seven\nloan_applications_per_customer: 2.50\nas_of: 2025-12-31\n";
        let expected = [
            ("seed", "1_000", 2),
            ("customers", "7", 4),
            ("loan_applications_per_customer", "2.50", 5),
            ("as_of", "2025-12-31", 6),
        ];
        assert_eq!(keys(text), expected.map(|(key, value, line)| (key, value.to_owned(), line)));
        assert_eq!(keys("\u{feff}seed: 1\r\njobs: 2\r\n").len(), 2);
    }

    #[test]
    fn an_empty_file_sets_nothing() {
        for text in ["", "\n", "# only this\n", "---\n", "~"] {
            assert_eq!(keys(text), []);
        }
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        for (text, sentence) in [
            ("seed: 1\n\ncustmers: 5\n", "x.yaml:3: unknown key \"custmers\"; did you mean \"customers\"?"),
            ("seed: 1\nseed: 2\n", "x.yaml:2:1: seed is given twice; remove one of the two"),
            (
                "customers: 1\nseed: 1\nCustomer_Count: 2\n",
                "x.yaml:3: customers is already given in line 1; remove one of the two",
            ),
            ("seed:\n", "x.yaml:1: seed has no value; give it one, or remove the line"),
            (
                "jobs: 1\nseed:\n  deep: 1\n",
                "x.yaml:2: seed has a list or further keys for a value; give a single number, date or word",
            ),
            (
                "seed: [1, 2]\n",
                "x.yaml:1: seed has a list or further keys for a value; give a single number, date or word",
            ),
            ("- seed\n", "x.yaml: a scenario file is made of lines `key: value`, such as `customers: 100`"),
            ("mysql://u:secret@h\n", "x.yaml: a scenario file is made of lines `key: value`, such as `customers: 100`"),
            (
                "seed: 1\n---\njobs: 1\n",
                "x.yaml:3:1: a second document begins here; a scenario file holds one, so remove the line ---",
            ),
            ("seed: 1: 2\n", "x.yaml:1:8: this cannot be read as YAML: mapping values are not allowed in this context"),
        ] {
            assert_eq!(error(text), sentence);
        }
        assert!(
            error("colour: red").starts_with("x.yaml:1: unknown key \"colour\"; the keys are seed, as_of, customers, ")
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", lines in "([a-z_]{0,9}[:&*!|>\\[{\"'-]? ?[0-9a-z\\]}]{0,4}\n){0,6}") {
            let _ = read(Path::new("x.yaml"), &text);
            let _ = read(Path::new("x.yaml"), &lines);
        }

        #[test]
        fn any_quoted_value_comes_as_it_is(value in "[ -~&&[^\"\\\\]]*") {
            prop_assert_eq!(keys(&format!("database_url: \"{value}\"\n")), [("database_url", value, 1)]);
        }
    }
}
