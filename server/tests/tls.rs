//! TLS to PostgreSQL: on a real server with a certificate made here, asked for as PostgreSQL's own
//! programs are asked.

use funfair_cluster::{Cluster, Options};
use funfair_server::postgres::PostgresStore;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::fs;

/// An authority, by whose word a server is believed.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A certificate for a host, and its key.
    fn signs(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([host.to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

#[track_caller]
fn refused(url: &str, says: &str) {
    let Err(error) = PostgresStore::open(url, 1, 1) else { panic!("{url} was believed") };
    let error = error.to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn a_connection_is_as_private_as_its_address_asks() {
    let (ours, other) = (Authority::new("ours"), Authority::new("another"));
    let tls = Some(ours.signs("localhost"));
    let cluster = Cluster::start(&Options { tls, ..Options::default() });
    let folder = tempfile::tempdir().unwrap();
    let root = |name: &str, authority: &Authority| {
        let path = folder.path().join(name);
        fs::write(&path, &authority.pem).unwrap();
        path.display().to_string()
    };
    let (ours, other) = (root("ours.pem", &ours), root("other.pem", &other));
    let by_number = cluster.create("funfair_tls");
    let by_name = by_number.replace("127.0.0.1", "localhost");
    let encrypted = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                     WHERE application_name = 'funfair'";

    for (url, privately) in [
        (format!("{by_number}?sslmode=require"), "t"),
        (format!("{by_number}?sslmode=prefer"), "t"),
        (by_number.clone(), "t"),
        (format!("{by_name}?sslmode=verify-full&sslrootcert={ours}"), "t"),
        (format!("{by_number}?sslmode=disable"), "f"),
    ] {
        // It connects with the first question.
        let store = PostgresStore::open(&url, 1, 1).unwrap();
        let asked = funfair_engine::Store::member(&store, "p", "acme", "ann");
        assert_eq!(asked.unwrap(), None);
        assert_eq!(cluster.sql(None, encrypted), privately, "{url}");
    }

    refused(&format!("{by_name}?sslmode=verify-full&sslrootcert={other}"), "UnknownIssuer");
    let host = format!("{by_number}?sslmode=verify-full&sslrootcert={ours}");
    refused(&host, "certificate not valid for name \"127.0.0.1\"");
    refused(&format!("{by_name}?sslmode=verify-ca&sslrootcert={ours}"), "verify-full");
}

#[test]
fn a_server_without_tls_is_refused_where_tls_is_required() {
    let cluster = Cluster::start(&Options::default());
    let plain = cluster.create("funfair_plain");
    refused(&format!("{plain}?sslmode=require"), "server does not support TLS");
    assert!(PostgresStore::open(&format!("{plain}?sslmode=prefer"), 1, 1).is_ok());
}
