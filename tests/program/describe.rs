//! The data dictionary, as Markdown and as JSON.

use credit_seed::model::TABLES;
use serde_json::Value;

use crate::place::Place;

#[test]
fn both_forms_name_every_column_and_agree() {
    let place = Place::new();
    let markdown = place.run(&["describe"]).exits(0).stdout.replace('\\', "");
    let json = place.run(&["describe", "--format", "json"]).exits(0).json();
    let entries = json["tables"].as_array().unwrap();
    assert_eq!(names(entries), TABLES.map(|table| table.name()));
    let mut sections = markdown.split("\n## ").skip(1);
    for (table, entry) in TABLES.iter().zip(entries) {
        let section = sections.next().unwrap();
        assert!(section.starts_with(&format!("{}\n", table.name())), "{section}");
        assert!(section.contains(entry["about"].as_str().unwrap()), "{section}");
        let columns = entry["columns"].as_array().unwrap();
        assert_eq!(names(columns), table.columns().map(|column| column.name).collect::<Vec<_>>());
        for column in columns {
            let of = |key: &str| column[key].as_str().unwrap_or_default();
            let row = section.lines().find(|line| line.starts_with(&format!("| {} | {}", of("name"), of("type"))));
            let row = row.unwrap_or_else(|| panic!("no row of {} in {section}", of("name")));
            for fact in ["unit", "about", "origin", "references"] {
                assert!(row.contains(of(fact)), "{fact}: {row}");
            }
            assert_eq!(row.contains(", or NULL"), column["nullable"] == true, "{row}");
        }
    }
    assert_eq!(sections.next(), None);
    assert!(place.files().is_empty(), "no database is made");
}

#[test]
fn machines_are_told_what_a_column_may_hold() {
    let json = Place::new().run(&["describe", "--tables", "loans", "--format", "json"]).exits(0).json();
    let column = |name: &str| {
        let columns = json["tables"][0]["columns"].as_array().unwrap();
        columns.iter().find(|column| column["name"] == name).unwrap().clone()
    };
    let principal = column("principal");
    assert_eq!((&principal["type"], &principal["unit"]), (&"decimal(12,2)".into(), &"USD".into()));
    assert_eq!(principal["values"]["range"], serde_json::json!({ "min": "0.01", "max": "9999999999.99" }));
    assert_eq!(column("status")["values"]["one_of"][0], "current");
    assert_eq!(column("loan_id")["key"], "primary");
    let application = column("application_id");
    assert_eq!(application["key"], "unique");
    assert_eq!(application["references"], "loan_applications.application_id");
    assert_eq!(application["values"], Value::Null);
}

#[test]
fn only_the_tables_that_are_named() {
    let place = Place::new();
    let tables = ["--tables", "loans,customers"];
    let json = place.run(&[&["describe", "--format", "json"], &tables[..]].concat()).exits(0).json();
    assert_eq!(names(json["tables"].as_array().unwrap()), ["customers", "loans"], "parents first");
    let markdown = place.run(&[&["describe"], &tables[..]].concat()).exits(0).stdout;
    let sections: Vec<_> = markdown.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(sections, ["customers", "loans"]);
    place
        .run(&["describe", "--tables", "loans,lones"])
        .refuses(2, &["no table \"lones\"", "market_data, banks, customers, "]);
}

fn names(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["name"].as_str().unwrap()).collect()
}
