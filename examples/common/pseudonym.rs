//! Keyed pseudonyms for identifiers in output that people see.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Makes the same pseudonym of the same identifier, and says nothing of it to who lacks the key.
///
/// HMAC-SHA-256 of the identifier under the key, first eight bytes in hexadecimal. The kind ("idTag", "VIN") goes into the
/// hash, so that one text used for two purposes does not tie them together.
pub struct Pseudonyms {
    keyed: Hmac<Sha256>,
}

impl Pseudonyms {
    /// Pseudonyms under a key of any length.
    pub fn new(key: &[u8]) -> Self {
        let keyed = Hmac::new_from_slice(key).expect("HMAC takes keys of any length");
        Self { keyed }
    }

    /// The pseudonym of an identifier.
    pub fn of(&self, kind: &str, identifier: &str) -> String {
        let mut mac = self.keyed.clone();
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(identifier.as_bytes());
        let digest = mac.finalize().into_bytes();
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_identifier_has_one_pseudonym_per_key_and_kind() {
        let (ours, theirs) = (Pseudonyms::new(b"a key"), Pseudonyms::new(b"another"));
        assert_eq!(ours.of("idTag", "U00047"), ours.of("idTag", "U00047"));
        assert_ne!(ours.of("idTag", "U00047"), ours.of("idTag", "U00048"));
        assert_ne!(ours.of("idTag", "U00047"), ours.of("VIN", "U00047"));
        assert_ne!(ours.of("idTag", "U00047"), theirs.of("idTag", "U00047"));
        assert!(!ours.of("idTag", "U00047").contains("U0"));
    }
}
