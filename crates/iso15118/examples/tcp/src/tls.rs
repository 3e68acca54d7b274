//! TLS 1.3 by `rustls`.
//!
//! What it does not do: the TLS 1.2 of -2, whose cipher suites (CBC) `rustls` leaves out; the vehicle's certificate, which
//! -20 asks for; the profiles' curves beyond those of its cryptography (P-256 and P-384).

extern crate alloc;

use alloc::sync::Arc;
use std::net::TcpStream;
use std::path::Path;

use anyhow::{Context as _, Result};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};

use crate::Stream;

/// The name in the certificates that [`Identity::new_signed_by_itself`] makes, and that vehicles expect.
pub const NAME: &str = "localhost";

/// A charger's certificates, its own first, and key.
#[derive(Debug)]
pub struct Identity(Arc<ServerConfig>);

impl Identity {
    /// From PEM files.
    ///
    /// # Errors
    /// They cannot be read or do not belong together.
    pub fn from_files(chain: &Path, key: &Path) -> Result<Self> {
        let certificates = certificates(chain)?;
        let key = PrivateKeyDer::from_pem_file(key)
            .with_context(|| format!("no private key in {}", key.display()))?;
        Self::new(certificates, key)
    }

    /// A new key of P-256 with a certificate signed by itself, which is written for vehicles to trust.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn new_signed_by_itself(certificate: &Path) -> Result<Self> {
        let made = rcgen::generate_simple_self_signed([NAME.to_owned()])?;
        std::fs::write(certificate, made.cert.pem())
            .with_context(|| format!("writing {}", certificate.display()))?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        Self::new(vec![made.cert.der().clone()], key.into())
    }

    fn new(
        certificates: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self> {
        let config = ServerConfig::builder_with_protocol_versions(&[&rustls::version::TLS13])
            .with_no_client_auth()
            .with_single_cert(certificates, key)?;
        Ok(Self(Arc::new(config)))
    }

    /// A connection that a vehicle has opened.
    ///
    /// # Errors
    /// The configuration allows none.
    pub fn accept(&self, socket: TcpStream) -> Result<Stream> {
        let connection = ServerConnection::new(Arc::clone(&self.0))?;
        Ok(Stream::Server(Box::new(rustls::StreamOwned::new(connection, socket))))
    }
}

/// A connection to a charger whose certificate comes from one in the file.
///
/// # Errors
/// The file has no certificate.
pub fn connect(socket: TcpStream, trusted: &Path, name: &str) -> Result<Stream> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(trusted)? {
        roots.add(certificate)?;
    }
    let config = ClientConfig::builder_with_protocol_versions(&[&rustls::version::TLS13])
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).context("the charger's name")?;
    let connection = ClientConnection::new(Arc::new(config), name)?;
    Ok(Stream::Client(Box::new(rustls::StreamOwned::new(connection, socket))))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let read = || CertificateDer::pem_file_iter(file)?.collect::<Result<Vec<_>, _>>();
    let certificates = read().with_context(|| format!("reading {}", file.display()))?;
    anyhow::ensure!(!certificates.is_empty(), "no certificate in {}", file.display());
    Ok(certificates)
}
