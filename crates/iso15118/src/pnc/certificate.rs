//! Certificate chains under the limits of the profiles. Parsing is the crate `x509-cert`'s; what a chain must be is here.
//!
//! Revocation is not checked: that needs an OCSP answer, which is the host's.

use x509_cert::Certificate;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use super::{Algorithm, Verify};

/// What a profile allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The signature of every certificate, and the curve of every key.
    pub algorithm: Algorithm,
    /// Octets of a certificate at most.
    pub octets: usize,
    /// Certificates below the root at most.
    pub chain: usize,
}

impl Limits {
    /// -2: P-256 with SHA-256, 800 octets, three below the root.
    pub const ISO2: Self = Self { algorithm: Algorithm::EcdsaP256, octets: 800, chain: 3 };
    /// -20: P-521 with SHA-512, 1,600 octets (as amended), the leaf and three below the root.
    pub const ISO20: Self = Self { algorithm: Algorithm::EcdsaP521, octets: 1600, chain: 4 };
    /// -20 with Ed448.
    pub const ISO20_ED448: Self = Self { algorithm: Algorithm::Ed448, ..Self::ISO20 };
}

/// Why a chain does not hold; certificates are counted from the leaf, 0. Nothing of a certificate is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// No certificate, or more than the profile allows.
    #[error("expected 1 to {most} certificates, got {got}")]
    Length {
        /// Certificates at most.
        most: u8,
        /// Certificates given.
        got: u8,
    },
    /// A certificate is longer than the profile allows.
    #[error("certificate {index} has {got} octets")]
    Octets {
        /// Which.
        index: u8,
        /// Its octets.
        got: u16,
    },
    /// A certificate is none.
    #[error("certificate {index} is not DER of X.509")]
    Undecodable {
        /// Which.
        index: u8,
    },
    /// A certificate is not yet valid at the time given.
    #[error("certificate {index} is not yet valid")]
    NotYetValid {
        /// Which.
        index: u8,
    },
    /// A certificate is no longer valid at the time given.
    #[error("certificate {index} is no longer valid")]
    Expired {
        /// Which.
        index: u8,
    },
    /// The issuer is not the subject of the next certificate, or of any root.
    #[error("certificate {index} has another issuer")]
    Issuer {
        /// Which.
        index: u8,
    },
    /// The issuer may not sign certificates, or not so many below it.
    #[error("the issuer of certificate {index} may not sign it")]
    NotAnAuthority {
        /// Which.
        index: u8,
    },
    /// The key or the signature is of another kind than the profile's.
    #[error("certificate {index} is of another algorithm")]
    Algorithm {
        /// Which.
        index: u8,
    },
    /// The leaf may not sign messages.
    #[error("the leaf may not sign")]
    KeyUsage,
    /// A critical extension is not understood.
    #[error("certificate {index} has a critical extension that is not understood")]
    CriticalExtension {
        /// Which.
        index: u8,
    },
    /// The issuer did not sign it.
    #[error("certificate {index} is not signed by its issuer")]
    Signature {
        /// Which.
        index: u8,
    },
}

/// The public key of a certificate, by the profile's algorithm.
#[derive(Debug, Clone)]
pub enum PublicKey {
    /// P-256.
    P256(p256::ecdsa::VerifyingKey),
    /// P-521.
    P521(p521::ecdsa::VerifyingKey),
    /// Ed448.
    #[cfg(feature = "ed448")]
    Ed448(ed448_goldilocks::VerifyingKey),
}

