//! Certificate chains under the limits of every profile: the right one is accepted, and each limit broken once is refused with
//! an error of its own.

use evse_iso15118::pnc::Algorithm;
use evse_iso15118::pnc::Verify as _;
use evse_iso15118::pnc::certificate::{ChainError, Limits, check_chain, public_key};
use x509_cert::der::Encode as _;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::KeyUsages;
use x509_cert::spki::SignatureBitStringEncoding;

use crate::making::{Key, Says, certificate, ed448, p256, p521};

const NOW: u64 = 1_700_000_000;

/// From the root down; a leaf is always the last.
const NAMES: [&str; 5] = ["Root", "Sub 1", "Sub 2", "Sub 3", "Leaf"];

/// A root, authorities and a leaf, as many as a profile allows. In a test one of them says something else.
struct Chain<K> {
    says: Vec<Says>,
    keys: Vec<K>,
}

impl<K> Chain<K> {
    fn new(limits: Limits, key: impl Fn(u8) -> K) -> Self {
        let below = u8::try_from(limits.chain).unwrap();
        let name = |place: u8| NAMES[if place == below { 4 } else { usize::from(place) }];
        let says = (0..=below).map(|place| Says {
            subject: name(place),
            issuer: name(place.saturating_sub(1)),
            valid: (1_672_531_200, 1_767_225_600),
            // As many authorities as there are below it.
            authority: (place < below).then(|| below - 1 - place),
            usage: if place < below { KeyUsages::KeyCertSign } else { KeyUsages::DigitalSignature },
            extra: None,
        });
        Self { says: says.collect(), keys: (0..=below).map(|place| key(place + 1)).collect() }
    }

    /// The certificates from the leaf up, the root last; `place` is counted like that, too.
    fn made_but<S>(&self, place: usize, change: impl FnOnce(&mut Says)) -> Vec<Vec<u8>>
    where
        S: SignatureBitStringEncoding,
        K: Key<S>,
    {
        let mut says = self.says.clone();
        let last = says.len() - 1;
        change(&mut says[last - place]);
        let made = says.iter().enumerate().rev();
        made.map(|(i, says)| certificate(*says, &self.keys[i], &self.keys[i.saturating_sub(1)]))
            .collect()
    }
}

/// A chain from the leaf up, under the root that stands last.
fn check(all: &[Vec<u8>], limits: Limits, seconds: u64) -> Result<Algorithm, ChainError> {
    let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    let (root, chain) = all.split_last().unwrap();
    check_chain(chain, &[root], limits, seconds).map(|key| key.algorithm())
}

