//! The address of a database: put together from its parts, and shown without its password.

use std::fmt::Write;

/// A URL with `***` in place of its password and of query parameters that are one.
///
/// A password that should have been percent-encoded and was not leaves it unclear where the password ends; rather too
/// much is hidden then.
pub fn redact_url(url: &str) -> String {
    let masked = mask_parameters(url);
    let start = masked.find("://").map_or(0, |scheme| scheme + 3);
    let (scheme, rest) = masked.split_at(start);
    match rest.rsplit_once('@') {
        Some((user, place)) => match user.split_once(':') {
            Some((user, _)) => format!("{scheme}{user}:***@{place}"),
            None => masked,
        },
        // The @ went with a parameter: where the user's part ends is anybody's guess.
        None if url.contains('@') => format!("{scheme}***"),
        None => masked,
    }
}

fn mask_parameters(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else { return url.to_owned() };
    let masked = query.split('&').map(|parameter| match parameter.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}=***"),
        _ => parameter.to_owned(),
    });
    format!("{before}?{}", masked.collect::<Vec<_>>().join("&"))
}

fn is_secret(parameter: &str) -> bool {
    let name = parameter.to_ascii_lowercase();
    name.ends_with("password") || name.ends_with("passwd") || name == "pwd"
}

/// The URL that the bare variables `DB_HOST`, `DB_PORT`, `DB_NAME`, `DB_USER`, `DB_PASSWORD` and `DB_ENGINE` spell,
/// and the names of those it is made of; `None` if neither a host nor a name is given.
///
/// An error is the variable at fault and a sentence about it.
pub(super) fn from_parts<'a>(
    variable: impl Fn(&'static str) -> Option<&'a str>,
) -> Result<Option<(String, String)>, (&'static str, String)> {
    let (host, name) = (variable("DB_HOST"), variable("DB_NAME"));
    if host.is_none() && name.is_none() {
        return Ok(None);
    }
    let engine = variable("DB_ENGINE").map(str::to_ascii_lowercase);
    let (scheme, port) = match engine.as_deref() {
        None | Some("mysql" | "mariadb") => ("mysql", 3306),
        Some("postgres" | "postgresql") => ("postgres", 5432),
        Some("sqlite") => {
            let file = name.unwrap_or("credit_risk_analysis.db");
            let made_of = name.map_or("DB_ENGINE", |_| "DB_NAME, DB_ENGINE");
            return Ok(Some((format!("sqlite://{}", encode(file, "/:")), made_of.to_owned())));
        }
        Some(other) => {
            let why =
                format!("{other:?} is not a kind of database; give mysql, mariadb, postgres, postgresql or sqlite");
            return Err(("DB_ENGINE", why));
        }
    };
    let port = match variable("DB_PORT") {
        None => port,
        Some(text) => text
            .trim()
            .parse::<u16>()
            .ok()
            .filter(|port| *port > 0)
            .ok_or_else(|| ("DB_PORT", format!("{text:?} is not a port; give a whole number from 1 to 65535")))?,
    };
    let user = match (variable("DB_USER"), variable("DB_PASSWORD")) {
        (None, None) => String::new(),
        (user, None) => format!("{}@", encode(user.unwrap_or_default(), "")),
        (user, Some(password)) => format!("{}:{}@", encode(user.unwrap_or_default(), ""), encode(password, "")),
    };
    let host = match host.unwrap_or("localhost") {
        // An IPv6 address is told from its port by brackets.
        host if host.contains(':') && !host.starts_with('[') => format!("[{host}]"),
        host => encode(host, "[]:"),
    };
    let name = encode(name.unwrap_or("credit_risk_analysis"), "");
    let parts = ["DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD", "DB_ENGINE"];
    let made_of: Vec<_> = parts.into_iter().filter(|part| variable(part).is_some()).collect();
    Ok(Some((format!("{scheme}://{user}{host}:{port}/{name}"), made_of.join(", "))))
}

