//! Why a request is refused, and the response code that says so: one table for the three generations.

use super::Generation;

macro_rules! refusals {
    ($( $(#[$meta:meta])* $refusal:ident: $din:literal, $iso2:literal, $iso20:literal; )*) => {
        /// Why a request is refused; its row says the response code of each generation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Refusal { $( $(#[$meta])* $refusal, )* }

        impl Refusal {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$refusal),*];

            /// The response code of a generation. A `WARNING_...` of -20 leaves the session as it is, `WARNING_WPT` sends
            /// the vehicle back to find its place.
            #[must_use]
            pub const fn response_code(self, generation: Generation) -> &'static str {
                match (self, generation) { $(
                    (Self::$refusal, Generation::Din70121) => $din,
                    (Self::$refusal, Generation::Iso2) => $iso2,
                    (Self::$refusal, Generation::Iso20) => $iso20,
                )* }
            }
        }
    };
}

refusals! {
    // refusal: DIN 70121, ISO 15118-2, ISO 15118-20; where a generation has no code of its own, the nearest one
    /// It may not come in this phase.
    Sequence: "FAILED_SequenceError", "FAILED_SequenceError", "FAILED_SequenceError";
    /// It bears another session number.
    UnknownSession: "FAILED_UnknownSession", "FAILED_UnknownSession", "FAILED_UnknownSession";
    /// Details of a service that is not offered.
    ServiceId: "FAILED_ServiceIDInvalid", "FAILED_ServiceIDInvalid", "FAILED_ServiceIDInvalid";
    /// A service or parameter set is chosen that is not offered.
    ServiceSelection: "FAILED_ServiceSelectionInvalid", "FAILED_ServiceSelectionInvalid", "FAILED_ServiceSelectionInvalid";
    /// No service is chosen that transfers energy.
    NoEnergyService: "FAILED_ServiceSelectionInvalid", "FAILED_NoChargeServiceSelected", "FAILED_NoEnergyTransferServiceSelected";
    /// A way of payment or authorization that is not offered.
    PaymentSelection: "FAILED_PaymentSelectionInvalid", "FAILED_PaymentSelectionInvalid", "WARNING_AuthorizationSelectionInvalid";
    /// An energy transfer mode that is not offered.
    EnergyTransferMode: "FAILED_WrongEnergyTransferType", "FAILED_WrongEnergyTransferMode", "FAILED_WrongChargeParameter";
    /// The vehicle's limits are of another mode, or leave nothing in common with the charger's.
    ChargeParameter: "FAILED_WrongChargeParameter", "FAILED_WrongChargeParameter", "FAILED_WrongChargeParameter";
    /// A schedule is chosen that was not offered.
    ScheduleSelection: "FAILED_TariffSelectionInvalid", "FAILED_TariffSelectionInvalid", "FAILED_ScheduleSelectionInvalid";
    /// The vehicle's profile is above the schedule, or not in order.
    ChargingProfile: "FAILED_ChargingProfileInvalid", "FAILED_ChargingProfileInvalid", "FAILED_EVPowerProfileInvalid";
    /// No standby here.
    Standby: "FAILED", "FAILED", "WARNING_StandbyNotAllowed";
    /// No pause here.
    Pause: "FAILED", "FAILED", "FAILED_PauseNotAllowed";
    /// Services are not negotiated again here.
    ServiceRenegotiation: "FAILED", "FAILED", "FAILED_NoServiceRenegotiationSupported";
    /// The contactors did not do what was asked.
    Contactor: "FAILED_PowerDeliveryNotApplied", "FAILED_ContactorError", "FAILED_ContactorError";
    /// No power can be delivered.
    PowerDelivery: "FAILED_PowerDeliveryNotApplied", "FAILED_PowerDeliveryNotApplied", "FAILED_PowerDeliveryNotApplied";
    /// The user is not allowed to charge here.
    NotAuthorized: "FAILED", "FAILED", "WARNING_EIMAuthorizationFailure";
    /// A certificate is not valid any more.
    CertificateExpired: "FAILED_CertificateExpired", "FAILED_CertificateExpired", "WARNING_CertificateExpired";
    /// A certificate is revoked.
    CertificateRevoked: "FAILED_CertChainError", "FAILED_CertificateRevoked", "WARNING_CertificateRevoked";
    /// A certificate chain does not hold.
    CertificateChain: "FAILED_CertChainError", "FAILED_CertChainError", "WARNING_CertificateValidationError";
    /// The contract is not good at this charger.
    CertificateNotAllowed: "FAILED_CertChainError", "FAILED_CertificateNotAllowedAtThisEVSE", "WARNING_GeneralPnCAuthorizationError";
    /// There is no certificate to install.
    NoCertificate: "FAILED_NoCertificateAvailable", "FAILED_NoCertificateAvailable", "WARNING_NoCertificateAvailable";
    /// The contract is cancelled.
    ContractCanceled: "FAILED_ContractCanceled", "FAILED_ContractCanceled", "WARNING_GeneralPnCAuthorizationError";
    /// The signed challenge is not the one given.
    Challenge: "FAILED_ChallengeInvalid", "FAILED_ChallengeInvalid", "WARNING_ChallengeInvalid";
    /// A signature does not hold.
    Signature: "FAILED_SignatureError", "FAILED_SignatureError", "FAILED_SignatureError";
    /// The signature of a meter receipt does not hold.
    MeteringSignature: "FAILED_MeteringSignatureNotValid", "FAILED_MeteringSignatureNotValid", "FAILED_MeteringSignatureNotValid";
    /// WPT: the vehicle does not stand right, is not paired, or is not aligned.
    WptPlace: "FAILED", "FAILED", "WARNING_WPT";
    /// ACDP: another vehicle is there than the one that this session is with.
    Association: "FAILED", "FAILED", "FAILED_AssociationError";
    /// Anything else.
    Other: "FAILED", "FAILED", "FAILED";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{din70121, iso2, iso20_types};

    #[test]
    fn every_code_is_one_of_its_generation() {
        for refusal in Refusal::ALL {
            let code = refusal.response_code(Generation::Din70121);
            assert!(din70121::ResponseCode::ALL.iter().any(|c| c.name() == code), "{code}");
            let code = refusal.response_code(Generation::Iso2);
            assert!(iso2::ResponseCode::ALL.iter().any(|c| c.name() == code), "{code}");
            let code = refusal.response_code(Generation::Iso20);
            assert!(iso20_types::ResponseCode::ALL.iter().any(|c| c.name() == code), "{code}");
        }
    }
}