fn holds_and_breaks<S, K>(limits: Limits, method: &str, key: impl Fn(u8) -> K)
where
    S: SignatureBitStringEncoding,
    K: Key<S>,
{
    let chain = Chain::new(limits, key);
    let right = chain.made_but(0, |_| {});
    let found = |all: &[Vec<u8>]| check(all, limits, NOW);
    assert_eq!(found(&right), Ok(limits.algorithm));
    assert!(public_key(&right[0], limits.algorithm).is_ok());
    assert!(right.iter().all(|made| made.len() < limits.octets));

    let top = u8::try_from(limits.chain - 1).unwrap();
    let most = top + 1;
    // How many there are, and how long.
    let mut long = right.clone();
    long.insert(1, right[1].clone());
    assert_eq!(found(&long), Err(ChainError::Length { most, got: most + 1 }));
    assert_eq!(found(&right[right.len() - 1..]), Err(ChainError::Length { most, got: 0 }));
    let padded = chain.made_but(0, |leaf| leaf.extra = Some((false, limits.octets / 2)));
    assert_eq!(found(&padded), Ok(limits.algorithm));
    let padded = chain.made_but(0, |leaf| leaf.extra = Some((false, limits.octets)));
    let got = u16::try_from(padded[0].len()).unwrap();
    assert_eq!(found(&padded), Err(ChainError::Octets { index: 0, got }));
    let exactly = Limits { octets: padded[0].len(), ..limits };
    assert_eq!(check(&padded, exactly, NOW), Ok(limits.algorithm));

    // When it holds: to the second.
    let (from, to) = chain.says[0].valid;
    assert_eq!(check(&right, limits, from), Ok(limits.algorithm));
    assert_eq!(check(&right, limits, from - 1), Err(ChainError::NotYetValid { index: 0 }));
    assert_eq!(check(&right, limits, to), Ok(limits.algorithm));
    assert_eq!(check(&right, limits, to + 1), Err(ChainError::Expired { index: 0 }));
    let expired = chain.made_but(limits.chain, |root| root.valid.1 = NOW - 1);
    assert_eq!(found(&expired), Err(ChainError::Expired { index: most }));

    // Who issued it, and whether he may.
    let other = chain.made_but(1, |sub| sub.issuer = "Nobody");
    assert_eq!(found(&other), Err(ChainError::Issuer { index: 1 }));
    let mut gap = right.clone();
    gap.remove(1);
    assert_eq!(found(&gap), Err(ChainError::Issuer { index: 0 }));
    let unknown = chain.made_but(limits.chain, |root| root.subject = "Another root");
    assert_eq!(found(&unknown), Err(ChainError::Issuer { index: top }));
    let none = chain.made_but(1, |sub| sub.authority = None);
    assert_eq!(found(&none), Err(ChainError::NotAnAuthority { index: 0 }));
    let usage = chain.made_but(1, |sub| sub.usage = KeyUsages::DigitalSignature);
    assert_eq!(found(&usage), Err(ChainError::NotAnAuthority { index: 0 }));
    let fewer = chain.made_but(limits.chain, |root| root.authority = Some(top - 1));
    assert_eq!(found(&fewer), Err(ChainError::NotAnAuthority { index: top }));

    // What the leaf may do; extensions.
    let usage = chain.made_but(0, |leaf| leaf.usage = KeyUsages::KeyCertSign);
    assert_eq!(found(&usage), Err(ChainError::KeyUsage));
    let critical = chain.made_but(1, |sub| sub.extra = Some((true, 2)));
    assert_eq!(found(&critical), Err(ChainError::CriticalExtension { index: 1 }));

    // The signature: by another key, changed, and of another method than the certificate says inside.
    let mut forged = right.clone();
    forged[0] = certificate(chain.says[limits.chain], &chain.keys[0], &chain.keys[0]);
    assert_eq!(found(&forged), Err(ChainError::Signature { index: 0 }));
    let mut changed = right.clone();
    *changed[1].last_mut().unwrap() ^= 1;
    assert_eq!(found(&changed), Err(ChainError::Signature { index: 1 }));
    let mut method_changed = right.clone();
    let oid = ObjectIdentifier::new_unwrap(method).to_der().unwrap();
    let outer = right[0].windows(oid.len()).rposition(|octets| octets == oid).unwrap();
    method_changed[0][outer + oid.len() - 1] ^= 1;
    assert_eq!(found(&method_changed), Err(ChainError::Algorithm { index: 0 }));

    // No certificate at all: cut anywhere.
    for length in 0..right[0].len() {
        let mut cut = right.clone();
        cut[0].truncate(length);
        assert_eq!(found(&cut), Err(ChainError::Undecodable { index: 0 }), "{length}");
    }
}

/// The limits as the profiles state them.
#[test]
fn the_profiles_are_those_of_the_standards() {
    assert_eq!((Limits::ISO2.octets, Limits::ISO2.chain), (800, 3));
    assert_eq!((Limits::ISO20.octets, Limits::ISO20.chain), (1600, 4));
    assert_eq!((Limits::ISO20_ED448.octets, Limits::ISO20_ED448.chain), (1600, 4));
}

#[test]
fn chains_of_p256_are_checked_under_the_limits_of_iso2() {
    holds_and_breaks::<p256::ecdsa::DerSignature, p256::ecdsa::SigningKey>(
        Limits::ISO2,
        "1.2.840.10045.4.3.2",
        |seed| p256(seed).into(),
    );
}

#[test]
fn chains_of_p521_are_checked_under_the_limits_of_iso20() {
    holds_and_breaks::<p521::ecdsa::DerSignature, _>(Limits::ISO20, "1.2.840.10045.4.3.4", p521);
}

#[test]
fn chains_of_ed448_are_checked_under_the_limits_of_iso20() {
    holds_and_breaks::<ed448_goldilocks::Signature, _>(Limits::ISO20_ED448, "1.3.101.113", ed448);
}

/// A chain that holds under one profile has the wrong algorithm under each of the others.
#[test]
fn each_profile_refuses_the_keys_of_the_others() {
    let p256 = Chain::new(Limits::ISO2, |seed| p256::ecdsa::SigningKey::from(p256(seed)));
    let p256 = p256.made_but::<p256::ecdsa::DerSignature>(0, |_| {});
    let p521 = Chain::new(Limits::ISO20, p521);
    let p521 = p521.made_but::<p521::ecdsa::DerSignature>(0, |_| {});
    let ed448 = Chain::new(Limits::ISO20_ED448, ed448);
    let ed448 = ed448.made_but::<ed448_goldilocks::Signature>(0, |_| {});
    let wrong = Err(ChainError::Algorithm { index: 0 });
    for (chain, limits) in [
        (&p256, Limits::ISO20),
        (&p256, Limits::ISO20_ED448),
        (&p521, Limits::ISO20_ED448),
        (&ed448, Limits::ISO20),
    ] {
        assert_eq!(check(chain, limits, NOW), wrong);
    }
    for chain in [&p521, &ed448] {
        let limits = Limits { octets: 1600, chain: 4, ..Limits::ISO2 };
        assert_eq!(check(chain, limits, NOW), wrong);
    }
}
