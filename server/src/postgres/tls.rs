use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use std::{path::PathBuf, sync::Arc};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What an address says of encryption, in the words of PostgreSQL's own programs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    mode: Mode,
    /// Whose word on the server is taken; else the operating system's list.
    roots: Option<PathBuf>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Whatever the driver is told: `disable`, `prefer` or `require`. Who answers is not checked.
    #[default]
    Unverified,
    /// The certificate has to be the host's, and signed by one of the roots.
    Full,
}

/// Takes out of an address what the driver does not know: the rest, and what it was.
pub(super) fn asked(url: &str) -> Result<(String, Asked), String> {
    let mut asked = Asked::default();
    let Some((server, query)) = url.split_once('?') else { return Ok((url.into(), asked)) };
    let mut rest = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=').unwrap_or((pair, "")) {
            ("sslmode", "verify-full") => {
                asked.mode = Mode::Full;
                rest.push("sslmode=require");
            }
            ("sslmode", mode @ ("allow" | "verify-ca")) => {
                return Err(format!(
                    "sslmode={mode} is not known here: write disable, prefer, require or verify-full"
                ));
            }
            ("sslrootcert", path) => {
                let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
                asked.roots = Some(path.into_owned().into());
            }
            _ => rest.push(pair),
        }
    }
    if asked.roots.is_some() && asked.mode != Mode::Full {
        return Err("sslrootcert is read under sslmode=verify-full only; write that too".into());
    }
    Ok((format!("{server}?{}", rest.join("&")), asked))
}

impl Asked {
    /// What encrypts the connections, and checks who answers where that was asked for.
    pub(super) fn connector(&self) -> Result<MakeRustlsConnect, String> {
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let config = config.with_safe_default_protocol_versions().map_err(|e| e.to_string())?;
        let config = match self.mode {
            Mode::Full => config.with_root_certificates(self.roots()?),
            Mode::Unverified => {
                let anyone = Arc::new(Anyone(provider));
                config.dangerous().with_custom_certificate_verifier(anyone)
            }
        };
        Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
    }

    fn roots(&self) -> Result<RootCertStore, String> {
        let mut roots = RootCertStore::empty();
        let Some(path) = &self.roots else {
            // One that cannot be read is none; without any nobody is believed.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            return if roots.is_empty() {
                Err("sslmode=verify-full: this system has no list of certificates; name a file by \
                     sslrootcert"
                    .into())
            } else {
                Ok(roots)
            };
        };
        let unusable = |reason: &dyn std::fmt::Display| {
            format!("sslrootcert: {} holds no certificates: {reason}", path.display())
        };
        for root in CertificateDer::pem_file_iter(path).map_err(|error| unusable(&error))? {
            let root = root.map_err(|error| unusable(&error))?;
            roots.add(root).map_err(|error| unusable(&error))?;
        }
        if roots.is_empty() { Err(unusable(&"it is empty")) } else { Ok(roots) }
    }
}

/// Takes every server for the right one, as `sslmode=require` and `prefer` do: nobody who only
/// listens reads anything, but whoever stands in between does.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_does_not_know_is_taken_out_of_the_address() {
        let (url, said) =
            asked("postgres://a@h/d?options=-c%20x%3D1&sslmode=verify-full&sslrootcert=/a%20b.pem")
                .unwrap();
        assert_eq!(url, "postgres://a@h/d?options=-c%20x%3D1&sslmode=require");
        assert_eq!(said, Asked { mode: Mode::Full, roots: Some("/a b.pem".into()) });
        for plain in ["postgres://a@h/d", "postgres://a@h/d?sslmode=require&connect_timeout=3"] {
            assert_eq!(asked(plain).unwrap(), (plain.into(), Asked::default()));
        }
    }

    #[test]
    fn what_would_be_believed_to_be_checked_and_is_not_is_refused() {
        for url in ["postgres://h?sslmode=verify-ca", "postgres://h?sslrootcert=a.pem"] {
            assert!(asked(url).unwrap_err().contains("verify-full"), "{url}");
        }
        let (_, said) = asked("postgres://h?sslmode=verify-full&sslrootcert=nowhere.pem").unwrap();
        assert!(said.connector().err().unwrap().contains("nowhere.pem"));
    }
}