impl PublicKey {
    fn of(certificate: &Certificate, algorithm: Algorithm) -> Option<Self> {
        let key = certificate.tbs_certificate().subject_public_key_info();
        let curve = |oid: ObjectIdentifier| {
            let parameters = key.algorithm.parameters.as_ref();
            let named = parameters.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
            key.algorithm.oid == EC_PUBLIC_KEY && named == Some(oid)
        };
        let octets = key.subject_public_key.as_bytes()?;
        match algorithm {
            Algorithm::EcdsaP256 if curve(P256) => {
                p256::ecdsa::VerifyingKey::from_sec1_bytes(octets).ok().map(Self::P256)
            }
            Algorithm::EcdsaP521 if curve(P521) => {
                p521::ecdsa::VerifyingKey::from_sec1_bytes(octets).ok().map(Self::P521)
            }
            #[cfg(feature = "ed448")]
            Algorithm::Ed448 if key.algorithm.oid == ED448 => {
                let octets: &[u8; 57] = octets.try_into().ok()?;
                ed448_goldilocks::VerifyingKey::from_bytes(octets).ok().map(Self::Ed448)
            }
            _ => None,
        }
    }

    /// Whether a signature in the form of X.509 holds: DER of `r` and `s`, of Ed448 its octets.
    fn verify_der(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => p256::ecdsa::DerSignature::try_from(signature)
                .is_ok_and(|made| signature::Verifier::verify(key, message, &made).is_ok()),
            Self::P521(key) => p521::ecdsa::DerSignature::try_from(signature)
                .is_ok_and(|made| signature::Verifier::verify(key, message, &made).is_ok()),
            #[cfg(feature = "ed448")]
            Self::Ed448(key) => key.verify(message, signature),
        }
    }
}

impl Verify for PublicKey {
    fn algorithm(&self) -> Algorithm {
        match self {
            Self::P256(_) => Algorithm::EcdsaP256,
            Self::P521(_) => Algorithm::EcdsaP521,
            #[cfg(feature = "ed448")]
            Self::Ed448(_) => Algorithm::Ed448,
        }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => Verify::verify(key, message, signature),
            Self::P521(key) => Verify::verify(key, message, signature),
            #[cfg(feature = "ed448")]
            Self::Ed448(key) => Verify::verify(key, message, signature),
        }
    }
}

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const ED448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.113");
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_WITH_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");

/// The public key of one certificate, whatever signed it.
///
/// # Errors
/// It is none, or of another algorithm.
pub fn public_key(certificate: &[u8], algorithm: Algorithm) -> Result<PublicKey, ChainError> {
    let certificate =
        Certificate::from_der(certificate).map_err(|_| ChainError::Undecodable { index: 0 })?;
    PublicKey::of(&certificate, algorithm).ok_or(ChainError::Algorithm { index: 0 })
}

/// Checks a chain, the leaf first, its sub-certificates upward, against roots that are trusted, at a time in seconds since
/// 1970-01-01T00:00Z; gives the leaf's key.
///
/// # Errors
/// It does not hold; the error tells where.
pub fn check_chain(
    chain: &[&[u8]],
    roots: &[&[u8]],
    limits: Limits,
    seconds: u64,
) -> Result<PublicKey, ChainError> {
    let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    if chain.is_empty() || chain.len() > limits.chain {
        return Err(ChainError::Length { most: small(limits.chain), got: small(chain.len()) });
    }
    let mut below: Option<(u8, Certificate)> = None;
    let mut leaf_key = None;
    for (octets, index) in chain.iter().zip(0_u8..) {
        let certificate = parse(octets, index, limits)?;
        check_validity(&certificate, index, seconds)?;
        let key =
            PublicKey::of(&certificate, limits.algorithm).ok_or(ChainError::Algorithm { index })?;
        match &below {
            None => check_leaf(&certificate)?,
            Some((below_index, below)) => {
                check_issued(below, *below_index, &certificate, &key, limits)?;
            }
        }
        leaf_key.get_or_insert(key);
        below = Some((index, certificate));
    }
    let (Some((index, top)), Some(key)) = (below, leaf_key) else {
        return Err(ChainError::Length { most: small(limits.chain), got: 0 });
    };
    check_root(&top, index, roots, limits, seconds)?;
    Ok(key)
}

fn parse(octets: &[u8], index: u8, limits: Limits) -> Result<Certificate, ChainError> {
    if octets.len() > limits.octets {
        let got = u16::try_from(octets.len()).unwrap_or(u16::MAX);
        return Err(ChainError::Octets { index, got });
    }
    Certificate::from_der(octets).map_err(|_| ChainError::Undecodable { index })
}