/// Percent-encodes everything but the unreserved characters of RFC 3986 and those of `keep`.
fn encode(text: &str, keep: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-._~".contains(c) || keep.contains(c) {
            encoded.push(c);
        } else {
            // Writing to a String does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        for (url, shown) in [
            ("sqlite://bank.db", "sqlite://bank.db"),
            ("postgres://localhost/bank", "postgres://localhost/bank"),
            ("postgres://ann@localhost:5432/bank", "postgres://ann@localhost:5432/bank"),
            ("postgres://ann:SECRET@localhost:5432/bank", "postgres://ann:***@localhost:5432/bank"),
            ("mysql://:SECRET@h/d", "mysql://:***@h/d"),
            ("mysql://u:SEC:RET@h/d", "mysql://u:***@h/d"),
            ("mysql://u:SEC@RET@h/d", "mysql://u:***@h/d"),
            ("mysql://u:SEC/RET@h/d", "mysql://u:***@h/d"),
            ("mysql://u:SEC?RET#@h/d", "mysql://u:***@h/d"),
            ("mysql://u:@h/d", "mysql://u:***@h/d"),
            ("u:SECRET@h", "u:***@h"),
            (
                "postgres://h/d?user=u&password=SECRET&sslmode=require",
                "postgres://h/d?user=u&password=***&sslmode=require",
            ),
            ("postgres://u:SECRET@h/d?sslPassword=SEC@RET", "postgres://u:***@h/d?sslPassword=***"),
            ("postgres://h/d?PASSWORD=SECRET@", "postgres://***"),
            ("postgres://u:SECRET?password=SECRET@h/d", "postgres://***"),
        ] {
            assert_eq!(redact_url(url), shown);
        }
    }

    fn from(variables: &[(&str, &'static str)]) -> Result<Option<(String, String)>, (&'static str, String)> {
        from_parts(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
    }

    #[test]
    fn parts_make_a_url() {
        let url = |variables: &[_]| from(variables).unwrap().unwrap().0;
        assert_eq!(from(&[("DB_USER", "u"), ("DB_PASSWORD", "p"), ("DB_PORT", "x")]), Ok(None));
        assert_eq!(url(&[("DB_HOST", "db")]), "mysql://db:3306/credit_risk_analysis");
        assert_eq!(url(&[("DB_NAME", "a b")]), "mysql://localhost:3306/a%20b");
        assert_eq!(
            from(&[("DB_HOST", "::1"), ("DB_USER", "a@b"), ("DB_PASSWORD", "p:/ü%"), ("DB_ENGINE", "PostgreSQL")]),
            Ok(Some((
                "postgres://a%40b:p%3A%2F%C3%BC%25@[::1]:5432/credit_risk_analysis".to_owned(),
                "DB_HOST, DB_USER, DB_PASSWORD, DB_ENGINE".to_owned()
            )))
        );
        assert_eq!(
            url(&[("DB_HOST", "h"), ("DB_PORT", "3307"), ("DB_ENGINE", "mariadb")]),
            "mysql://h:3307/credit_risk_analysis"
        );
        assert_eq!(url(&[("DB_NAME", "/tmp/a?b.db"), ("DB_ENGINE", "sqlite")]), "sqlite:///tmp/a%3Fb.db");
    }

    #[test]
    fn wrong_parts_are_named() {
        let (variable, why) = from(&[("DB_HOST", "h"), ("DB_PORT", "65536")]).unwrap_err();
        assert_eq!(
            (variable, why.as_str()),
            ("DB_PORT", "\"65536\" is not a port; give a whole number from 1 to 65535")
        );
        let (variable, why) = from(&[("DB_HOST", "h"), ("DB_ENGINE", "oracle")]).unwrap_err();
        assert!(
            variable == "DB_ENGINE" && why.starts_with("\"oracle\" is not a kind of database; give mysql"),
            "{why}"
        );
    }
}
