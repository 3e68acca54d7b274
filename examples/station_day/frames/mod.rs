//! Step 5: three sessions of the day as the cable and the back office carried them: the GB/T 27930 frames, the ISO 15118
//! messages and the OCPP messages that such sessions consist of are made, decoded again, and must tell the same session.
//!
//! The log knows the energy and who stopped nothing of the vehicle, so `Charging` invents a vehicle for each session; the
//! rest is measured. What each protocol carries, and how coarsely, is said at its own file.

mod gbt;
mod iso;
mod ocpp;
mod record;

use anyhow::{Context, Result};
use serde::Serialize;

pub use record::{Energy, SessionRecord, StopReason};

use crate::input::Session;
use crate::pseudonym::Pseudonyms;

/// Sessions looked at: the smallest, the middle and the largest by energy.
const SESSIONS: usize = 3;
/// Most energy that fits every protocol: GB/T 27930 ends at 1,000 kWh for the pack, of which a session takes 60 %.
const MOST_WH: i64 = 600_000;
/// State of charge of the invented vehicles on arrival, and where they want to go.
const SOC_ON_ARRIVAL: u8 = 20;
const SOC_WANTED: u8 = 80;
/// The smallest pack of the invented vehicles.
const SMALLEST_PACK_WH: i64 = 60_000;
/// Nominal voltage of the invented vehicles, in 0.1 V.
const PACK_DECIVOLTS: i32 = 4_000;

/// From one demand of the vehicle to the next. On a real cable 50 to 250 ms; as many are made as keep a session in one
/// piece.
const SAMPLE_MS: u64 = 30_000;

/// A session and the vehicle invented for it: what all protocols are told.
struct Charging<'a> {
    session: &'a Session,
    vin: String,
    /// EVCC identifier, a locally administered MAC address.
    evcc: [u8; 6],
    pack_wh: i64,
    soc_at_end: u8,
    /// Mean charging current in 0.1 A.
    deciamps: i32,
    stop: StopReason,
}

impl<'a> Charging<'a> {
    fn of(session: &'a Session) -> Result<Self> {
        let invented = Pseudonyms::new(b"vehicles of the station day");
        let vin = invented.of("VIN", &session.id).to_uppercase();
        let evcc = invented.of("EVCCID", &session.id);
        let mut mac = [0x02, 0, 0, 0, 0, 0];
        for (byte, digits) in mac.iter_mut().skip(1).zip(evcc.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits)?, 16)?;
        }
        let wh = session.energy_wh();
        let span = i64::from(SOC_WANTED - SOC_ON_ARRIVAL);
        let pack_wh = SMALLEST_PACK_WH.max(wh * 100 / span);
        let gained = u8::try_from((wh * 200 / pack_wh + 1) / 2)?;
        let soc_at_end = SOC_WANTED.min(SOC_ON_ARRIVAL + gained);
        let seconds = (session.end - session.start).num_seconds().max(1);
        // P = U I, in units of 0.1 V x 0.1 A = 0.01 W.
        let deciamps = wh * 3_600 * 100 / (seconds * i64::from(PACK_DECIVOLTS));
        Ok(Self {
            session,
            vin: format!("LDEM0{}", vin.get(..12).context("a short pseudonym")?),
            evcc: mac,
            pack_wh,
            soc_at_end,
            deciamps: i32::try_from(deciamps.min(4_000))?,
            stop: if soc_at_end == SOC_WANTED { StopReason::VehicleDone } else { StopReason::User },
        })
    }

    fn evcc_text(&self) -> String {
        self.evcc.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// The truth that each protocol is held against.
    fn record(&self) -> SessionRecord {
        SessionRecord {
            vin: Some(self.vin.clone()),
            evcc_id: Some(self.evcc_text()),
            energy: Energy::exact(self.session.energy_wh()),
            soc_at_start: SOC_ON_ARRIVAL,
            soc_at_end: self.soc_at_end,
            stop: self.stop,
        }
    }
}

/// What a protocol carried of a session, read back.
struct Carried {
    protocol: &'static str,
    messages: usize,
    bytes: usize,
    record: SessionRecord,
}

/// A session as all protocols tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    pub source: String,
    /// Pseudonym of the session.
    pub session: String,
    /// Pseudonym of the vehicle's VIN.
    pub vehicle: String,
    pub energy_wh: i64,
    pub soc_at_start: u8,
    pub soc_at_end: u8,
    pub stop: StopReason,
    pub protocols: Vec<Protocol>,
}

/// How one protocol tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Protocol {
    pub protocol: &'static str,
    /// Frames on the bus, or messages.
    pub messages: usize,
    pub bytes: usize,
    pub energy_wh: i64,
    /// Resolution of that energy.
    pub energy_step_wh: i64,
    /// What it says otherwise than the session was; `None` if nothing.
    pub contradiction: Option<String>,
}

impl Shown {
    /// Whether every protocol tells the same session.
    pub fn is_same(&self) -> bool {
        self.protocols.iter().all(|protocol| protocol.contradiction.is_none())
    }
}

/// Carries the smallest, the middle and the largest of the sessions that fit all protocols.
pub fn show(source: &str, sessions: &[Session], pseudonyms: &Pseudonyms) -> Result<Vec<Shown>> {
    chosen(sessions).into_iter().map(|session| show_one(source, session, pseudonyms)).collect()
}

fn chosen(sessions: &[Session]) -> Vec<&Session> {
    let mut fitting: Vec<&Session> =
        sessions.iter().filter(|session| (1..=MOST_WH).contains(&session.energy_wh())).collect();
    // Stable: the first of equals stays first.
    fitting.sort_by_key(|session| session.energy_wh());
    let last = fitting.len().saturating_sub(1);
    let mut places: Vec<usize> = (0..SESSIONS).map(|nth| last * nth / (SESSIONS - 1)).collect();
    places.dedup();
    places.into_iter().filter_map(|place| fitting.get(place).copied()).collect()
}

fn show_one(source: &str, session: &Session, pseudonyms: &Pseudonyms) -> Result<Shown> {
    let charging = Charging::of(session)?;
    let truth = charging.record();
    let carried = [gbt::carry(&charging)?, iso::carry(&charging)?, ocpp::carry(&charging)?];
    let mut composed: Option<SessionRecord> = None;
    let mut protocols = Vec::new();
    for carried in carried {
        let record = carried.record;
        let contradiction = truth
            .contradiction(&record)
            .or_else(|| composed.as_ref().and_then(|others| others.contradiction(&record)));
        protocols.push(Protocol {
            protocol: carried.protocol,
            messages: carried.messages,
            bytes: carried.bytes,
            energy_wh: record.energy.wh,
            energy_step_wh: record.energy.step_wh,
            contradiction: contradiction.map(str::to_owned),
        });
        composed = Some(match composed {
            None => record,
            Some(others) => others.with(record),
        });
    }
    let record = composed.context("no protocol")?;
    Ok(Shown {
        source: source.to_owned(),
        session: pseudonyms.of("session", &session.id),
        vehicle: pseudonyms.of("VIN", record.vin.as_deref().unwrap_or_default()),
        energy_wh: record.energy.wh,
        soc_at_start: record.soc_at_start,
        soc_at_end: record.soc_at_end,
        stop: record.stop,
        protocols,
    })
}

#[cfg(test)]
mod tests;