fn check_validity(certificate: &Certificate, index: u8, seconds: u64) -> Result<(), ChainError> {
    let validity = certificate.tbs_certificate().validity();
    if seconds < validity.not_before.to_unix_duration().as_secs() {
        return Err(ChainError::NotYetValid { index });
    }
    if seconds > validity.not_after.to_unix_duration().as_secs() {
        return Err(ChainError::Expired { index });
    }
    // Basic constraints, key usage, and those that restrict nothing here: key identifiers, CRL and OCSP addresses.
    let extensions = certificate.tbs_certificate().extensions().map_or(&[][..], |e| e.as_slice());
    let is_known = |oid| oid == BASIC_CONSTRAINTS || oid == KEY_USAGE;
    if extensions.iter().any(|extension| extension.critical && !is_known(extension.extn_id)) {
        return Err(ChainError::CriticalExtension { index });
    }
    Ok(())
}

fn check_leaf(leaf: &Certificate) -> Result<(), ChainError> {
    let usage = leaf.tbs_certificate().get_extension::<KeyUsage>();
    match usage {
        Ok(None) => Ok(()),
        Ok(Some((_, usage))) if usage.digital_signature() => Ok(()),
        _ => Err(ChainError::KeyUsage),
    }
}

/// Whether `issuer` may have issued `below`, and did.
fn check_issued(
    below: &Certificate,
    index: u8,
    issuer: &Certificate,
    key: &PublicKey,
    limits: Limits,
) -> Result<(), ChainError> {
    if below.tbs_certificate().issuer() != issuer.tbs_certificate().subject() {
        return Err(ChainError::Issuer { index });
    }
    let authority = issuer.tbs_certificate();
    let constraints = authority.get_extension::<BasicConstraints>();
    // Authorities between the issuer and the leaf.
    let between = index;
    let may_sign = match constraints {
        Ok(Some((_, constraints))) => {
            constraints.ca && constraints.path_len_constraint.is_none_or(|most| between <= most)
        }
        _ => false,
    };
    let usage = match authority.get_extension::<KeyUsage>() {
        Ok(usage) => usage.is_none_or(|(_, usage)| usage.key_cert_sign()),
        Err(_) => false,
    };
    if !may_sign || !usage {
        return Err(ChainError::NotAnAuthority { index });
    }
    let method = match limits.algorithm {
        Algorithm::EcdsaP256 => ECDSA_WITH_SHA256,
        Algorithm::EcdsaP521 => ECDSA_WITH_SHA512,
        Algorithm::Ed448 => ED448,
    };
    let inner = below.tbs_certificate().signature();
    if below.signature_algorithm().oid != method || below.signature_algorithm() != inner {
        return Err(ChainError::Algorithm { index });
    }
    let signed = below.tbs_certificate().to_der();
    let value = below.signature().as_bytes();
    match (signed, value) {
        (Ok(signed), Some(value)) if key.verify_der(&signed, value) => Ok(()),
        _ => Err(ChainError::Signature { index }),
    }
}

fn check_root(
    top: &Certificate,
    index: u8,
    roots: &[&[u8]],
    limits: Limits,
    seconds: u64,
) -> Result<(), ChainError> {
    let mut error = ChainError::Issuer { index };
    for octets in roots {
        let Ok(root) = Certificate::from_der(octets) else { continue };
        if root.tbs_certificate().subject() != top.tbs_certificate().issuer() {
            continue;
        }
        let root_index = index.saturating_add(1);
        let checked = check_validity(&root, root_index, seconds).and_then(|()| {
            let key = PublicKey::of(&root, limits.algorithm)
                .ok_or(ChainError::Algorithm { index: root_index })?;
            check_issued(top, index, &root, &key, limits)
        });
        match checked {
            Ok(()) => return Ok(()),
            Err(why) => error = why,
        }
    }
    Err(error)
}
