//! Plug & Charge: signatures over the EXI fragments of message elements, the envelope of contract keys, certificate chains.
//!
//! A signature of ISO 15118 has the shape of XML Signature and signs EXI: each signed element is coded as a fragment
//! ([`fragment`](crate::Element::encode) with [`Form::Fragment`](crate::Form::Fragment)), its hash stands in `SignedInfo`, and the fragment of `SignedInfo` (coded
//! with the schema of XML Signature alone) is signed.
//!
//! | message | signed elements |
//! |---|---|
//! | -2 `AuthorizationReq`, `MeteringReceiptReq`, `CertificateInstallationReq`, `CertificateUpdateReq` | the body element |
//! | -2 `CertificateInstallationRes`, `CertificateUpdateRes` | `ContractSignatureCertChain`, `ContractSignatureEncryptedPrivateKey`, `DHpublickey`, `eMAID` |
//! | -2 `ChargeParameterDiscoveryRes` | each `SalesTariff` |
//! | -20 `AuthorizationReq` | `PnC_AReqAuthorizationMode` |
//! | -20 `CertificateInstallationReq`, `Res` | `OEMProvisioningCertificateChain`, `SignedInstallationData` |
//! | -20 `MeteringConfirmationReq` | `SignedMeteringData` |
//! | -20 `ScheduleExchangeRes` | `AbsolutePriceSchedule` or `PriceLevelSchedule` |
//!
//! What is computed with keys stands behind [`Hash`], [`Sign`], [`Verify`] and [`Envelope`]; the feature `rustcrypto`
//! implements them in software ([`rustcrypto`]), a hardware module can do the same. The feature `x509` checks certificate
//! chains ([`certificate`]).
//!
//! A signature proves nothing unless it is over the elements of this very message: after [`verify`] compare the challenge
//! ([`is_challenge`]), and check the certificate whose key was used.

#[cfg(feature = "x509")]
pub mod certificate;
mod envelope;
#[cfg(feature = "rustcrypto")]
pub mod rustcrypto;
mod signature;

pub use envelope::{
    Envelope, EnvelopeError, PrivateScalar, envelope_key, open_contract_key, seal_contract_key,
};
pub use signature::{
    MAX_REFERENCES, Reference, SignError, Signature, SignatureError, Signed, emaid_typed_fragment,
    sign, verify,
};

use subtle::ConstantTimeEq as _;

use crate::Bytes;

/// Identifier of the transformation and canonicalization: EXI.
pub const CANONICAL_EXI: &str = "http://www.w3.org/TR/canonical-exi/";

/// How a message is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// -2: ECDSA on P-256 with SHA-256.
    EcdsaP256,
    /// -20: ECDSA on P-521 with SHA-512.
    EcdsaP521,
    /// -20: Ed448; its digests are taken to be SHA-512 too (unverified).
    Ed448,
}

impl Algorithm {
    /// `SignatureMethod`. That of Ed448 is RFC 9231's; no capture shows it.
    #[must_use]
    pub const fn signature_method(self) -> &'static str {
        match self {
            Self::EcdsaP256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Self::EcdsaP521 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
            Self::Ed448 => "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed448",
        }
    }

    /// `DigestMethod`.
    #[must_use]
    pub const fn digest_method(self) -> &'static str {
        match self {
            Self::EcdsaP256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::EcdsaP521 | Self::Ed448 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    /// Octets of a digest.
    #[must_use]
    pub const fn digest_len(self) -> usize {
        match self {
            Self::EcdsaP256 => 32,
            Self::EcdsaP521 | Self::Ed448 => 64,
        }
    }

    /// Octets of a signature: of ECDSA `r` and `s` one after the other.
    #[must_use]
    pub const fn signature_len(self) -> usize {
        match self {
            Self::EcdsaP256 => 64,
            Self::EcdsaP521 => 132,
            Self::Ed448 => 114,
        }
    }
}

/// Hashes.
pub trait Hash {
    /// SHA-256.
    fn sha256(&self, octets: &[u8]) -> [u8; 32];
    /// SHA-512.
    fn sha512(&self, octets: &[u8]) -> [u8; 64];
}

/// A private key that signs messages.
pub trait Sign {
    /// How it signs.
    fn algorithm(&self) -> Algorithm;
    /// Writes the signature of a message (not of its hash) into the start of `into`, [`Algorithm::signature_len`] octets;
    /// tells whether it could.
    fn sign(&self, message: &[u8], into: &mut [u8; 132]) -> bool;
}

/// A public key that verifies messages.
pub trait Verify {
    /// How its messages are signed.
    fn algorithm(&self) -> Algorithm;
    /// Whether it is the signature of that message (not of its hash).
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// Whether a challenge that came back is the one given, compared in constant time: -2 `AuthorizationReq`, -20
/// `PnC_AReqAuthorizationMode`.
#[must_use]
pub fn is_challenge(given: &[u8; 16], came: Bytes<'_>) -> bool {
    let mut octets = [0; 16];
    match came.copy_into(&mut octets) {
        Some(came) if came.len() == given.len() => octets.ct_eq(given).into(),
        _ => false,
    }
}

/// The digest of an octet string, in the first [`Algorithm::digest_len`] octets.
fn digest_of(algorithm: Algorithm, hash: &impl Hash, octets: &[u8]) -> [u8; 64] {
    match algorithm {
        Algorithm::EcdsaP256 => {
            let mut digest = [0; 64];
            if let Some(first) = digest.first_chunk_mut() {
                *first = hash.sha256(octets);
            }
            digest
        }
        Algorithm::EcdsaP521 | Algorithm::Ed448 => hash.sha512(octets),
    }
}
