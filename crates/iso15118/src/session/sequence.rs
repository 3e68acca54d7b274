//! Where a session is, and which row of the order a request falls under: what both sides share.

use super::{End, Facts, Phase, Protocol, Row, Then, When};

/// What kind of session it is, as far as its messages have told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mode {
    /// DC or AC; told by the protocol, in -2 by the first charge parameters.
    pub is_dc: Option<bool>,
    /// Paid by contract or otherwise; told by the selection of -2.
    pub by_contract: Option<bool>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Sequence {
    pub(super) protocol: Protocol,
    pub(super) phase: Phase,
    pub(super) mode: Mode,
}

impl Sequence {
    pub(super) fn new(protocol: Protocol) -> Self {
        Self { protocol, phase: Phase::Setup, mode: Mode::default() }
    }

    /// The row that allows a request here.
    pub(super) fn row(&self, request: &Facts) -> Option<Row> {
        let name = request.base();
        if !request.is_request() || self.phase == Phase::Ended {
            return None;
        }
        if name == "SessionStop" {
            let stop = Row {
                phase: self.phase,
                request: "SessionStop",
                when: When::Always,
                then: Then::Stop,
            };
            return self.may_stop(request).then_some(stop);
        }
        let rows = self.protocol.generation().order();
        let here = |row: &&Row| {
            row.phase == self.phase && row.request == name && self.holds(row.when, request)
        };
        let row = rows.iter().find(here)?;
        let allowed = row.then != Then::Power || self.power(request).is_some();
        allowed.then_some(*row)
    }

    fn holds(&self, when: When, request: &Facts) -> bool {
        let is_dc = request.is_dc.or(self.mode.is_dc);
        match when {
            When::Always => true,
            When::Ac => self.protocol == Protocol::Iso20Ac || is_dc == Some(false),
            When::Dc => {
                matches!(self.protocol, Protocol::Iso20Dc | Protocol::Din70121)
                    || is_dc == Some(true)
            }
            When::Wpt => self.protocol == Protocol::Iso20Wpt,
            When::Acdp => self.protocol == Protocol::Iso20Acdp,
            When::Contract => self.mode.by_contract == Some(true),
            When::External => self.mode.by_contract == Some(false),
        }
    }

    /// Whether a `SessionStop` may ask here for what it does.
    fn may_stop(&self, request: &Facts) -> bool {
        use Phase::{
            Authorization, AuthorizationSetup, Charging, Discovery, FinePositioning, Pairing,
            Positioning, PreCharge, Ready, Renegotiated, Renegotiation, Selected, Selection, Setup,
        };
        let is_live =
            matches!(self.phase, PreCharge | Ready | Charging | Renegotiation | Renegotiated);
        let is_early = matches!(
            self.phase,
            Positioning
                | FinePositioning
                | Pairing
                | AuthorizationSetup
                | Authorization
                | Discovery
                | Selection
                | Selected
        );
        match request.progress {
            _ if self.phase == Setup => false,
            Some("Pause") => !is_live,
            Some("ServiceRenegotiation") => !is_live && !is_early,
            _ => true,
        }
    }

    /// Where a `PowerDelivery` leads; `None` if it may not ask for that here.
    fn power(&self, request: &Facts) -> Option<Phase> {
        let runs = self.phase == Phase::Charging;
        match request.progress {
            // A vehicle that still computes its profile asks again.
            Some("Start") if !runs && request.is_vehicle_done == Some(false) => Some(self.phase),
            Some("Start") if !runs => Some(Phase::Charging),
            Some("Stop") => Some(Phase::Stopping),
            Some("Renegotiate" | "ScheduleRenegotiation") if runs => Some(Phase::Renegotiation),
            Some("Standby") if runs => Some(Phase::Standby),
            _ => None,
        }
    }

    /// Goes where the row leads after its response; tells the end if that is one.
    pub(super) fn advance(&mut self, row: Row, request: &Facts, response: &Facts) -> Option<End> {
        if response.has_failed() {
            self.phase = Phase::Ended;
            return Some(End::Failed);
        }
        if is_left_by_warning(row.request, response) {
            return None;
        }
        if self.is_misplaced(row.request, response) {
            self.phase = Phase::Positioning;
            return None;
        }
        self.mode.is_dc = request.is_dc.or(self.mode.is_dc);
        self.mode.by_contract = request.by_contract.or(self.mode.by_contract);
        self.phase = match row.then {
            Then::Go(phase) => phase,
            Then::Done(phase) if response.is_done != Some(false) => phase,
            Then::Either(phase)
                if response.is_done != Some(false) || request.is_vehicle_done == Some(true) =>
            {
                phase
            }
            Then::Done(_) | Then::Either(_) => self.phase,
            Then::Power => self.power(request).unwrap_or(self.phase),
            Then::Stop if request.progress == Some("ServiceRenegotiation") => Phase::Discovery,
            Then::Stop => Phase::Ended,
        };
        (self.phase == Phase::Ended).then_some(match request.progress {
            Some("Pause") => End::Paused,
            _ => End::Terminated,
        })
    }

    /// Whether a warning sends a vehicle of WPT back to where it seeks its place. In the charge loop it is a remark, after
    /// which pairing and alignment may be checked.
    fn is_misplaced(&self, request: &str, response: &Facts) -> bool {
        let can_warn = request.starts_with("WPT_") || request == "PowerDelivery";
        can_warn
            && self.protocol == Protocol::Iso20Wpt
            && self.phase != Phase::Charging
            && response.response_code == Some("WARNING_WPT")
    }
}

/// Whether a warning of -20 says that what was asked for does not happen, so that the session stays where it is: no
/// authorization, no standby, no renegotiation. Other warnings are remarks.
fn is_left_by_warning(request: &str, response: &Facts) -> bool {
    let Some(code) = response.response_code else { return false };
    match request {
        "Authorization" => code.starts_with("WARNING"),
        "PowerDelivery" => {
            matches!(code, "WARNING_StandbyNotAllowed" | "WARNING_ScheduleRenegotiationFailed")
        }
        _ => false,
    }
}
