//! What may follow what: one table a generation, for both sides.
//!
//! A row says: in this phase, this request may come, if the session is of that kind; once its response has been sent, the
//! session is in that phase. What no row allows is out of order. `SessionStop` may come in every phase after `SessionSetup`,
//! because either side can end the session. Two of its kinds do not end it for good and are held tighter: a pause, or a new
//! negotiation of the services, may not be asked for while there is voltage at the outlet, and the services may be negotiated
//! again only once one was chosen, or a vehicle would come past its authorization.
//!
//! Two things stand in no row. `ACDP_SystemStatus` may come at any time after `SessionSetup`, even while another request
//! waits for its response, and changes nothing. And the response code `WARNING_WPT` to a request of WPT or
//! `PowerDelivery`, unless in the charge loop, leads back to [`Phase::Positioning`].

use super::Generation;

/// Where a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Before a protocol is chosen.
    Handshake,
    /// A protocol is chosen, no session number given.
    Setup,
    /// -20: how the vehicle may identify itself.
    AuthorizationSetup,
    /// Which services there are.
    Discovery,
    /// Details of services, then the choice.
    Selection,
    /// -20: a service has been looked at, so that one may be chosen.
    Selected,
    /// By contract or otherwise.
    Identification,
    /// Until the charger says yes.
    Authorization,
    /// The limits of both sides.
    Parameters,
    /// -20: schedules.
    Schedule,
    /// WPT and ACDP: the vehicle finds its place; of WPT first by which methods.
    Positioning,
    /// WPT: the vehicle finds its place by them.
    FinePositioning,
    /// WPT: vehicle and device find out that they are each other's.
    Pairing,
    /// Before energy flows: cable check for DC, connection for ACDP, alignment for WPT, for AC at once to the start.
    Prepare,
    /// ACDP: connected; the cable check follows.
    Connected,
    /// DC: the output follows the battery's voltage.
    PreCharge,
    /// All is ready to start.
    Ready,
    /// Energy flows.
    Charging,
    /// New limits (-2) or schedules (-20) during a charge.
    Renegotiation,
    /// They are agreed; energy flows on under them from the next start.
    Renegotiated,
    /// -20: connected, no energy flows, the session stays.
    Standby,
    /// No energy flows any more.
    Stopping,
    /// Over.
    Ended,
}

/// In which sessions a row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// In all.
    Always,
    /// With AC.
    Ac,
    /// With DC.
    Dc,
    /// Without wires.
    Wpt,
    /// With an automated connection device.
    Acdp,
    /// By contract.
    Contract,
    /// Otherwise than by contract.
    External,
}

/// Where the session goes once the response has been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// To that phase.
    Go(Phase),
    /// To that phase once the response says that the charger is done; until then it stays and is asked again.
    Done(Phase),
    /// To that phase once the request or the response says that its side is done; until then it stays.
    Either(Phase),
    /// By what `PowerDelivery` asks for.
    Power,
    /// By what `SessionStop` asks for.
    Stop,
}

/// A row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The phase before.
    pub phase: Phase,
    /// The request, by its name in the schema without `Req`.
    pub request: &'static str,
    /// In which sessions.
    pub when: When,
    /// What follows.
    pub then: Then,
}

macro_rules! order {
    ($( $phase:ident: $request:literal $when:ident => $then:ident $(($to:ident))?; )*) => {
        &[$( Row {
            phase: Phase::$phase,
            request: $request,
            when: When::$when,
            then: Then::$then $((Phase::$to))?,
        }, )*]
    };
}

/// DIN SPEC 70121. Its schema has more messages, which its sessions do not use.
pub const DIN70121: &[Row] = order! {
    Setup: "SessionSetup" Always => Go(Discovery);
    Discovery: "ServiceDiscovery" Always => Go(Selection);
    Selection: "ServicePaymentSelection" Always => Go(Authorization);
    Authorization: "ContractAuthentication" Always => Done(Parameters);
    Parameters: "ChargeParameterDiscovery" Always => Done(Prepare);
    Prepare: "CableCheck" Always => Done(PreCharge);
    PreCharge: "PreCharge" Always => Go(Ready);
    Ready: "PreCharge" Always => Go(Ready);
    Ready: "PowerDelivery" Always => Power;
    Charging: "CurrentDemand" Always => Go(Charging);
    Charging: "PowerDelivery" Always => Power;
    Stopping: "WeldingDetection" Always => Go(Stopping);
};

