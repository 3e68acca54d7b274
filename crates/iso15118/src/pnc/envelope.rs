//! The envelope in which -2 carries a contract's private key: ECDH on P-256, a key derived by SHA-256, AES-128 in CBC.
//!
//! That of -20 (`SECP521_EncryptedPrivateKey` and its kin in `SignedInstallationData`) is not here: how its key is derived and
//! what it authenticates could not be held against a text or an implementation.

use core::fmt;

use super::Hash;

/// A private scalar of P-256. `Debug` is masked, the octets are overwritten when it is dropped.
pub struct PrivateScalar([u8; 32]);

impl PrivateScalar {
    /// The scalar of those octets, most significant first.
    #[must_use]
    pub const fn from_be_bytes(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// The octets, most significant first.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for PrivateScalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<masked, 32 bytes>")
    }
}

impl Drop for PrivateScalar {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

/// What the envelope is made and opened with.
pub trait Envelope {
    /// The x coordinate that the own private key (of the provisioning certificate on installation, of the old contract on
    /// update; of the sender an ephemeral one) has in common with a public key, an uncompressed point; `None` if that is no
    /// point of the curve.
    fn agree(&self, public: &[u8; 65]) -> Option<PrivateScalar>;
    /// The public key of a scalar, an uncompressed point; `None` if it is no private key.
    fn public_of(&self, scalar: &PrivateScalar) -> Option<[u8; 65]>;
    /// AES-128-CBC without padding, in place.
    fn encrypt(&self, key: &[u8; 16], iv: &[u8; 16], octets: &mut [u8; 32]);
    /// AES-128-CBC without padding, in place.
    fn decrypt(&self, key: &[u8; 16], iv: &[u8; 16], octets: &mut [u8; 32]);
}

/// Why an envelope is not opened or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// Another length than `IV || ciphertext`.
    #[error("expected an envelope of 48 octets, found {found}")]
    Length {
        /// Octets found.
        found: u16,
    },
    /// `DHpublickey` is no point of the curve.
    #[error("the sender's key is no point of the curve")]
    PublicKey,
    /// What comes out is not the private key of the contract's certificate.
    #[error("not the private key of the certificate")]
    OtherKey,
}

/// The key of the envelope: the first 128 bits of SHA-256 over `00000001 || Z || 01 55 56`.
#[must_use]
pub fn envelope_key(shared: &PrivateScalar, hash: &impl Hash) -> [u8; 16] {
    let mut octets = [0; 39];
    let parts = [&[0, 0, 0, 1][..], shared.expose(), &[0x01, 0x55, 0x56]];
    for (to, from) in octets.iter_mut().zip(parts.into_iter().flatten()) {
        *to = *from;
    }
    let digest = hash.sha256(&octets);
    zeroize::Zeroize::zeroize(&mut octets);
    digest.first_chunk().copied().unwrap_or_default()
}

/// Opens `ContractSignatureEncryptedPrivateKey` with the sender's `DHpublickey`, and checks that what comes out is the
/// private key of the contract certificate's public key.
///
/// # Errors
/// It is no such envelope, or not for this certificate.
pub fn open_contract_key(
    envelope: &[u8],
    sender: &[u8; 65],
    certificate_key: &[u8; 65],
    own: &impl Envelope,
    hash: &impl Hash,
) -> Result<PrivateScalar, EnvelopeError> {
    let found = u16::try_from(envelope.len()).unwrap_or(u16::MAX);
    let wrong = EnvelopeError::Length { found };
    let (iv, cipher) = envelope.split_first_chunk::<16>().ok_or(wrong)?;
    let mut scalar = PrivateScalar(<[u8; 32]>::try_from(cipher).map_err(|_| wrong)?);
    let shared = own.agree(sender).ok_or(EnvelopeError::PublicKey)?;
    let mut key = envelope_key(&shared, hash);
    own.decrypt(&key, iv, &mut scalar.0);
    zeroize::Zeroize::zeroize(&mut key);
    match own.public_of(&scalar) {
        Some(public) if public == *certificate_key => Ok(scalar),
        _ => Err(EnvelopeError::OtherKey),
    }
}

/// Makes the envelope for a receiver's public key with an ephemeral private key; `iv` is drawn at random.
///
/// # Errors
/// The receiver's key is no point of the curve.
pub fn seal_contract_key(
    scalar: &PrivateScalar,
    receiver: &[u8; 65],
    iv: [u8; 16],
    ephemeral: &impl Envelope,
    hash: &impl Hash,
) -> Result<[u8; 48], EnvelopeError> {
    let shared = ephemeral.agree(receiver).ok_or(EnvelopeError::PublicKey)?;
    let mut key = envelope_key(&shared, hash);
    let mut cipher = *scalar.expose();
    ephemeral.encrypt(&key, &iv, &mut cipher);
    zeroize::Zeroize::zeroize(&mut key);
    let mut envelope = [0; 48];
    for (to, from) in envelope.iter_mut().zip(iv.iter().chain(&cipher)) {
        *to = *from;
    }
    Ok(envelope)
}
