//! The keys and hashes of Plug & Charge in software, by the RustCrypto crates.

use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use p256::elliptic_curve::sec1::ToSec1Point as _;
use sha2::Digest as _;
use signature::Signer as _;

use super::{Algorithm, Envelope, Hash, PrivateScalar, Sign, Verify};

/// SHA-256 and SHA-512.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sha2;

impl Hash for Sha2 {
    fn sha256(&self, octets: &[u8]) -> [u8; 32] {
        sha2::Sha256::digest(octets).into()
    }

    fn sha512(&self, octets: &[u8]) -> [u8; 64] {
        sha2::Sha512::digest(octets).into()
    }
}

/// Implements signing and verifying with the keys of a crate, whose signatures have a fixed length.
macro_rules! keys {
    ($signing:ty, $verifying:ty, $signature:ty, $algorithm:ident) => {
        impl Sign for $signing {
            fn algorithm(&self) -> Algorithm {
                Algorithm::$algorithm
            }

            fn sign(&self, message: &[u8], into: &mut [u8; 132]) -> bool {
                let made: Result<$signature, _> = self.try_sign(message);
                let room = into.get_mut(..Algorithm::$algorithm.signature_len());
                match (made, room) {
                    (Ok(made), Some(room)) => {
                        room.copy_from_slice(&made.to_bytes());
                        true
                    }
                    _ => false,
                }
            }
        }

        impl Verify for $verifying {
            fn algorithm(&self) -> Algorithm {
                Algorithm::$algorithm
            }

            fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
                let signature = <$signature>::try_from(signature);
                signature.is_ok_and(|signature| {
                    signature::Verifier::verify(self, message, &signature).is_ok()
                })
            }
        }
    };
}

keys!(p256::ecdsa::SigningKey, p256::ecdsa::VerifyingKey, p256::ecdsa::Signature, EcdsaP256);
keys!(p521::ecdsa::SigningKey, p521::ecdsa::VerifyingKey, p521::ecdsa::Signature, EcdsaP521);
#[cfg(feature = "ed448")]
keys!(
    ed448_goldilocks::SigningKey,
    ed448_goldilocks::VerifyingKey,
    ed448_goldilocks::Signature,
    Ed448
);

impl Envelope for p256::SecretKey {
    fn agree(&self, public: &[u8; 65]) -> Option<PrivateScalar> {
        let public = p256::PublicKey::from_sec1_bytes(public).ok()?;
        let shared = p256::ecdh::diffie_hellman(self.to_nonzero_scalar(), public.as_affine());
        Some(PrivateScalar::from_be_bytes((*shared.raw_secret_bytes()).into()))
    }

    fn public_of(&self, scalar: &PrivateScalar) -> Option<[u8; 65]> {
        let key = Self::from_slice(scalar.expose()).ok()?;
        key.public_key().to_sec1_point(false).as_bytes().try_into().ok()
    }

    fn encrypt(&self, key: &[u8; 16], iv: &[u8; 16], octets: &mut [u8; 32]) {
        let mut cipher = cbc::Encryptor::<aes::Aes128>::new(key.into(), iv.into());
        for block in octets.as_chunks_mut::<16>().0 {
            cipher.encrypt_block(block.into());
        }
    }

    fn decrypt(&self, key: &[u8; 16], iv: &[u8; 16], octets: &mut [u8; 32]) {
        let mut cipher = cbc::Decryptor::<aes::Aes128>::new(key.into(), iv.into());
        for block in octets.as_chunks_mut::<16>().0 {
            cipher.decrypt_block(block.into());
        }
    }
}