/// ISO 15118-2.
pub const ISO2: &[Row] = order! {
    Setup: "SessionSetup" Always => Go(Discovery);
    Discovery: "ServiceDiscovery" Always => Go(Selection);
    Selection: "ServiceDetail" Always => Go(Selection);
    Selection: "PaymentServiceSelection" Always => Go(Identification);
    Identification: "CertificateInstallation" Contract => Go(Identification);
    Identification: "CertificateUpdate" Contract => Go(Identification);
    Identification: "PaymentDetails" Contract => Go(Authorization);
    Identification: "Authorization" External => Done(Parameters);
    Authorization: "Authorization" Contract => Done(Parameters);
    Parameters: "ChargeParameterDiscovery" Always => Done(Prepare);
    Prepare: "CableCheck" Dc => Done(PreCharge);
    PreCharge: "PreCharge" Dc => Go(Ready);
    Ready: "PreCharge" Dc => Go(Ready);
    Ready: "PowerDelivery" Dc => Power;
    Prepare: "PowerDelivery" Ac => Power;
    Charging: "ChargingStatus" Ac => Go(Charging);
    Charging: "CurrentDemand" Dc => Go(Charging);
    Charging: "MeteringReceipt" Always => Go(Charging);
    Charging: "PowerDelivery" Always => Power;
    Renegotiation: "ChargeParameterDiscovery" Always => Done(Renegotiated);
    Renegotiated: "PowerDelivery" Always => Power;
    // The cable is checked already; a vehicle may check it again.
    Renegotiated: "CableCheck" Dc => Done(PreCharge);
    Stopping: "WeldingDetection" Dc => Go(Stopping);
    Stopping: "MeteringReceipt" Always => Go(Stopping);
};

/// ISO 15118-20.
pub const ISO20: &[Row] = order! {
    Setup: "SessionSetup" Ac => Go(AuthorizationSetup);
    Setup: "SessionSetup" Dc => Go(AuthorizationSetup);
    Setup: "SessionSetup" Wpt => Go(Positioning);
    Setup: "SessionSetup" Acdp => Go(Positioning);
    Positioning: "WPT_FinePositioningSetup" Wpt => Go(FinePositioning);
    FinePositioning: "WPT_FinePositioningSetup" Wpt => Go(FinePositioning);
    FinePositioning: "WPT_FinePositioning" Wpt => Either(Pairing);
    Pairing: "WPT_Pairing" Wpt => Either(AuthorizationSetup);
    Positioning: "ACDP_VehiclePositioning" Acdp => Done(AuthorizationSetup);
    AuthorizationSetup: "AuthorizationSetup" Always => Go(Authorization);
    Authorization: "CertificateInstallation" Always => Go(Authorization);
    Authorization: "Authorization" Always => Done(Discovery);
    Discovery: "ServiceDiscovery" Always => Go(Selection);
    Discovery: "VehicleCheckIn" Always => Go(Discovery);
    Selection: "ServiceDetail" Always => Go(Selected);
    Selected: "ServiceDetail" Always => Go(Selected);
    Selected: "ServiceSelection" Always => Go(Parameters);
    Parameters: "AC_ChargeParameterDiscovery" Ac => Go(Schedule);
    Parameters: "DC_ChargeParameterDiscovery" Dc => Go(Schedule);
    Parameters: "DC_ChargeParameterDiscovery" Acdp => Go(Schedule);
    Parameters: "WPT_ChargeParameterDiscovery" Wpt => Go(Schedule);
    Schedule: "ScheduleExchange" Always => Done(Prepare);
    Prepare: "DC_CableCheck" Dc => Done(PreCharge);
    Prepare: "ACDP_Connect" Acdp => Done(Connected);
    Connected: "DC_CableCheck" Acdp => Done(PreCharge);
    Prepare: "WPT_AlignmentCheck" Wpt => Either(Ready);
    PreCharge: "DC_PreCharge" Always => Go(Ready);
    Ready: "DC_PreCharge" Always => Go(Ready);
    Ready: "PowerDelivery" Always => Power;
    Prepare: "PowerDelivery" Ac => Power;
    Charging: "AC_ChargeLoop" Ac => Go(Charging);
    Charging: "DC_ChargeLoop" Dc => Go(Charging);
    Charging: "DC_ChargeLoop" Acdp => Go(Charging);
    Charging: "WPT_ChargeLoop" Wpt => Go(Charging);
    Charging: "MeteringConfirmation" Always => Go(Charging);
    // After a warning that the vehicle does not stand right any more.
    Charging: "WPT_Pairing" Wpt => Go(Charging);
    Charging: "WPT_AlignmentCheck" Wpt => Go(Charging);
    Charging: "PowerDelivery" Always => Power;
    Standby: "PowerDelivery" Always => Power;
    Standby: "WPT_ChargeLoop" Wpt => Go(Standby);
    Renegotiation: "ScheduleExchange" Always => Done(Renegotiated);
    Renegotiated: "PowerDelivery" Always => Power;
    Stopping: "DC_WeldingDetection" Dc => Go(Stopping);
    Stopping: "DC_WeldingDetection" Acdp => Go(Stopping);
    Stopping: "ACDP_Disconnect" Acdp => Done(Stopping);
    Stopping: "VehicleCheckOut" Always => Go(Stopping);
};

impl Generation {
    /// Its table.
    #[must_use]
    pub const fn order(self) -> &'static [Row] {
        match self {
            Self::Din70121 => DIN70121,
            Self::Iso2 => ISO2,
            Self::Iso20 => ISO20,
        }
    }
}
