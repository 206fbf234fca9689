//! `credit-seed report`: one page that needs nothing else.

use crate::place::{DEFAULT, Place};
use crate::servers::sql;

fn page(place: &Place, name: &str) -> String {
    String::from_utf8(place.read(name)).expect("the page is UTF-8")
}

#[test]
fn a_page_stands_alone_and_is_the_same_again() {
    let place = Place::seeded(300);
    place.run(&["report"]).exits(0).says(&["wrote report.html: 300 customers, seed 42, as of 2025-12-31; "]);
    let html = page(&place, "report.html");
    for section in ["closeness", "people", "credit", "lending", "wealth", "economy", "lives", "checks"] {
        assert!(html.contains(&format!("<section id=\"{section}\">")), "{section}");
        assert!(html.contains(&format!("<a href=\"#{section}\">")), "{section}");
    }
    for loaded in ["http:", "https:", " src=", "url(", "@import", "<script", "<link", "<iframe"] {
        assert!(!html.contains(loaded), "{loaded}");
    }
    for link in html.split(" href=\"").skip(1) {
        let target = link.split('"').next().unwrap().strip_prefix('#').expect("links stay on the page");
        assert!(html.contains(&format!(" id=\"{target}\"")), "{target}");
    }

    place.run(&["report", "--to", "again.html", "--quiet"]).exits(0);
    assert!(page(&place, "again.html") == html, "the same database, the same bytes");
    assert!(place.run(&["report", "--to", "-"]).exits(0).stdout == html, "the same on stdout");
    assert_eq!(place.files(), ["again.html", DEFAULT, "report.html"], "nothing is left half-written");
}

#[test]
fn a_page_that_exists_is_left_alone() {
    let place = Place::seeded(3);
    place.write("report.html", "mine");
    place.run(&["report"]).refuses(4, &["report.html exists and was left alone; give --overwrite to replace it"]);
    assert_eq!(page(&place, "report.html"), "mine");
    place.run(&["report", "--overwrite"]).exits(0);
    assert!(page(&place, "report.html").contains("A bank of 3 customers"));
    for verb in ["report", "export"] {
        place.run(&[verb, "--overwrite", "--to", DEFAULT]).refuses(4, &["is the database itself"]);
    }
    place.run(&["verify"]).exits(0);
    place.run(&["report", "--to", "no/where.html"]).refuses(1, &["no/where.html"]);
    place.run(&["report", "--to", "new.html", "--database-url", "sqlite://none.db"]).refuses(1, &["none.db"]);
    assert_eq!(place.files(), [DEFAULT, "report.html"]);
}

#[test]
fn databases_of_others_and_empty_ones_have_a_page() {
    let place = Place::seeded(40);
    sql(&place.sqlite(DEFAULT), "DELETE FROM credit_seed_runs; UPDATE customers SET first_name = '<b>Zed</b>'");
    place.run(&["report"]).exits(0).says(&["40 customers, not written by credit-seed; "]);
    let html = page(&place, "report.html");
    assert!(html.contains("not written by credit-seed") && html.contains("&lt;b&gt;Zed&lt;/b&gt;"), "{html}");
    assert!(!html.contains("<b>Zed"));

    place.run(&["--reset"]).exits(0);
    let html = place.run(&["report", "--to", "-"]).exits(0).stdout;
    assert!(html.contains("A bank of 0 customers") && html.contains("too few rows"), "{html}");

    place.write("theirs.db", "");
    let theirs = place.sqlite("theirs.db");
    sql(&theirs, "CREATE TABLE customers (name TEXT)");
    let html = place.run(&["report", "--to", "-", "--database-url", &theirs]).exits(0).stdout;
    assert!(html.contains("No life could be read") && html.contains("not written by credit-seed"), "{html}");
}
