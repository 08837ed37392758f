//! Addresses as `postgres://NAME@HOST:PORT/DATABASE?options`.

/// The same server, another database.
pub fn with_database(address: &str, database: &str) -> String {
    let (head, query) = match address.split_once('?') {
        Some((head, query)) => (head, Some(query)),
        None => (address, None),
    };
    let server = match head.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split_once('/').map_or(rest, |(host, _)| host);
            format!("{scheme}://{host}")
        }
        None => panic!("an address begins with postgres://, and this does not: {head}"),
    };
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{server}/{database}{query}")
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[track_caller]
    fn check(address: &str, expected: &str) {
        assert_eq!(with_database(address, "new"), expected);
    }

    #[test]
    fn the_database_is_replaced_and_all_else_stays() {
        check("postgres://a:b@host:1/old", "postgres://a:b@host:1/new");
        check("postgres://a@host", "postgres://a@host/new");
        check("postgresql://a@host/old?sslmode=require", "postgresql://a@host/new?sslmode=require");
        check("postgres://host/?options=-c%20a%3Db/c", "postgres://host/new?options=-c%20a%3Db/c");
    }
}
