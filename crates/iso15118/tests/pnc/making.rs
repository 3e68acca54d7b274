//! Keys and certificates made for these tests.

use core::time::Duration;

use signature::{Keypair, Signer};
use x509_cert::Certificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::asn1::{ObjectIdentifier, OctetString, UtcTime};
use x509_cert::der::{Encode as _, flagset::FlagSet};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{
    AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, EncodePublicKey,
    SignatureBitStringEncoding, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef,
};
use x509_cert::time::{Time, Validity};

pub(crate) fn p256(seed: u8) -> p256::SecretKey {
    p256::SecretKey::from_slice(&[seed; 32]).unwrap()
}

pub(crate) fn p521(seed: u8) -> p521::ecdsa::SigningKey {
    let mut scalar = [seed; 66];
    scalar[0] = 0;
    p521::ecdsa::SigningKey::from_slice(&scalar).unwrap()
}

pub(crate) fn ed448(seed: u8) -> Ed448 {
    let scalar = ed448_goldilocks::EdwardsScalarBytes::from([seed; 57]);
    Ed448(ed448_goldilocks::SigningKey::from(scalar))
}

/// A key with the trait that its crate's lacks.
pub(crate) struct Ed448(ed448_goldilocks::SigningKey);

impl Keypair for Ed448 {
    type VerifyingKey = ed448_goldilocks::VerifyingKey;

    fn verifying_key(&self) -> Self::VerifyingKey {
        self.0.verifying_key()
    }
}

impl Signer<ed448_goldilocks::Signature> for Ed448 {
    fn try_sign(&self, octets: &[u8]) -> Result<ed448_goldilocks::Signature, signature::Error> {
        self.0.try_sign(octets)
    }
}

impl DynSignatureAlgorithmIdentifier for Ed448 {
    fn signature_algorithm_identifier(
        &self,
    ) -> Result<AlgorithmIdentifierOwned, x509_cert::spki::Error> {
        self.0.signature_algorithm_identifier()
    }
}

/// A key that signs certificates, with signatures of the form `S`.
pub(crate) trait Key<S>:
    Signer<S> + Keypair<VerifyingKey: EncodePublicKey> + DynSignatureAlgorithmIdentifier
{
}

impl<S, K> Key<S> for K where
    K: Signer<S> + Keypair<VerifyingKey: EncodePublicKey> + DynSignatureAlgorithmIdentifier
{
}

/// What a certificate says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Says {
    pub(crate) subject: &'static str,
    pub(crate) issuer: &'static str,
    /// Valid from and to, in seconds since 1970.
    pub(crate) valid: (u64, u64),
    /// It may sign certificates, and that many authorities below it.
    pub(crate) authority: Option<u8>,
    pub(crate) usage: KeyUsages,
    /// Another extension: whether it is critical, and its octets.
    pub(crate) extra: Option<(bool, usize)>,
}

impl BuilderProfile for Says {
    fn get_issuer(&self, _: &Name) -> Name {
        format!("CN={}", self.issuer).parse().unwrap()
    }

    fn get_subject(&self) -> Name {
        format!("CN={}", self.subject).parse().unwrap()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let constraints =
            BasicConstraints { ca: self.authority.is_some(), path_len_constraint: self.authority };
        let usage = KeyUsage(FlagSet::from(self.usage));
        let mut all = vec![
            constraints.to_extension(tbs.subject(), &[])?,
            usage.to_extension(tbs.subject(), &[])?,
        ];
        if let Some((critical, octets)) = self.extra {
            let extn_id = ObjectIdentifier::new_unwrap("1.2.3.4");
            let extn_value = OctetString::new(vec![5; octets])?;
            all.push(Extension { extn_id, critical, extn_value });
        }
        Ok(all)
    }
}

/// A certificate in DER of what `subject` says, for a key, signed by another.
pub(crate) fn certificate<S: SignatureBitStringEncoding>(
    says: Says,
    key: &impl Key<S>,
    issuer: &impl Key<S>,
) -> Vec<u8> {
    let time =
        |seconds| Time::UtcTime(UtcTime::from_unix_duration(Duration::from_secs(seconds)).unwrap());
    let validity = Validity::new(time(says.valid.0), time(says.valid.1));
    let key = SubjectPublicKeyInfoOwned::from_key(&key.verifying_key()).unwrap();
    let builder = CertificateBuilder::new(says, SerialNumber::from(7_u32), validity, key).unwrap();
    let made: Certificate = builder.build(issuer).unwrap();
    made.to_der().unwrap()
}
